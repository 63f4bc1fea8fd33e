/* SPDX-License-Identifier: MIT */
/* Tries the rules of pages that go out to swap and come back. */
#include "mm/page/swap.h"
#include "tests/space/rules.h"

enum {
	PROGRAM,
	CHILD,
	FULL,
};

static const struct rule rules[] = {
	{MMAP, 0, 4 * P, RW, FIXED, ADDRESS(0), "four pages"},
	{PAGE_OUT, 0, P, 0, 0, -EFAULT, "page-out of a page that was never touched"},
	{LOAD, 0, 0, 0, 0, 0, "of a page that was read"},
	{PAGE_OUT, 0, P, 0, 0, -EFAULT, "which is the zero page"},
	{PAGE_OUT, 16 * P, P, 0, 0, -EFAULT, "of a hole"},
	{PAGE_OUT, CODE, P, 0, 0, -EPERM, "of the code page"},
	{STORE, 4, 0, 0x51, 0, 0, "a page with a word"},
	{PAGE_OUT, 0, P, 0, 0, 0, "goes out"},
	{PAGE_OUT, 0, P, 0, 0, -EFAULT, "once"},
	{LOAD, 4, 0, 0, 0, 0x51, "and comes back with its word"},
	{LOAD, 0, 0, 0, 0, 0, "and with its zeros"},
	{STORE, 8, 0, 0x52, 0, 0, "takes a store"},
	{PAGE_OUT, 0, P, 0, 0, 0, "and goes out again"},
	{STORE, 12, 0, 0x53, 0, 0, "a store brings it back"},
	{LOAD, 4, 0, 0, 0, 0x51, "with the first word"},
	{LOAD, 8, 0, 0, 0, 0x52, "the second"},
	{LOAD, 12, 0, 0, 0, 0x53, "and the third"},
	{PAGE_OUT, 0, P, 0, 0, 0, "it is out"},
	{MPROTECT, 0, P, PROT_READ, 0, 0, "while mprotect() takes the right to store"},
	{STORE, 4, 0, 1, 0, FAULTS, "no store brings it back"},
	{LOAD, 4, 0, 0, 0, 0x51, "but a load"},
	{STORE, 4, 0, 1, 0, FAULTS, "and no store goes through then"},
	{MPROTECT, 0, P, RW, 0, 0, "until the right is back"},
	{STORE, 4, 0, 0x54, 0, 0, "with which it does"},
	{PAGE_OUT, 0, P, 0, 0, 0, "it is out"},
	{MREMAP, 0, P, P, TO(9 * P), ADDRESS(9 * P), "while mremap() moves it"},
	{LOAD, 0, 0, 0, 0, FAULTS, "nothing is at the old place"},
	{LOAD, 9 * P + 4, 0, 0, 0, 0x54, "and the page at the new one"},
	{PAGE_OUT, 9 * P, P, 0, 0, 0, "it is out"},
	{MADVISE, 9 * P, P, MADV_DONTNEED, 0, 0, "while MADV_DONTNEED drops it"},
	{LOAD, 9 * P + 4, 0, 0, 0, 0, "and a load finds zeros"},
	{STORE, P, 0, 0xb1, 0, 0, "another page"},
	{PAGE_OUT, P, P, 0, 0, 0, "is out"},
	{MUNMAP, P, P, 0, 0, 0, "while munmap() takes it"},
	{LOAD, P, 0, 0, 0, FAULTS, "no load brings it back"},
	{MMAP, P, P, RW, FIXED, ADDRESS(P), "and a new mapping"},
	{LOAD, P, 0, 0, 0, 0, "begins with zeros"},
	{STORE, 2 * P, 0, 0xd1, 0, 0, "a page"},
	{GET, 2 * P, 0, 0, 0, 0, "which the driver has"},
	{PAGE_OUT, 2 * P, P, 0, 0, -EBUSY, "does not go out"},
	{PUT, 0, 0, 0, 0, 0, "until the driver gives it back"},
	{PAGE_OUT, 2 * P, P, 0, 0, 0, "and then does"},
	{GET, 2 * P, 0, 0, 0, -EFAULT, "the driver does not get it there"},
	{LOAD, 2 * P, 0, 0, 0, 0xd1, "but the program"},
	{SEEK, 0, 0, 0, 0, 0, ""},
	{MMAP_FILE, 5 * P, P, RW, MAP_SHARED | MAP_FIXED, ADDRESS(5 * P), "a file"},
	{STORE, 5 * P, 0, 1, 0, 0, "has pages"},
	{PAGE_OUT, 5 * P, P, 0, 0, -EINVAL, "that do not go to swap"},
	{MMAP_FILE, 6 * P, P, RW, MAP_PRIVATE | MAP_FIXED, ADDRESS(6 * P), "mapped privately"},
	{LOAD, 6 * P, 0, 0, 0, 1, "a page that was read"},
	{PAGE_OUT, 6 * P, P, 0, 0, -EINVAL, "is the file's"},
	{STORE, 6 * P + 4, 0, 2, 0, 0, "and its copy"},
	{PAGE_OUT, 6 * P, P, 0, 0, 0, "goes out"},
	{STORE, 5 * P, 0, 3, 0, 0, "while the file gets a store"},
	{LOAD, 6 * P, 0, 0, 0, 1, "which the copy does not have"},
	{LOAD, 6 * P + 4, 0, 0, 0, 2, "but its own"},
	{STORE, 3 * P, 0, 0xf1, 0, 0, "a page"},
	{PAGE_OUT, 3 * P, P, 0, 0, 0, "is out"},
	{FORK, 0, 0, 0, 0, 0, "while fork() copies its entry"},
	{WAIT, 0, 0, 0, 0, 0, "and the child stores to it"},
	{LOAD, 3 * P, 0, 0, 0, 0xf1, "which the parent does not see"},
	{STORE, 3 * P, 0, 0xf3, 0, 0, "the parent's store"},
	{LOAD, 3 * P, 0, 0, 0, 0xf3, "goes to its own page"},
	{LOAD, 2 * P, 0, 0, 0, 0xd1, "a page that the child took out of both comes back"},
	{LOAD, 2 * P + 4, 0, 0, 0, 0, "without the child's store"},
	{PAGE_OUT, 2 * P, P, 0, 0, 0, "and goes out once more"},
};

static const struct rule childs_rules[] = {
	{STORE, 3 * P + 4, 0, 0xf4, 0, 0, "a store to a page that two entries have in swap"},
	{LOAD, 3 * P, 0, 0, 0, 0xf1, "finds the parent's word"},
	{STORE, 3 * P, 0, 0xf2, 0, 0, "and the next store"},
	{PAGE_OUT, 3 * P, P, 0, 0, 0, "is the child's alone, so its page can go out"},
	{LOAD, 3 * P, 0, 0, 0, 0xf2, "and come back"},
	{LOAD, 3 * P + 4, 0, 0, 0, 0xf4, "with both stores"},
	{PAGE_OUT, 2 * P, P, 0, 0, 0, "a page of parent and child goes out of both"},
	{PAGE_OUT, 2 * P, P, 0, 0, -EFAULT, "once"},
	{LOAD, 2 * P, 0, 0, 0, 0xd1, "and comes back to the child"},
	{GET, 2 * P, 0, 0, 0, 0, "a driver has it"},
	{PAGE_OUT, 2 * P, P, 0, 0, -EBUSY, "and it stays"},
	{PUT, 0, 0, 0, 0, 0, "until it is given back"},
	{PAGE_OUT, 2 * P, P, 0, 0, 0, "then it goes to the slot that the parent has still"},
	{STORE, 2 * P + 4, 0, 0xd2, 0, 0, "a store brings it back"},
	{LOAD, 2 * P, 0, 0, 0, 0xd1, "with its word"},
};

/* The last pages stay out, so the end of the space has slots to give back. */
#define MANY ((SWAP_SLOTS + 1) * P)
#define LAST (32 * P + SWAP_SLOTS * P)

static const struct rule full[] = {
	{MMAP, 32 * P, MANY, RW, FIXED, ADDRESS(32 * P), "one page more than there are slots"},
	{FILL, 32 * P, MANY, 0x1000, 0, 0, "each with its word"},
	{PAGE_OUT, 32 * P, MANY, 0, 0, -ENOSPC, "the area is full before the last"},
	{LOAD, LAST, 0, 0, 0, 0x1000 + SWAP_SLOTS, "which still has its word"},
	{STORE, LAST, 0, 0xe1, 0, 0, "and takes a store"},
	{PAGE_OUT, LAST, P, 0, 0, -ENOSPC, "but does not go out"},
	{MUNMAP, 33 * P, P, 0, 0, 0, "munmap() of one that is out"},
	{PAGE_OUT, LAST, P, 0, 0, 0, "makes room for it"},
	{LOAD, LAST, 0, 0, 0, 0xe1, "and it comes back"},
	{LOAD, 32 * P, 0, 0, 0, 0x1000, "as does the first"},
	{LOAD, 34 * P, 0, 0, 0, 0x1002, "and a third"},
};

static const struct rules lists[] = {
	[PROGRAM] = {rules, ARRAY_SIZE(rules)},
	[CHILD] = {childs_rules, ARRAY_SIZE(childs_rules)},
	[FULL] = {full, ARRAY_SIZE(full)},
};

static void try_first(struct variant *v)
{
	try_rules(v, lists, PROGRAM);
	try_rules(v, lists, FULL);
}

static void try_in_child(struct variant *v)
{
	try_rules(v, lists, CHILD);
}

static bool setup(struct variant *v)
{
	return lab_file(v, PAGE_SIZE, 0);
}

static enum verdict judge(struct variant *v)
{
	return judge_rules(v, lists, ARRAY_SIZE(lists));
}

SCENARIO(api_swap) = {
	.name = "space/api-swap",
	.rule = "a page in swap keeps its words, whatever happens to its mapping meanwhile",
	.reference = "Linux madvise(2), MADV_PAGEOUT; mremap(2), mprotect(2), munmap(2), fork(2)",
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
