/* SPDX-License-Identifier: MIT */
/*
 * The bench takes medians of many rounds. It measures the rows of a group in turn, one round of
 * each after the other, so all of them share the host's other work. Some rows are floors, and the
 * others print their ratio to a floor of their group, or to the sum of several. A row only says
 * that it was measured, and no time is ever asserted.
 */
#pragma once

#include "mm/mm.h"
#include "mm/page/page.h"

#define BENCH_VA ((vaddr_t)0x40000000) /* user space on every port, first page of a table */

struct row {
	const char *name;
	const char *per;     /* the unit of the figures, as "page" or "call" */
	unsigned units;	     /* of these units in one sample */
	unsigned pages;	     /* pages of one call, or 0 to print none */
	unsigned cpus;	     /* other CPUs in the measurement */
	const char *context; /* another measurement of the same, and where, or "" */
	u32 (*measure)(const struct row *row); /* takes one sample, in cycles */
	u32 floors; /* the rows of its group whose sum is its floor, a bit each, or 0 */
};

/* A row's figures for one unit, in tenths of a nanosecond. */
struct figures {
	u32 median, least;
};

/* Measures a group of at most MAX_ROWS rows. figures is NULL, or has room for n. */
#define MAX_ROWS 10u
void rows_measure(const struct row *rows, unsigned n, struct figures *figures);
void rows_skip(const struct row *rows, unsigned n, const char *reason);

/* Prints a passed point beside the rows. */
void bench_ok(const char *name);

/* Maps `pages` frames of their own at BENCH_VA, all of one zone, as the floor needs it. */
bool bench_map(struct mm *mm, unsigned pages, enum zone_id zone);

/* Has these CPUs load the space, or leave theirs if mm is NULL, and sleep. */
void bench_send(cpumask_t to, struct mm *mm);

/* There and back, by an interrupt to each of these CPUs. Its handler changes a word, and this CPU
 * sees it. */
void bench_ping(cpumask_t to);

/* Takes the page lock, makes the page clean in all mappings of the file, and drops the lock. */
static inline void bench_mkclean(struct file *file, u32 index)
{
	page_lock(file, index);
	page_mkclean(file, index);
	page_unlock(file, index);
}

/* The groups. X_rows() returns the number of rows printed by X_bench(). */
unsigned walk_rows(void);
void walk_bench(void);
unsigned ceiling_rows(void);
void ceiling_bench(void);
unsigned vma_rows(void);
void vma_bench(void);
unsigned fault_rows(void);
void fault_bench(void);
unsigned file_rows(void);
void file_bench(void);
unsigned swap_rows(void);
void swap_bench(void);
unsigned rmap_rows(void);
void rmap_bench(void);
unsigned range_rows(void);
void range_bench(void);
unsigned flush_rows(void);
void flush_bench(void);
