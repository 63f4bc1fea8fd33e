/* SPDX-License-Identifier: MIT */
/*
 * The bench: medians of many rounds. Rows that belong together are measured in turn, a round of
 * each after the other, so that whatever the host does meanwhile falls on all; the first of them is
 * the floor, and what stands on it says its ratio to it. A row only says that it was measured: no
 * time is ever asserted.
 */
#pragma once

#include "mm/mm.h"
#include "mm/page/page.h"

#define BENCH_VA ((vaddr_t)0x40000000) /* user space of every port; the first page of its table */

struct row {
	const char *name;
	const char *per;     /* the unit of the figures: "page", "call" */
	unsigned units;	     /* of these in one sample */
	unsigned pages;	     /* that one call concerns; 0: says nothing */
	unsigned cpus;	     /* others that take part */
	const char *context; /* where else this was measured, and what; "": nowhere */
	u32 (*measure)(const struct row *row); /* one sample: cycles */
};

/* Of a row, a unit; in tenths of a nanosecond. */
struct figures {
	u32 median, least;
};

/* At most MAX_ROWS. The first `floors` of them say no ratio, the others theirs to rows[0]. figures:
 * NULL, or room for n. */
#define MAX_ROWS 8u
void rows_measure(const struct row *rows, unsigned n, unsigned floors, struct figures *figures);
void rows_skip(const struct row *rows, unsigned n, const char *reason);

/* Prints a passed point that is no row. */
void bench_ok(const char *name);

/* Maps `pages` frames of their own at BENCH_VA; all of one zone, as the floor wants it. */
bool bench_map(struct mm *mm, unsigned pages, enum zone_id zone);

/* The groups, and how many rows each prints. */
unsigned walk_rows(void);
void walk_bench(void);
unsigned ceiling_rows(void);
void ceiling_bench(void);
unsigned vma_rows(void);
void vma_bench(void);
unsigned flush_rows(void);
void flush_bench(void);
