/* SPDX-License-Identifier: MIT */
/* Tries the rules of pages that move to other frames. */
#include "tests/space/rules.h"

enum {
	PROGRAM,
	CHILD,
	LONGTERM,
};

static const struct rule rules[] = {
	{MMAP, 0, 4 * P, RW, FIXED, ADDRESS(0), "four pages"},
	{MIGRATE, 0, 0, 0, 0, -EFAULT, "migration of a page that was never touched"},
	{LOAD, 0, 0, 0, 0, 0, "of a page that was read"},
	{MIGRATE, 0, 0, 0, 0, -EFAULT, "which is the zero page"},
	{MIGRATE, 16 * P, 0, 0, 0, -EFAULT, "of a hole"},
	{MIGRATE, CODE, 0, 0, 0, -EPERM, "of the code page"},
	{STORE, 4, 0, 0x51, 0, 0, "a page with a word"},
	{GET, 0, 0, 0, 0, 0, "which the driver has"},
	{MARK, 0, 0, false, 0, 0, "in some frame"},
	{MIGRATE, 0, 0, 0, 0, -EAGAIN, "does not move"},
	{GET_STORE, 8, 0, 0x52, 0, 0, "so a store by the driver"},
	{LOAD, 8, 0, 0, 0, 0x52, "reaches the program"},
	{PUT, 0, 0, 0, 0, 0, "until the driver gives it back"},
	{MIGRATE, 0, 0, 0, 0, 0, "and then does"},
	{GET, 0, 0, 0, 0, 0, "the driver gets it again"},
	{STAYED, 0, 0, 0, 0, false, "in another frame"},
	{PUT, 0, 0, 0, 0, 0, ""},
	{LOAD, 4, 0, 0, 0, 0x51, "with its word"},
	{LOAD, 8, 0, 0, 0, 0x52, "with the driver's"},
	{LOAD, 12, 0, 0, 0, 0, "and with its zeros"},
	{STORE, 12, 0, 0x53, 0, 0, "it takes a store"},
	{MIGRATE, 5, 0, 0, 0, 0, "and moves again, by any address in it"},
	{LOAD, 12, 0, 0, 0, 0x53, "with that"},
	{PAGE_OUT, 0, P, 0, 0, 0, "page-out finds it"},
	{MIGRATE, 0, 0, 0, 0, -EFAULT, "in swap it is in no frame"},
	{LOAD, 4, 0, 0, 0, 0x51, "and it comes back"},
	{MIGRATE, 0, 0, 0, 0, 0, "it moves after that"},
	{MPROTECT, 0, P, PROT_READ, 0, 0, "mprotect() takes the right to store"},
	{STORE, 4, 0, 1, 0, FAULTS, "and no store goes through"},
	{MIGRATE, 0, 0, 0, 0, 0, "a page that is read-only moves"},
	{STORE, 4, 0, 1, 0, FAULTS, "and does not become writable by that"},
	{LOAD, 4, 0, 0, 0, 0x51, "it can be read"},
	{MPROTECT, 0, P, RW, 0, 0, "until the right is back"},
	{STORE, 4, 0, 0x54, 0, 0, "with which it takes stores"},
	{MIGRATE, 0, 0, 0, 0, 0, "it moves to another frame"},
	{MREMAP, 0, P, P, TO(9 * P), ADDRESS(9 * P), "and to another address"},
	{LOAD, 9 * P + 4, 0, 0, 0, 0x54, "with its word"},
	{MIGRATE, 0, 0, 0, 0, -EFAULT, "nothing is at the old one"},
	{MIGRATE, 9 * P, 0, 0, 0, 0, "and at the new one it moves"},
	{LOAD, 9 * P + 4, 0, 0, 0, 0x54, "with its word"},
	{MADVISE, 9 * P, P, MADV_DONTNEED, 0, 0, "MADV_DONTNEED drops it"},
	{LOAD, 9 * P + 4, 0, 0, 0, 0, "and a load finds zeros"},
	{STORE, P, 0, 0xb1, 0, 0, "another page"},
	{MIGRATE, P, 0, 0, 0, 0, "moves"},
	{MUNMAP, P, P, 0, 0, 0, "and munmap() takes it"},
	{LOAD, P, 0, 0, 0, FAULTS, "so no load finds it"},
	{SEEK, 0, 0, 0, 0, 0, ""},
	{MMAP_FILE, 5 * P, P, RW, MAP_SHARED | MAP_FIXED, ADDRESS(5 * P), "a file"},
	{STORE, 5 * P, 0, 1, 0, 0, "has pages"},
	{MIGRATE, 5 * P, 0, 0, 0, -EINVAL, "that stay in their frames"},
	{MMAP_FILE, 6 * P, P, RW, MAP_PRIVATE | MAP_FIXED, ADDRESS(6 * P), "mapped privately"},
	{LOAD, 6 * P, 0, 0, 0, 1, "a page that was read"},
	{MIGRATE, 6 * P, 0, 0, 0, -EINVAL, "is the file's"},
	{STORE, 6 * P + 4, 0, 2, 0, 0, "and its copy"},
	{MIGRATE, 6 * P, 0, 0, 0, 0, "moves"},
	{STORE, 5 * P, 0, 3, 0, 0, "the file's next store"},
	{LOAD, 6 * P, 0, 0, 0, 1, "is not in the copy"},
	{LOAD, 6 * P + 4, 0, 0, 0, 2, "but its own is"},
	{STORE, 2 * P, 0, 0xd1, 0, 0, "a page"},
	{STORE, 3 * P, 0, 0xf1, 0, 0, "and another one"},
	{MIGRATE, 3 * P, 0, 0, 0, 0, "that has moved"},
	{FORK, 0, 0, 0, 0, 0, "are the child's as well"},
	{WAIT, 0, 0, 0, 0, 0, "which moves one, and stores to it"},
	{LOAD, 2 * P, 0, 0, 0, 0xd1, "which the parent does not see"},
	{LOAD, 3 * P, 0, 0, 0, 0xf1, "nor the store to the other one"},
	{STORE, 3 * P, 0, 0xf3, 0, 0, "the parent's store"},
	{MIGRATE, 3 * P, 0, 0, 0, 0, "moves with its page"},
	{LOAD, 3 * P, 0, 0, 0, 0xf3, "that it is in"},
};

static const struct rule childs_rules[] = {
	{LOAD, 2 * P, 0, 0, 0, 0xd1, "a page of the parent has its word in the child"},
	{MIGRATE, 2 * P, 0, 0, 0, 0, "it moves while both have it"},
	{STORE, 2 * P, 0, 0xd2, 0, 0, "and a store"},
	{LOAD, 2 * P, 0, 0, 0, 0xd2, "goes to a copy"},
	{MIGRATE, 2 * P, 0, 0, 0, 0, "which moves alone"},
	{LOAD, 2 * P, 0, 0, 0, 0xd2, "with its word"},
	{GET, 3 * P, 0, 0, 0, 0, "a page of both that a driver has"},
	{MIGRATE, 3 * P, 0, 0, 0, -EAGAIN, "stays in both"},
	{PUT, 0, 0, 0, 0, 0, "until it is given back"},
	{MIGRATE, 3 * P, 0, 0, 0, 0, "and moves"},
	{STORE, 3 * P + 4, 0, 0xf2, 0, 0, "a store"},
	{LOAD, 3 * P, 0, 0, 0, 0xf1, "finds the parent's word"},
};

static const struct rule longterm[] = {
	{MMAP, 32 * P, P, RW, FIXED, ADDRESS(32 * P), "a page"},
	{MIGRATE_LONGTERM, 32 * P, 0, 0, 0, -EFAULT, "that was never touched"},
	{STORE, 32 * P, 0, 0x71, 0, 0, "and then has a word"},
	{GET, 32 * P, 0, 0, 0, 0, "in a frame"},
	{MARK, 0, 0, false, 0, 0, "that may be kept for long"},
	{MIGRATE_LONGTERM, 32 * P, 0, 0, 0, 0, "needs no other one, even if a driver has it"},
	{PUT, 0, 0, 0, 0, 0, "or nobody has"},
	{MIGRATE_LONGTERM, 32 * P, 0, 0, 0, 0, ""},
	{GET, 32 * P, 0, 0, 0, 0, "the driver"},
	{STAYED, 0, 0, 0, 0, true, "finds it where it was"},
	{MARK, 0, 0, true, 0, 0, "from now on the frame is not for long"},
	{MIGRATE_LONGTERM, 32 * P, 0, 0, 0, -EAGAIN, "with the driver's reference it stays"},
	{STAYED, 0, 0, 0, 0, true, "in this frame"},
	{PUT, 0, 0, 0, 0, 0, "and without"},
	{MIGRATE_LONGTERM, 32 * P, 0, 0, 0, 0, "it moves out"},
	{GET, 32 * P, 0, 0, 0, 0, "the driver"},
	{STAYED, 0, 0, 0, 0, false, "finds it in another frame"},
	{GET_LOAD, 0, 0, 0, 0, 0x71, "with its word"},
	{UNMARK, 0, 0, 0, 0, 0, ""},
	{MARK, 0, 0, false, 0, 0, "which may be kept for long"},
	{PUT, 0, 0, 0, 0, 0, ""},
	{MIGRATE_LONGTERM, 32 * P, 0, 0, 0, 0, "so the next call"},
	{GET, 32 * P, 0, 0, 0, 0, "leaves it"},
	{STAYED, 0, 0, 0, 0, true, "there"},
	{PUT, 0, 0, 0, 0, 0, ""},
	{LOAD, 32 * P, 0, 0, 0, 0x71, "and the program has its word"},
};

static const struct rules lists[] = {
	[PROGRAM] = {rules, ARRAY_SIZE(rules)},
	[CHILD] = {childs_rules, ARRAY_SIZE(childs_rules)},
	[LONGTERM] = {longterm, ARRAY_SIZE(longterm)},
};

static void try_first(struct variant *v)
{
	try_rules(v, lists, PROGRAM);
	try_rules(v, lists, LONGTERM);
}

static void try_in_child(struct variant *v)
{
	try_rules(v, lists, CHILD);
}

static bool setup(struct variant *v)
{
	return lab_file(v, PAGE_SIZE, 0);
}

/* The program may have ended while a frame was marked. */
static enum verdict judge(struct variant *v)
{
	if (v->a)
		page_forbid_longterm(v->a, false);
	return judge_rules(v, lists, ARRAY_SIZE(lists));
}

SCENARIO(api_migrate) = {
	.name = "space/api-migrate",
	.rule = "a page that has moved keeps its words, its rights and its mappings",
	.reference = "Linux move_pages(2); migrate_longterm_unpinnable_folios()",
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
