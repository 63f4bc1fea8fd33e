/* SPDX-License-Identifier: MIT */
/*
 * A CPU must not sleep on if an interrupt for it is on its way, or has come and is not taken yet.
 */
#include <asm/clock.h>
#include <asm/ipi.h>
#include <asm/irq.h>

#include "kernel/smp/percpu.h"
#include "tests/lab/lab.h"

#define ROUNDS_MOST  100u
#define ROUNDS_LEAST 4u
/* If the two CPUs share one of a host, each round takes its time slice. */
#define NS_MOST 100000000ull

enum {
	SLEEPER,
	WAKER,
};

static struct {
	u32 drowsy; /* shared, the round with its interrupts off */
	u32 sent;   /* shared, the round with its interrupt sent */
	u32 awake;  /* shared, the round that has ended */
	u32 pokes;  /* shared, second interrupts */
	bool over;  /* shared */
	u32 pending, late;
} found;

static bool setup(struct variant *v)
{
	(void)v;
	found = (typeof(found)){.drowsy = 0};
	return true;
}

/* In every other round the interrupt is there before the CPU sleeps. */
static bool comes_before(u32 round)
{
	return round % 2;
}

static bool is_due(u32 round, u64 end)
{
	if (round > ROUNDS_MOST || found.late)
		return false;
	return round <= ROUNDS_LEAST || clock_ns() < end;
}

/* As idle_loop(), with its own condition. */
static void sleep_until_woken(u32 wakes)
{
	for (;;) {
		irq_disable();
		if (READ_ONCE(this_cpu()->wakes) != wakes)
			break;
		cpu_idle();
	}
	irq_enable();
}

static void sleep(struct variant *v)
{
	struct lab_patience patience = {0};
	u64 end;

	if (!lab_meet(v))
		return;
	end = clock_ns() + NS_MOST;
	for (u32 round = 1; is_due(round, end); round++) {
		u32 pokes = READ_ONCE(found.pokes), wakes;

		irq_disable();
		wakes = READ_ONCE(this_cpu()->wakes);
		WRITE_ONCE(found.drowsy, round);
		while (comes_before(round) && READ_ONCE(found.sent) != round &&
		       lab_go_on(&patience, &found.over, &found.sent))
			;
		found.pending += comes_before(round);
		sleep_until_woken(wakes);
		found.late += READ_ONCE(found.pokes) != pokes;
		WRITE_ONCE(found.awake, round);
	}
	WRITE_ONCE(found.over, true);
}

/* A sleeping CPU cannot say so, so half of a wait's time is given to it. In between this CPU steps
 * aside, because one thread may run both CPUs. */
static void poke(const struct variant *v, u32 round)
{
	struct patience patience = {0};

	while (READ_ONCE(found.awake) != round && !READ_ONCE(found.over)) {
		bool over = patience_spun_for(&patience, (wait_deadline_s + 1) / 2);

		if (patience.spins % SPINS_PER_LOOK == 0)
			step_aside();
		if (!over)
			continue;
		WRITE_ONCE(found.pokes, found.pokes + 1);
		ipi_send(v->cpu[SLEEPER], IPI_WAKE);
		break;
	}
}

/* Sometimes sends at once, sometimes when the CPU sleeps. */
static void wake(struct variant *v)
{
	struct lab_patience patience = {0};
	u32 round = 0;

	if (!lab_meet(v))
		return;
	while (lab_go_on(&patience, &found.over, &found.drowsy)) {
		if (READ_ONCE(found.drowsy) == round)
			continue;
		round = READ_ONCE(found.drowsy);
		for (u32 n = round % 64 * 8; n && !comes_before(round); n--)
			cpu_relax();
		ipi_send(v->cpu[SLEEPER], IPI_WAKE);
		WRITE_ONCE(found.sent, round);
		poke(v, round);
	}
}

static enum verdict judge(struct variant *v)
{
	if (found.late) {
		lab_saw(v, "CPU %u slept on after its interrupt, in round %u, until another came",
			v->cpu[SLEEPER], found.awake);
		return VIOLATED;
	}
	lab_counted(v, found.awake);
	lab_counted(v, found.pending);
	lab_evidence(v,
		     "CPU %u was woken %u times; %u times the interrupt was there before it slept",
		     v->cpu[SLEEPER], found.awake, found.pending);
	return HELD;
}

SCENARIO(idle) = {
	.name = "hw/idle",
	.rule = "an interrupt that arrives before a CPU sleeps, or while it goes to "
		"sleep, is taken and ends the sleep",
	.reference = "Intel SDM vol. 2, STI, HLT; MIPS32 volume II, WAIT; z/Architecture, PSW "
		     "wait state",
	.mode = MODE_PROBE,
	.least = {AT_LEAST(ROUNDS_LEAST, "sleeps"),
		  AT_LEAST(ROUNDS_LEAST / 2, "interrupts that were there before the sleep")},
	.roles = {[SLEEPER] = {"sleeper", sleep}, [WAKER] = {"waker", wake}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
