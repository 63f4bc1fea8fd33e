/* SPDX-License-Identifier: MIT */
/*
 * Measures the work of a call for each page of its range. fork makes a copy of a space, mprotect
 * takes the right to store away, mremap moves the pages, and munmap takes them. A sample begins
 * with a fresh mapping after a store to each of its pages.
 */
#include <asm/atomic.h>
#include <asm/caps.h>
#include <asm/clock.h>
#include <asm/tlb.h>
#include <asm/trap.h>

#include "kernel/hooks/upcalls.h"
#include "kernel/printk.h"
#include "mm/page/page.h"
#include "tests/bench/bench.h"
#include "tests/bench/cycles.h"

#define MOST 256u /* no more than a page table has entries, on every port */

static const unsigned size[] = {1, 16, MOST};
#define SIZES ARRAY_SIZE(size)

static struct mm mm, child;

/* In place of entries and counts, for the floors. */
static u32 entry[MOST], copied[MOST], count[MOST];
static u8 table[PAGE_SIZE] __aligned(PAGE_SIZE);

static void map(unsigned pages)
{
	if (is_error(sys_mmap(BENCH_VA, pages * PAGE_SIZE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)))
		panic("out of memory for a mapping");
	for (unsigned i = 0; i < pages; i++) {
		struct fault fault = {BENCH_VA + i * PAGE_SIZE, FAULT_USER | FAULT_WRITE};

		if (!mm_fault(&fault))
			panic("out of memory: the bench wants %u pages", pages);
	}
}

static void unmap(unsigned pages)
{
	if (sys_munmap(BENCH_VA, pages * PAGE_SIZE))
		panic("out of memory for less mappings");
}

/* Drops the translations of the pages on this CPU, which alone has the space. */
static void flush(unsigned pages)
{
	if (CAP_BROADCAST_FLUSH)
		tlb_flush_space(mm_root(&mm));
	else
		tlb_flush_range(BENCH_VA, BENCH_VA + pages * PAGE_SIZE);
}

static u32 fork(void)
{
	u64 start = clock_cycles();

	if (dup_mm(&child, &mm))
		panic("out of memory: the bench wants a second space");
	return since(start);
}

static u32 measure_fork(const struct row *row)
{
	u32 cycles;

	map(row->pages);
	cycles = fork();
	mm_destroy(&child);
	unmap(row->pages);
	return cycles;
}

/* The frames of a copy's tables. One more has the array of mappings, and is not cleared. */
static unsigned tables_of_copy(unsigned pages)
{
	u32 before;
	unsigned frames;

	map(pages);
	before = zone_free_frames();
	fork();
	frames = before - zone_free_frames() - 1;
	mm_destroy(&child);
	unmap(pages);
	return frames;
}

/* Clears the new tables. For each page, it takes a right away by an exchange, takes a reference,
 * and stores the entry of the copy. */
static u32 measure_fork_floor(const struct row *row)
{
	unsigned frames = tables_of_copy(row->pages);
	u64 start = clock_cycles();

	for (unsigned i = 0; i < frames; i++)
		clear_page(table);
	for (unsigned i = 0; i < row->pages; i++) {
		atomic_cmpxchg(&entry[i], 0, 0);
		atomic_fetch_add(&count[i], 1);
		WRITE_ONCE(copied[i], 0);
	}
	return since(start);
}

static u32 measure_mprotect(const struct row *row)
{
	u64 start;
	u32 cycles;

	map(row->pages);
	start = clock_cycles();
	if (sys_mprotect(BENCH_VA, row->pages * PAGE_SIZE, PROT_READ))
		panic("out of memory for other rights");
	cycles = since(start);
	unmap(row->pages);
	return cycles;
}

/* Changes each entry by an exchange, because the hardware may mark it meanwhile, and flushes. */
static u32 measure_mprotect_floor(const struct row *row)
{
	u64 start = clock_cycles();

	for (unsigned i = 0; i < row->pages; i++)
		atomic_cmpxchg(&entry[i], 0, 0);
	flush(row->pages);
	return since(start);
}

static u32 measure_munmap(const struct row *row)
{
	u64 start;

	map(row->pages);
	start = clock_cycles();
	unmap(row->pages);
	return since(start);
}

/* To right behind the old range. The pages move within a table, unless all of them fill one. */
static u32 measure_mremap(const struct row *row)
{
	size_t bytes = row->pages * PAGE_SIZE;
	vaddr_t to = BENCH_VA + bytes;
	u64 start;
	u32 cycles;

	map(row->pages);
	start = clock_cycles();
	if (sys_mremap(BENCH_VA, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, to) != to)
		panic("out of memory for moved mappings");
	cycles = since(start);
	if (sys_munmap(to, bytes))
		panic("out of memory for less mappings");
	return cycles;
}

/* Takes each entry by an exchange, stores it elsewhere, and flushes. */
static u32 measure_mremap_floor(const struct row *row)
{
	u64 start = clock_cycles();

	for (unsigned i = 0; i < row->pages; i++)
		WRITE_ONCE(copied[i], atomic_xchg(&entry[i], 0));
	flush(row->pages);
	return since(start);
}

/* Takes each entry by an exchange, flushes, and gives each reference back. */
static u32 measure_munmap_floor(const struct row *row)
{
	u64 start = clock_cycles();

	for (unsigned i = 0; i < row->pages; i++)
		atomic_xchg(&entry[i], 0);
	flush(row->pages);
	for (unsigned i = 0; i < row->pages; i++)
		atomic_fetch_add(&count[i], (u32)-1);
	return since(start);
}

static const struct {
	const char *floor, *name;
	u32 (*measure_floor)(const struct row *row);
	u32 (*measure)(const struct row *row);
} call[] = {
	{"floor_fork", "fork", measure_fork_floor, measure_fork},
	{"floor_mprotect", "mprotect", measure_mprotect_floor, measure_mprotect},
	{"floor_mremap", "mremap", measure_mremap_floor, measure_mremap},
	{"floor_munmap", "munmap", measure_munmap_floor, measure_munmap},
};

unsigned range_rows(void)
{
	return ARRAY_SIZE(call) * 2 * SIZES;
}

static void measure_call(unsigned c)
{
	struct row rows[2 * SIZES];

	for (unsigned i = 0; i < SIZES; i++) {
		struct row row = {.name = call[c].name,
				  .per = "page",
				  .units = size[i],
				  .pages = size[i],
				  .context = "",
				  .measure = call[c].measure,
				  .floors = BIT(2 * i)};

		rows[2 * i + 1] = row;
		row.name = call[c].floor;
		row.measure = call[c].measure_floor;
		row.floors = 0;
		rows[2 * i] = row;
	}
	rows_measure(rows, ARRAY_SIZE(rows), NULL);
}

void range_bench(void)
{
	if (!mm_create(&mm))
		panic("out of memory for a space");
	mm_switch(&mm);
	for (unsigned c = 0; c < ARRAY_SIZE(call); c++)
		measure_call(c);
	mm_switch(NULL);
	mm_destroy(&mm);
}
