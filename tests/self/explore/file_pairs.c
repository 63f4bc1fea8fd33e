/* SPDX-License-Identifier: MIT */
/* Each two operations on one page of a file, in every order of their steps. The page has three
 * mappings, one after the other. No judge asks for more than the oracles of spaces and files, the
 * count of frames and the justified TLB do. */
#include <asm/trap.h>

#include "kernel/printk.h"
#include "mm/fault/vm_fault.h"
#include "tests/lab/process.h"

enum {
	ONE,
	OTHER,
	CHILD, /* never runs */
};

#define PRIVATE (v->va + PAGE_SIZE)
#define FRESH	(v->va + 2 * PAGE_SIZE)
#define FREE	(v->va + 3 * PAGE_SIZE)

static bool map(struct variant *v, vaddr_t va, u32 type)
{
	return !is_error(do_mmap_file(&v->mm, v->files[0], 0, va, PAGE_SIZE, PROT_READ | PROT_WRITE,
				      type | MAP_FIXED));
}

static void touch(struct variant *v, vaddr_t va, u32 cause)
{
	const struct fault fault = {.address = va, .cause = FAULT_USER | cause};

	if (handle_mm_fault(&v->mm, &fault) != VM_FAULT_DONE)
		panic("out of memory for a page");
}

/* The first mapping is shared, and a store has been made there. The second one is private and has
 * only loaded the page. The third one is shared and was not touched. The file ends before the last
 * word of the page, and no earlier, as clearing more would not fit into a CPU's store buffer. */
static bool setup(struct variant *v)
{
	if (!lab_file(v, PAGE_SIZE, 0) || !map(v, v->va, MAP_SHARED) ||
	    !map(v, PRIVATE, MAP_PRIVATE) || !map(v, FRESH, MAP_SHARED))
		return false;
	touch(v, v->va, FAULT_WRITE);
	touch(v, PRIVATE, 0);
	return !file_truncate(v->files[0], PAGE_SIZE - sizeof(u32));
}

static enum verdict judge(struct variant *v)
{
	lab_evidence(v, "no oracle complains");
	return HELD;
}

static void load(struct variant *v)
{
	user_load(FRESH);
}

static void store(struct variant *v)
{
	user_store(v->va, 0x5107);
}

static void copy(struct variant *v)
{
	user_store(PRIVATE, 0x9417);
}

static void write_back(struct variant *v)
{
	file_writeback(v->files[0]);
}

static void shrink(struct variant *v)
{
	file_truncate(v->files[0], 0);
}

static void grow(struct variant *v)
{
	file_truncate(v->files[0], PAGE_SIZE);
}

static void fork_child(struct variant *v)
{
	sys_fork(v, CHILD);
}

static void move(struct variant *v)
{
	sys_mremap(v->va, PAGE_SIZE, PAGE_SIZE, MREMAP_MAYMOVE | MREMAP_FIXED, FREE);
}

static void protect(struct variant *v)
{
	sys_mprotect(v->va, PAGE_SIZE, PROT_READ);
}

static void drop(struct variant *v)
{
	sys_madvise(v->va, 2 * PAGE_SIZE, MADV_DONTNEED);
}

static void unmap(struct variant *v)
{
	sys_munmap(PRIVATE, PAGE_SIZE);
}

#define PAIR(one, other)                                                                           \
	SCENARIO(one##_##other) = {                                                                \
		.name = "explore/file-" #one "-" #other,                                           \
		.rule = "any two operations on a page of a file leave all as it must be",          \
		.reference = "docs/explorer.md",                                                   \
		.mode = MODE_EXPLORED,                                                             \
		.programs = true,                                                                  \
		.roles = {[ONE] = {#one, one}, [OTHER] = {#other, other}},                         \
		.forked = BIT(CHILD),                                                              \
		.explored_below = FROM_TSO,                                                        \
		CELLS(HOLDS()),                                                                    \
		.setup = setup,                                                                    \
		.judge = judge,                                                                    \
	}
/* clang-format off */
#define PAIRS_1(one, a)		 PAIR(one, a)
#define PAIRS_2(one, a, ...)	 PAIR(one, a); PAIRS_1(one, __VA_ARGS__)
#define PAIRS_3(one, a, ...)	 PAIR(one, a); PAIRS_2(one, __VA_ARGS__)
#define PAIRS_4(one, a, ...)	 PAIR(one, a); PAIRS_3(one, __VA_ARGS__)
#define PAIRS_5(one, a, ...)	 PAIR(one, a); PAIRS_4(one, __VA_ARGS__)
#define PAIRS_6(one, a, ...)	 PAIR(one, a); PAIRS_5(one, __VA_ARGS__)
#define PAIRS_7(one, a, ...)	 PAIR(one, a); PAIRS_6(one, __VA_ARGS__)
#define PAIRS_8(one, a, ...)	 PAIR(one, a); PAIRS_7(one, __VA_ARGS__)
#define PAIRS_9(one, a, ...)	 PAIR(one, a); PAIRS_8(one, __VA_ARGS__)
#define PAIRS_10(one, a, ...)	 PAIR(one, a); PAIRS_9(one, __VA_ARGS__)
#define PAIRS_11(one, a, ...)	 PAIR(one, a); PAIRS_10(one, __VA_ARGS__)
/* clang-format on */

PAIRS_11(load, load, store, copy, write_back, shrink, grow, fork_child, move, protect, drop, unmap);
PAIRS_10(store, store, copy, write_back, shrink, grow, fork_child, move, protect, drop, unmap);
PAIRS_9(copy, copy, write_back, shrink, grow, fork_child, move, protect, drop, unmap);
PAIRS_8(write_back, write_back, shrink, grow, fork_child, move, protect, drop, unmap);
PAIRS_7(shrink, shrink, grow, fork_child, move, protect, drop, unmap);
PAIRS_6(grow, grow, fork_child, move, protect, drop, unmap);
PAIRS_4(fork_child, move, protect, drop, unmap);
PAIRS_4(move, move, protect, drop, unmap);
PAIRS_3(protect, protect, drop, unmap);
PAIRS_2(drop, drop, unmap);
PAIRS_1(unmap, unmap);
