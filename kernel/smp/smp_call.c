/* SPDX-License-Identifier: MIT */
/* Sends a function to other CPUs by interrupt, and runs the functions they sent. */
#include "kernel/smp/smp_call.h"

#include <asm/atomic.h>
#include <asm/ipi.h>
#include <asm/irq.h>

#include "kernel/hooks/guard.h"
#include "kernel/hooks/inject.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/printk.h"
#include "kernel/smp/percpu.h"
#include "kernel/wait/nap.h"

void interrupt_call(void)
{
	struct cpu *cpu = this_cpu();
	cpumask_t askers = atomic_xchg(&cpu->call_pending, 0);
	unsigned asker;

	inject_freeze(cpu_id());
	WRITE_ONCE(cpu->call_interrupts, cpu->call_interrupts + 1);
	for_each_cpu (asker, askers) {
		struct call_request *request = &cpus[asker].call;
		u32 number = ack_number(&request->acks);
		void (*function)(void *argument) = READ_ONCE(request->function);

		assert(function);
		function(READ_ONCE(request->argument));
		ack_give(&request->acks, cpu_id(), number);
		if (CAP_NAP)
			nap_wake(asker);
	}
}

void call_cpus(cpumask_t mask, void (*function)(void *argument), void *argument)
{
	struct call_request *request = &this_cpu()->call;
	cpumask_t targets = mask & ~BIT(cpu_id());
	unsigned cpu;

	assert(irqs_enabled());
	WRITE_ONCE(request->function, function);
	WRITE_ONCE(request->argument, argument);
	ack_ask(&request->acks);
	/* Another caller's interrupt may come first, and it serves everything posted. */
	if (guard(call_wmb))
		smp_wmb();
	for_each_cpu (cpu, targets)
		atomic_or(&cpus[cpu].call_pending, BIT(cpu_id()));
	if (guard(ipi_mb))
		smp_mb();
	for_each_cpu (cpu, targets)
		ipi_send(cpu, IPI_CALL);
	if (mask & BIT(cpu_id()))
		function(argument);
	wait_until(!ack_missing(&request->acks, targets), WAIT_CALL,
		   ack_missing(&request->acks, targets));
}
