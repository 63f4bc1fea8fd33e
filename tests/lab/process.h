/* SPDX-License-Identifier: MIT */
/*
 * Roles that are processes of their own.
 *
 * The roles of a scenario share the variant's space and are its threads. A role in `.forked` has a
 * space of its own instead, and gets it when another role calls sys_fork() for it. It waits for the
 * fork with no space loaded, and then begins with its own function. When the function returns, the
 * process has exited and its space is gone.
 *
 * A bit of `.forked` beyond the roles stands for a process with no role. It takes no CPU, and its
 * space lasts until the round is over.
 *
 * If no role is left to fork it, it ends without having begun. Judges ask role_began().
 */
#pragma once

#include "tests/lab/user.h"

/* Roles. Copies the caller's space for the role, and the role begins there. Returns 0, -EAGAIN if
 * the role is not of `.forked` or was forked already, -ENOMEM. Call with no lock held. */
int sys_fork(struct variant *v, unsigned role);
/* Roles. Waits until the role has exited. Returns 0, -ECHILD if it was not forked. */
int sys_wait(struct variant *v, unsigned role);
/* Roles. From here on the role's accesses do nothing, as after a bad one. A spin ends. Returns 0,
 * -ESRCH if the role has exited or was not forked. */
int sys_kill(struct variant *v, unsigned role);

/* Judges. Whether the role has run. Any role without `.forked` always has. */
bool role_began(const struct variant *v, unsigned role);

/* For the code that plays variants. */

/* Runs the role's function, in the role's own space. An idle role does nothing, and neither does a
 * role without a fork. */
void process_run(struct variant *v, unsigned role);
/* Returns the space in which a role begins, NULL before a fork. */
struct mm *process_first_mm(struct variant *v, unsigned role);
/* Call before a round, and after the last one, while no role is active. Ends processes that were
 * forked and did not run. */
void process_reset(struct variant *v);
