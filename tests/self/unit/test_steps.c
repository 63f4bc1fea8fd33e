/* SPDX-License-Identifier: MIT */
/*
 * The accesses of kernel/wait/ in their order, with every guard on, and what is left of it when
 * a guard is off. Whether such an order suffices is the explorer's to say. This says that it is
 * the one that was written down.
 */
#include "kernel/hooks/upcalls.h"
#include "kernel/wait/nap.h"
#include "kernel/wait/published.h"
#include "kernel/wait/spinlock.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/steps.h"

static void name_wait(struct wait *wait)
{
	NAME_STEP(wait->number, "number");
	NAME_STEP(wait->kind, "kind");
	NAME_STEP(wait->whom, "whom");
	NAME_STEP(wait->irqs_on, "irqs_on");
	NAME_STEP(wait->spins, "spins");
	NAME_STEP(wait->line, "line");
	NAME_STEP(wait->function, "function");
	NAME_STEP(wait->file, "file");
}

static void test_published(void)
{
	struct wait *wait = &cpus[0].wait, copy;
	static const char place[] = "f";
	char expected[400];

	steps_reset();
	name_wait(wait);
	STEPS(wait_renew(wait), "wmb; R number; W number=1; wmb",
	      "a new wait: its number, apart from the wait before and from its own members");
	STEPS(wait_publish(wait, WAIT_CALL), "Wr kind=4", "it is published by its kind, a release");
	STEPS(wait_copy(wait, &copy),
	      "Ra number; Ra kind; R spins; R whom; R irqs_on; R function; R line; rmb; R number",
	      "a copy: the number first and last");
	STEPS(wait_withdraw(wait), "Wr kind=0", "and it is withdrawn by a release");
	snprintf(expected, sizeof(expected),
		 "wmb; R number; W number=2; wmb; W function=%llx; W line=9; W file=%llx; W whom=6; W irqs_on=1; W spins=0; Wr kind=5",
		 (unsigned long long)(u64)place, (unsigned long long)(u64)place);
	steps_begin();
	wait_begin(WAIT_LOCK, 6, place, 9, place);
	step_note_barriers();
	step_text[strlen(expected)] = 0; /* the next event looks at it again */
	CHECK(steps_were(expected), "a wait begins: members between its number and its kind");
	STEPS(wait_step(2), "W whom=2; R spins; W spins=1; R spins; R kind; R spins",
	      "a spin: whom it is for, then that it has spun");
	STEPS(wait_end(), "Wr kind=0", "its end");
}

/* The number changes while the wait is copied. */
static bool renew_at_rmb(struct op *op)
{
	if (op->kind == OP_READ && op->address == (u64)&cpus[0].wait.line)
		cpus[0].wait.number++;
	return false;
}

static void test_copy(void)
{
	struct wait copy;

	steps_reset();
	cpus[0].wait = (struct wait){.function = "f",
				     .line = 3,
				     .kind = WAIT_JOB,
				     .whom = 0xe,
				     .irqs_on = 1,
				     .number = 8,
				     .spins = 70};
	memset(&copy, 0xff, sizeof(copy));
	wait_copy(&cpus[0].wait, &copy);
	CHECK(copy.kind == WAIT_JOB && copy.whom == 0xe && copy.irqs_on == 1 && copy.number == 8 &&
		      copy.spins == 70 && copy.line == 3 && !strcmp(copy.function, "f"),
	      "a copy has all that a look at waits needs");
	model_submit = renew_at_rmb;
	wait_copy(&cpus[0].wait, &copy);
	model_submit = NULL;
	CHECK(copy.kind == WAIT_NONE, "a wait that changed meanwhile is none");
}

static void test_locks(void)
{
	struct spinlock lock = {0};
	u32 flags;

	steps_reset();
	model_switch_cpu(2);
	NAME_STEP(lock.owner, "owner");
	STEPS(spin_lock(&lock), "R owner; Xf owner cmpxchg 3",
	      "a free lock: the owner's number + 1");
	CHECK(spin_owner(&lock) == BIT(2) && !spin_trylock(&lock), "it has an owner");
	STEPS(spin_trylock(&lock), "R owner", "who is not disturbed by one that only tries");
	STEPS(spin_unlock(&lock), "Wr owner=0", "a release");
	CHECK(!spin_owner(&lock) && spin_trylock(&lock), "it is free");
	GUARD_OFF(unlock_release);
	STEPS(spin_unlock(&lock), "W owner=0", "unlock_release off: a plain store");
	steps_reset();
	NAME_STEP(lock.owner, "owner");
	flags = spin_lock_irq(&lock);
	CHECK(!irqs_enabled() && lock.owner == 1, "interrupts are off, and the lock is CPU 0's");
	spin_unlock_irq(&lock, flags);
	CHECK(irqs_enabled() && !lock.owner, "on, and free");
	irq_disable();
	flags = spin_lock_irq(&lock);
	spin_unlock_irq(&lock, flags);
	CHECK(!irqs_enabled(), "those that were off stay off");
	CHECK(PANICS(spin_lock(&lock)) && panic_says("irqs_enabled()"),
	      "the other kind is not to be taken with interrupts off");
}

static struct spinlock abandoned_lock = {4};
static struct wait waited;

static void abandon(void)
{
	waited = this_cpu()->wait;
	WRITE_ONCE(wait_abandoned, 1);
}

static void test_abandoned_locks(void)
{
	steps_reset();
	model_switch_cpu(1);
	model_relax_hook = abandon;
	spin_lock(&abandoned_lock);
	CHECK(abandoned_lock.owner == 2 && waited.kind == WAIT_LOCK && waited.whom == BIT(3),
	      "a lock whose wait was abandoned is taken from its owner, who was named");
	steps_reset();
	abandoned_lock.owner = 4;
	model_relax_hook = abandon;
	CHECK(spin_lock_irq(&abandoned_lock) && abandoned_lock.owner == 1 && !irqs_enabled() &&
		      waited.kind == WAIT_LOCK && waited.whom == BIT(3) && !waited.irqs_on,
	      "the same with interrupts off");
}

/* Interrupts go on while the lock is still held, so a handler would wait for its own CPU. */
static struct spinlock order_lock;
static u32 owner_seen;

static void look_at_owner(void)
{
	owner_seen = order_lock.owner;
	interrupt_wake();
}

static void test_unlock_before_interrupts(void)
{
	u32 flags;

	steps_reset();
	flags = spin_lock_irq(&order_lock);
	model_wake_hook = look_at_owner;
	owner_seen = 77;
	AS_CPU(1, ipi_send(0, IPI_WAKE));
	CHECK(owner_seen == 77, "an interrupt waits for the end of the lock");
	spin_unlock_irq(&order_lock, flags);
	CHECK(!owner_seen, "and finds it free");
}

static void test_naps(void)
{
	steps_reset();
	NAME_STEP(cpus[0].napping, "napping0");
	NAME_STEP(cpus[1].napping, "napping1");
	STEPS(nap_announce(), "mb; mb; W napping0=1; mb", "a sleep is announced, then a barrier");
	STEPS(nap_end(), "W napping0=0", "and taken back");
	STEPS(nap_wake(1), "mb; R napping1", "who stores looks for a sleeper behind a barrier");
	cpus[1].napping = 1;
	STEPS(nap_wake(1), "mb; R napping1; IPI 1.3; rmb; W napping1=0", "and wakes it");
	GUARD_OFF(nap_wake);
	GUARD_OFF(wake_mb);
	GUARD_OFF(nap_mb);
	cpus[1].napping = 1;
	STEPS(nap_wake(1), "", "the guards off: neither");
	STEPS(nap_announce(), "mb; mb; W napping0=1", "and no barrier of its own");
}

int main(void)
{
	test_published();
	test_copy();
	test_locks();
	test_abandoned_locks();
	test_unlock_before_interrupts();
	test_naps();
	return tap_done();
}
