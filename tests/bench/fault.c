/* SPDX-License-Identifier: MIT */
/* Measures the faults of a program on memory without a file. */
#include <asm/caps.h>
#include <asm/tlb.h>
#include <asm/trap.h>

#include "kernel/printk.h"
#include "kernel/smp/percpu.h"
#include "mm/page/page.h"
#include "mm/table/pgtable.h"
#include "tests/bench/cycles.h"
#include "tests/bench/program.h"

#define SLEEP_US 50u /* after an interrupt, until the other CPU is asleep again */

static struct mm mm, child;
static cpumask_t other; /* a CPU that sleeps in the space for some rows */

static u32 measure_fill(const struct row *row)
{
	u64 start = clock_cycles();

	for (unsigned i = 0; i < row->units; i++)
		clear_page(program_frame(i));
	return since(start);
}

static u32 measure_anonymous(const struct row *row)
{
	(void)row;
	sys_madvise(BENCH_VA, PROGRAM_PAGES * PAGE_SIZE, MADV_DONTNEED);
	return program_timed_touch(BENCH_VA, PROGRAM_PAGES);
}

static u32 measure_zero(const struct row *row)
{
	(void)row;
	sys_madvise(BENCH_VA, PROGRAM_PAGES * PAGE_SIZE, MADV_DONTNEED);
	return program_timed_loads(BENCH_VA);
}

/* All pages are there afterwards, and read-only in both spaces. */
static void fork(void)
{
	program_touch(BENCH_VA);
	if (dup_mm(&child, &mm))
		panic("out of memory: the bench wants a second space");
}

static u32 measure_cow_copy(const struct row *row)
{
	u32 cycles;

	(void)row;
	fork();
	cycles = program_timed_touch(BENCH_VA, PROGRAM_PAGES);
	mm_destroy(&child);
	return cycles;
}

static void other_comes(void)
{
	bench_send(other, &mm);
	delay_us(SLEEP_US);
}

static void other_goes(void)
{
	bench_send(other, NULL);
}

/* An interrupt there and back, or the instruction that flushes every CPU. */
static void flush_once(void)
{
	if (CAP_BROADCAST_FLUSH)
		ptep_invalidate(program_hole, PROGRAM_HOLE);
	else
		bench_ping(other);
}

static u32 measure_flush(const struct row *row)
{
	u64 start;
	u32 cycles;

	other_comes();
	start = clock_cycles();
	for (unsigned i = 0; i < row->units; i++)
		flush_once();
	cycles = since(start);
	other_goes();
	return cycles;
}

static u32 measure_cow_copy_across(const struct row *row)
{
	u32 cycles;

	(void)row;
	fork();
	other_comes();
	cycles = program_timed_touch(BENCH_VA, PROGRAM_PAGES);
	other_goes();
	mm_destroy(&child);
	return cycles;
}

static u32 measure_cow_reuse(const struct row *row)
{
	(void)row;
	fork();
	mm_destroy(&child);
	return program_timed_touch(BENCH_VA, 0);
}

enum {
	CALL,
	REFUSED,
	FILL,
	COPY,
	OTHERS = 8 /* a floor. From here on another CPU is in the space */
};

static const struct row rows[] = {
	[CALL] = {"floor_call", "call", PROGRAM_PAGES, 0, 0, "", program_measure_call, 0},
	[REFUSED] = {"floor_fault", "fault", PROGRAM_PAGES, 0, 0, "", program_measure_fault, 0},
	[FILL] = {"floor_fill", "page", PROGRAM_PAGES, 0, 0, "", measure_fill, 0},
	[COPY] = {"floor_copy", "page", PROGRAM_PAGES, 0, 0, "", program_measure_copy, 0},
	{"anonymous_fault", "fault", PROGRAM_PAGES, 0, 0, "", measure_anonymous,
	 BIT(REFUSED) | BIT(FILL)},
	{"zero_fault", "fault", PROGRAM_PAGES, 0, 0, "", measure_zero, BIT(CALL) | BIT(REFUSED)},
	{"cow_copy", "fault", PROGRAM_PAGES, 0, 0, "", measure_cow_copy, BIT(REFUSED) | BIT(COPY)},
	{"cow_reuse", "fault", PROGRAM_PAGES, 0, 0, "", measure_cow_reuse, BIT(REFUSED)},
	[OTHERS] = {"floor_others", "call", PROGRAM_PAGES, 0, 1, "", measure_flush, 0},
	{"cow_copy", "fault", PROGRAM_PAGES, 0, 1, "", measure_cow_copy_across,
	 BIT(REFUSED) | BIT(COPY) | BIT(OTHERS)},
};

unsigned fault_rows(void)
{
	return ARRAY_SIZE(rows);
}

void fault_bench(void)
{
	program_start(&mm);
	if (is_error(do_mmap(&mm, BENCH_VA, PROGRAM_PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)))
		panic("out of memory for the bench's program");
	program_touch(BENCH_VA);
	other = READ_ONCE(cpus_online) & ~BIT(cpu_id());
	other &= -other;
	rows_measure(rows, other ? ARRAY_SIZE(rows) : OTHERS, NULL);
	if (!other)
		rows_skip(rows + OTHERS, ARRAY_SIZE(rows) - OTHERS, "needs 2 CPUs");
	program_end(&mm);
}
