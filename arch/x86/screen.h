/* SPDX-License-Identifier: MIT */
/*
 * The screen of a PC. It shows the facts in the console's lines. The CPU with the console's lock
 * draws it while it prints such a line, so nothing else is in its way.
 */
#pragma once

#include "boot/boot_info.h"

/* Attaches text at a fixed place below 1 MiB. Works already on the boot tables. */
void x86_screen_early(const struct boot_info *boot);
/* Attaches any screen. Call after paging_init(). If there is one but nothing can be drawn on it,
 * boot->framebuffer.problem says why. It is empty if no screen is wanted. */
void x86_screen_init(struct boot_info *boot);
/* Wants a screen or none, as console= says. */
void x86_screen_enable(bool on);
void x86_screen_line(const char *bytes, size_t n);
/* Shows the screen's pages in turn for ever, after the end of the run. Returns at once without a
 * screen. */
void x86_screen_rest(void);
