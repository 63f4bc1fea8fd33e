/* SPDX-License-Identifier: MIT */
/* What the kernel's own words set, where no other header has it. */
#pragma once

/* fault.trap=<name>: raised once the machine is up; NULL: none. */
extern const char *fault_trap_name;

/* Defaults that are not constants; before cmdline_parse(). */
void words_init(void);
