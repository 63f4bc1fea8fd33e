/* SPDX-License-Identifier: MIT */
/* Measures the way of a program's pages out of memory, back again, and to other frames. */
#include <asm/atomic.h>
#include <asm/caps.h>
#include <asm/clock.h>
#include <asm/tlb.h>

#include "kernel/printk.h"
#include "mm/page/swap.h"
#include "mm/table/pgtable.h"
#include "tests/bench/cycles.h"
#include "tests/bench/program.h"

#define BYTES	 (PROGRAM_PAGES * PAGE_SIZE)
#define SLEEP_US 50u /* after an interrupt, until the other CPU is asleep again */

_Static_assert(PROGRAM_PAGES <= SWAP_SLOTS, "all pages of the program can be out");

static struct mm mm;
static cpumask_t other; /* a CPU, asleep in the space for some rows */
static u32 entry;	/* in place of one, for the floors */
static u32 checksum;	/* has those of the floors, so that they are made */

static u32 measure_checksum(const struct row *row)
{
	u64 start = clock_cycles();

	for (u32 i = 0; i < row->units; i++)
		WRITE_ONCE(checksum, checksum_page(program_frame(i)));
	return since(start);
}

/* Takes an entry by an exchange, and flushes the page. */
static u32 measure_unmap(const struct row *row)
{
	u64 start = clock_cycles();

	for (u32 i = 0; i < row->units; i++) {
		atomic_xchg(&entry, 0);
		if (CAP_BROADCAST_FLUSH)
			ptep_invalidate(program_hole, PROGRAM_HOLE);
		else
			tlb_flush_page(PROGRAM_HOLE);
	}
	return since(start);
}

/* An interrupt there and back, or the instruction that flushes every CPU. */
static void flush_once(void)
{
	if (CAP_BROADCAST_FLUSH)
		ptep_invalidate(program_hole, PROGRAM_HOLE);
	else
		bench_ping(other);
}

static void other_comes(const struct row *row)
{
	if (!row->cpus)
		return;
	bench_send(other, &mm);
	delay_us(SLEEP_US);
}

static void other_goes(const struct row *row)
{
	if (row->cpus)
		bench_send(other, NULL);
}

static u32 measure_others(const struct row *row)
{
	u64 start;
	u32 cycles;

	other_comes(row);
	start = clock_cycles();
	for (u32 i = 0; i < row->units; i++)
		flush_once();
	cycles = since(start);
	other_goes(row);
	return cycles;
}

/* All pages are in memory and writable before the sample. */
static u32 timed(const struct row *row, void (*work)(u32 pages))
{
	u64 start;
	u32 cycles;

	program_touch(BENCH_VA);
	other_comes(row);
	start = clock_cycles();
	work(row->units);
	cycles = since(start);
	other_goes(row);
	return cycles;
}

static void page_out_each(u32 pages)
{
	for (u32 i = 0; i < pages; i++)
		if (page_out(&mm, BENCH_VA + i * PAGE_SIZE))
			panic("the bench wants %u pages out of memory", pages);
}

static void page_out_all(u32 pages)
{
	if (page_out_range(&mm, BENCH_VA, BENCH_VA + BYTES) != pages)
		panic("the bench wants %u pages out of memory", pages);
}

static void migrate_each(u32 pages)
{
	for (u32 i = 0; i < pages; i++)
		if (migrate_page(&mm, BENCH_VA + i * PAGE_SIZE, false))
			panic("the bench wants %u pages in other frames", pages);
}

static u32 measure_page_out(const struct row *row)
{
	return timed(row, page_out_each);
}

static u32 measure_page_out_range(const struct row *row)
{
	return timed(row, page_out_all);
}

static u32 measure_migrate(const struct row *row)
{
	return timed(row, migrate_each);
}

/* With the entry its slot becomes free, and so does a frame of the store. So in the end no fault
 * has taken a frame. */
static u32 measure_page_in(const struct row *row)
{
	program_touch(BENCH_VA);
	page_out_all(row->units);
	return program_timed_loads(BENCH_VA);
}

enum {
	CALL,
	REFUSED,
	COPY,
	CHECKSUM,
	UNMAP
};

#define ROW(name, per, cpus, measure, floors)                                                      \
	{                                                                                          \
		name, per, PROGRAM_PAGES, 0, cpus, "", measure, floors                             \
	}

static const struct row rows[] = {
	[CALL] = ROW("floor_call", "call", 0, program_measure_call, 0),
	[REFUSED] = ROW("floor_fault", "fault", 0, program_measure_fault, 0),
	[COPY] = ROW("floor_copy", "page", 0, program_measure_copy, 0),
	[CHECKSUM] = ROW("floor_checksum", "page", 0, measure_checksum, 0),
	[UNMAP] = ROW("floor_unmap", "page", 0, measure_unmap, 0),
	ROW("page_out", "page", 0, measure_page_out, BIT(COPY) | BIT(CHECKSUM) | BIT(UNMAP)),
	ROW("page_out_range", "page", 0, measure_page_out_range, BIT(COPY) | BIT(CHECKSUM)),
	ROW("page_in", "fault", 0, measure_page_in,
	    BIT(CALL) | BIT(REFUSED) | BIT(COPY) | BIT(CHECKSUM)),
	ROW("migrate", "page", 0, measure_migrate, BIT(COPY) | BIT(UNMAP)),
};

/* The same with another CPU in the space. */
enum {
	COPY_ACROSS,
	CHECKSUM_ACROSS,
	OTHERS
};

static const struct row across[] = {
	[COPY_ACROSS] = ROW("floor_copy", "page", 0, program_measure_copy, 0),
	[CHECKSUM_ACROSS] = ROW("floor_checksum", "page", 0, measure_checksum, 0),
	[OTHERS] = ROW("floor_others", "call", 1, measure_others, 0),
	ROW("page_out", "page", 1, measure_page_out,
	    BIT(COPY_ACROSS) | BIT(CHECKSUM_ACROSS) | BIT(OTHERS)),
	ROW("page_out_range", "page", 1, measure_page_out_range,
	    BIT(COPY_ACROSS) | BIT(CHECKSUM_ACROSS)),
	ROW("migrate", "page", 1, measure_migrate, BIT(COPY_ACROSS) | BIT(OTHERS)),
};

unsigned swap_rows(void)
{
	return ARRAY_SIZE(rows) + ARRAY_SIZE(across);
}

void swap_bench(void)
{
	program_start(&mm);
	if (is_error(do_mmap(&mm, BENCH_VA, BYTES, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)))
		panic("out of memory for the bench's program");
	rows_measure(rows, ARRAY_SIZE(rows), NULL);
	other = READ_ONCE(cpus_online) & ~BIT(cpu_id());
	other &= -other;
	if (other)
		rows_measure(across, ARRAY_SIZE(across), NULL);
	else
		rows_skip(across, ARRAY_SIZE(across), "needs 2 CPUs");
	program_end(&mm);
}
