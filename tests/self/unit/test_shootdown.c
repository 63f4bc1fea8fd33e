/* SPDX-License-Identifier: MIT */
/* Tests kernel/smp/shootdown.c and the calls between CPUs, with the CPUs asked, the acks
 * awaited, and the requests served meanwhile. */
#include "kernel/smp/shootdown.h"

#include <asm/irq.h>
#include <asm/trap.h>

#include "kernel/hooks/inject.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/smp/smp_call.h"
#include "kernel/smp/walker_sync.h"
#include "mm/gup/gup.h"
#include "tests/self/unit/shootdowns.h"
#include "tests/self/unit/tap.h"

static void test_mask(void)
{
	new_machine(BIT(0) | BIT(2));
	shootdown(&mm.cpumask, 0x40, 0xc0);
	CHECK(asked(2) == 1 && !asked(0) && !asked(1) && !asked(3),
	      "only the mask's CPUs get the interrupt");
	CHECK(model_flushes[0].count == 1 && model_flushes[2].count == 1,
	      "each CPU of the mask flushes, once");
	CHECK(!model_flushes[1].count && !model_flushes[3].count, "no other does");
	CHECK(flushed(0, 0x40, 0xc0) && flushed(2, 0x40, 0xc0), "the range that was asked");
	CHECK(cpus[0].shootdown.acks.number == 1 && cpus[0].shootdown.acks.ack[2] == 1,
	      "ack 1 for request 1");
	AS_CPU(1, shootdown(&mm.cpumask, 0, 0x40));
	CHECK(asked(0) == 1 && asked(2) == 2 && !model_flushes[1].count,
	      "an initiator outside the mask does not flush");
	CHECK(cpus[1].shootdown.acks.number == 1 && cpus[0].shootdown.acks.number == 1,
	      "each initiator counts its own requests");
	shootdown(&mm.cpumask, 0, 0x40);
	CHECK(cpus[0].shootdown.acks.number == 2 && cpus[0].shootdown.acks.ack[2] == 2,
	      "ack 2 for request 2");
}

/* CPU 2 has interrupts off and turns them on in the third round of the initiator's wait. */
static unsigned rounds;
static struct wait published;

static void on_in_third_round(void)
{
	published = cpus[0].wait;
	if (++rounds == 3)
		AS_CPU(2, irq_enable());
}

static void test_wait(void)
{
	new_machine(BIT(0) | BIT(2));
	AS_CPU(2, irq_disable());
	rounds = 0;
	model_relax_hook = on_in_third_round;
	shootdown(&mm.cpumask, 0, 0x40);
	CHECK(rounds == 3 && model_flushes[2].count == 1,
	      "returns only when the CPU with interrupts off has flushed");
	CHECK(published.kind == WAIT_ACK && published.whom == BIT(2) && published.irqs_on,
	      "the wait was published: for acks, of CPU 2, interrupts on");
	CHECK(cpus[0].wait.kind == WAIT_NONE, "and is over");

	new_machine(BIT(0) | BIT(2));
	GUARD_OFF(shootdown_wait);
	AS_CPU(2, irq_disable());
	shootdown(&mm.cpumask, 0, 0x40);
	CHECK(!model_flushes[2].count && model_pending(2, IPI_SHOOTDOWN),
	      "shootdown_wait off: it does not wait");
}

/* The target is between its flush and its ack. */
static bool flushed_first;

static void served_hook(const struct race_site *site, u64 value)
{
	if (site->point == RACE_served_half)
		flushed_first = model_flushes[2].count && !cpus[value].shootdown.acks.ack[2];
}

static void test_ack_order(void)
{
	new_machine(BIT(0) | BIT(2));
	race_hook = served_hook;
	shootdown(&mm.cpumask, 0, 0x40);
	CHECK(flushed_first, "a target flushes first, then acknowledges");
	new_machine(BIT(0) | BIT(2));
	GUARD_OFF(ack_after_flush);
	race_hook = served_hook;
	shootdown(&mm.cpumask, 0, 0x40);
	CHECK(!flushed_first, "ack_after_flush off: the other way round");
}

/*
 * Two initiators have slow interrupts. CPU 1 starts its own shootdown while CPU 0 waits for it. It
 * must serve CPU 0 from its wait, and CPU 0 serves it by the interrupt at last.
 */
static bool second_started, served_in_wait;

static void second_initiator(void)
{
	if (cpu_id() == 1) {
		served_in_wait = cpus[0].shootdown.acks.ack[1] == cpus[0].shootdown.acks.number;
		model_deliver(0);
	} else if (!second_started) {
		second_started = true;
		AS_CPU(1, shootdown(&mm.cpumask, 0x80, 0xc0));
	}
}

static void test_two_initiators(void)
{
	new_machine(BIT(0) | BIT(1));
	model_slow_ipis = true;
	second_started = served_in_wait = false;
	model_relax_hook = second_initiator;
	shootdown(&mm.cpumask, 0, 0x40);
	CHECK(second_started && served_in_wait,
	      "an initiator that waits serves the other one's request");
	CHECK(cpus[1].shootdown.acks.ack[0] == 1 && cpus[0].shootdown.acks.ack[1] == 1,
	      "both are acknowledged");
	CHECK(model_flushes[0].count == 2 && model_flushes[1].count == 2,
	      "each request is served once");
}

static void test_preconditions(void)
{
	new_machine(BIT(0));
	irq_disable();
	CHECK(PANICS(shootdown(&mm.cpumask, 0, 0x40)) && panic_says("irqs_enabled"),
	      "interrupts off: refused");
	new_machine(BIT(0));
	GUARD_OFF(walker_irqs_off);
	walk_begin(0);
	CHECK(PANICS(shootdown(&mm.cpumask, 0, 0x40)) && panic_says("walk"),
	      "inside a walk: refused");
}

/* In an interrupt on CPU 1, CPU 2 sends another one. */
static void be_interrupted_again(void *argument)
{
	(void)argument;
	AS_CPU(2, ipi_send(1, IPI_SHOOTDOWN));
}

static void test_nested_interrupt(void)
{
	new_machine(BIT(0) | BIT(1));
	call_cpus(BIT(1), be_interrupted_again, NULL);
	CHECK(asked(1) == 1 && !model_pending(1, IPI_SHOOTDOWN),
	      "the model: an interrupt that came inside a handler is taken behind it");
}

static unsigned called_on;

static void note_call(void *argument)
{
	called_on |= BIT(cpu_id());
	*(unsigned *)argument += 1;
}

static void end_walk_late(void)
{
	if (++rounds == 5)
		AS_CPU(1, walk_end(1, 0));
}

static void test_calls_and_grace(void)
{
	unsigned calls = 0;

	new_machine(BIT(0) | BIT(1));
	called_on = 0;
	call_cpus(BIT(0) | BIT(1) | BIT(3), note_call, &calls);
	CHECK(called_on == (BIT(0) | BIT(1) | BIT(3)) && calls == 3,
	      "a call runs once on each CPU of the mask");
	rounds = 0;
	model_relax_hook = end_walk_late;
	AS_CPU(1, walk_begin(0));
	sync_walkers_grace();
	CHECK(rounds == 5, "a grace period waits for the walk in progress");
	sync_walkers_grace();
	CHECK(rounds == 5, "and for none that has ended");
	rounds = 0;
	AS_CPU(1, walk_begin(0));
	sync_walkers_ipi();
	CHECK(rounds == 5, "sync_walkers_ipi waits for it too");
}

static struct spinlock irq_lock;
static unsigned woken_free, woken_held;

static void note_lock(void)
{
	*(spin_owner(&irq_lock) ? &woken_held : &woken_free) += 1;
}

/* A CPU with the lock could wait for itself in its interrupt's handler. */
static void test_irq_lock(void)
{
	u32 flags;

	new_machine(BIT(0));
	model_wake_hook = note_lock;
	flags = spin_lock_irq(&irq_lock);
	AS_CPU(1, ipi_send(0, IPI_WAKE));
	spin_unlock_irq(&irq_lock, flags);
	CHECK(!woken_held && woken_free == 1,
	      "an interrupt comes when a lock of spin_lock_irq() is free again, and no sooner");
}

/* The screen names the silent CPU. */
static void test_silent_cpu(void)
{
	new_machine(BIT(0) | BIT(2));
	inject_noack_cpu = 2;
	model_clock_step = 1000000000;
	CHECK(PANICS(shootdown(&mm.cpumask, 0, 0x40)) && panic_says("shootdown-ack of CPU 2"),
	      "no ack: past the deadline the wait names the silent CPU");
}

/* CPU 2 spins with interrupts off for the lock that CPU 0 holds across its shootdown. */
static void spin_on(void)
{
	cpus[2].wait.spins++;
}

static void test_deadlock_found(void)
{
	new_machine(BIT(0) | BIT(2));
	AS_CPU(2, irq_disable());
	AS_CPU(2, wait_begin(WAIT_LOCK, BIT(0), "spin_lock", 1, "spinlock.h"));
	model_relax_hook = spin_on;
	CHECK(PANICS(shootdown(&mm.cpumask, 0, 0x40)) && panic_says("deadlock among CPUs 0,2"),
	      "a deadlock among published waits is found, by CPU");
}

int main(void)
{
	test_mask();
	test_wait();
	test_ack_order();
	test_two_initiators();
	test_preconditions();
	test_nested_interrupt();
	test_calls_and_grace();
	test_irq_lock();
	test_silent_cpu();
	test_deadlock_found();
	return tap_done();
}
