/* SPDX-License-Identifier: MIT */
/*
 * Measures the cost of a shootdown beyond its necessary interrupts. The rows are bare IPIs,
 * shootdown(), and zap_page_range() with the mappings established again. 0, 1, 2, ... other CPUs
 * have the space loaded and spin, and then sleep. An emulator with fewer host CPUs than spinning
 * ones shows its host's scheduler, but a sleeping CPU needs a host CPU only when it is woken. If a
 * flush is one instruction for every CPU, it is the floor, and no interrupt is sent. If an
 * initiator may sleep in a long wait (kernel/wait/nap.h), there is also a row without sleep.
 */
#include <asm/atomic.h>
#include <asm/caps.h>
#include <asm/clock.h>
#include <asm/tlb.h>

#include "kernel/printk.h"
#include "kernel/smp/job.h"
#include "kernel/smp/percpu.h"
#include "kernel/smp/shootdown.h"
#include "mm/gup/gup.h"
#include "mm/table/pgtable.h"
#include "tests/bench/bench.h"
#include "tests/bench/cycles.h"

#define MANY	   32u
#define FLUSHES	   64u		  /* in a sample, because one is too short for the clock */
#define SLEEP_US   50u		  /* after an interrupt, until the CPU is asleep again */
#define NR_ROWS	   (4u + CAP_NAP) /* of a group, the floor, shootdown() and two zaps, see below */
#define OTHERS_MAX 8u		  /* more CPUs show nothing new, and take long on few host CPUs */

static struct mm mm;
static struct page *frames[MANY];
static pte_t *unused;	  /* the slot behind the mapped ones */
static cpumask_t targets; /* the other CPUs in the mask */
static bool asleep;	  /* their state */
static u32 stop;	  /* shared, ends the spinning ones */

static void spin(void *argument)
{
	(void)argument;
	mm_switch(&mm);
	while (!READ_ONCE(stop))
		cpu_relax();
	mm_switch(NULL);
}

static void set_out(void)
{
	unsigned cpu;

	WRITE_ONCE(stop, 0);
	if (asleep) {
		bench_send(targets, &mm);
		return;
	}
	for_each_cpu (cpu, targets)
		job_give(cpu, spin, NULL);
	wait_until((READ_ONCE(mm.cpumask) & targets) == targets, WAIT_JOB, targets);
}

static void call_back(void)
{
	WRITE_ONCE(stop, 1);
	if (asleep)
		bench_send(targets, NULL);
	else
		job_wait(targets);
}

/* Called before each sample. The one before it may have emptied all TLBs, and the next interrupt
 * must not pay for filling them again. */
static u64 begin(void)
{
	bench_ping(targets);
	if (asleep)
		delay_us(SLEEP_US * cpumask_count(targets));
	return clock_cycles();
}

static u32 measure_ipi(const struct row *row)
{
	u64 start = begin();

	(void)row;
	bench_ping(targets);
	return since(start);
}

/* The entry is not valid and stays unchanged. */
static u32 measure_broadcast(const struct row *row)
{
	u64 start = begin();

	(void)row;
	ptep_invalidate(unused, BENCH_VA + MANY * PAGE_SIZE);
	return since(start);
}

static u32 measure_flush(const struct row *row)
{
	u64 start = begin();

	for (unsigned i = 0; i < row->units; i++)
		tlb_flush_page(BENCH_VA);
	return since(start);
}

static u32 measure_shootdown(const struct row *row)
{
	u64 start = begin();

	for (unsigned i = 0; i < row->units; i++)
		if (CAP_BROADCAST_FLUSH)
			tlb_flush_space(mm_root(&mm));
		else
			shootdown(&mm.cpumask, BENCH_VA, BENCH_VA + PAGE_SIZE);
	return since(start);
}

/* The initiator does not sleep, however long it takes. */
static u32 measure_shootdown_spin(const struct row *row)
{
	u32 cycles;

	wait_naps = false;
	cycles = measure_shootdown(row);
	wait_naps = true;
	return cycles;
}

/*
 * The frames survive, because each zap gives back one reference and the next mapping owns a new
 * one.
 */
static u32 measure_zap(const struct row *row)
{
	const u32 prot = PTE_USER | PTE_WRITE | PTE_YOUNG | PTE_DIRTY;
	u64 start = begin();

	zap_page_range(&mm, BENCH_VA, BENCH_VA + row->pages * PAGE_SIZE);
	for (unsigned i = 0; i < row->pages; i++) {
		get_page(frames[i]);
		mm_establish(&mm, BENCH_VA + i * PAGE_SIZE, mk_pte(page_to_pfn(frames[i]), prot));
	}
	return since(start);
}

/* Linux 6.1 (i386 PAE, no debugging, mitigations off) on QEMU TCG, -smp 2, through its system
 * calls. */
#define LINUX_IPI "Linux 6.1 i386 membarrier, best: 3560-3990"
#define LINUX_ZAP "Linux 6.1 i386 touch + MADV_DONTNEED: 11900-13900"

static struct row floor_across(unsigned others, const char *context)
{
	static const char *const name[2][2] = {{"floor_ipi", "floor_ipi_asleep"},
					       {"floor_broadcast", "floor_broadcast_asleep"}};

	return (struct row){name[CAP_BROADCAST_FLUSH][asleep],
			    "call",
			    1,
			    0,
			    others,
			    context,
			    CAP_BROADCAST_FLUSH ? measure_broadcast : measure_ipi,
			    0};
}

/* Measures the group's rows with `others` CPUs. Without others the floor is the flush, and one call
 * is too short for a sample. */
static void measure_group(unsigned others, const char *reason)
{
	bool compared = others == 1 && !asleep;
	unsigned calls = others ? 1 : FLUSHES;
	const struct row rows[] = {
		others ? floor_across(others, compared && !CAP_BROADCAST_FLUSH ? LINUX_IPI : "")
		       : (struct row){"floor_flush", "call", calls, 1, 0, "", measure_flush, 0},
		{asleep ? "shootdown_asleep" : "shootdown", "call", calls, 1, others, "",
		 measure_shootdown, BIT(0)},
		{asleep ? "zap_asleep" : "zap", "call", 1, 1, others, compared ? LINUX_ZAP : "",
		 measure_zap, BIT(0)},
		{asleep ? "zap_asleep" : "zap", "call", 1, MANY, others, "", measure_zap, BIT(0)},
		/* The last one, because some ports do not have it. */
		{asleep ? "shootdown_spin_asleep" : "shootdown_spin", "call", calls, 1, others, "",
		 measure_shootdown_spin, BIT(0)},
	};

	if (reason)
		rows_skip(rows, NR_ROWS, reason);
	else
		rows_measure(rows, NR_ROWS, NULL);
}

static void run_group(cpumask_t others, bool sleep)
{
	targets = others;
	asleep = sleep;
	set_out();
	measure_group(cpumask_count(others), NULL);
	call_back();
}

static unsigned others_count(void)
{
	unsigned others = cpumask_count(READ_ONCE(cpus_online)) - 1;

	return others < OTHERS_MAX ? others : OTHERS_MAX;
}

/* With one CPU the rows across CPUs are printed too, as skipped. */
unsigned flush_rows(void)
{
	unsigned others = others_count();

	return NR_ROWS * (1 + 2 * (others ? others : 1));
}

static void run_more_and_more(bool sleep)
{
	cpumask_t left = READ_ONCE(cpus_online) & ~BIT(cpu_id()), others = 0;

	for (unsigned i = 0; i < others_count(); i++, left &= left - 1) {
		others |= left & -left;
		run_group(others, sleep);
	}
	asleep = sleep;
	if (!others)
		measure_group(1, "needs 2 CPUs");
}

void flush_bench(void)
{
	if (!mm_create(&mm) || !bench_map(&mm, MANY, ZONE_DIRECT))
		panic("out of memory: the bench wants %u frames", MANY);
	mm_switch(&mm);
	if (gup_fast(BENCH_VA, MANY, FOLL_WRITE, frames) != MANY)
		panic("gup_fast does not find what was just mapped");
	unused = pte_alloc(&mm, BENCH_VA + MANY * PAGE_SIZE);
	if (!unused)
		panic("out of memory: the bench wants a table");
	run_group(0, false);
	run_more_and_more(false);
	run_more_and_more(true);
	mm_switch(NULL);
	mm_destroy(&mm);
	for (unsigned i = 0; i < MANY; i++)
		put_page(frames[i]);
}
