/* SPDX-License-Identifier: MIT */
/* Tries the rules of the calls on an address space, one after the other. A scenario is a list of
 * rules, each a call and its result. */
#pragma once

#include <asm/trap.h>

#include "kernel/errno.h"
#include "kernel/printk.h"
#include "tests/lab/driver.h"
#include "tests/lab/options.h"
#include "tests/lab/process.h"

enum call {
	MMAP,
	SEEK, /* chooses a file by its number in v->files[] (bytes), and a place in it, in bytes
		 or, if `how` is PAGE_SHIFT, in pages (at) */
	MMAP_FILE,
	TRUNCATE, /* the file of SEEK, to a size */
	WRITEBACK,
	STORE_FAILS, /* for the page of the file at a place (at), so many times (bytes) */
	STORED,	     /* the word of the store at a place, NO_PAGE if it has none */
	MUNMAP,
	MPROTECT,
	MADVISE,
	MREMAP,
	LOAD,
	STORE,
	FORK, /* for role 1, with a list of its own */
	WAIT, /* for this role */
	GET,  /* a page, for the driver, with FOLL_* (flags) */
	GET_LOAD,
	GET_STORE,
	PUT,
	PAGE_OUT, /* by the driver, of each page of a range */
	MIGRATE,  /* by the driver, to another frame */
	MIGRATE_LONGTERM,
	MARK,	/* the driver's page is v->a from here on, and its frame is not for long (how) */
	UNMARK, /* the frame of v->a may be kept for long again */
	STAYED, /* whether the driver's page lies in the frame of v->a */
	FILL,	/* stores a word (how) to the first page of a range, and to each next one more */
	NR_CALLS
};

static const char *const call_name[NR_CALLS] = {
	[TRUNCATE] = "truncate",
	[SEEK] = "seek",
	[MMAP] = "mmap",
	[MMAP_FILE] = "mmap of a file",
	[MUNMAP] = "munmap",
	[MPROTECT] = "mprotect",
	[MADVISE] = "madvise",
	[MREMAP] = "mremap",
	[LOAD] = "load",
	[STORE] = "store",
	[FORK] = "fork",
	[WAIT] = "wait",
	[WRITEBACK] = "writeback",
	[STORE_FAILS] = "failing store",
	[STORED] = "look at the store",
	[GET] = "get of a page",
	[GET_LOAD] = "load by the driver",
	[GET_STORE] = "store by the driver",
	[PUT] = "put",
	[PAGE_OUT] = "page-out",
	[MIGRATE] = "migration",
	[MIGRATE_LONGTERM] = "migration for long",
	[MARK] = "mark",
	[UNMARK] = "end of the mark",
	[STAYED] = "look at the frame",
	[FILL] = "stores to many pages",
};

/* One call. Addresses are bytes above the least possible one. `how` is the rights of
 * mmap() and mprotect(), the advice of madvise(), the new length of mremap() or the word of a
 * store. For calls on a file, and the driver's loads and stores, `at` is a place in the file or the
 * page. */
struct rule {
	u8 call;
	size_t at, bytes, how;
	u64 flags;   /* of mmap() and mremap(), see TO() */
	long result; /* that of a load is the word, FAULTS or NO_PAGE if the program ended */
	const char *rule;
};

struct rules {
	const struct rule *rules;
	unsigned nr;
};

#define P	   PAGE_SIZE
#define RW	   (PROT_READ | PROT_WRITE)
#define ANON	   (MAP_PRIVATE | MAP_ANONYMOUS)
#define FIXED	   (ANON | MAP_FIXED)
#define BASE	   MMAP_MIN_ADDR
#define WRAPS	   ((size_t)-1)
#define MOVE	   MREMAP_MAYMOVE
#define FAULTS	   (-4096l)		/* no error of a call */
#define NO_PAGE	   (-4097l)		/* nor this, the fault is a SIGBUS */
#define ADDRESS(n) ((long)(BASE + (n))) /* of a successful mmap() */
#define CODE	   ((size_t)USER_CODE - BASE)
/* The flags of mremap() to a fixed address. The address is in the bits above. */
#define TO_BITS 8
#define TO(n)	((u64)(BASE + (n)) << TO_BITS | MREMAP_MAYMOVE | MREMAP_FIXED)

/* v->value. Roles try their rules by turns. */
enum {
	WRONG, /* the number of rules with another result, the first of them, and its result */
	LIST,
	FIRST,
	RESULT,
	SOUGHT, /* the number of a file, and the place in it, perhaps negative if in bytes */
	PLACE,
	PLACE_SHIFT, /* the place is in units of 1 << PLACE_SHIFT bytes */
};

static inline long touch(struct variant *v, const struct rule *rule)
{
	struct role_end end;
	u32 word = 0;

	if (rule->call == LOAD)
		word = user_load(BASE + rule->at);
	else
		user_store(BASE + rule->at, (u32)rule->how);
	if (!role_ended(v, lab_role(v), &end))
		return word;
	role_restart(v);
	return end.cause & FAULT_BUS ? NO_PAGE : FAULTS;
}

static inline vaddr_t fixed_address(const struct rule *rule)
{
	return (vaddr_t)(rule->flags >> TO_BITS);
}

static inline struct file *sought_file(const struct variant *v)
{
	return v->files[v->value[SOUGHT]];
}

static inline u64 sought_place(const struct variant *v)
{
	u32 place = v->value[PLACE];

	return v->value[PLACE_SHIFT] ? (u64)place << v->value[PLACE_SHIFT] : (u64)(int)place;
}

static inline long word_in_store(const struct variant *v, size_t at)
{
	const struct page *store = sought_file(v)->cache[at >> PAGE_SHIFT].store;
	const u32 *words = store ? page_map(page_to_pfn(store), WINDOW_A) : NULL;

	return words ? (long)words[at % PAGE_SIZE / sizeof(u32)] : NO_PAGE;
}

/* The calls on a file. */
static inline long call_file(struct variant *v, const struct rule *rule)
{
	struct file *file = sought_file(v);

	switch (rule->call) {
	case MMAP_FILE:
		return (long)sys_mmap_file(file, sought_place(v), BASE + rule->at, rule->bytes,
					   (u32)rule->how, (u32)rule->flags);
	case TRUNCATE:
		return file_truncate(file, (u32)rule->bytes);
	case WRITEBACK:
		return file_writeback(file);
	case STORE_FAILS:
		file->cache[rule->at >> PAGE_SHIFT].failing = (u32)rule->bytes;
		return 0;
	default:
		return word_in_store(v, rule->at);
	}
}

/* Ends with the first page that does not go out. */
static inline long page_out_each(const struct rule *rule)
{
	int error = 0;

	for (size_t n = 0; !error && n < rule->bytes; n += PAGE_SIZE)
		error = sys_driver_page_out(BASE + rule->at + n);
	return error;
}

static inline long call_migration(struct variant *v, const struct rule *rule)
{
	switch (rule->call) {
	case MIGRATE:
		return sys_driver_migrate(BASE + rule->at);
	case MIGRATE_LONGTERM:
		return sys_driver_migrate_longterm(BASE + rule->at);
	case MARK:
		v->a = v->driver;
		if (v->a)
			page_forbid_longterm(v->a, rule->how);
		return v->a ? 0 : -EFAULT;
	case UNMARK:
		if (v->a)
			page_forbid_longterm(v->a, false);
		return 0;
	default:
		return v->driver == v->a;
	}
}

static inline long fill(const struct rule *rule)
{
	for (size_t n = 0; n < rule->bytes >> PAGE_SHIFT; n++)
		user_store(BASE + rule->at + n * PAGE_SIZE, (u32)(rule->how + n));
	return 0;
}

/* The calls of the driver. */
static inline long call_driver(struct variant *v, const struct rule *rule)
{
	switch (rule->call) {
	case GET:
		return sys_driver_get(v, BASE + rule->at, (u32)rule->flags);
	case GET_LOAD:
		return (long)sys_driver_load(v, rule->at);
	case GET_STORE:
		sys_driver_store(v, rule->at, (u32)rule->how);
		return 0;
	default:
		sys_driver_put(v);
		return 0;
	}
}

static inline long call(struct variant *v, const struct rule *rule)
{
	vaddr_t va = BASE + rule->at;

	switch (rule->call) {
	case MMAP:
		if (!(rule->flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) && !rule->at)
			va = 0;
		return (long)sys_mmap(va, rule->bytes, (u32)rule->how, (u32)rule->flags);
	case SEEK:
		v->value[SOUGHT] = (u32)rule->bytes;
		v->value[PLACE] = (u32)rule->at;
		v->value[PLACE_SHIFT] = (u32)rule->how;
		return 0;
	case MMAP_FILE:
	case TRUNCATE:
	case WRITEBACK:
	case STORE_FAILS:
	case STORED:
		return call_file(v, rule);
	case GET:
	case GET_LOAD:
	case GET_STORE:
	case PUT:
		return call_driver(v, rule);
	case MIGRATE:
	case MIGRATE_LONGTERM:
	case MARK:
	case UNMARK:
	case STAYED:
		return call_migration(v, rule);
	case PAGE_OUT:
		return page_out_each(rule);
	case FILL:
		return fill(rule);
	case MUNMAP:
		return sys_munmap(va, rule->bytes);
	case MPROTECT:
		return sys_mprotect(va, rule->bytes, (u32)rule->how);
	case MADVISE:
		return sys_madvise(va, rule->bytes, (u32)rule->how);
	case MREMAP:
		return (long)sys_mremap(va, rule->bytes, rule->how,
					(u32)rule->flags & (BIT(TO_BITS) - 1), fixed_address(rule));
	case FORK:
		return sys_fork(v, 1);
	case WAIT:
		return sys_wait(v, 1);
	default:
		return touch(v, rule);
	}
}

/* The explorer's spaces have no code page, because its programs need none. */
static inline bool has_place(struct variant *v, const struct rule *rule)
{
	return (rule->at != CODE && fixed_address(rule) != USER_CODE) ||
	       vma_lookup(&v->mm, USER_CODE);
}

static inline void try_rules(struct variant *v, const struct rules *lists, unsigned list)
{
	for (unsigned i = 0; i < lists[list].nr; i++) {
		const struct rule *rule = &lists[list].rules[i];
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
			v->value[LIST] = list;
			v->value[FIRST] = i;
			v->value[RESULT] = (u32)result;
		}
	}
}

static inline enum verdict judge_rules(struct variant *v, const struct rules *lists, unsigned nr)
{
	const struct rule *rule = &lists[v->value[LIST]].rules[v->value[FIRST]];
	unsigned tried = 0;

	if (v->value[WRONG]) {
		lab_saw(v,
			"%u rules do not hold. The first is number %u, '%s': %s gives %d, not %d",
			v->value[WRONG], v->value[FIRST] + 1, rule->rule, call_name[rule->call],
			(int)v->value[RESULT], (int)rule->result);
		return VIOLATED;
	}
	while (nr--)
		tried += lists[nr].nr;
	lab_counted(v, tried);
	lab_evidence(v, "%u rules, one after the other", tried);
	return HELD;
}
