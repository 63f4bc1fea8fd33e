/* SPDX-License-Identifier: MIT */
/* Floor zero: the errors of calls, with Linux's numbers and meanings. Functions return them
 * negative. */
#pragma once

#define EPERM  1  /* the range has a page that belongs to the kernel's own code for programs */
#define ESRCH  3  /* no such role, or it has exited */
#define ECHILD 10 /* a role that was not forked */
#define EAGAIN 11 /* a role that cannot be forked, or was already */
#define ENOMEM 12 /* no memory, no room, or a hole where there must be none */
#define EACCES 13 /* rights beyond those the mapping allows */
#define EEXIST 17 /* MAP_FIXED_NOREPLACE, and something is there */
#define EINVAL 22 /* an argument has no meaning */
