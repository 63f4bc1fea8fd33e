/* SPDX-License-Identifier: MIT */
/*
 * The bench takes medians of many rounds. It measures the rows of a group in turn, one round of
 * each after the other, so all of them share the host's other work. The first row is the floor, and
 * the others print their ratio to it. A row only says that it was measured, and no time is ever
 * asserted.
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
};

/* A row's figures for one unit, in tenths of a nanosecond. */
struct figures {
	u32 median, least;
};

/* Measures at most MAX_ROWS rows. The first `floors` of them print no ratio, and the others print
 * theirs to rows[0]. figures is NULL, or has room for n. */
#define MAX_ROWS 8u
void rows_measure(const struct row *rows, unsigned n, unsigned floors, struct figures *figures);
void rows_skip(const struct row *rows, unsigned n, const char *reason);

/* Prints a passed point that is no row. */
void bench_ok(const char *name);

/* Maps `pages` frames of their own at BENCH_VA, all of one zone, as the floor needs it. */
bool bench_map(struct mm *mm, unsigned pages, enum zone_id zone);

/* The groups. X_rows() returns the number of rows that X_bench() prints. */
unsigned walk_rows(void);
void walk_bench(void);
unsigned ceiling_rows(void);
void ceiling_bench(void);
unsigned flush_rows(void);
void flush_bench(void);
