/* SPDX-License-Identifier: MIT */
/*
 * Stops CPUs. For a panic they are stopped by NMI, because an NMI also reaches a CPU that spins
 * with interrupts off, and the screen is there to show just this CPU's address.
 */
#include "arch/x86/apic.h"
#include "arch/x86/cpu.h"
#include "arch/x86/image.h"
#include "arch/x86/stop.h"
#include <asm/barrier.h>
#include <asm/clock.h>
#include <asm/smp.h>

/* An NMI takes microseconds, but the host thread of an emulated CPU may not run for tens of ms. */
#define STOP_US 1000000u
#define HLT	0xf4 /* the instruction (SDM vol. 2) */

static u32 stopper; /* CPU + 1, or 0 if nobody stops the others */

void cpu_stop(void)
{
	for (;;)
		__asm__ __volatile__("cli; hlt" ::: "memory");
}

/* An interrupt that ends a HLT leaves the address behind it. */
static bool is_asleep(vaddr_t pc)
{
	const u8 *p = (const u8 *)pc;

	return p > __text_start && p <= __text_end && p[-1] == HLT;
}

void x86_stop_if_asked(vaddr_t pc)
{
	struct x86_cpu *c = x86_this_cpu();
	u32 by = READ_ONCE(stopper);

	if (!by || by == cpu_id() + 1)
		return;
	WRITE_ONCE(c->stopped_at, is_asleep(pc) ? 0 : pc);
	smp_store_release(&c->stopped, 1);
	cpu_stop();
}

static bool all_stopped(void)
{
	for (unsigned cpu = 0; cpu < smp_count(); cpu++)
		if (cpu != cpu_id() && READ_ONCE(x86_cpus[cpu].live) &&
		    !READ_ONCE(x86_cpus[cpu].stopped))
			return false;
	return true;
}

void smp_stop_others(void)
{
	u64 from = clock_cycles(), patience = (u64)STOP_US * clock_cycles_per_us();
	bool sent = true;

	WRITE_ONCE(stopper, cpu_id() + 1);
	smp_mb();
	for (unsigned cpu = 0; cpu < smp_count() && sent; cpu++)
		if (cpu != cpu_id() && READ_ONCE(x86_cpus[cpu].live))
			sent = apic_send(x86_cpus[cpu].hw_id, ICR_NMI | ICR_ASSERT);
	while (!all_stopped() && clock_cycles() - from < patience)
		cpu_relax();
}

bool smp_stopped(unsigned cpu, vaddr_t *pc)
{
	*pc = 0;
	if (!READ_ONCE(x86_cpus[cpu].live))
		return true;
	if (!smp_load_acquire(&x86_cpus[cpu].stopped))
		return false;
	*pc = READ_ONCE(x86_cpus[cpu].stopped_at);
	return true;
}
