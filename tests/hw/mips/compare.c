/* SPDX-License-Identifier: MIT */
/*
 * A write of Compare ends the timer's interrupt and no other one. A CPU writes Compare all the
 * time, and another CPU wakes it. A wake-up is lost if the writer takes no interrupt in many of its
 * turns, with its interrupts on. The next wake-up then arrives again.
 */
#include <asm/clock.h>
#include <asm/cp0.h>
#include <asm/ipi.h>

#include "kernel/smp/percpu.h"
#include "tests/hw/slot.h"

#define SENT_MOST    100000u
#define SENT_LEAST   100u
#define LOST_MOST    20u
#define TURNS_ENOUGH 10000u
#define NS_MOST	     300000000ull

enum {
	WRITER,
	SENDER,
};

static struct {
	u32 turns; /* shared, of the writer */
	bool over; /* shared, set when the sender will do no more */
	u32 sent, lost;
} found;

static bool setup(struct variant *v)
{
	found = (typeof(found)){.turns = 0};
	return slot_one_frame(v);
}

/* Nothing uses the timer of Compare, so its interrupt is off. */
static void write_compare(struct variant *v)
{
	struct lab_patience patience = {0};

	(void)v;
	while (lab_go_on(&patience, &found.over, &found.sent)) {
		cp0_set_compare(0);
		WRITE_ONCE(found.turns, found.turns + 1);
	}
}

/* Returns whether the wake-up arrived. */
static bool wake(unsigned cpu, struct lab_patience *patience)
{
	u32 wakes = READ_ONCE(cpus[cpu].wakes), turns;

	ipi_send(cpu, IPI_WAKE);
	turns = READ_ONCE(found.turns);
	while (READ_ONCE(cpus[cpu].wakes) == wakes)
		if (READ_ONCE(found.turns) - turns > TURNS_ENOUGH ||
		    !lab_go_on(patience, &found.over, &found.turns))
			return false;
	return true;
}

static void send(struct variant *v)
{
	struct lab_patience patience = {0};
	u64 end = clock_ns() + NS_MOST;

	while (found.sent < SENT_MOST && found.lost < LOST_MOST &&
	       (found.sent < SENT_LEAST || clock_ns() < end)) {
		found.lost += !wake(v->cpu[WRITER], &patience);
		WRITE_ONCE(found.sent, found.sent + 1);
	}
	WRITE_ONCE(found.over, true);
}

static enum verdict judge(struct variant *v)
{
	if (found.lost) {
		lab_saw(v, "of %u wake-ups of a CPU that writes Compare, %u never came", found.sent,
			found.lost);
		return VIOLATED;
	}
	lab_counted(v, found.sent);
	lab_evidence(v, "%u wake-ups of a CPU that wrote Compare %u times, and each came",
		     found.sent, found.turns);
	return HELD;
}

SCENARIO(compare_interlock) = {
	.name = "hw/compare-interlock",
	.rule = "a write of Compare loses no interrupt that another CPU sends",
	.reference =
		"MIPS32 volume III, 9 (Cause: IP7..2 show the lines; Compare: a write clears the timer's interrupt)",
	.mode = MODE_PROBE,
	.finding = "F-042",
	.least = {AT_LEAST(SENT_LEAST, "wake-ups")},
	.roles = {{"writer", write_compare}, {"sender", send}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
