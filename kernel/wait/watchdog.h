/* SPDX-License-Identifier: MIT */
/* The published waits, for a screen. The waits themselves: kernel/wait/wait.h. */
#pragma once

/* One "# ev=wait" line for each CPU that waits. */
void wait_print_all(void);
