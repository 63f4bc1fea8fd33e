/* SPDX-License-Identifier: MIT */
/* The kernel's own options. */
#pragma once

/* Sets the defaults known only at boot. Call before cmdline_parse(). */
void options_init(void);
