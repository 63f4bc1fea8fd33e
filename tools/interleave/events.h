/* SPDX-License-Identifier: MIT */
/* Race points as a judge sees them. */
#pragma once

#include "kernel/hooks/race.h"

/* On: a race point of a role is an event if the judge asks for it, and has the role's acts. */
void events_record(bool on);

/* Told of every race point that a CPU's part passes; NULL: nobody wants to know. */
extern void (*lab_passed)(unsigned cpu, unsigned point);
/* How much of MAX_EVENTS there is; for a self-test. */
extern unsigned lab_room_events;
