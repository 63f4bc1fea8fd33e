/* SPDX-License-Identifier: MIT */
/*
 * Roles that are processes of their own.
 *
 * The roles of a scenario share the variant's space and are its threads. A role in `.forked` has a
 * space of its own instead, and gets it when another role calls sys_fork() for it. It waits for the
 * fork with no space loaded, and then begins with its own function. When the function returns or
 * calls sys_exit(), the process has exited and its space is gone.
 *
 * A bit of `.forked` beyond the roles stands for a process with no role. It takes no CPU, and its
 * space lasts until the round is over.
 *
 * If no role is left to fork it, it ends without having begun. Judges ask role_began().
 */
#pragma once

#include "tests/lab/user.h"

/*
 * Roles. Copies the caller's space for the role, and the role begins there. Returns 0, -ENOMEM, or
 * -EAGAIN if there is no free role, that is if `role` is not of `.forked` or was forked already.
 * Call with no lock held. Linux fork(2).
 */
int sys_fork(struct variant *v, unsigned role);
/*
 * Roles. Waits until the role has exited. Returns 0, -EINTR if the caller is killed meanwhile, or
 * -ECHILD at once if the role was not forked by a thread of the caller's space, has been waited for
 * already, or has nobody to play it. Linux waitpid(2).
 */
int sys_wait(struct variant *v, unsigned role);
/* Roles. From here on the role's accesses do nothing, as after a bad one. A spin ends, and so does
 * its sys_wait(). Returns 0, also if the role has exited and nobody has waited for it, or -ESRCH if
 * there is no such role any more or yet. Linux kill(2). */
int sys_kill(struct variant *v, unsigned role);
/* Roles. The program exits. A process of its own gives its space back, and a thread leaves the
 * space to the others. Call it last, because accesses behind it do nothing, and there is no space
 * for other calls. Linux exit(2), exit_mm(). */
void sys_exit(struct variant *v);

/* Judges. Whether the role has run. Any role without `.forked` always has. */
bool role_began(const struct variant *v, unsigned role);

/* For the code that plays variants. */

/* Runs the role's function, in the role's own space. An idle role does nothing, and neither does a
 * role without a fork. */
void process_run(struct variant *v, unsigned role);
/* Returns the space in which a role begins, NULL before a fork. */
struct mm *process_first_mm(struct variant *v, unsigned role);
/* Returns the role's own space, or NULL if it has none now. */
struct mm *process_mm(struct variant *v, unsigned role);
/* Whether a role is inside sys_fork(). A space may be there then, and belong to nobody yet. */
bool process_forking(const struct variant *v);
/* Call before a round, and after the last one, while no role is active. Ends processes that were
 * forked and did not run. */
void process_reset(struct variant *v);
