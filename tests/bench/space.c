/* SPDX-License-Identifier: MIT */
/* The pages of the benchmarks, and the CPUs in their spaces. */
#include <asm/ipi.h>

#include "kernel/printk.h"
#include "kernel/smp/job.h"
#include "kernel/smp/percpu.h"
#include "mm/table/pgtable.h"
#include "tests/bench/bench.h"

/* Looks at the answer, far more than a sleeping CPU of a busy emulator needs. wait_until() would
 * cost more than this floor. */
#define PING_SPINS 1000000000u

bool bench_map(struct mm *mm, unsigned pages, enum zone_id zone)
{
	const u32 prot = PTE_USER | PTE_WRITE | PTE_YOUNG | PTE_DIRTY;

	for (unsigned i = 0; i < pages; i++) {
		struct page *page = alloc_page(zone);
		vaddr_t va = BENCH_VA + i * PAGE_SIZE;

		if (!page)
			return false;
		if (!mm_establish(mm, va, mk_pte(page_to_pfn(page), prot))) {
			put_page(page);
			return false;
		}
	}
	return true;
}

static void load(void *mm)
{
	mm_switch(mm);
}

void bench_send(cpumask_t to, struct mm *mm)
{
	unsigned cpu;

	for_each_cpu (cpu, to)
		job_give(cpu, load, mm);
	job_wait(to);
}

static u32 wakes(cpumask_t of)
{
	unsigned cpu;
	u32 n = 0;

	for_each_cpu (cpu, of)
		n += READ_ONCE(cpus[cpu].wakes);
	return n;
}

void bench_ping(cpumask_t to)
{
	u32 before = wakes(to);
	unsigned cpu;

	for_each_cpu (cpu, to)
		ipi_send(cpu, IPI_WAKE);
	for (u32 spins = 0; wakes(to) - before != cpumask_count(to); spins++) {
		if (spins == PING_SPINS)
			panic("CPUs 0x%x: not all answered an interrupt", to);
		cpu_relax();
	}
}
