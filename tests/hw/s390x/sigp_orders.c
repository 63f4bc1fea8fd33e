/* SPDX-License-Identifier: MIT */
/* One CPU counts. Another stops it, starts it again, and restarts it, running and stopped. CPUs
 * come up by such orders, and they are halted by them before the last screen. */
#include <asm/clock.h>
#include <asm/irq.h>
#include <asm/probe.h>
#include <asm/sigp.h>
#include <asm/smp.h>

#include "tests/lab/lab.h"

#define ROUNDS	 8u
#define NO_CPU	 0xffffu
#define STILL_NS 1000000ull

enum {
	SIGNALLER,
	COUNTER,
};

enum wrong {
	NOTHING,
	NOT_ACCEPTED,
	ABSENT_ANSWERS,
	NOT_RUNNING,
	NOT_STOPPED,
	STOPPED_RUNS,
	NOT_STARTED,
	NOT_RESTARTED,
	NOT_CONTINUED,
	NR_WRONGS
};
static const char *const wrong_name[NR_WRONGS] = {
	[NOT_ACCEPTED] = "an order was not accepted",
	[ABSENT_ANSWERS] = "a CPU that is not there answered",
	[NOT_RUNNING] = "a CPU that runs was said to be stopped",
	[NOT_STOPPED] = "the CPU did not stop",
	[STOPPED_RUNS] = "the CPU went on while it was stopped",
	[NOT_STARTED] = "the CPU did not start",
	[NOT_RESTARTED] = "the restart new PSW was not loaded",
	[NOT_CONTINUED] = "the program did not go on behind the restart old PSW",
};

static struct {
	u32 count; /* shared, by the counter */
	u32 turns; /* shared, by the signaller */
	bool over; /* shared, set when the signaller has ended */
	enum wrong wrong;
	u32 stops, restarts;
} found;

static bool setup(struct variant *v)
{
	(void)v;
	found = (typeof(found)){.count = 0};
	return true;
}

/* Interrupts are off, so the CPU does not step aside, because the row is about a running CPU. (QEMU
 * 7.2 leaves a CPU asleep if it was stopped while waiting and then restarted.) */
static void count(struct variant *v)
{
	struct lab_patience patience = {0};
	u32 flags = irq_save();

	(void)v;
	while (lab_go_on(&patience, &found.over, &found.turns))
		WRITE_ONCE(found.count, found.count + 1);
	irq_restore(flags);
}

/* Keeps the first failure. No wait follows it. */
static void must(bool good, enum wrong wrong)
{
	if (!good && !found.wrong)
		found.wrong = wrong;
}

static void order(u32 hw_id, enum sigp_order order)
{
	u32 status;

	must(sigp(hw_id, order, 0, &status) == SIGP_ACCEPTED, NOT_ACCEPTED);
}

static bool is_stopped(u32 hw_id)
{
	u32 status;

	return sigp(hw_id, SIGP_SENSE, 0, &status) == SIGP_STATUS_STORED &&
	       status & SIGP_STATUS_STOPPED;
}

/*
 * Takes one more turn of a wait for the other CPU, which may run in between. Returns false at the
 * end of the wait.
 */
static bool wait_on(struct patience *patience)
{
	bool over = patience_spun(patience) || found.wrong;

	if (!over && patience->spins % SPINS_PER_LOOK == 0)
		step_aside();
	return !over;
}

static bool moves_on(const u32 *word, u32 from)
{
	struct patience patience = {0};

	while (READ_ONCE(*word) == from && wait_on(&patience))
		;
	return READ_ONCE(*word) != from;
}

/* The host may not run the CPU, so this finds only running CPUs. */
static bool stands_still(u32 count)
{
	u64 start = clock_ns();

	while (READ_ONCE(found.count) == count && clock_ns() - start < STILL_NS)
		cpu_relax();
	return READ_ONCE(found.count) == count;
}

static void stop(u32 hw_id)
{
	struct patience patience = {0};
	u32 count;

	must(!is_stopped(hw_id), NOT_RUNNING);
	order(hw_id, SIGP_STOP);
	while (!is_stopped(hw_id) && wait_on(&patience))
		;
	must(is_stopped(hw_id), NOT_STOPPED);
	count = READ_ONCE(found.count);
	must(stands_still(count), STOPPED_RUNS);
	found.stops++;
}

static void restart(unsigned cpu)
{
	u32 *mark = mark_of(cpu), was = READ_ONCE(*mark), count;

	order(smp_hw_id(cpu), SIGP_RESTART);
	must(moves_on(mark, was), NOT_RESTARTED);
	count = READ_ONCE(found.count);
	must(moves_on(&found.count, count), NOT_CONTINUED);
	found.restarts++;
}

static void give_orders(unsigned cpu)
{
	u32 hw_id = smp_hw_id(cpu), count;

	must(moves_on(&found.count, 0), NOT_STARTED);
	for (unsigned round = 0; round < ROUNDS && !found.wrong; round++) {
		stop(hw_id);
		count = READ_ONCE(found.count);
		order(hw_id, SIGP_START);
		must(moves_on(&found.count, count), NOT_STARTED);
		restart(cpu);
		stop(hw_id);
		restart(cpu);
		WRITE_ONCE(found.turns, found.turns + 1);
	}
}

static void signal_counter(struct variant *v)
{
	unsigned cpu = v->cpu[COUNTER];
	u32 status;

	restart_counts(cpu, true);
	must(sigp(NO_CPU, SIGP_SENSE, 0, &status) == SIGP_NOT_OPERATIONAL, ABSENT_ANSWERS);
	give_orders(cpu);
	if (found.wrong) /* it may still be stopped */
		sigp(smp_hw_id(cpu), SIGP_START, 0, &status);
	restart_counts(cpu, false);
	WRITE_ONCE(found.over, true);
}

static enum verdict judge(struct variant *v)
{
	if (found.wrong) {
		lab_saw(v, "%s, in round %u", wrong_name[found.wrong], found.turns + 1);
		return VIOLATED;
	}
	lab_counted(v, found.stops);
	lab_counted(v, found.restarts);
	lab_evidence(v, "CPU %u was stopped %u times, and went on; restarted %u times, and went on",
		     v->cpu[COUNTER], found.stops, found.restarts);
	return HELD;
}

SCENARIO(sigp_orders) = {
	.name = "hw/sigp",
	.rule = "a CPU follows SIGP stop, start and restart, and SIGP sense reports its "
		"state",
	.reference =
		"Principles of Operation, chapter 4, \"CPU Signaling and Response\", \"Restart "
		"Interruption\" (chapter 6)",
	.mode = MODE_PROBE,
	.least = {AT_LEAST(2 * ROUNDS, "stops"), AT_LEAST(2 * ROUNDS, "restarts")},
	.roles = {[SIGNALLER] = {"signaller", signal_counter}, [COUNTER] = {"counter", count}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
