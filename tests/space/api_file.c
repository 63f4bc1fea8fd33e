/* SPDX-License-Identifier: MIT */
/* Tries the rules of mappings of files and of shared memory, in a program and in its child. */
#include "tests/space/rules.h"

enum {
	PROGRAM,
	CHILD,
	BAD_INPUT, /* a second list of the program's */
	OF_DAX,
};

/* v->files: */
enum {
	A_FILE,	   /* of two pages and a half */
	READ_ONLY, /* of one page */
	DAX,	   /* of two */
};

#define SHARED	(MAP_SHARED | MAP_FIXED)
#define PRIVATE (MAP_PRIVATE | MAP_FIXED)
#define FILE(at, bytes, prot, flags, offset, result, rule)                                         \
	{SEEK, offset, A_FILE, 0, 0, 0, rule},                                                     \
	{                                                                                          \
		MMAP_FILE, at, bytes, prot, flags, result, rule                                    \
	}
/* At a page of the file by its number. */
#define FILE_PAGE(at, bytes, number, result, rule)                                                 \
	{SEEK, (u32)(number), A_FILE, PAGE_SHIFT, 0, 0, rule},                                     \
	{                                                                                          \
		MMAP_FILE, at, bytes, RW, SHARED, result, rule                                     \
	}
#define DAX_FILE(at, flags, result, rule)                                                          \
	{SEEK, 0, DAX, 0, 0, 0, rule},                                                             \
	{                                                                                          \
		MMAP_FILE, at, 2 * P, RW, flags, result, rule                                      \
	}
#define READ_ONLY_FILE(at, prot, flags, result, rule)                                              \
	{SEEK, 0, READ_ONLY, 0, 0, 0, rule},                                                       \
	{                                                                                          \
		MMAP_FILE, at, P, prot, flags, result, rule                                        \
	}

static const struct rule rules[] = {
	FILE(0, 4 * P, RW, SHARED, 0, ADDRESS(0), "a file is mapped beyond its end"),
	FILE(4 * P, 2 * P, RW, SHARED, P, ADDRESS(4 * P), "and once more, from its second page on"),
	FILE(6 * P, 2 * P, RW, PRIVATE, P, ADDRESS(6 * P), "and private"),
	{LOAD, 0, 0, 0, 0, 0, "a file begins as zeros"},
	{STORE, P, 0, 0xf11e, 0, 0, "a store in a shared mapping"},
	{LOAD, 4 * P, 0, 0, 0, 0xf11e, "is seen in another one"},
	{LOAD, 6 * P, 0, 0, 0, 0xf11e, "and in a private one that was not stored to"},
	{STORE, 4 * P, 0, 0xf12e, 0, 0, "a store in the other one"},
	{LOAD, P, 0, 0, 0, 0xf12e, "is seen in the first"},
	{STORE, 6 * P + 4, 0, 0x9417, 0, 0, "a store in the private one"},
	{LOAD, 6 * P + 4, 0, 0, 0, 0x9417, "is seen there"},
	{LOAD, 6 * P, 0, 0, 0, 0xf12e, "beside what the file has"},
	{LOAD, P + 4, 0, 0, 0, 0, "and nowhere else"},
	{STORE, P, 0, 0xf13e, 0, 0, "a later store in the shared one"},
	{LOAD, 6 * P, 0, 0, 0, 0xf12e, "is not seen there any more"},
	{STORE, 7 * P, 0, 0x9418, 0, 0, "a private store that comes first"},
	{LOAD, 2 * P, 0, 0, 0, 0, "is not seen elsewhere either"},
	{LOAD, 3 * P - 4, 0, 0, 0, 0, "the last page has an end beyond the file's"},
	{LOAD, 3 * P, 0, 0, 0, NO_PAGE, "behind it there is no page"},
	{STORE, 3 * P, 0, 1, 0, NO_PAGE, "for a store either"},
	{MADVISE, 6 * P, 2 * P, MADV_DONTNEED, 0, 0, "MADV_DONTNEED of the private mapping"},
	{LOAD, 6 * P, 0, 0, 0, 0xf13e, "brings back what the file has"},
	{MADVISE, 0, 4 * P, MADV_DONTNEED, 0, 0, "MADV_DONTNEED of the shared one"},
	{LOAD, P, 0, 0, 0, 0xf13e, "loses nothing"},
	{MPROTECT, P, P, PROT_READ, 0, 0, "mprotect() of a page in the middle"},
	{STORE, P, 0, 1, 0, FAULTS, "takes no store"},
	{STORE, 2 * P, 0, 0x3a9e, 0, 0, "its neighbour does"},
	{LOAD, 5 * P, 0, 0, 0, 0x3a9e, "at the right place in the file"},
	{MUNMAP, P, P, 0, 0, 0, "munmap() of the page in the middle"},
	{LOAD, P, 0, 0, 0, FAULTS, "takes it away"},
	{LOAD, 2 * P, 0, 0, 0, 0x3a9e, "and leaves the others in their places"},
	{LOAD, 4 * P, 0, 0, 0, 0xf13e, "and the file its page"},
	FILE(P, P, RW, SHARED, P, ADDRESS(P), "which is mapped again"),
	{LOAD, P, 0, 0, 0, 0xf13e, "and found"},
	FILE(0, P, RW, MAP_FIXED, 0, -EINVAL, "neither private nor shared"),
	FILE(0, P, RW, SHARED | MAP_PRIVATE, 0, -EINVAL, "both"),
	FILE(0, P, RW, SHARED | MAP_ANONYMOUS, 0, -EINVAL, "a file and anonymous"),
	FILE(0, P, RW, SHARED, 8, -EINVAL, "a place within a page of the file"),
	FILE(0, P, RW, SHARED, -P, -EOVERFLOW, "a place without a number"),
	FILE(0, 4 * P, RW, SHARED, 0, ADDRESS(0), "the file in its place"),
	{MREMAP, P, P, P, TO(12 * P), ADDRESS(12 * P), "mremap() of the page in the middle"},
	{LOAD, P, 0, 0, 0, FAULTS, "leaves a hole"},
	{LOAD, 12 * P, 0, 0, 0, 0xf13e, "and has its page at the new address"},
	{STORE, 12 * P, 0, 0xf14e, 0, 0, "a store there"},
	{LOAD, 4 * P, 0, 0, 0, 0xf14e, "is seen in the other mapping"},
	{MREMAP, 12 * P, P, 2 * P, 0, ADDRESS(12 * P), "mremap() to a longer length"},
	{LOAD, 13 * P, 0, 0, 0, 0x3a9e, "adds the next page of the file"},
	{MREMAP, 12 * P, 2 * P, 3 * P, 0, ADDRESS(12 * P), "and goes beyond its end"},
	{LOAD, 14 * P, 0, 0, 0, NO_PAGE, "where there is no page"},
	{STORE, 6 * P, 0, 0x9419, 0, 0, "a private store"},
	{MREMAP, 6 * P, P, P, TO(12 * P), ADDRESS(12 * P), "mremap() over a shared mapping"},
	{LOAD, 12 * P, 0, 0, 0, 0x9419, "moves the private page"},
	{LOAD, 13 * P, 0, 0, 0, 0x3a9e, "and leaves its new neighbour alone"},
	{LOAD, 4 * P, 0, 0, 0, 0xf14e, "and the page that it replaced has its word in the file"},
	{MREMAP, 4 * P, 0, P, MOVE, -EINVAL, "mremap() of no length, also of shared memory"},
	{MREMAP, 12 * P, P, P, TO(6 * P), ADDRESS(6 * P), "mremap() back"},
	{LOAD, 6 * P, 0, 0, 0, 0x9419, "with the private page"},
	{MUNMAP, 12 * P, 3 * P, 0, 0, 0, "munmap() of the rest"},
	{STORE, 7 * P, 0, 0x9429, 0, 0, "a private page of the file's last one"},
	{STORE, 5 * P + P / 2, 0, 0xe2d, 0, 0, "and a store behind the end of the file"},
	{SEEK, 0, A_FILE, 0, 0, 0, "the file"},
	{TRUNCATE, 0, 4 * P, 0, 0, -EFBIG, "ftruncate() to more than the file was made with"},
	{TRUNCATE, 0, 3 * P, 0, 0, 0, "ftruncate() to a larger size"},
	{LOAD, 5 * P + P / 2, 0, 0, 0, 0, "adds zeros"},
	{LOAD, 5 * P, 0, 0, 0, 0x3a9e, "and leaves what was there"},
	{TRUNCATE, 0, P + 8, 0, 0, 0, "ftruncate() to a smaller size"},
	{LOAD, 5 * P, 0, 0, 0, NO_PAGE, "takes a page away"},
	{STORE, 2 * P, 0, 1, 0, NO_PAGE, "from every mapping"},
	{LOAD, 7 * P, 0, 0, 0, NO_PAGE, "with its private copies"},
	{LOAD, 4 * P, 0, 0, 0, 0xf14e, "and leaves those before the end"},
	{LOAD, 6 * P, 0, 0, 0, 0x9419, "and their private copies"},
	{TRUNCATE, 0, 2 * P + P / 2, 0, 0, 0, "ftruncate() to the size it was made with"},
	{LOAD, 5 * P, 0, 0, 0, 0, "brings back a page of zeros"},
	{LOAD, 7 * P, 0, 0, 0, 0, "for private mappings as well"},
	FILE(0, 4 * P, RW, SHARED, 0, ADDRESS(0), "the file in its place again"),
	{MMAP, 9 * P, P, RW, SHARED, -EBADF, "no file, and not anonymous"},
	{MMAP, 9 * P, (2u << 20) + P, RW, SHARED | MAP_ANONYMOUS, -ENOMEM,
	 "too much shared memory"},
	READ_ONLY_FILE(9 * P, RW, SHARED, -EACCES, "a read-only file, shared and to be written"),
	READ_ONLY_FILE(9 * P, PROT_READ, SHARED, ADDRESS(9 * P), "to be read"),
	{MPROTECT, 9 * P, P, RW, 0, -EACCES, "nor may it be written later"},
	{STORE, 9 * P, 0, 1, 0, FAULTS, "and it takes no store"},
	READ_ONLY_FILE(9 * P, RW, PRIVATE, ADDRESS(9 * P), "a private mapping of it does"),
	{STORE, 9 * P, 0, 1, 0, 0, "and the store is private"},
	{MMAP, 8 * P, P, RW, SHARED | MAP_ANONYMOUS, ADDRESS(8 * P), "shared memory"},
	{STORE, 8 * P, 0, 0x54a3, 0, 0, "for a child"},
	{STORE, 6 * P, 0, 0x9427, 0, 0, "and private memory"},
	{FORK, 0, 0, 0, 0, 0, "a fork"},
	{WAIT, 0, 0, 0, 0, 0, "whose child exits"},
	{LOAD, 8 * P, 0, 0, 0, 0xc417, "the child's store to shared memory is seen"},
	{LOAD, 4 * P, 0, 0, 0, 0xc427, "and that to the file"},
	{LOAD, 6 * P, 0, 0, 0, 0x9427, "and not the private one"},
	{MUNMAP, 0, 16 * P, 0, 0, 0, "munmap() of all"},
	FILE(0, 4 * P, PROT_READ, PRIVATE, 0, ADDRESS(0), "the file outlives its mappings"),
	{LOAD, P, 0, 0, 0, 0xc427, "with its pages"},
	{MUNMAP, 0, 4 * P, 0, 0, 0, "and nothing is left"},
};

static const struct rule childs_rules[] = {
	{LOAD, 8 * P, 0, 0, 0, 0x54a3, "a child sees shared memory"},
	{LOAD, 4 * P, 0, 0, 0, 0xf14e, "and the file"},
	{LOAD, 6 * P, 0, 0, 0, 0x9427, "and has a copy of private memory"},
	{LOAD, 3 * P, 0, 0, 0, NO_PAGE, "and the same end of the file"},
	{STORE, 8 * P, 0, 0xc417, 0, 0, "it stores to shared memory"},
	{STORE, P, 0, 0xc427, 0, 0, "and to the file"},
	{STORE, 6 * P, 0, 0xc437, 0, 0, "and to its private memory"},
	{LOAD, 4 * P, 0, 0, 0, 0xc427, "and finds it in each mapping"},
	{MUNMAP, 0, 3 * P, 0, 0, 0, "it unmaps a part"},
};

static const struct rule bad_input[] = {
	READ_ONLY_FILE(9 * P, PROT_READ, SHARED, ADDRESS(9 * P), "a read-only file"),
	{LOAD, 9 * P, 0, 0, 0, 0, "to be read"},
	{GET, 9 * P, 0, 0, FOLL_WRITE, -EFAULT, "a driver gets none of its pages to write to"},
	{GET, 9 * P, 0, 0, 0, 0, "but to read"},
	{GET, 9 * P, 0, 0, 0, -EBUSY, "and no second one"},
	{PUT, 0, 0, 0, 0, 0, "and gives it back"},
	{TRUNCATE, 0, 0, 0, 0, -EINVAL, "ftruncate() of a read-only file"},
	{LOAD, 9 * P, 0, 0, 0, 0, "leaves its page"},
	{WRITEBACK, 0, 0, 0, 0, 0, "and nothing is to be written back"},
	{STORED, 0, 0, 0, 0, NO_PAGE, "or was"},
	{MREMAP, 9 * P, P, 2 * P, 0, ADDRESS(9 * P), "a longer mapping of it"},
	{MPROTECT, 9 * P, 2 * P, RW, 0, -EACCES, "may not be written later either"},
	{STORE, 10 * P, 0, 1, 0, FAULTS, "nor does it take a store"},
	{LOAD, 10 * P, 0, 0, 0, NO_PAGE, "and ends where the file does"},
	FILE(0, 4 * P, RW, SHARED, 0, ADDRESS(0), "a file"),
	FILE(4 * P, 4 * P, RW, PRIVATE, 0, ADDRESS(4 * P), "and private"),
	FILE(12 * P, P, RW, PRIVATE, 3 * P, ADDRESS(12 * P), "and a page behind its end"),
	{LOAD, 12 * P, 0, 0, 0, NO_PAGE, "where there is nothing to load"},
	{STORE, 12 * P, 0, 1, 0, NO_PAGE, "nor to copy for a store"},
	{STORE, 7 * P, 0, 1, 0, NO_PAGE, "as behind the end in a mapping of the whole"},
	{GET, 7 * P, 0, 0, 0, -EFAULT, "or for a driver"},
	FILE_PAGE(12 * P, P, -1, -EOVERFLOW, "a page without a number"),
	FILE_PAGE(12 * P, 2 * P, -2, -EOVERFLOW, "the second of two pages"),
	FILE_PAGE(12 * P, P, -2, ADDRESS(12 * P), "the last page with a number"),
	{LOAD, 12 * P, 0, 0, 0, NO_PAGE, "is behind the end"},
	{MREMAP, 12 * P, P, 2 * P, 0, -EINVAL, "mremap() to a page without a number"},
	{MREMAP, 12 * P, P, 2 * P, TO(14 * P), -EINVAL, "also at another address"},
	{MREMAP, 12 * P, P, P, TO(14 * P), ADDRESS(14 * P), "where the last one can go"},
	{STORE, 14 * P, 0, 1, 0, NO_PAGE, "and is behind the end as before"},
	{STORE, 0, 0, 0xa0, 0, 0, "a page of the file"},
	{STORE, P, 0, 0xa1, 0, 0, "and its neighbour"},
	{MREMAP, 0, 2 * P, 2 * P, TO(P), -EINVAL, "mremap() over its own second page"},
	{MREMAP, P, 2 * P, 2 * P, TO(0), -EINVAL, "and over its first one"},
	{MREMAP, P, P, 2 * P, TO(0), -EINVAL, "for the new length alone"},
	{MREMAP, 0, 2 * P, P, TO(P), -EINVAL, "or for the old one"},
	{MREMAP, 0, 2 * P, 2 * P, TO(0), -EINVAL, "and to where it is"},
	{LOAD, 0, 0, 0, 0, 0xa0, "leave the page"},
	{LOAD, P, 0, 0, 0, 0xa1, "and its neighbour"},
	{STORE, P, 0, 0xa2, 0, 0, "as they were"},
	{SEEK, 0, A_FILE, 0, 0, 0, "the file"},
	{GET, P, 0, 0, FOLL_WRITE, 0, "a driver gets a page of it"},
	{TRUNCATE, 0, P, 0, 0, 0, "ftruncate() takes the page out of the file"},
	{LOAD, P, 0, 0, 0, NO_PAGE, "and from the program"},
	{GET_LOAD, 0, 0, 0, 0, 0xa2, "the driver still has it"},
	{TRUNCATE, 0, 2 * P + P / 2, 0, 0, 0, "when the file is longer again"},
	{LOAD, P, 0, 0, 0, 0, "it has another page"},
	{GET_STORE, 0, 0, 0xa3, 0, 0, "a store of the driver"},
	{LOAD, P, 0, 0, 0, 0, "is not seen there"},
	{STORE, P, 0, 0xa4, 0, 0, "nor is one of the program"},
	{GET_LOAD, 0, 0, 0, 0, 0xa3, "seen by the driver"},
	{WRITEBACK, 0, 0, 0, 0, 0, "a writeback"},
	{STORED, P, 0, 0, 0, 0xa4, "is of the page of the file"},
	{PUT, 0, 0, 0, 0, 0, "the driver gives the old one back"},
	{LOAD, P, 0, 0, 0, 0xa4, "and the new one stays"},
	{STORE, 5 * P, 0, 0xb1, 0, 0, "a private copy"},
	{GET, 5 * P, 0, 0, FOLL_WRITE, 0, "for the driver"},
	{TRUNCATE, 0, P, 0, 0, 0, "ftruncate() takes it from the program"},
	{TRUNCATE, 0, 2 * P + P / 2, 0, 0, 0, "and the page of the file as well"},
	{LOAD, 5 * P, 0, 0, 0, 0, "which has zeros"},
	{GET_LOAD, 0, 0, 0, 0, 0xb1, "and not from the driver"},
	{PUT, 0, 0, 0, 0, 0, "until it gives it back"},
	{STORE, P, 0, 0xa5, 0, 0, "a page of the file"},
	{GET, P, 0, 0, FOLL_WRITE, 0, "for the driver"},
	{MUNMAP, 0, 4 * P, 0, 0, 0, "munmap() of its mapping"},
	{GET_STORE, 0, 0, 0xa6, 0, 0, "does not keep the driver from a store"},
	{PUT, 0, 0, 0, 0, 0, "before it gives the page back"},
	FILE(0, 4 * P, RW, SHARED, 0, ADDRESS(0), "the file is mapped again"),
	{LOAD, P, 0, 0, 0, 0xa6, "and has the driver's word"},
	{WRITEBACK, 0, 0, 0, 0, 0, "a writeback"},
	{STORED, P, 0, 0, 0, 0xa6, "has it as well"},
	{STORE, P, 0, 0xa7, 0, 0, "a store behind it"},
	{STORE, 2 * P, 0, 0xa8, 0, 0, "and one to the next page"},
	{STORE_FAILS, P, 1, 0, 0, 0, "the device fails once"},
	{WRITEBACK, 0, 0, 0, 0, -EIO, "so a writeback has an error"},
	{STORED, P, 0, 0, 0, 0xa6, "and the page is not written"},
	{STORED, 2 * P, 0, 0, 0, 0xa8, "but the next one is"},
	{LOAD, P, 0, 0, 0, 0xa7, "the program still has its word"},
	{WRITEBACK, 0, 0, 0, 0, 0, "the next writeback has no error"},
	{STORED, P, 0, 0, 0, 0xa7, "for it has written the page"},
	{STORE_FAILS, P, 1, 0, 0, 0, "a device that would fail"},
	{WRITEBACK, 0, 0, 0, 0, 0, "is not asked for a clean page"},
	{STORE, P, 0, 0xaa, 0, 0, "but for a dirty one"},
	{WRITEBACK, 0, 0, 0, 0, -EIO, "it is"},
	{TRUNCATE, 0, P, 0, 0, 0, "ftruncate() of the page that was not written"},
	{WRITEBACK, 0, 0, 0, 0, 0, "leaves nothing to write"},
	{MUNMAP, 0, 16 * P, 0, 0, 0, "munmap() of all"},
};

static const struct rule of_dax[] = {
	DAX_FILE(0, SHARED, ADDRESS(0), "a file in its store, shared"),
	DAX_FILE(4 * P, PRIVATE, ADDRESS(4 * P), "and private"),
	{LOAD, 0, 0, 0, 0, 0, "it begins as zeros"},
	{STORE, 0, 0, 0xda1, 0, 0, "a store"},
	{WRITEBACK, 0, 0, 0, 0, 0, "is written back"},
	{STORED, 0, 0, 0, 0, 0xda1, "and is in the store"},
	{STORE, 0, 0, 0xda2, 0, 0, "the next one"},
	{STORED, 0, 0, 0, 0, 0xda2, "is there without a writeback"},
	{LOAD, 4 * P, 0, 0, 0, 0xda2, "and in the private mapping"},
	{STORE, 4 * P + 4, 0, 0xda3, 0, 0, "a private store"},
	{LOAD, 4 * P, 0, 0, 0, 0xda2, "is to a copy of the page"},
	{STORED, 4, 0, 0, 0, 0, "and not in the store"},
	{STORE_FAILS, 0, 1, 0, 0, 0, "the device fails once"},
	{WRITEBACK, 0, 0, 0, 0, -EIO, "and a writeback has an error"},
	{WRITEBACK, 0, 0, 0, 0, 0, "and the next one has none"},
	{STORE, P, 0, 0xda4, 0, 0, "the other page"},
	{WRITEBACK, 0, 0, 0, 0, 0, "is written back"},
	{GET, P, 0, 0, 0, 0, "while a driver has it to read"},
	{TRUNCATE, 0, P, 0, 0, 0, "ftruncate() takes it"},
	{LOAD, P, 0, 0, 0, NO_PAGE, "from the program"},
	{STORED, P, 0, 0, 0, NO_PAGE, "and from the store"},
	{GET_LOAD, 0, 0, 0, 0, 0xda4, "and not from the driver"},
	{TRUNCATE, 0, 2 * P, 0, 0, 0, "the file is longer again"},
	{STORE, P + 4, 0, 0xda5, 0, 0, "a store to its new page"},
	{LOAD, P, 0, 0, 0, 0, "which began as zeros"},
	{GET_LOAD, 4, 0, 0, 0, 0, "is not one to the driver's"},
	{PUT, 0, 0, 0, 0, 0, "which it gives back"},
	{WRITEBACK, 0, 0, 0, 0, 0, "both pages are clean"},
	{STORE, P, 0, 0xda6, 0, 0, "and one of them is dirty in the end"},
};

static const struct rules lists[] = {
	[OF_DAX] = {of_dax, ARRAY_SIZE(of_dax)},
	[BAD_INPUT] = {bad_input, ARRAY_SIZE(bad_input)},
	[PROGRAM] = {rules, ARRAY_SIZE(rules)},
	[CHILD] = {childs_rules, ARRAY_SIZE(childs_rules)},
};

static void try_first(struct variant *v)
{
	try_rules(v, lists, PROGRAM);
	try_rules(v, lists, BAD_INPUT);
	try_rules(v, lists, OF_DAX);
}

static void try_in_child(struct variant *v)
{
	try_rules(v, lists, CHILD);
}

static bool setup(struct variant *v)
{
	return lab_file(v, 2 * PAGE_SIZE + PAGE_SIZE / 2, 0) &&
	       lab_file(v, PAGE_SIZE, FILE_READ_ONLY) && lab_file(v, 2 * PAGE_SIZE, FILE_DAX);
}

static enum verdict judge(struct variant *v)
{
	return judge_rules(v, lists, ARRAY_SIZE(lists));
}

SCENARIO(api_file) = {
	.name = "space/api-file",
	.rule = "each call on a mapping of a file has Linux's result, error and effects elsewhere",
	.reference = "Linux mmap(2), MAP_SHARED and MAP_PRIVATE; mremap(2), ftruncate(2), fork(2)",
	.mode = MODE_PROBE,
	.needs = NEED_FRAMES,
	.programs = true,
	.forked = BIT(CHILD),
	.least = {AT_LEAST(60, "rules tried")},
	.roles = {[PROGRAM] = {"program", try_first}, [CHILD] = {"child", try_in_child}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
