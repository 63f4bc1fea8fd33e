/* SPDX-License-Identifier: MIT */
/* Sampling, medians, and the lines for the table of tools/report bench. */
#include <asm/caps.h>
#include <asm/clock.h>

#include "kernel/div.h"
#include "kernel/finish.h"
#include "kernel/printk.h"
#include "kernel/string.h"
#include "tests/bench/bench.h"

#define ROUNDS_MAX 2001u
#define ROUNDS_MIN 11u
#define BUDGET_NS  600000000ull /* the last round begins before */

static u32 samples[MAX_ROWS][ROUNDS_MAX];
static unsigned point;

static unsigned take_samples(const struct row *rows, unsigned n)
{
	u64 start = clock_ns();
	unsigned round;

	for (round = 0; round < ROUNDS_MAX; round++) {
		if (round >= ROUNDS_MIN && clock_ns() - start > BUDGET_NS)
			break;
		for (unsigned i = 0; i < n; i++)
			samples[i][round] = rows[i].measure(&rows[i]);
	}
	return round;
}

/* Shell's sort is short, and good enough for some thousand values. */
static void sort(u32 *a, unsigned n)
{
	for (unsigned gap = n / 2; gap; gap /= 2) {
		for (unsigned i = gap; i < n; i++) {
			u32 value = a[i];
			unsigned at = i;

			for (; at >= gap && a[at - gap] > value; at -= gap)
				a[at] = a[at - gap];
			a[at] = value;
		}
	}
}

/* Returns tenths of a nanosecond a unit. */
static u32 tenths(const struct row *row, u32 cycles)
{
	return (u32)div_u64(cycles * 10000ull, clock_cycles_per_us() * row->units, NULL);
}

static void print_ok(const struct row *row, const char *directive)
{
	printk("ok %u - %s/bench/%s pages=%u cpus=%u%s\n", ++point, PORT_NAME, row->name,
	       row->pages, row->cpus, directive);
}

/* The medians of a row's floors, added, and their names. */
struct floor {
	u32 median;
	char name[64];
};

static void floor_add(struct floor *floor, const struct row *row, u32 median)
{
	size_t used = floor->median ? strlen(floor->name) : 0;

	snprintk(floor->name + used, sizeof(floor->name) - used, used ? "+%s" : "%s", row->name);
	floor->median += median;
}

static void print_row(const struct row *row, struct figures own, unsigned rounds,
		      const struct floor *floor)
{
	char ratio[16] = "-";

	if (floor->median) {
		u32 hundredths = (u32)div_u64(own.median * 100ull, floor->median, NULL);

		snprintk(ratio, sizeof(ratio), "%u.%02u", hundredths / 100, hundredths % 100);
	}
	printk("# ev=bench name=%s unit=ns median=%u.%u min=%u.%u ratio=%s floor=%s per=%s pages=%u cpus=%u rounds=%u context=\"%s\"\n",
	       row->name, own.median / 10, own.median % 10, own.least / 10, own.least % 10, ratio,
	       floor->name, row->per, row->pages, row->cpus, rounds, row->context);
	print_ok(row, "");
	tally.passed++;
}

void rows_measure(const struct row *rows, unsigned n, struct figures *figures)
{
	struct figures own[MAX_ROWS];
	unsigned rounds;

	assert(n <= MAX_ROWS);
	rounds = take_samples(rows, n);
	for (unsigned i = 0; i < n; i++) {
		sort(samples[i], rounds);
		own[i].median = tenths(&rows[i], samples[i][rounds / 2]);
		own[i].least = tenths(&rows[i], samples[i][0]);
	}
	for (unsigned i = 0; i < n; i++) {
		struct floor floor = {.name = "-"};

		for (unsigned j = 0; j < n; j++)
			if (rows[i].floors & BIT(j))
				floor_add(&floor, &rows[j], own[j].median);
		print_row(&rows[i], own[i], rounds, &floor);
	}
	for (unsigned i = 0; figures && i < n; i++)
		figures[i] = own[i];
}

void bench_ok(const char *name)
{
	printk("ok %u - %s/bench/%s\n", ++point, PORT_NAME, name);
	tally.passed++;
}

void rows_skip(const struct row *rows, unsigned n, const char *reason)
{
	char directive[96];

	snprintk(directive, sizeof(directive), " # SKIP %s", reason);
	for (unsigned i = 0; i < n; i++) {
		print_ok(&rows[i], directive);
		tally.skipped++;
	}
}
