/* SPDX-License-Identifier: MIT */
/* Lists of options, guards, choices, race points and scenarios, one line each. */
#pragma once

/* Prints "# ev=guard" lines. The matrix needs them to tell which guards nothing kills. */
void list_guards(void);
/* The option `list`. Prints all of it and ends the run. */
_Noreturn void list_all(unsigned nr_scenarios);
