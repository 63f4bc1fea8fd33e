/* SPDX-License-Identifier: MIT */
/* What is done with the published waits of all CPUs. The waits themselves: kernel/wait/wait.h. */
#pragma once

#include "kernel/wait/wait.h"

/* Two looks of one CPU find a deadlock among the published waits, if there is one. Then the machine
 * stops with a screen that names its CPUs, or, while a variant is recorded, they become
 * wait_abandoned. For a CPU that waits; call it every SPINS_PER_LOOK spins. */
void watchdog_look(void);
/* This CPU's wait has passed its deadline: stops the machine with a screen that names it. */
_Noreturn void watchdog_expired(const struct wait *wait, cpumask_t whom);
/* One "# ev=wait" line for each CPU that waits. */
void wait_print_all(void);
