/* SPDX-License-Identifier: MIT */
/* What there is to ask for: options, guards, choices, race points and scenarios, one line each. */
#pragma once

/* "# ev=guard" lines: the matrix needs them to tell what nothing kills. */
void list_guards(void);
/* The option `list`: all of it, and the end of the run. */
_Noreturn void list_all(unsigned nr_scenarios);
