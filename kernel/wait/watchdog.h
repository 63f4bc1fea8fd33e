/* SPDX-License-Identifier: MIT */
/* Acts on the published waits of all CPUs (kernel/wait/wait.h). */
#pragma once

#include "kernel/wait/wait.h"

/* Looks for a deadlock among the published waits. It takes two looks of one CPU to find one. The
 * machine then stops with a screen naming the deadlocked CPUs. While a variant is recorded, they
 * become wait_abandoned instead. Call on a waiting CPU every SPINS_PER_LOOK spins. */
void watchdog_look(void);
/* Stops the machine with a screen naming this CPU's wait. Call when the wait has passed its
 * deadline. */
_Noreturn void watchdog_expired(const struct wait *wait, cpumask_t whom);
/* Prints one "# ev=wait" line for each waiting CPU. */
void wait_print_all(void);
