/* SPDX-License-Identifier: MIT */
/* The limits of the model and of the explorer. */
#pragma once

/* With the option `rooms`, prints one line for each limit and the most of it that this run needed
 * at once. */
void rooms_print(void);
