/* SPDX-License-Identifier: MIT */
/* kernel/smp/shootdown.c access by access: what is asked of whom, what an answer is, and when
 * the end of an NMI that nobody awaits is known. With each guard on and off. */
#include "kernel/smp/shootdown.h"

#include "kernel/hooks/inject.h"
#include "kernel/hooks/upcalls.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/steps.h"

static cpumask_t mask;

static void fresh(void)
{
	steps_reset();
	NAME_STEP(mask, "mask");
	NAME_STEP(cpus[0].shootdown.acks.number, "number");
	NAME_STEP(cpus[0].shootdown.acks.ack[1], "ack");
	NAME_STEP(cpus[0].shootdown_pending, "posted0");
	NAME_STEP(cpus[1].shootdown_pending, "posted1");
	NAME_STEP(cpus[0].nowait_sending, "sending");
	NAME_STEP(cpus[1].nowait_owed, "owed");
	NAME_STEP(cpus[1].nowait_quiet, "quiet");
	race_hook = step_see_race;
	mask = 3;
}

#define ASK    "R number; W number=1; mb; R mask; flush 40 80; X posted1 or 1; mb; "
#define ANSWER "Xf posted1 xchg 0; R number; flush 40 80; "
#define LOOK   "R posted0; Ra ack; R number"

static void test_sync(void)
{
	fresh();
	STEPS(shootdown(&mask, 0x40, 0x80),
	      ASK "IPI 1.0; " ANSWER "@served_half 0; Wr ack=1; @shootdown_sent+ 2; " LOOK
		  "; @shootdown_done+ 2",
	      "a shootdown: the range, its number, the mask, its own flush, the others, the acks");
	mask = 2;
	STEPS(shootdown(&mask, 0x40, 0x80),
	      "R number; W number=2; mb; R mask; X posted1 or 1; mb; IPI 1.0; "
	      "Xf posted1 xchg 0; R number; flush 40 80; @served_half 0; Wr ack=2; "
	      "@shootdown_sent+ 2; " LOOK "; @shootdown_done+ 2",
	      "a CPU outside of the mask does not flush");
	mask = 1;
	STEPS(shootdown(&mask, 0x40, 0x80),
	      "R number; W number=3; mb; R mask; flush 40 80; @shootdown_done+ 0",
	      "one that is alone in it asks nobody");
}

static void test_guards(void)
{
	fresh();
	GUARD_OFF(shootdown_mb);
	GUARD_OFF(ipi_mb);
	GUARD_OFF(own_flush);
	GUARD_OFF(ack_after_flush);
	GUARD_OFF(ack_release);
	GUARD_OFF(ack_acquire);
	STEPS(shootdown(&mask, 0x40, 0x80),
	      "R number; W number=1; R mask; X posted1 or 1; IPI 1.0; "
	      "Xf posted1 xchg 0; R number; W ack=1; @served_half 0; flush 40 80; "
	      "@shootdown_sent+ 2; R posted0; R ack; R number; @shootdown_done+ 2",
	      "the guards off: no barriers, no own flush, the ack before the flush");
	fresh();
	GUARD_OFF(shootdown);
	STEPS(shootdown(&mask, 0x40, 0x80),
	      "R number; W number=1; mb; R mask; flush 40 80; @shootdown_done+ 2",
	      "shootdown off: nobody is asked");
	fresh();
	CHECK(PANICS((irq_disable(), shootdown(&mask, 0, 0x40))) && panic_says("irqs_enabled()") &&
		      !cpus[0].shootdown.end,
	      "not with interrupts off");
	fresh();
	cpus[0].walk_seq = 1;
	CHECK(PANICS(shootdown(&mask, 0, 0x40)) && panic_says("walk_seq") && !cpus[0].shootdown.end,
	      "nor inside a walk");
}

static void test_nowait(void)
{
	fresh();
	CHOOSE(flush, nowait);
	STEPS(shootdown(&mask, 0x40, 0x80),
	      "W sending=1; R number; W number=1; mb; R mask; flush 40 80; X posted1 or 1; mb; IPI 1.1; " ANSWER
	      "Wr ack=1; R owed; W quiet=0; W owed=0; @shootdown_sent+ 2; Ra ack; R number; W sending=0; @shootdown_done+ 2",
	      "flush=nowait: an NMI, whose end is noted, and nobody else is answered meanwhile");
	cpus[0].shootdown_pending = 2;
	cpus[1].shootdown.end = 0x40;
	shootdown(&mask, 0, 0x40);
	CHECK(cpus[0].shootdown_pending == 2, "what was posted for the initiator stays so");
}

/* CPU 1 has posted for CPU 0. CPU 0 has interrupts on, but the interrupt is on its way. */
static void test_answers_meanwhile(void)
{
	fresh();
	cpus[0].shootdown_pending = 2;
	cpus[1].shootdown.end = 0x40;
	cpus[1].shootdown.acks.number = 5;
	STEPS(shootdown(&mask, 0x40, 0x80),
	      ASK "IPI 1.0; " ANSWER "@served_half 0; Wr ack=1; @shootdown_sent+ 2; R posted0; "
		  "Xf posted0 xchg 0; flush 0 40; @served_half 1; Ra ack; R number; "
		  "@shootdown_done+ 2",
	      "an initiator answers others before it looks at its acks, with interrupts off");
	CHECK(cpus[1].shootdown.acks.ack[0] == 5 && irqs_enabled(), "which are on again");
}

static void owed(cpumask_t posted, u32 before, bool known, u32 after)
{
	bool was;

	fresh();
	race_hook = NULL;
	cpus[1].shootdown_pending = posted;
	cpus[1].nowait_owed = before;
	cpus[1].nowait_quiet = 1;
	AS_CPU(1, was = interrupt_nowait());
	CHECK(was == known && cpus[1].nowait_owed == after && !cpus[1].nowait_quiet,
	      "an NMI with %u posted and %u owed: %u owed", __builtin_popcount(posted), before,
	      cpus[1].nowait_owed);
}

static void test_owed(void)
{
	owed(0, 0, false, 0);
	owed(0, 1, true, 0);
	owed(0, 3, true, 2);
	owed(1, 0, true, 0);
	owed(5, 0, true, 1);
	owed(0xd, 2, true, 4);
}

/* Calls nowait_settle() twice, so much time apart by the clock. A look takes a nanosecond. */
static bool settled(u64 apart)
{
	fresh();
	race_hook = NULL;
	cpus[1].nowait_owed = 2;
	model_clock_step = 5;
	AS_CPU(1, nowait_settle());
	if (cpus[1].nowait_quiet_since != 5 || !cpus[1].nowait_quiet || cpus[1].nowait_owed != 2)
		return false;
	model_clock_step = apart;
	AS_CPU(1, nowait_settle());
	return !cpus[1].nowait_owed;
}

static void test_settle(void)
{
	CHECK(settled(NOWAIT_QUIET_NS + 1), "none came for long enough: none is owed any more");
	CHECK(!settled(NOWAIT_QUIET_NS), "not yet");
	CHECK(!settled(1), "not at once");
	fresh();
	race_hook = NULL;
	AS_CPU(1, nowait_settle());
	CHECK(!cpus[1].nowait_quiet, "where none is owed there is nothing to settle");
	cpus[1].nowait_owed = 1;
	cpus[3].nowait_sending = 1;
	AS_CPU(1, nowait_settle());
	CHECK(!cpus[1].nowait_quiet, "while a CPU sends one, time does not count");
	cpus_online &= ~BIT(3);
	AS_CPU(1, nowait_settle());
	CHECK(cpus[1].nowait_quiet, "one that is not online sends none");
}

static jmp_buf left;

static void leave(void)
{
	longjmp(left, 1);
}

static void test_planted(void)
{
	fresh();
	race_hook = NULL;
	inject_noack_cpu = 1;
	cpus[1].shootdown_pending = 1;
	AS_CPU(1, interrupt_shootdown());
	CHECK(!cpus[1].shootdown_pending && !cpus[0].shootdown.acks.ack[1] &&
		      !model_flushes[1].count,
	      "fault.noack= takes a request and does not answer it");
	inject_noack_cpu = MAX_CPUS;
	inject_freeze_cpu = 1;
	cpus[1].shootdown_pending = 1;
	model_relax_hook = leave;
	model_switch_cpu(1);
	if (!setjmp(left))
		interrupt_shootdown();
	CHECK(cpus[1].shootdown_pending == 1, "fault.freeze= does not even take it");
	inject_freeze_cpu = MAX_CPUS;
}

int main(void)
{
	test_sync();
	test_guards();
	test_nowait();
	test_answers_meanwhile();
	test_owed();
	test_settle();
	test_planted();
	return tap_done();
}
