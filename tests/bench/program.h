/* SPDX-License-Identifier: MIT */
/*
 * The program of the bench, by the port's user_touch_code and its kin, and the floors of its
 * faults. user_touch_code stores to one page after the other, so each store is a fault, and the way
 * into user mode and out of it is shared by all.
 */
#pragma once

#include "tests/bench/bench.h"
#include "tests/program/code_page.h"

#define PROGRAM_PAGES 64u /* touched in a sample, from BENCH_VA on */
/* In the table of BENCH_VA, and in no mapping. */
#define PROGRAM_HOLE (BENCH_VA + PROGRAM_PAGES * PAGE_SIZE)

extern pte_t *program_hole; /* the empty slot of PROGRAM_HOLE */

/* Makes the space with the program's code and a table at BENCH_VA, and loads it. */
void program_start(struct mm *mm);
void program_end(struct mm *mm);
/* Where the kernel has the frames of the floors, 2 * PROGRAM_PAGES of them. */
void *program_frame(unsigned n);

/* Stores to each of the pages at va. */
void program_touch(vaddr_t va);
/* The same, and returns the cycles. The faults must take as many frames as `frames`, or something
 * else was measured. */
u32 program_timed_touch(vaddr_t va, unsigned frames);
/* Loads from each of the pages and comes back each time, so each fault has the floor's way into
 * user mode and back. Returns the cycles. No fault may take a frame. */
u32 program_timed_loads(vaddr_t va);

/* Of struct row. Into user mode, a load, and back by the program's call. */
u32 program_measure_call(const struct row *row);
/*
 * Into user mode, a store to a hole, and back by the fault. While the CPU is in no space by its own
 * word, mm_fault() looks at nothing. The tables stay loaded, so the hardware walks down to the
 * empty slot.
 */
u32 program_measure_fault(const struct row *row);
/* Copies a page. */
u32 program_measure_copy(const struct row *row);
