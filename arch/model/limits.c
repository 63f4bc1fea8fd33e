/* SPDX-License-Identifier: MIT */
/* The model's limits, and the one that ran out. */
#include "arch/model/machine.h"

const char *model_limit;
struct room room_buffer = {"a store buffer is full: more stores on their way than MODEL_BUFFER",
			   MODEL_BUFFER, 0},
	    room_old = {"more overwritten values than MODEL_OLD", MODEL_OLD, 0},
	    room_tlb = {"a CPU has more translations than MODEL_TLB", MODEL_TLB, 0},
	    room_filled = {"more addresses than MODEL_FILLED", MODEL_FILLED, 0};

bool room_for(struct room *room, unsigned nr)
{
	if (nr > room->most)
		room->most = nr;
	if (nr <= room->size)
		return true;
	model_limit = room->limit;
	return false;
}
