/* SPDX-License-Identifier: MIT */
/* Records the race points of the roles. */
#include "tests/lab/trace.h"

#include <asm/atomic.h>

#include "tests/lab/plant.h"

static struct {
	struct trace_entry entry[TRACE_SIZE];
	u32 taken; /* shared, may pass TRACE_SIZE */
	bool began[MAX_ROLES], took_part[MAX_ROLES];
	bool napped[MAX_ROLES]; /* the role's last event is the end of a nap */
} trace;

/* Weighs a step as a sign of work. A step of the protocol weighs 2, and one between a role's loads
 * and stores 1. Interrupt work of its CPU is not the role's, and neither is the switch to the
 * space. */
static unsigned weight(enum race_point point)
{
	if (point == RACE_role_middle || point == RACE_role_probe)
		return 1;
	if (point >= RACE_role_start || point == RACE_served_half ||
	    point == RACE_switch_root_read || point == RACE_switch_loaded ||
	    point == RACE_switch_left)
		return 0;
	return 2;
}

static unsigned room(void)
{
	return planted(PLANT_loss) ? 4 : TRACE_SIZE;
}

static unsigned trace_used(void)
{
	return min(trace.taken, room());
}

void trace_reset(void)
{
	trace.taken = 0;
	for (unsigned role = 0; role < MAX_ROLES; role++)
		trace.began[role] = trace.took_part[role] = trace.napped[role] = false;
}

/* Whether the role naps once more in a wait. Such a wait may be as long as the host makes it, and
 * its naps would fill the trace. */
static bool naps_again(unsigned role, enum race_point point)
{
	bool nap = point >= RACE_nap_announcing && point <= RACE_nap_over;
	bool again = nap && trace.napped[role];

	trace.napped[role] = again || point == RACE_nap_over;
	return again;
}

void trace_add(unsigned role, const struct race_site *site, u64 value, u32 ticket)
{
	unsigned at;

	if (naps_again(role, site->point))
		return;
	at = atomic_fetch_add(&trace.taken, 1) ^ planted(PLANT_order);
	/* Before role_start its CPU loads the space, and may have to wait for a clear. */
	trace.began[role] |= site->point == RACE_role_start;
	trace.took_part[role] |= trace.began[role] && weight(site->point) > 0;
	if (at < room())
		trace.entry[at] = (struct trace_entry){*site, value, ticket, (u8)role};
}

bool trace_in_order(bool by_role)
{
	u32 last[MAX_ROLES] = {0};

	for (unsigned i = 0; i < trace_used(); i++) {
		u32 *before = &last[by_role ? trace.entry[i].role : 0];

		if (trace.entry[i].ticket <= *before)
			return false;
		*before = trace.entry[i].ticket;
	}
	return true;
}

bool trace_took_part(unsigned role)
{
	return trace.took_part[role];
}

const struct trace_entry *trace_entries(unsigned *nr, unsigned *lost)
{
	*nr = trace_used();
	*lost = trace.taken - trace_used();
	return trace.entry;
}

unsigned lab_when(unsigned role, enum race_point point, unsigned nth)
{
	for (unsigned i = 0; i < trace_used(); i++)
		if (trace.entry[i].role == role && trace.entry[i].site.point == point && !--nth)
			return i + 1;
	return 0;
}

u64 lab_value_at(unsigned position)
{
	return trace.entry[position - 1].value;
}

/* Finds a role's first and last step of the protocol. For a role with only loads and stores, the
 * span is from its first look to its end. Returns false if it did nothing. */
static bool span(unsigned role, unsigned *first, unsigned *last)
{
	unsigned best = 0;

	for (unsigned i = 0; i < trace_used(); i++) {
		unsigned w = trace.entry[i].role == role ? weight(trace.entry[i].site.point) : 0;

		if (!w || w < best)
			continue;
		*first = w > best ? i + 1 : *first;
		*last = i + 1;
		best = w;
	}
	if (best == 1)
		*last = lab_when(role, RACE_role_done, 1);
	return best;
}

bool trace_overlapped(void)
{
	unsigned first0, last0, first1, last1;

	return span(0, &first0, &last0) && span(1, &first1, &last1) && first0 < last1 &&
	       first1 < last0;
}

bool trace_blocked(void)
{
	for (unsigned i = 0; i < trace_used(); i++)
		if (trace.entry[i].site.point == RACE_wait_blocked)
			return true;
	return false;
}
