/* SPDX-License-Identifier: MIT */
/* Each CPU signals the next one as fast as that one answers. A signal may come after the last look
 * of the handler before, and before its return. It must not get lost, because no other signal
 * follows. */
#include <asm/clock.h>
#include <asm/probe.h>
#include <asm/smp.h>

#include "tests/lab/lab.h"

#define SIGNALS 4000u
#define LEAST	16u /* of each CPU */
#define NS_MOST 300000000ull
#define NS_LATE 3000000000ull /* for a host that rarely runs both CPUs */

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
	struct patience patience = {0};

	while (ipi_is_pending(cpu, IPI_WAKE)) {
		if (patience_spun(&patience))
			return false;
		if (patience.spins % SPINS_PER_LOOK == 0)
			step_aside();
	}
	return true;
}

static bool goes_on(unsigned role, u64 ns)
{
	if (found[role].sent >= SIGNALS || found[role].lost)
		return false;
	return ns < (found[role].sent < LEAST ? NS_LATE : NS_MOST);
}

static void signal_next(struct variant *v)
{
	unsigned role = 0, next;
	u64 start;

	while (v->cpu[role] != cpu_id())
		role++;
	next = v->cpu[(role + 1) % v->nr_roles];
	if (!lab_meet(v))
		return;
	start = clock_ns();
	while (goes_on(role, clock_ns() - start)) {
		ipi_send(next, IPI_WAKE);
		found[role].sent++;
		found[role].lost += !is_served(next);
	}
	lab_meet_last(v); /* with interruptions on, so a finished CPU still answers */
}

static enum verdict judge(struct variant *v)
{
	u32 sent = 0, fewest = SIGNALS;

	for (unsigned role = 0; role < v->nr_roles; role++) {
		sent += found[role].sent;
		if (found[role].sent < fewest)
			fewest = found[role].sent;
		if (!found[role].lost)
			continue;
		lab_saw(v, "signal %u of CPU %u was accepted, and not taken within %u s",
			found[role].sent, v->cpu[role], wait_deadline_s);
		return VIOLATED;
	}
	lab_counted(v, fewest);
	lab_evidence(v, "%u emergency signals round %u CPUs, each served", sent, v->nr_roles);
	return HELD;
}

#define ROW(...)                                                                                   \
	{                                                                                          \
		.rule = "an accepted emergency signal is taken, whatever the CPU does at that "    \
			"moment",                                                                  \
		.reference = "Principles of Operation, chapter 4, SIGP emergency signal; chapter " \
			     "6, \"Emergency Signal\"",                                            \
		.mode = MODE_PROBE, .least = {AT_LEAST_MET(LEAST, "signals of each CPU")},         \
		CELLS(HOLDS()), .setup = setup, .judge = judge, __VA_ARGS__                        \
	}

SCENARIO(emergency) = ROW(.name = "hw/emergency-signal",
			  .roles = {{"a CPU", signal_next}, {"another", signal_next}});
SCENARIO(emergency_ring) = ROW(.name = "hw/emergency-signal-ring",
			       .roles = {{"a CPU", signal_next},
					 {"the next", signal_next},
					 {"the third", signal_next},
					 {"the fourth", signal_next}});
