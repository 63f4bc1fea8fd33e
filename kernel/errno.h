/* SPDX-License-Identifier: MIT */
/* Floor zero: the errors of calls, with Linux's numbers and meanings. Functions return them
 * negative. */
#pragma once

#define EPERM	  1  /* the range has a page of the kernel's own code for programs */
#define ENOENT	  2  /* the slot of the swap area is free by now */
#define ESRCH	  3  /* no such role, or it has exited */
#define EINTR	  4  /* the waiting program was killed */
#define EIO	  5  /* the store of a file or of the swap area failed */
#define EBADF	  9  /* neither a file nor MAP_ANONYMOUS */
#define ECHILD	  10 /* no such child, or it was waited for already */
#define EAGAIN	  11 /* a role that cannot be forked, or was already */
#define ENOMEM	  12 /* no memory, no room, or a hole where there must be none */
#define EACCES	  13 /* rights beyond those the mapping allows */
#define EFAULT	  14 /* no mapping there, or not one alone */
#define EBUSY	  16 /* the page has another user, or the driver has a page already */
#define EEXIST	  17 /* MAP_FIXED_NOREPLACE, and something is there */
#define EINVAL	  22 /* an argument has no meaning */
#define EFBIG	  27 /* a file longer than it was made */
#define ENOSPC	  28 /* the swap area is full */
#define EOVERFLOW 75 /* a place in a file without a number */
