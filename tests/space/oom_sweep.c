/* SPDX-License-Identifier: MIT */
/* Lets each allocation of each call fail once. The call must then change nothing and leak nothing,
 * and must succeed if made again. */
#include "kernel/hooks/inject.h"
#include "mm/page/page.h"
#include "mm/table/pgtable.h"
#include "tests/space/rules.h"

#define PROGRAM 0u

/* More calls than those of rules.h. */
enum {
	COPY = NR_CALLS, /* fork, without a role for the child */
	STORE_OUT,	 /* a store, and the page-out of its page */
	LOAD_OUT,	 /* a load, and the page-out */
	LOAD_MIGRATE,	 /* a load of this word (how), and the migration of its page */
};

#define SHARED	(MAP_SHARED | MAP_FIXED)
#define PRIVATE (MAP_PRIVATE | MAP_FIXED)
/* Where nothing has a table yet. */
#define FAR ((size_t)1 << PMD_SHIFT)

/* Makes the space for each call. Pages 0 and 1 of private memory have been stored to, page 2 was
 * read, and page 3 was not touched. The file is mapped twice, shared from page 4 on, and private
 * from page 8 on. */
static const struct rule prologue[] = {
	{SEEK, 0, 0, 0, 0, 0, ""},
	{MMAP, 0, 4 * P, RW, FIXED, ADDRESS(0), "private memory"},
	{MMAP_FILE, 4 * P, 4 * P, RW, SHARED, ADDRESS(4 * P), "a file"},
	{MMAP_FILE, 8 * P, 4 * P, RW, PRIVATE, ADDRESS(8 * P), "its private mapping"},
	{MMAP, FAR, 2 * P, RW, FIXED, ADDRESS(FAR), "memory with no table"},
	{STORE, 0, 0, 0x10, 0, 0, "a page"},
	{STORE, P, 0, 0x11, 0, 0, "its neighbour"},
	{LOAD, 2 * P, 0, 0, 0, 0, "a page that is read"},
	{STORE, 4 * P, 0, 0x14, 0, 0, "a page of the file"},
	{LOAD, 8 * P, 0, 0, 0, 0x14, "the same, read"},
};

static const struct rule swap_out[] = {
	{PAGE_OUT, 0, 2 * P, 0, 0, 0, "page-out of both private pages"},
};

static const struct rule epilogue[] = {
	{MUNMAP, 0, 32 * P, 0, 0, 0, "munmap() of all"},
	{MUNMAP, FAR, 32 * P, 0, 0, 0, "and of what is far away"},
	{SEEK, 0, 0, 0, 0, 0, ""},
	{TRUNCATE, 0, 0, 0, 0, 0, "no page of the file"},
	{TRUNCATE, 0, 4 * P, 0, 0, 0, "and its size again"},
};

/* Each has the result of the call with enough memory. */
static const struct rule calls[] = {
	{MMAP, 16 * P, P, RW, FIXED, ADDRESS(16 * P), "mmap"},
	{MMAP, P, P, PROT_READ, FIXED, ADDRESS(P), "mmap over a page"},
	{MMAP, 16 * P, P, RW, SHARED | MAP_ANONYMOUS, ADDRESS(16 * P), "mmap of shared memory"},
	{MMAP, P, P, RW, SHARED | MAP_ANONYMOUS, ADDRESS(P), "the same over a page"},
	{MMAP_FILE, 16 * P, P, RW, SHARED, ADDRESS(16 * P), "mmap of a file"},
	{MMAP_FILE, 5 * P, P, RW, PRIVATE, ADDRESS(5 * P), "the same over a page of it"},
	{MUNMAP, P, P, 0, 0, 0, "munmap"},
	{MUNMAP, 5 * P, P, 0, 0, 0, "munmap of a file"},
	{MUNMAP, 3 * P, 6 * P, 0, 0, 0, "munmap of several mappings"},
	{MPROTECT, P, P, PROT_READ, 0, 0, "mprotect"},
	{MPROTECT, 5 * P, P, PROT_READ, 0, 0, "mprotect of a file"},
	{MADVISE, 0, 12 * P, MADV_DONTNEED, 0, 0, "madvise"},
	{MREMAP, FAR, 2 * P, 4 * P, 0, ADDRESS(FAR), "mremap to a longer length"},
	{MREMAP, 0, 4 * P, 2 * P, 0, ADDRESS(0), "mremap to a shorter one"},
	{MREMAP, 0, 2 * P, 2 * P, TO(FAR + 8 * P), ADDRESS(FAR + 8 * P), "mremap to a new table"},
	{MREMAP, 5 * P, P, P, TO(P), ADDRESS(P), "mremap of a file"},
	{LOAD, FAR, 0, 0, 0, 0, "load"},
	{STORE, FAR, 0, 1, 0, 0, "store"},
	{STORE, 2 * P, 0, 1, 0, 0, "store to the zero page"},
	{STORE, 0, 0, 1, 0, 0, "store to a page"},
	{LOAD, P, 0, 0, 0, 0x11, "load from a page"},
	{LOAD, 5 * P, 0, 0, 0, 0, "load from a file"},
	{STORE, 5 * P, 0, 1, 0, 0, "store to a file"},
	{STORE, 9 * P, 0, 1, 0, 0, "store to a private mapping"},
	{STORE, 8 * P, 0, 1, 0, 0, "the same after a load"},
	{TRUNCATE, 0, P + 8, 0, 0, 0, "truncate"},
	{WRITEBACK, 0, 0, 0, 0, 0, "writeback"},
	{COPY, 0, 0, 0, 0, 0, "fork"},
	{STORE_OUT, FAR, 0, 1, 0, 0, "page-out"},
	{STORE_OUT, 9 * P, 0, 1, 0, 0, "page-out of a copy of a file's page"},
	{LOAD_OUT, P, 0, 0, 0, 0, "page-out of a page that a child may share"},
	{LOAD_MIGRATE, P, 0, 0x11, 0, 0, "migration"},
};

static const char *const space_name[] = {"fresh", "forked", "swapped", "forked and swapped"};
enum {
	FRESH,
	FORKED,		/* its pages are shared with a child */
	SWAPPED,	/* the pages with stores are out */
	SWAPPED_FORKED, /* they are out of both */
	NR_SPACES
};

static bool has_child(u32 space)
{
	return space == FORKED || space == SWAPPED_FORKED;
}

/* v->value, behind those of rules.h: */
enum {
	SPACE = PLACE_SHIFT + 1,
	CALL,
	FAILING, /* the number of the allocation that failed, 0 if a rule of the others is wrong */
	GOT,	 /* what the call returned */
	LEAKED,	 /* frames */
	FAILURES /* failed allocations so far */
};

static struct mm child;

static long copy(struct variant *v)
{
	static struct mm copied;
	int error = dup_mm(&copied, &v->mm);

	if (!error)
		mm_destroy(&copied);
	return error;
}

static long touch_and_out(struct variant *v, const struct rule *rule)
{
	struct rule access = *rule;

	access.call = rule->call == STORE_OUT ? STORE : LOAD;
	return call(v, &access) == FAULTS ? -ENOMEM : sys_driver_page_out(BASE + rule->at);
}

static long load_and_migrate(struct variant *v, const struct rule *rule)
{
	struct rule load = *rule;
	long word;
	int error;

	load.call = LOAD;
	word = call(v, &load);
	if (word == FAULTS)
		return -ENOMEM;
	error = sys_driver_migrate(BASE + rule->at);
	return word == (long)rule->how && call(v, &load) == word ? error : NO_PAGE;
}

static long make(struct variant *v, const struct rule *rule)
{
	if (rule->call == COPY)
		return copy(v);
	if (rule->call == LOAD_MIGRATE)
		return load_and_migrate(v, rule);
	return rule->call > COPY ? touch_and_out(v, rule) : call(v, rule);
}

static void note(struct variant *v, u32 space, u32 n, u32 failing, long got)
{
	if (v->value[WRONG]++)
		return;
	v->value[SPACE] = space;
	v->value[CALL] = n;
	v->value[FAILING] = failing;
	v->value[GOT] = (u32)got;
}

static bool make_all(struct variant *v, const struct rule *rules, unsigned nr)
{
	for (unsigned i = 0; i < nr; i++)
		if (call(v, &rules[i]) != rules[i].result)
			return false;
	return true;
}

static bool begin(struct variant *v, u32 space)
{
	if (!make_all(v, prologue, ARRAY_SIZE(prologue)))
		return false;
	if (has_child(space) && dup_mm(&child, &v->mm))
		return false;
	return space < SWAPPED || make_all(v, swap_out, ARRAY_SIZE(swap_out));
}

static bool end(struct variant *v, u32 space)
{
	if (has_child(space))
		mm_destroy(&child);
	return make_all(v, epilogue, ARRAY_SIZE(epilogue));
}

static bool is_failure(const struct rule *rule, long result)
{
	return result == (rule->call == LOAD || rule->call == STORE ? FAULTS : -ENOMEM);
}

/* A page that another space has in swap does not move. */
static long expected(u32 space, const struct rule *rule)
{
	return space == SWAPPED_FORKED && rule->call == LOAD_MIGRATE ? -EAGAIN : rule->result;
}

/* Makes the call while its n-th allocation fails, and again if it did. Returns whether there was
 * such an allocation. A call may also go on without the frame. */
static bool fail_once(struct variant *v, u32 space, u32 number, u32 n)
{
	const struct rule *rule = &calls[number];
	u32 nr_vmas = v->mm.nr_vmas;
	bool failed;
	long result;

	inject_oom_after(n);
	result = make(v, rule);
	failed = inject_oom_end();
	if (failed && is_failure(rule, result)) {
		if (v->mm.nr_vmas != nr_vmas)
			note(v, space, number, n, result);
		result = make(v, rule);
	}
	if (result != expected(space, rule))
		note(v, space, number, n, result);
	return failed;
}

/* Returns how many allocations the call has. */
static u32 sweep_call(struct variant *v, u32 space, u32 number)
{
	for (u32 n = 1;; n++) {
		u32 before = zone_free_frames(), after;
		bool failed;

		if (!begin(v, space))
			note(v, space, number, 0, 0);
		failed = fail_once(v, space, number, n);
		if (!end(v, space))
			note(v, space, number, 0, 0);
		after = zone_free_frames();
		if (after != before) {
			v->value[LEAKED] = before - after;
			note(v, space, number, n, 0);
		}
		if (!failed || v->value[WRONG])
			return n - 1;
	}
}

static void sweep_space(struct variant *v, u32 space)
{
	for (u32 number = 0; number < ARRAY_SIZE(calls) && !v->value[WRONG]; number++) {
		u32 nr = sweep_call(v, space, number);

		v->value[FAILURES] += nr;
		if (options.verbose)
			printk("# ev=oom-sweep space=%s call=\"%s\" allocations=%u\n",
			       space_name[space], calls[number].rule, nr);
	}
}

/* The list of a file's mappings keeps its memory until the file goes, so it comes first. */
static void sweep(struct variant *v)
{
	for (u32 space = 0; space < NR_SPACES; space++) {
		if (!begin(v, space) || !end(v, space))
			note(v, space, 0, 0, 0);
		sweep_space(v, space);
	}
}

static bool setup(struct variant *v)
{
	return lab_file(v, 4 * PAGE_SIZE, 0);
}

static enum verdict judge(struct variant *v)
{
	if (v->value[WRONG]) {
		lab_saw(v,
			"allocation %u of '%s' failed in a %s space: the call gave %d in the end, and %d frames are lost",
			v->value[FAILING], calls[v->value[CALL]].rule, space_name[v->value[SPACE]],
			(int)v->value[GOT], (int)v->value[LEAKED]);
		return VIOLATED;
	}
	lab_counted(v, v->value[FAILURES]);
	lab_evidence(v, "%u allocations failed, one at a time, in %u calls", v->value[FAILURES],
		     (unsigned)ARRAY_SIZE(calls));
	return HELD;
}

SCENARIO(oom_sweep) = {
	.name = "space/oom-sweep",
	.rule = "a call whose memory runs out changes nothing, leaks nothing, and says so",
	.reference = "Linux CONFIG_FAIL_PAGE_ALLOC; mmap(2), mremap(2), fork(2): ENOMEM",
	.mode = MODE_PROBE,
	.needs = NEED_FRAMES,
	.programs = true,
	.least = {AT_LEAST(60, "allocations failed")},
	.roles = {[PROGRAM] = {"program", sweep}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
