/* SPDX-License-Identifier: MIT */
/* A CPU goes to sleep after a long wait (kernel/wait/nap.h), and must not sleep on if the answer
 * comes just then. */
#include "kernel/smp/shootdown.h"
#include "kernel/wait/nap.h"
#include "tests/lab/lab.h"

enum {
	TARGET,
	SLEEPER,
};

/* --- every interleaving, in the explorer --- */

/* The numbers of v->value. */
enum {
	ANSWERED, /* shared, the event the sleeper waits for */
};

static void sleep(struct variant *v)
{
	while (!READ_ONCE(v->value[ANSWERED]))
		nap_step(SPINS_PER_NAP);
	nap_end();
}

static void answer(struct variant *v)
{
	WRITE_ONCE(v->value[ANSWERED], 1);
	nap_wake(v->cpu[SLEEPER]);
}

static enum verdict judge_over(struct variant *v)
{
	lab_evidence(v, "CPU %u was awake at the end", v->cpu[SLEEPER]);
	return HELD;
}

SCENARIO(nap_explored) = {
	.name = "tlb/nap",
	.rule = "a CPU that sleeps in a wait is woken by the event that ends the wait, "
		"whenever that comes",
	.reference = "Linux prepare_to_wait(), wq_has_sleeper(): the barriers of a sleeper and its "
		     "waker",
	.mode = MODE_EXPLORED,
	.roles_meet = true,
	.roles = {[TARGET] = {"target", answer}, [SLEEPER] = {"sleeper", sleep}},
	CELLS(HOLDS(), BREAKS(nap_look, BY(DEADLOCK)), BREAKS(nap_retest, BY(DEADLOCK)),
	      BREAKS(nap_wake, BY(DEADLOCK)), BREAKS(nap_mb, BY(DEADLOCK), FROM(TSO)),
	      BREAKS(wake_mb, BY(DEADLOCK), FROM(TSO))),
	.judge = judge_over,
};

/* --- two moments of an initiator of a shootdown, on the metal --- */

static struct {
	bool late;     /* shared, set when the initiator is at the place for the answer */
	bool answered; /* shared */
} at;

static bool setup(struct variant *v)
{
	at = (typeof(at)){.late = false};
	v->a = lab_frame(v, ZONE_DIRECT);
	if (!v->a)
		return false;
	lab_establish(v, lab_entry(v->a));
	return true;
}

/* Keeps interrupts off until the waiting initiator is about to sleep. */
static void answer_late(struct variant *v)
{
	struct lab_patience patience = {0};
	u32 flags = irq_save();

	race_point(role_middle);
	while (lab_go_on(&patience, &at.late, &cpus[v->cpu[SLEEPER]].wait.spins))
		;
	irq_restore(flags);
	WRITE_ONCE(at.answered, true);
}

/* Called by the initiator in the middle of its wait, so the answer comes here and now. */
static void let_answer(struct variant *v)
{
	struct lab_patience patience = {0};
	u32 nothing = 0;

	(void)v;
	WRITE_ONCE(at.late, true);
	while (lab_go_on(&patience, &at.answered, &nothing))
		;
}

/* All its sleeps come after the answer. */
static enum verdict judge_late(struct variant *v)
{
	unsigned over = lab_when(SLEEPER, RACE_nap_over, 1);

	if (over && lab_value_at(over)) {
		lab_saw(v, "CPU %u slept until the timer, and its acks were in", v->cpu[SLEEPER]);
		return VIOLATED;
	}
	if (!lab_script_complete(v))
		return NO_EVIDENCE;
	lab_evidence(v, "the acks came when CPU %u was about to sleep: %s", v->cpu[SLEEPER],
		     over ? "an interrupt ended it" : "it did not");
	return HELD;
}

#define LATE                                                                                       \
	.mode = MODE_PROBE, .needs = NEED_NAP,                                                     \
	.roles = {[TARGET] = {"target", answer_late}, [SLEEPER] = {"initiator", lab_zap}},         \
	.setup = setup, .judge = judge_late

static const struct step answer_before_the_look[] = {
	STEP(TARGET, role_middle, BLOCKED_ON_ME(SLEEPER)),
	STEP(SLEEPER, role_start, REACHED(TARGET, role_middle)),
	STEP_ACT(SLEEPER, nap_announcing, let_answer),
};

SCENARIO(late_look) = {
	LATE,
	.name = "tlb/nap-look",
	.rule = "a CPU that has announced its sleep in a wait looks once more before it "
		"sleeps",
	.reference = "Linux ___wait_event(): prepare_to_wait_event(), then the condition",
	.script = STEPS(answer_before_the_look),
	CELLS(HOLDS(), BREAKS(nap_look)),
};

static const struct step answer_before_the_sleep[] = {
	STEP(TARGET, role_middle, BLOCKED_ON_ME(SLEEPER)),
	STEP(SLEEPER, role_start, REACHED(TARGET, role_middle)),
	STEP_ACT(SLEEPER, nap_announced, let_answer),
};

SCENARIO(late_wake) = {
	LATE,
	.name = "tlb/nap-retest",
	.rule = "a CPU does not sleep through a wake-up that comes between its last "
		"look and its sleep",
	.reference = "Linux mips rollback_handler; need_resched() with interrupts off before "
		     "the idle instruction",
	.script = STEPS(answer_before_the_sleep),
	CELLS(HOLDS(), BREAKS(nap_retest)),
};

/* --- the answer comes when it sleeps, or is just going to --- */

/*
 * On a busy host the answer may come so late that the timer was right. Then another round is
 * needed.
 */
#define ROUNDS_MOST 32u

static struct {
	bool over;	 /* shared, set between two meetings */
	u32 naps, woken; /* of the initiator, in all rounds */
} slept;

static bool setup_rounds(struct variant *v)
{
	slept = (typeof(slept)){.over = false};
	return setup(v);
}

static void answer_sleeper(struct variant *v)
{
	struct cpu *sleeper = &cpus[v->cpu[SLEEPER]];
	bool never = false;

	while (!READ_ONCE(slept.over)) {
		struct lab_patience patience = {0};
		u32 flags = irq_save();
		bool met = lab_meet(v);

		while (met && !READ_ONCE(sleeper->napping) &&
		       lab_go_on(&patience, &never, &sleeper->wait.spins))
			;
		irq_restore(flags);
		if (!met || !lab_meet(v))
			return;
	}
}

static void shoot_often(struct variant *v)
{
	struct cpu *cpu = this_cpu();
	u32 naps = READ_ONCE(cpu->naps), woken = READ_ONCE(cpu->naps_woken);

	for (unsigned round = 1; !READ_ONCE(slept.over); round++) {
		if (!lab_meet(v))
			return;
		shootdown(&v->mm.cpumask, v->va, v->va + PAGE_SIZE);
		slept.naps = READ_ONCE(cpu->naps) - naps;
		slept.woken = READ_ONCE(cpu->naps_woken) - woken;
		WRITE_ONCE(slept.over, slept.woken || round == ROUNDS_MOST);
		if (!lab_meet(v))
			return;
	}
}

static enum verdict judge_woken(struct variant *v)
{
	if (slept.naps && !slept.woken) {
		lab_saw(v, "CPU %u slept %u times, each time until the timer", v->cpu[SLEEPER],
			slept.naps);
		return VIOLATED;
	}
	if (!slept.naps)
		return NO_EVIDENCE;
	lab_evidence(v, "CPU %u slept %u times, and then an ack woke it", v->cpu[SLEEPER],
		     slept.naps);
	return HELD;
}

SCENARIO(woken) = {
	.name = "tlb/nap-woken",
	.rule = "an ack wakes the initiator that sleeps for it",
	.reference = "Linux swake_up_one() behind complete()",
	.mode = MODE_PROBE,
	.needs = NEED_NAP,
	.roles = {[TARGET] = {"target", answer_sleeper}, [SLEEPER] = {"initiator", shoot_often}},
	CELLS(HOLDS(), BREAKS(nap_wake)),
	.setup = setup_rounds,
	.judge = judge_woken,
};
