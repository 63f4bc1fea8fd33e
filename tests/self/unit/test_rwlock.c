/* SPDX-License-Identifier: MIT */
/* kernel/wait/rwlock.h, access by access, and what its waits publish. */
#include "kernel/wait/rwlock.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/steps.h"

static struct rwlock lock;

/* CPU 2 runs. */
static void fresh(void)
{
	steps_reset();
	lock = (struct rwlock){0};
	model_switch_cpu(2);
	NAME_STEP(lock.readers, "readers");
	NAME_STEP(lock.writer, "writer");
}

static void test_read(void)
{
	fresh();
	STEPS(read_lock(&lock), "R writer; Xf readers add 4; Ra writer",
	      "a reader announces itself in full order, and looks for a writer again, as an acquire");
	CHECK(lock.readers == BIT(2) && !lock.writer, "the mask says who is inside");
	AS_CPU(0, read_lock(&lock));
	CHECK(lock.readers == (BIT(2) | BIT(0)), "readers do not keep each other out");
	STEPS(read_unlock(&lock), "Xf readers add fffffffc", "it leaves in full order");
	CHECK(lock.readers == BIT(0), "and takes nothing but its own bit");
	CHECK(PANICS(read_unlock(&lock)) && panic_says("read_unlock"),
	      "it cannot leave when it is not inside");
	fresh();
	read_lock(&lock);
	cpus[2].locks_held = 0; /* which would tell first */
	CHECK(PANICS(read_lock(&lock)) && panic_says("read_announce"), "nor come in twice");
	fresh();
	irq_disable();
	CHECK(PANICS(read_lock(&lock)) && panic_says("irqs_enabled"),
	      "nor wait with interrupts off");
	fresh();
	irq_disable();
	CHECK(read_trylock(&lock) && lock.readers == BIT(2), "but it may try");
}

static void test_write(void)
{
	fresh();
	STEPS(write_lock(&lock), "R writer; Xf writer cmpxchg 3; Ra readers",
	      "a writer takes the word in full order, and looks for readers, as an acquire");
	CHECK(lock.writer == 3 && !lock.readers, "the word says who it is");
	STEPS(CHECK(!read_trylock(&lock), "nobody reads then"), "R writer",
	      "and one that only tries changes nothing");
	STEPS(write_unlock(&lock), "Wr writer=0", "it leaves by a release");
	irq_disable();
	CHECK(PANICS(write_lock(&lock)) && panic_says("irqs_enabled"),
	      "it does not wait with interrupts off");
}

static void test_guards(void)
{
	fresh();
	GUARD_OFF(read_lock_mb);
	GUARD_OFF(read_lock_acquire);
	STEPS(read_lock(&lock), "R writer; X readers or 4; R writer",
	      "without its guards: an announcement and a look without order");
	GUARD_OFF(unlock_release);
	STEPS(read_unlock(&lock), "X readers and fffffffb", "and an end without order");
	GUARD_OFF(write_lock_acquire);
	STEPS(write_lock(&lock), "R writer; Xf writer cmpxchg 3; R readers",
	      "a writer looks without order");
	STEPS(write_unlock(&lock), "W writer=0", "and leaves by a plain store");
}

/* A writer comes between a reader's first look and its second. */
static bool write_at_add(struct op *op)
{
	if (op->kind == OP_RMW && op->rmw == RMW_ADD && op->address == (u64)&lock.readers)
		lock.writer = 1;
	return step_see(op);
}

static void test_retract(void)
{
	fresh();
	steps_begin();
	model_submit = write_at_add;
	CHECK(!read_trylock(&lock), "a writer that comes meanwhile keeps the reader out");
	CHECK(steps_were("R writer; Xf readers add 4; Ra writer; X readers and fffffffb"),
	      "which takes its announcement back");
	CHECK(!lock.readers && lock.writer == 1, "nothing is left of it");
}

/* --- what a wait says, while it lasts --- */

static struct wait seen[4];
static unsigned rounds;

/* Others leave one after the other, while CPU 2 waits. */
static void leave_in_turn(void)
{
	if (rounds < ARRAY_SIZE(seen))
		seen[rounds] = cpus[2].wait;
	rounds++;
	if (rounds == 1)
		AS_CPU(0, read_unlock(&lock));
	if (rounds == 3)
		AS_CPU(1, read_unlock(&lock));
}

static void test_writer_waits(void)
{
	bool refused = false;

	fresh();
	AS_CPU(0, read_lock(&lock));
	AS_CPU(1, read_lock(&lock));
	rounds = 0;
	model_relax_hook = leave_in_turn;
	write_lock(&lock);
	CHECK(rounds == 3 && lock.writer == 3, "a writer waits until the last reader has left");
	CHECK(seen[0].kind == WAIT_WRITE && seen[0].whom == (BIT(0) | BIT(1)) && seen[0].irqs_on,
	      "it names all readers");
	CHECK(seen[2].whom == BIT(1), "and then those that are left");
	CHECK(cpus[2].wait.kind == WAIT_NONE, "and then nobody");
	AS_CPU(3, refused = !read_trylock(&lock));
	CHECK(refused, "nobody comes in behind it");
}

static bool tried_in;

static void try_to_read(void)
{
	AS_CPU(1, tried_in = read_trylock(&lock) || tried_in);
	if (++rounds == 3)
		AS_CPU(0, read_unlock(&lock));
}

static void test_no_starvation(void)
{
	fresh();
	AS_CPU(0, read_lock(&lock));
	rounds = 0;
	tried_in = false;
	model_relax_hook = try_to_read;
	write_lock(&lock);
	CHECK(rounds == 3 && !tried_in,
	      "a reader that comes anew does not pass a writer that waits");
}

static void writer_leaves(void)
{
	seen[0] = cpus[2].wait;
	AS_CPU(0, write_unlock(&lock));
}

static void test_others_wait(void)
{
	fresh();
	AS_CPU(0, write_lock(&lock));
	model_relax_hook = writer_leaves;
	read_lock(&lock);
	CHECK(seen[0].kind == WAIT_READ && seen[0].whom == BIT(0) && lock.readers == BIT(2),
	      "a reader waits for the writer, and names it");
	fresh();
	AS_CPU(0, write_lock(&lock));
	model_relax_hook = writer_leaves;
	write_lock(&lock);
	CHECK(seen[0].kind == WAIT_WRITE && seen[0].whom == BIT(0) && lock.writer == 3,
	      "and so does another writer");
}

static void abandon(void)
{
	wait_abandoned = BIT(2);
}

static void test_abandoned(void)
{
	fresh();
	AS_CPU(0, read_lock(&lock));
	model_relax_hook = abandon;
	write_lock(&lock);
	CHECK(lock.writer == 3 && lock.readers == BIT(0),
	      "a writer whose wait for readers is broken off goes on as the writer");
	AS_CPU(0, read_unlock(&lock));
	write_unlock(&lock);
	CHECK(!lock.writer && !lock.readers, "and all of them can leave");

	fresh();
	AS_CPU(0, write_lock(&lock));
	model_relax_hook = abandon;
	read_lock(&lock);
	CHECK(lock.readers == BIT(2), "and a reader as a reader");
	read_unlock(&lock);
	write_lock(&lock);
	CHECK(lock.writer == 3, "and one that waits for a writer in its place");
}

int main(void)
{
	test_read();
	test_write();
	test_guards();
	test_retract();
	test_writer_waits();
	test_no_starvation();
	test_others_wait();
	test_abandoned();
	return tap_done();
}
