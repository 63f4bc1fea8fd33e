/* SPDX-License-Identifier: MIT */
/*
 * What CPUs ask of each other: jobs, calls, the end of walks. Its accesses in their order, with
 * every guard on and off, as test_steps.c has those of kernel/wait/.
 */
#include "kernel/smp/job.h"

#include <asm/irq.h>

#include "kernel/hooks/inject.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/smp/smp_call.h"
#include "kernel/smp/walker_sync.h"
#include "mm/gup/gup.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/steps.h"

static struct mm mm;
static struct wait waited;

static unsigned calls;
static void *called_with;

static void call(void *argument)
{
	calls++;
	called_with = argument;
}

static void test_jobs(void)
{
	struct cpu *cpu = &cpus[2];

	steps_reset();
	NAME_STEP(cpu->job, "job");
	NAME_STEP(cpu->job_argument, "argument");
	NAME_STEP(cpu->wakes, "wakes");
	NAME_STEP(cpu->napping, "napping");
	calls = 0;
	steps_begin();
	job_give(2, call, &mm);
	step_note_barriers();
	model_submit = NULL;
	{
		char expected[200];

		snprintf(expected, sizeof(expected),
			 "R job; W argument=%llx; Wr job=%llx; mb; IPI 2.3; rmb; W wakes=1; W napping=0",
			 (unsigned long long)(u64)&mm, (unsigned long long)(u64)call);
		CHECK(steps_were(expected), "a job: its argument, itself, then the interrupt");
	}
	CHECK(!calls && cpu->wakes == 1, "which only wakes the CPU");
	CHECK(PANICS(job_give(2, call, NULL)) && panic_says("!READ_ONCE(cpus[cpu].job)"),
	      "a second job is not to be given before the end of the first");
	STEPS(AS_CPU(2, CHECK(idle_turn(), "an idle CPU takes it")), "Ra job; R argument; Wr job=0",
	      "with an acquire, and ends it with a release");
	CHECK(calls == 1 && called_with == &mm, "it runs, once, with its argument");
	AS_CPU(2, irq_disable());
	STEPS(AS_CPU(2, CHECK(!idle_turn(), "without one it sleeps")), "Ra job", "it looks once");
	CHECK(model_irqs_on(2), "and sleeps with interrupts on");
	GUARD_OFF(job_acquire);
	GUARD_OFF(job_done_release);
	GUARD_OFF(job_release);
	GUARD_OFF(ipi_mb);
	GUARD_OFF(wake_rmb);
	job_give(2, call, NULL);
	STEPS(AS_CPU(2, idle_turn()), "R job; R argument; W job=0",
	      "the guards off: plain accesses");
	AS_CPU(2, STEPS(interrupt_wake(), "W wakes=3; W napping=0", "and no barrier"));
	STEPS(job_give(2, NULL, NULL),
	      "R job; W argument=0; W job=0; IPI 2.3; W wakes=4; W napping=0",
	      "nor one before the interrupt");
}

/* The others end their jobs one at a time while CPU 0 waits. */
static void end_one(void)
{
	for (unsigned cpu = 1; cpu < MODEL_CPUS; cpu++) {
		if (!cpus[cpu].job)
			continue;
		waited = cpus[0].wait;
		AS_CPU(cpu, idle_turn());
		return;
	}
}

static bool interrupts_in_job;

static void look_at_interrupts(void *argument)
{
	(void)argument;
	interrupts_in_job = irqs_enabled();
}

static void test_job_wait(void)
{
	steps_reset();
	CHECK(job_wait(0xe), "nobody has a job");
	NAME_STEP(cpus[1].job, "job1");
	NAME_STEP(cpus[2].job, "job2");
	NAME_STEP(cpus[3].job, "job3");
	STEPS(job_wait(0xa), "Ra job1; Ra job3; Ra job1; Ra job3",
	      "it looks at those that are asked for");
	GUARD_OFF(job_done_acquire);
	STEPS(job_wait(0x4), "R job2; R job2", "job_done_acquire off: plainly");
	steps_reset();
	job_give(1, look_at_interrupts, NULL);
	job_give(3, look_at_interrupts, NULL);
	model_relax_hook = end_one;
	CHECK(job_wait(0xe) && !cpus[1].job && !cpus[3].job, "it returns when all are over");
	CHECK(waited.kind == WAIT_JOB && waited.whom == 0xa && interrupts_in_job,
	      "and names those that have one; a job runs with interrupts on");
	steps_reset();
	job_give(1, look_at_interrupts, NULL);
	wait_abandoned = 1;
	model_relax_hook = end_one;
	CHECK(!job_wait(0x2) && !cpus[1].job, "after a deadlock: they end, and it says so");
}

static unsigned pauses;

/* The job ends at the fifth pause. The first pause is the wait's own. */
static void end_at_last(void)
{
	if (++pauses == 5)
		AS_CPU(1, idle_turn());
}

static void test_job_ends_late(void)
{
	steps_reset();
	job_give(1, call, NULL);
	wait_abandoned = 1;
	pauses = 0;
	model_relax_hook = end_at_last;
	CHECK(!job_wait(0x2) && pauses == 5, "a job may end after its wait was abandoned");
}

static void count_pause(void)
{
	pauses++;
}

static jmp_buf left;

static void leave(void *argument)
{
	(void)argument;
	longjmp(left, 1);
}

static bool read_with_interrupts;

static bool see_job(struct op *op)
{
	if (op->kind == OP_READ && op->address == (u64)&cpus[0].job)
		read_with_interrupts |= irqs_enabled();
	return false;
}

static void test_idle(void)
{
	steps_reset();
	read_with_interrupts = false;
	model_submit = see_job;
	idle_turn();
	model_submit = NULL;
	CHECK(!read_with_interrupts, "no interrupt comes between the look for a job and the sleep");
	AS_CPU(1, job_give(0, leave, NULL));
	if (!setjmp(left))
		idle_loop();
	CHECK(cpus[0].job, "an idle CPU's life is to look for jobs");
}

static void test_job_never_ends(void)
{
	steps_reset();
	job_give(1, call, NULL);
	wait_abandoned = 1;
	model_clock_step = 1000000000;
	model_relax_hook = count_pause;
	CHECK(PANICS(job_wait(0x6)) &&
		      panic_says("CPUs 0x2 did not end their jobs after a deadlock was broken"),
	      "jobs that do not end after it are named");
}

static void test_acks(void)
{
	struct ack_box box = {.number = 7, .ack = {7, 6, 7, 8, [31] = 0}};

	steps_reset();
	CHECK(!ack_missing(&box, 0) && !ack_missing(&box, BIT(0) | BIT(2)), "nobody is missing");
	CHECK(ack_missing(&box, 0x8000000f) == (BIT(1) | BIT(3) | BIT(31)),
	      "who has acked another request is");
	ack_ask(&box);
	CHECK(box.number == 8 && ack_number(&box) == 8 && ack_missing(&box, 0xf) == 7,
	      "the next request has the next number");
	ack_give(&box, 1, 8);
	CHECK(ack_given(&box, 1) == 8 && ack_missing(&box, 0xf) == 5, "an ack");
}

static void test_calls(void)
{
	struct cpu *asked = &cpus[1];
	struct call_request *request = &cpus[0].call;
	char expected[500];

	steps_reset();
	NAME_STEP(request->function, "function");
	NAME_STEP(request->argument, "argument");
	NAME_STEP(request->acks.number, "number");
	NAME_STEP(request->acks.ack[1], "ack1");
	NAME_STEP(asked->call_pending, "pending1");
	NAME_STEP(asked->call_interrupts, "taken1");
	snprintf(
		expected, sizeof(expected),
		"W function=%llx; W argument=%llx; R number; W number=1; wmb; X pending1 or 1; mb; IPI 1.2",
		(unsigned long long)(u64)call, (unsigned long long)(u64)&mm);
	steps_begin();
	calls = 0;
	call_cpus(BIT(0) | BIT(1), call, &mm);
	step_note_barriers();
	CHECK(!strncmp(step_text, expected, strlen(expected)),
	      "a call: what is asked, its number, who is to answer, then the interrupt");
	strcat(expected, "; Xf pending1 xchg 0; W taken1=1; R number; R function; R argument; Wr ack1=1; Ra ack1; R number");
	step_text[strlen(expected)] = 0;
	CHECK(steps_were(expected), "its answer: the posting is taken first, the ack comes last");
	CHECK(calls == 2 && called_with == &mm && asked->call_interrupts == 1,
	      "both CPUs have called it");
	calls = 0;
	call_cpus(BIT(2), call, NULL);
	CHECK(calls == 1 && model_ipis[2][IPI_CALL] == 1 && model_ipis[1][IPI_CALL] == 1 &&
		      !model_ipis[0][IPI_CALL],
	      "only those of the mask are asked, and not the caller");
	GUARD_OFF(ack_release);
	GUARD_OFF(ack_acquire);
	GUARD_OFF(call_wmb);
	GUARD_OFF(ipi_mb);
	snprintf(expected, sizeof(expected),
		 "W function=%llx; W argument=0; R number; W number=3; X pending1 or 1; IPI 1.2; "
		 "Xf pending1 xchg 0; W taken1=2; R number; R function; R argument; W ack1=3; "
		 "R ack1; R number",
		 (unsigned long long)(u64)call);
	STEPS(call_cpus(BIT(1), call, NULL), expected, "the guards off: no order");
	AS_CPU(1, interrupt_call());
	CHECK(asked->call_interrupts == 3 && calls == 2,
	      "one that finds nothing posted is counted");
	irq_disable();
	CHECK(PANICS(call_cpus(BIT(1), NULL, &mm)) && panic_says("irqs_enabled()") &&
		      request->function == call && !request->argument,
	      "not with interrupts off, and nothing is posted then");
	machine_reset();
	CHECK(PANICS(call_cpus(BIT(1), NULL, NULL)) && panic_says("function"),
	      "a call of nothing is seen where it is answered");
}

static void leave_freeze(void)
{
	longjmp(left, 1);
}

static void test_freeze(void)
{
	steps_reset();
	calls = 0;
	inject_freeze_cpu = 1;
	model_relax_hook = leave_freeze;
	if (!setjmp(left))
		call_cpus(BIT(1), call, NULL);
	CHECK(!calls && !cpus[1].call_interrupts && !cpus[0].call.acks.ack[1],
	      "fault.freeze= does nothing from the first line of the handler on");
	inject_freeze_cpu = MAX_CPUS;
}

static void test_walk(void)
{
	u32 irqs;

	steps_reset();
	assert(mm_create(&mm));
	load_on(0, &mm);
	NAME_STEP(cpus[0].walk_seq, "seq");
	STEPS(irqs = walk_begin(0), "R seq; W seq=1; mb; mb",
	      "a walk begins, up to its race point");
	CHECK(cpus[0].walk_seq == 1 && !irqs_enabled(), "odd inside, interrupts off");
	STEPS(walk_end(irqs, 0), "mb; mb; R seq; Wr seq=2", "and ends by a release");
	CHECK(irqs_enabled(), "interrupts on");
	GUARD_OFF(walk_end_release);
	irqs = walk_begin(0);
	STEPS(walk_end(irqs, 0), "mb; mb; R seq; W seq=4", "walk_end_release off: a plain store");
	CHOOSE(table_free, grace);
	CHOOSE(flush, nowait);
	STEPS(irqs = walk_begin(0), "R seq; W seq=5; mb; mb; mb",
	      "where there are grace periods, a barrier comes behind its announcement");
	walk_end(irqs, 0);
	GUARD_OFF(grace_mb);
	STEPS(irqs = walk_begin(0), "R seq; W seq=7; mb; mb", "unless grace_mb is off");
	walk_end(irqs, 0);
	irq_disable();
	irqs = walk_begin(0);
	walk_end(irqs, 0);
	CHECK(!irqs_enabled(), "interrupts that were off stay off");
	irq_enable();
	GUARD_OFF(walker_irqs_off);
	irqs = walk_begin(0);
	CHECK(irqs_enabled(), "walker_irqs_off off: they stay on inside");
	walk_end(irqs, 0);
	CHECK(irqs_enabled(), "and behind");
}

static void end_walk(void)
{
	waited = cpus[0].wait;
	cpus[cpus[1].walk_seq & 1 ? 1 : 3].walk_seq++;
}

static void test_grace(void)
{
	steps_reset();
	for (unsigned cpu = 0; cpu < MODEL_CPUS; cpu++)
		cpus[cpu].walk_seq = 2 * cpu;
	NAME_STEP(cpus[0].walk_seq, "seq0");
	NAME_STEP(cpus[1].walk_seq, "seq1");
	NAME_STEP(cpus[2].walk_seq, "seq2");
	NAME_STEP(cpus[3].walk_seq, "seq3");
	STEPS(sync_walkers_grace(), "R seq0; mb; Ra seq0; Ra seq1; Ra seq2; Ra seq3",
	      "a grace period over CPUs that do not walk");
	cpus_online = 0xb;
	cpus[1].walk_seq++;
	cpus[2].walk_seq++;
	cpus[3].walk_seq++;
	model_relax_hook = end_walk;
	sync_walkers_grace();
	CHECK(cpus[1].walk_seq == 4 && cpus[3].walk_seq == 8 && waited.whom == 0xa &&
		      waited.kind == WAIT_GRACE,
	      "it returns when each walk of an online CPU has ended");
	GUARD_OFF(sync_mb);
	GUARD_OFF(sync_acquire);
	cpus_online = 0x5;
	cpus[2].walk_seq = 0;
	STEPS(sync_walkers_grace(), "R seq0; R seq0; R seq2",
	      "the guards off: plain loads, no barrier");
	cpus[0].walk_seq = 1;
	CHECK(PANICS(sync_walkers_grace()) && panic_says("walk_seq"), "not from inside a walk");
	cpus[0].walk_seq = 0;
	irq_disable();
	CHECK(PANICS(sync_walkers_grace()) && panic_says("irqs_enabled()"),
	      "nor with interrupts off");
	steps_reset();
	cpus_online = 0x7;
	sync_walkers_ipi();
	CHECK(model_ipis[1][IPI_CALL] == 1 && model_ipis[2][IPI_CALL] == 1 &&
		      !model_ipis[0][IPI_CALL] && !model_ipis[3][IPI_CALL],
	      "the other way: an interrupt to each other CPU that is online");
}

int main(void)
{
	test_jobs();
	test_job_wait();
	test_job_ends_late();
	test_job_never_ends();
	test_idle();
	test_acks();
	test_calls();
	test_freeze();
	test_walk();
	test_grace();
	return tap_done();
}
