/* SPDX-License-Identifier: MIT */
/* Options for a worse explorer, so that its tests can show that they notice, and its limits. */
#include "tools/interleave/selftest.h"

#include <string.h>

#include "arch/model/model.h"
#include "kernel/cmdline.h"
#include "kernel/printk.h"
#include "tests/lab/options.h"
#include "tests/lab/plant.h"
#include "tools/interleave/coroutine.h"
#include "tools/interleave/cpus.h"
#include "tools/interleave/events.h"
#include "tools/interleave/lab.h"
#include "tools/interleave/state.h"

/* Self-tests. The explorer must notice when this kind of step is a step no more. */
static const char *const droppable[NR_OP_KINDS] = {
	[OP_READ] = "read",	      [OP_WRITE] = "write", [OP_RMW] = "rmw",
	[OP_FILL] = "fill",	      [OP_MB] = "mb",	    [OP_FENCE] = "fence",
	[OP_IRQ_OFF] = "irq-off",     [OP_IPI] = "ipi",	    [OP_BROADCAST] = "broadcast",
	[OP_ROOT] = "root",	      [OP_WALK] = "walk",   [OP_EVENT] = "event",
	[OP_TLB_WRITE] = "tlb-write", [OP_FLUSH] = "flush",
};

static bool set_dropped(const char *name)
{
	for (unsigned kind = 0; kind < NR_OP_KINDS; kind++)
		if (droppable[kind] && !strcmp(name, droppable[kind])) {
			cpus_dropped = kind;
			return true;
		}
	return false;
}

/* If one of these runs out, the explorer stops and names the limit. A self-test makes it small. */
static const struct {
	const char *name;
	struct room *room;
	unsigned small;
} rooms[] = {
	{"buffer", &room_buffer, 1}, {"old", &room_old, 1},	  {"tlb", &room_tlb, 1},
	{"filled", &room_filled, 0}, {"events", &room_events, 1}, {"stack", &room_stack, 200},
	{"frames", &room_frames, 0}, {"state", &room_state, 1},
};

static bool set_room(const char *name)
{
	for (unsigned i = 0; i < ARRAY_SIZE(rooms); i++)
		if (!strcmp(name, rooms[i].name)) {
			rooms[i].room->size = rooms[i].small;
			return true;
		}
	return false;
}

static bool rooms_asked;

static bool set_rooms(const char *rest, const char *value)
{
	(void)rest;
	return option_is_flag(value, &rooms_asked);
}
OPTION(option_rooms, "rooms", "", set_rooms, false);

void rooms_print(void)
{
	for (unsigned i = 0; rooms_asked && i < ARRAY_SIZE(rooms); i++)
		printk("# ev=room name=%s most=%u of=%u\n", rooms[i].name, rooms[i].room->most,
		       rooms[i].room->size);
}

static bool set_lab(const char *rest, const char *value)
{
	if (value && !strcmp(rest, "drop"))
		return set_dropped(value);
	if (value && !strcmp(rest, "room"))
		return set_room(value);
	if (value && !strcmp(rest, "plant")) {
		plant_choose(PLANTS_EXPLORER, value);
		return true;
	}
	if (value && !strcmp(rest, "idle"))
		return option_set_idle(value);
	options.stuck_guards = true;
	return !strcmp(rest, "guards") && value && !strcmp(value, "stuck");
}
OPTION(option_lab, "lab.", "plant=<name> | lab.guards=stuck | lab.idle=writer|walker|all | lab.drop=<kind of step> | lab.room=<limit>", set_lab, false);
