/* SPDX-License-Identifier: MIT */
/* Asks other CPUs to flush, serves their requests, and waits for the acks. */
#include "kernel/smp/shootdown.h"

#include <asm/atomic.h>
#include <asm/caps.h>
#include <asm/clock.h>
#include <asm/ipi.h>
#include <asm/irq.h>
#include <asm/tlb.h>

#include "kernel/hooks/guard.h"
#include "kernel/hooks/inject.h"
#include "kernel/hooks/race.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/printk.h"
#include "kernel/smp/percpu.h"
#include "kernel/wait/nap.h"

/* An interrupt may overtake stores (asm/ipi.h). If it finds nothing posted, it is lost. */
static void post_requests(cpumask_t targets, cpumask_t me, enum ipi ipi)
{
	unsigned cpu;

	for_each_cpu (cpu, targets)
		atomic_or(&cpus[cpu].shootdown_pending, me);
	if (guard(ipi_mb))
		smp_mb();
	for_each_cpu (cpu, targets)
		ipi_send(cpu, ipi);
}

static void flush_request(struct shootdown_request *request)
{
	tlb_flush_range(READ_ONCE(request->start), READ_ONCE(request->end));
}

/* A request is flushed first and acknowledged after. */
static void serve(struct shootdown_request *request, unsigned me, unsigned initiator)
{
	u32 number = ack_number(&request->acks);

	if (guard(ack_after_flush))
		flush_request(request);
	else
		ack_give(&request->acks, me, number);
	race_value(served_half, initiator);
	if (guard(ack_after_flush))
		ack_give(&request->acks, me, number);
	else
		flush_request(request);
	if (CAP_NAP)
		nap_wake(initiator);
}

/* Serves the requests other CPUs posted for us. Both the interrupt and our own wait call this, and
 * the exchange makes sure each request is served once. */
static void serve_requests(struct cpu *cpu, unsigned me)
{
	cpumask_t initiators = atomic_xchg(&cpu->shootdown_pending, 0);
	unsigned initiator;

	for_each_cpu (initiator, initiators) {
		if (!inject_noack(me))
			serve(&cpus[initiator].shootdown, me, initiator);
	}
}

void interrupt_shootdown(void)
{
	inject_freeze(cpu_id());
	serve_requests(this_cpu(), cpu_id());
}

/* Every initiator sends its own NMI, but the first to arrive serves all posted requests. Count the
 * later ones, so that they are not mistaken for NMIs raised by the hardware. */
static bool nowait_was_owed(struct cpu *cpu, cpumask_t served)
{
	u32 owed = READ_ONCE(cpu->nowait_owed);

	WRITE_ONCE(cpu->nowait_quiet, false);
	if (served)
		WRITE_ONCE(cpu->nowait_owed, owed + cpumask_count(served) - 1);
	else if (owed)
		WRITE_ONCE(cpu->nowait_owed, owed - 1);
	return served || owed;
}

static bool somebody_sends(void)
{
	unsigned cpu;

	for_each_cpu (cpu, READ_ONCE(cpus_online))
		if (READ_ONCE(cpus[cpu].nowait_sending))
			return true;
	return false;
}

void nowait_settle(void)
{
	struct cpu *cpu = this_cpu();
	u32 owed = READ_ONCE(cpu->nowait_owed);

	if (!owed || somebody_sends())
		return;
	if (!READ_ONCE(cpu->nowait_quiet)) {
		cpu->nowait_quiet_since = clock_ns();
		WRITE_ONCE(cpu->nowait_quiet, true);
	} else if (clock_ns() - cpu->nowait_quiet_since > NOWAIT_QUIET_NS) {
		atomic_cmpxchg(&cpu->nowait_owed, owed, 0); /* unless one has come just now */
	}
}

/* May have interrupted anything, even a race hook. So it flushes and acknowledges, and touches
 * nothing else. */
bool interrupt_nowait(void)
{
	struct cpu *cpu = this_cpu();
	unsigned me = cpu_id(), initiator;
	cpumask_t initiators = atomic_xchg(&cpu->shootdown_pending, 0);

	for_each_cpu (initiator, initiators) {
		struct shootdown_request *request = &cpus[initiator].shootdown;
		u32 number = ack_number(&request->acks);

		flush_request(request);
		ack_give(&request->acks, me, number);
	}
	return nowait_was_owed(cpu, initiators);
}

/* The initiator's look at its acks. Meanwhile it answers others, so that two initiators shooting at
 * each other do not depend on when their interrupts arrive. */
static cpumask_t acks_missing(struct cpu *cpu, unsigned me, cpumask_t targets, bool nowait)
{
	if (!nowait && READ_ONCE(cpu->shootdown_pending)) {
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
	bool nowait = CAP_NOWAIT_FLUSH && !flush_is_sync();
	cpumask_t mask, targets;

	assert(irqs_enabled() && !(READ_ONCE(cpu->walk_seq) & 1));
	WRITE_ONCE(request->start, start);
	WRITE_ONCE(request->end, end);
	if (nowait)
		WRITE_ONCE(cpu->nowait_sending, true);
	ack_ask(&request->acks);
	if (guard(shootdown_mb))
		smp_mb();

	mask = READ_ONCE(*maskp);
	targets = mask & ~BIT(me);
	if (mask & BIT(me) && guard(own_flush))
		tlb_flush_range(start, end);
	if (targets && guard(shootdown)) {
		post_requests(targets, BIT(me), nowait ? IPI_SHOOTDOWN_NOWAIT : IPI_SHOOTDOWN);
		race_value(shootdown_sent, targets);
		if (guard(shootdown_wait))
			wait_until(!acks_missing(cpu, me, targets, nowait),
				   nowait ? WAIT_NOWAIT : WAIT_ACK,
				   ack_missing(&request->acks, targets));
	}
	if (nowait)
		WRITE_ONCE(cpu->nowait_sending, false);
	race_value(shootdown_done, targets);
}
