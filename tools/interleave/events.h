/* SPDX-License-Identifier: MIT */
/* Race points as a judge sees them. */
#pragma once

#include "arch/model/machine.h"
#include "kernel/hooks/race.h"

/*
 * While on, a race point of a role is an event if the judge asks for it, and it has the role's
 * acts.
 */
void events_record(bool on);

/* Called at every race point of a CPU's part. May be NULL. */
extern void (*lab_passed)(unsigned cpu, unsigned point);
/* The size in use of MAX_EVENTS, for a self-test. */
extern struct room room_events;
