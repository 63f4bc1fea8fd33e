/* SPDX-License-Identifier: MIT */
/* Each CPU signals the next one as fast as that one answers. A signal may come when the handler of
 * the one before has looked already, and not yet returned: it must not get lost, as no other
 * follows.
 */
#include <asm/clock.h>
#include <asm/probe.h>
#include <asm/smp.h>

#include "tests/lab/lab.h"

#define SIGNALS	  4000u
#define NS_MOST	  300000000ull
#define ANSWER_NS 5000000000ull

static struct {
	u32 sent, lost;
} __aligned(64) found[MAX_ROLES];

static bool setup(struct variant *v)
{
	(void)v;
	for (unsigned role = 0; role < MAX_ROLES; role++)
		found[role] = (typeof(found[0])){.sent = 0};
	return true;
}

static bool is_served(unsigned cpu)
{
	u64 start = clock_ns();

	u32 spins = 0;

	for (; ipi_is_pending(cpu, IPI_WAKE); spin_turn(&spins))
		if (clock_ns() - start > ANSWER_NS)
			return false;
	return true;
}

static void signal_next(struct variant *v)
{
	unsigned role = 0, next;
	u64 end;

	while (v->cpu[role] != cpu_id())
		role++;
	next = v->cpu[(role + 1) % v->nr_roles];
	lab_meet(v);
	end = clock_ns() + NS_MOST;
	while (found[role].sent < SIGNALS && !found[role].lost && clock_ns() < end) {
		ipi_send(next, IPI_WAKE);
		found[role].sent++;
		found[role].lost += !is_served(next);
	}
	lab_meet(v); /* with interruptions on: who has done still answers */
}

static enum verdict judge(struct variant *v)
{
	u32 sent = 0;

	for (unsigned role = 0; role < v->nr_roles; role++) {
		sent += found[role].sent;
		if (!found[role].lost)
			continue;
		lab_saw(v, "signal %u of CPU %u was accepted, and not taken within 5 s",
			found[role].sent, v->cpu[role]);
		return VIOLATED;
	}
	lab_evidence(v, "%u emergency signals round %u CPUs, each served", sent, v->nr_roles);
	return HELD;
}

#define ROW(...)                                                                                   \
	{                                                                                          \
		.rule = "an emergency signal that was accepted is taken, whatever the CPU is at",  \
		.reference = "Principles of Operation, chapter 4, SIGP emergency signal; chapter " \
			     "6, \"Emergency Signal\"",                                            \
		.mode = "probe", CELLS(HOLDS()), .setup = setup, .judge = judge, __VA_ARGS__       \
	}

SCENARIO(emergency) = ROW(.name = "hw/emergency-signal",
			  .roles = {{"a CPU", signal_next}, {"another", signal_next}});
SCENARIO(emergency_ring) = ROW(.name = "hw/emergency-signal-ring",
			       .roles = {{"a CPU", signal_next},
					 {"the next", signal_next},
					 {"the third", signal_next},
					 {"the fourth", signal_next}});
