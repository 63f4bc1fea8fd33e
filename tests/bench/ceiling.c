/* SPDX-License-Identifier: MIT */
/*
 * Finds from how many pages on one full flush is cheaper than a flush of each, for
 * TLB_FLUSH_CEILING. A full flush drops translations still needed by other code, so each sample
 * goes on until a small working set is translated again.
 */
#include <asm/caps.h>
#include <asm/clock.h>
#include <asm/tlb.h>
#include <asm/trap.h>

#include "kernel/printk.h"
#include "mm/table/pgtable.h"
#include "tests/bench/bench.h"

#define FLUSHED_MAX 64u
#define IN_USE	    16u /* pages of the working set */
#define REPEATS	    16u /* in a sample, because one is too short for the clock */
#define IN_USE_VA   (BENCH_VA + FLUSHED_MAX * PAGE_SIZE)

static const unsigned size[] = {1, 2, 4, 8, 16, 32, FLUSHED_MAX};
#define SIZES ARRAY_SIZE(size)

static struct mm mm;

/* No plain load reaches user space if it is not in the kernel's space. */
static __always_inline void load(vaddr_t va)
{
	struct fault fault;
	u32 word;

	if (CAP_SHARED_SPACE)
		(void)READ_ONCE(*(u32 *)va);
	else if (!try_load(va, &word, &fault))
		panic("the bench's page at 0x%lx is not there", va);
}

static __always_inline void touch(vaddr_t va, unsigned pages)
{
	for (unsigned i = 0; i < pages; i++)
		load(va + i * PAGE_SIZE);
}

static void flush(unsigned pages)
{
	if (!pages)
		tlb_flush_all();
	for (unsigned i = 0; i < pages; i++)
		tlb_flush_page(BENCH_VA + i * PAGE_SIZE);
}

/* The range is translated before each flush, as if just used, and is gone after it. The working set
 * comes last, so a small TLB still holds it. */
static u32 measure(const struct row *row)
{
	u64 cycles = 0;

	for (unsigned i = 0; i < row->units; i++) {
		u64 start;

		touch(BENCH_VA, row->pages);
		touch(IN_USE_VA, IN_USE);
		start = clock_cycles();
		flush(row->pages);
		touch(IN_USE_VA, IN_USE);
		cycles += clock_cycles() - start;
	}
	return (u32)cycles;
}

/* Returns the most pages that cost no more than `all`, by a straight line between the two sizes
 * around it. Returns 0 if one page already costs more, and FLUSHED_MAX if no number does. */
static u32 crossing(const u32 *cost, u32 all)
{
	unsigned i = SIZES;

	while (i && cost[i - 1] > all)
		i--;
	if (!i || i == SIZES)
		return i ? FLUSHED_MAX : 0;
	return size[i - 1] +
	       (all - cost[i - 1]) * (size[i] - size[i - 1]) / (cost[i] - cost[i - 1]);
}

/* figures[0] is the full flush, and the sizes follow. */
static void print_crossing(const struct figures *figures)
{
	u32 medians[SIZES], leasts[SIZES];

	for (unsigned i = 0; i < SIZES; i++) {
		medians[i] = figures[1 + i].median;
		leasts[i] = figures[1 + i].least;
	}
	printk("# ev=bench name=flush_ceiling unit=pages median=%u min=%u ratio=- floor=- cpus=0 in_use=%u sizes_max=%u set=%u context=\"built with %u; Linux x86: 33\"\n",
	       crossing(medians, figures[0].median), crossing(leasts, figures[0].least), IN_USE,
	       FLUSHED_MAX, TLB_FLUSH_CEILING, TLB_FLUSH_CEILING);
	bench_ok("flush_ceiling");
}

unsigned ceiling_rows(void)
{
	return 1 + SIZES + 1;
}

void ceiling_bench(void)
{
	struct row rows[1 + SIZES] = {{"flush_all", "call", REPEATS, 0, 0, "", measure, 0}};
	struct figures figures[1 + SIZES];

	for (unsigned i = 0; i < SIZES; i++)
		rows[1 + i] =
			(struct row){"flush_pages", "call", REPEATS, size[i], 0, "", measure, 0};
	if (!mm_create(&mm) || !bench_map(&mm, FLUSHED_MAX + IN_USE, ZONE_DIRECT))
		panic("out of memory: the bench wants %u frames", FLUSHED_MAX + IN_USE);
	mm_switch(&mm);
	rows_measure(rows, 1 + SIZES, figures);
	print_crossing(figures);
	mm_switch(NULL);
	mm_destroy(&mm);
}
