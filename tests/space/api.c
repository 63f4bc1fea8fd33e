/* SPDX-License-Identifier: MIT */
/* Tries the rules of the calls on an address space, one after the other. Checks the result of each
 * call, and afterwards the memory of a program. */
#include <asm/trap.h>

#include "kernel/errno.h"
#include "kernel/printk.h"
#include "tests/lab/options.h"
#include "tests/lab/user.h"

enum call {
	MMAP,
	MUNMAP,
	MPROTECT,
	MADVISE,
	LOAD,
	STORE,
	NR_CALLS
};

static const char *const call_name[NR_CALLS] = {
	[MMAP] = "mmap",       [MUNMAP] = "munmap", [MPROTECT] = "mprotect",
	[MADVISE] = "madvise", [LOAD] = "load",	    [STORE] = "store",
};

/* One call. Addresses are bytes above the least possible one. `how` is the rights of
 * mmap() and mprotect(), the advice of madvise() or the word of a store. */
struct rule {
	u8 call;
	size_t at, bytes;
	u32 how, flags;
	long result; /* that of a load is the word, FAULTS if the program ended */
	const char *rule;
};

#define P	   PAGE_SIZE
#define RW	   (PROT_READ | PROT_WRITE)
#define ANON	   (MAP_PRIVATE | MAP_ANONYMOUS)
#define FIXED	   (ANON | MAP_FIXED)
#define BASE	   MMAP_MIN_ADDR
#define WRAPS	   ((size_t)-1)
#define FAULTS	   (-14l)		/* -EFAULT, as no call here has it */
#define ADDRESS(n) ((long)(BASE + (n))) /* of a successful mmap() */
#define CODE	   ((size_t)USER_CODE - BASE)

static const struct rule rules[] = {
	{MMAP, 0, 3 * P, RW, FIXED, ADDRESS(0), "MAP_FIXED maps where it is told"},
	{LOAD, 0, 0, 0, 0, 0, "a fresh page is cleared"},
	{STORE, 4, 0, 0x5107, 0, 0, "and takes a store"},
	{LOAD, 4, 0, 0, 0, 0x5107, "which is there afterwards"},
	{MMAP, 0, P, RW, ANON, ADDRESS(3 * P), "without an address the lowest gap is taken"},
	{MMAP, 5 * P + 8, 1, PROT_READ, ANON, ADDRESS(5 * P), "a hint is rounded to a page"},
	{STORE, 5 * P, 0, 1, 0, FAULTS, "a page without the right takes no store"},
	{LOAD, 5 * P, 0, 0, 0, 0, "but a load"},
	{LOAD, 4 * P, 0, 0, 0, FAULTS, "a hole takes none"},
	{MMAP, P, P, RW, ANON | MAP_FIXED_NOREPLACE, -EEXIST, "MAP_FIXED_NOREPLACE over a mapping"},
	{MMAP, 0, P, RW, FIXED, ADDRESS(0), "MAP_FIXED over a mapping takes its place"},
	{LOAD, 4, 0, 0, 0, 0, "with a fresh page"},
	{MMAP, 0, 0, RW, ANON, -EINVAL, "mmap() of no length"},
	{MMAP, 0, P, RW, MAP_ANONYMOUS, -EINVAL, "mmap() without MAP_PRIVATE"},
	{MMAP, 0, P, RW, MAP_PRIVATE, -EINVAL, "mmap() without MAP_ANONYMOUS: there are no files"},
	{MMAP, 0, P, RW, ANON | 1, -EINVAL, "mmap() with an unknown flag"},
	{MMAP, 0, P, 8, ANON, -EINVAL, "mmap() with an unknown right"},
	{MMAP, 8, P, RW, FIXED, -EINVAL, "MAP_FIXED within a page"},
	{MMAP, 0, WRAPS, RW, ANON, -ENOMEM, "mmap() of more than there is"},
	{MMAP, -P, P, RW, FIXED, -EPERM, "MAP_FIXED below the least address"},
	{MMAP, CODE, P, RW, FIXED, -EPERM, "MAP_FIXED over the code page"},
	{MMAP, 0, P, RW | PROT_MAX(PROT_READ), ANON, -EACCES, "rights beyond their own PROT_MAX()"},
	{MPROTECT, P, P, PROT_READ, 0, 0, "mprotect() of the middle splits a mapping"},
	{STORE, P, 0, 1, 0, FAULTS, "there no store goes through any more"},
	{STORE, 2 * P, 0, 7, 0, 0, "behind it it does"},
	{MPROTECT, 2 * P, P, PROT_NONE, 0, 0, "mprotect() takes the right to read as well"},
	{LOAD, 2 * P, 0, 0, 0, FAULTS, "and no load goes through"},
	{MPROTECT, 0, 3 * P, RW, 0, 0, "all rights come back, over three mappings"},
	{LOAD, 2 * P, 0, 0, 0, 7, "and the page still has its word"},
	{STORE, 2 * P, 0, 8, 0, 0, "which can be changed again"},
	{MPROTECT, 3 * P, 2 * P, PROT_READ, 0, -ENOMEM, "mprotect() over a hole"},
	{STORE, 3 * P, 0, 1, 0, FAULTS, "has done what comes before the hole"},
	{MPROTECT, 0, 0, PROT_READ, 0, 0, "mprotect() of no length"},
	{MPROTECT, 8, P, PROT_READ, 0, -EINVAL, "mprotect() within a page"},
	{MPROTECT, 0, P, 8, 0, -EINVAL, "mprotect() with an unknown right"},
	{MPROTECT, 0, WRAPS, RW, 0, -ENOMEM, "mprotect() of a range that wraps"},
	{MPROTECT, CODE, P, RW, 0, -EPERM, "mprotect() of the code page"},
	{MMAP, 8 * P, P, PROT_READ | PROT_MAX(PROT_READ), FIXED, ADDRESS(8 * P), "a bound"},
	{MPROTECT, 8 * P, P, RW, 0, -EACCES, "mprotect() beyond what the mapping allows"},
	{MADVISE, 2 * P, P, MADV_DONTNEED, 0, 0, "MADV_DONTNEED drops a page"},
	{LOAD, 2 * P, 0, 0, 0, 0, "and the next load finds a fresh one"},
	{STORE, 5 * P, 0, 1, 0, FAULTS, "a read-only page"},
	{MADVISE, 3 * P, 3 * P, MADV_DONTNEED, 0, -ENOMEM, "MADV_DONTNEED over a hole goes on"},
	{MADVISE, 0, P, 3, 0, -EINVAL, "unknown advice"},
	{MADVISE, 8, P, MADV_DONTNEED, 0, -EINVAL, "MADV_DONTNEED within a page"},
	{MADVISE, 0, 0, MADV_DONTNEED, 0, 0, "MADV_DONTNEED of no length"},
	{MADVISE, CODE, P, MADV_DONTNEED, 0, -EPERM, "MADV_DONTNEED of the code page"},
	{MUNMAP, P, 0, 0, 0, -EINVAL, "munmap() of no length"},
	{MUNMAP, 8, P, 0, 0, -EINVAL, "munmap() within a page"},
	{MUNMAP, P, WRAPS, 0, 0, -EINVAL, "munmap() of a range that wraps"},
	{MUNMAP, CODE, P, 0, 0, -EPERM, "munmap() of the code page"},
	{STORE, 2 * P, 0, 9, 0, 0, "a page in use"},
	{MUNMAP, P, 3 * P, 0, 0, 0, "munmap() of the middle, over mappings of two kinds"},
	{LOAD, 2 * P, 0, 0, 0, FAULTS, "takes it away"},
	{LOAD, 0, 0, 0, 0, 0, "and not what lies before"},
	{MUNMAP, P, 3 * P, 0, 0, 0, "munmap() of a hole"},
	{MUNMAP, 0, 16 * P, 0, 0, 0, "munmap() over holes and mappings"},
	{LOAD, 8 * P, 0, 0, 0, FAULTS, "nothing is left"},
};

/* v->value: */
enum {
	WRONG, /* the number of rules with another result, the first of them, and its result */
	FIRST,
	RESULT,
};

static long touch(struct variant *v, const struct rule *rule)
{
	struct role_end end;
	u32 word = 0;

	if (rule->call == LOAD)
		word = user_load(BASE + rule->at);
	else
		user_store(BASE + rule->at, rule->how);
	if (!role_ended(v, 0, &end))
		return word;
	role_restart(v);
	return FAULTS;
}

static long call(struct variant *v, const struct rule *rule)
{
	vaddr_t va = BASE + rule->at;

	switch (rule->call) {
	case MMAP:
		if (!(rule->flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) && !rule->at)
			va = 0;
		return (long)sys_mmap(va, rule->bytes, rule->how, rule->flags);
	case MUNMAP:
		return sys_munmap(va, rule->bytes);
	case MPROTECT:
		return sys_mprotect(va, rule->bytes, rule->how);
	case MADVISE:
		return sys_madvise(va, rule->bytes, rule->how);
	default:
		return touch(v, rule);
	}
}

/* The explorer's spaces have no code page, because its programs need none. */
static bool has_place(struct variant *v, const struct rule *rule)
{
	return rule->at != CODE || vma_lookup(&v->mm, USER_CODE);
}

static void try_all(struct variant *v)
{
	for (unsigned i = 0; i < ARRAY_SIZE(rules); i++) {
		const struct rule *rule = &rules[i];
		long result;

		if (!has_place(v, rule))
			continue;
		result = call(v, rule);
		if (options.verbose)
			printk("# ev=rule n=%u call=%s result=%ld expected=%ld rule=\"%s\"\n",
			       i + 1, call_name[rule->call], result, rule->result, rule->rule);
		if (result == rule->result)
			continue;
		if (!v->value[WRONG]++) {
			v->value[FIRST] = i;
			v->value[RESULT] = (u32)result;
		}
	}
}

static enum verdict judge(struct variant *v)
{
	const struct rule *rule = &rules[v->value[FIRST]];

	if (v->value[WRONG]) {
		lab_saw(v,
			"%u rules do not hold. The first is number %u, \"%s\": %s gives %d, not %d",
			v->value[WRONG], v->value[FIRST] + 1, rule->rule, call_name[rule->call],
			(int)v->value[RESULT], (int)rule->result);
		return VIOLATED;
	}
	lab_counted(v, ARRAY_SIZE(rules));
	lab_evidence(v, "%u rules, one after the other", (unsigned)ARRAY_SIZE(rules));
	return HELD;
}

SCENARIO(api) = {
	.name = "space/api",
	.rule = "each call on an address space has Linux's result, error and partial effects",
	.reference = "Linux mmap(2), munmap(2), mprotect(2), madvise(2)",
	.mode = MODE_PROBE,
	.programs = true,
	.least = {AT_LEAST(50, "rules tried")},
	.roles = {{"program", try_all}},
	CELLS(HOLDS()),
	.judge = judge,
};
