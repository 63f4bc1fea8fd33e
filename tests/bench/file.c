/* SPDX-License-Identifier: MIT */
/* Measures the faults of a program on a file whose pages are in the cache, and the way of its pages
 * from dirty to clean and back. */
#include <asm/atomic.h>
#include <asm/caps.h>
#include <asm/tlb.h>

#include "kernel/printk.h"
#include "mm/table/pgtable.h"
#include "tests/bench/cycles.h"
#include "tests/bench/program.h"

#define BYTES	(PROGRAM_PAGES * PAGE_SIZE)
#define PRIVATE (PROGRAM_HOLE + PAGE_SIZE) /* a mapping in the table of BENCH_VA */

static struct mm mm;
static struct file *file; /* shared at BENCH_VA */
static u32 entry;	  /* in place of one, for the floors */

/* The mapping keeps the file. */
static struct file *map(vaddr_t va, size_t bytes, u32 flags)
{
	struct file *mapped = file_create(bytes, 0);

	if (!mapped || is_error(sys_mmap_file(mapped, 0, va, bytes, PROT_READ | PROT_WRITE,
					      flags | MAP_FIXED)))
		panic("out of memory for a file of the bench");
	put_file(mapped);
	return mapped;
}

static u32 measure_read(const struct row *row)
{
	(void)row;
	sys_madvise(BENCH_VA, BYTES, MADV_DONTNEED);
	return program_timed_loads(BENCH_VA);
}

static u32 measure_store(const struct row *row)
{
	(void)row;
	sys_madvise(BENCH_VA, BYTES, MADV_DONTNEED);
	return program_timed_touch(BENCH_VA, 0);
}

static u32 measure_private(const struct row *row)
{
	(void)row;
	sys_madvise(PRIVATE, BYTES, MADV_DONTNEED);
	return program_timed_touch(PRIVATE, PROGRAM_PAGES);
}

static u32 measure_mkclean(const struct row *row)
{
	u64 start;

	program_touch(BENCH_VA);
	start = clock_cycles();
	for (u32 i = 0; i < row->units; i++)
		bench_mkclean(file, i);
	return since(start);
}

/* Takes a right by an exchange, and flushes the page. */
static u32 measure_mkclean_floor(const struct row *row)
{
	u64 start = clock_cycles();

	for (u32 i = 0; i < row->units; i++) {
		atomic_cmpxchg(&entry, 0, 0);
		if (CAP_BROADCAST_FLUSH)
			ptep_invalidate(program_hole, PROGRAM_HOLE);
		else
			tlb_flush_page(PROGRAM_HOLE);
	}
	return since(start);
}

static bool is_writable(vaddr_t va)
{
	return pte_access_permitted(entry_read(pte_lookup(&mm, va)), true);
}

static u32 measure_refault(const struct row *row)
{
	u32 cycles;

	measure_mkclean(row);
	assert(!is_writable(BENCH_VA));
	cycles = program_timed_touch(BENCH_VA, 0);
	assert(is_writable(BENCH_VA));
	return cycles;
}

enum {
	CALL,
	REFUSED,
	COPY,
	MKCLEAN
};

#define ROW(name, per, measure, floors)                                                            \
	{                                                                                          \
		name, per, PROGRAM_PAGES, 0, 0, "", measure, floors                                \
	}

static const struct row rows[] = {
	[CALL] = ROW("floor_call", "call", program_measure_call, 0),
	[REFUSED] = ROW("floor_fault", "fault", program_measure_fault, 0),
	[COPY] = ROW("floor_copy", "page", program_measure_copy, 0),
	[MKCLEAN] = ROW("floor_mkclean", "page", measure_mkclean_floor, 0),
	ROW("file_read", "fault", measure_read, BIT(CALL) | BIT(REFUSED)),
	ROW("file_store", "fault", measure_store, BIT(REFUSED)),
	ROW("file_private", "fault", measure_private, BIT(REFUSED) | BIT(COPY)),
	ROW("mkclean", "page", measure_mkclean, BIT(MKCLEAN)),
	ROW("mkclean_refault", "fault", measure_refault, BIT(REFUSED)),
};

unsigned file_rows(void)
{
	return ARRAY_SIZE(rows);
}

/* All pages are in the caches of the files before the rows are measured. */
void file_bench(void)
{
	program_start(&mm);
	file = map(BENCH_VA, BYTES, MAP_SHARED);
	map(PRIVATE, BYTES, MAP_PRIVATE);
	program_touch(BENCH_VA);
	program_touch(PRIVATE);
	rows_measure(rows, ARRAY_SIZE(rows), NULL);
	program_end(&mm);
}
