/* SPDX-License-Identifier: MIT */
#include "kernel/shootdown.h"

#include <asm/atomic.h>
#include <asm/ipi.h>
#include <asm/irq.h>
#include <asm/tlb.h>

#include "kernel/calls.h"
#include "kernel/guard.h"
#include "kernel/inject.h"
#include "kernel/percpu.h"
#include "kernel/printk.h"
#include "kernel/race.h"

static void post_requests(cpumask_t targets, cpumask_t me)
{
	unsigned cpu;

	for_each_cpu(cpu, targets) {
		atomic_or(&cpus[cpu].shootdown_pending, me);
		ipi_send(cpu, IPI_SHOOTDOWN);
	}
}

/* Serves what other CPUs posted for us; each is flushed first and acknowledged after. Called by the
 * interrupt and by our own wait: the exchange makes each request be served once. */
static void serve_requests(struct cpu *cpu, unsigned me)
{
	cpumask_t initiators = atomic_xchg(&cpu->shootdown_pending, 0);
	unsigned initiator;

	for_each_cpu(initiator, initiators) {
		struct shootdown_request *request = &cpus[initiator].shootdown;
		u32 number = ack_number(&request->acks);

		if (fault_noack(me))
			continue;
		tlb_flush_range(READ_ONCE(request->start), READ_ONCE(request->end));
		race_value(flush_before_ack, initiator);
		ack_give(&request->acks, me, number);
	}
}

void interrupt_shootdown(void)
{
	serve_requests(this_cpu(), cpu_id());
}

/* The initiator's look at its acks; meanwhile it answers others, so that two initiators that shoot at
 * each other do not depend on when their interrupts arrive. */
static cpumask_t acks_missing(struct cpu *cpu, unsigned me, cpumask_t targets)
{
	if (READ_ONCE(cpu->shootdown_pending)) {
		u32 flags = irq_save();

		serve_requests(cpu, me);
		irq_restore(flags);
	}
	return ack_missing(&cpu->shootdown.acks, targets);
}

void shootdown(cpumask_t *maskp, vaddr_t start, vaddr_t end)
{
	struct cpu *cpu = this_cpu();
	unsigned me = cpu_id();
	struct shootdown_request *request = &cpu->shootdown;
	cpumask_t mask, targets;

	assert(irqs_enabled() && !cpu->walks);
	WRITE_ONCE(request->start, start);
	WRITE_ONCE(request->end, end);
	ack_ask(&request->acks);
	if (guard(shootdown_mb))
		smp_mb();

	mask = READ_ONCE(*maskp);
	targets = mask & ~BIT(me);
	if (mask & BIT(me))
		tlb_flush_range(start, end);
	if (targets && guard(shootdown)) {
		post_requests(targets, BIT(me));
		race_value(shootdown_sent, targets);
		if (guard(shootdown_wait))
			wait_until(!acks_missing(cpu, me, targets), WAIT_ACK,
				   ack_missing(&request->acks, targets));
	}
	race_value(shootdown_done, targets);
}
