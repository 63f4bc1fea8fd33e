/* SPDX-License-Identifier: MIT */
/*
 * The screen of a PC. It shows what the console's lines say, and is drawn only where such a line is
 * printed, by the CPU that prints it, with the console's lock held: nothing else is in its way.
 */
#pragma once

#include "boot/boot_info.h"

/* Text at a fixed place below 1 MiB: at once, on the boot tables already. */
void x86_screen_early(const struct boot_info *boot);
/* Any screen; after paging_init(). If there is one and nothing can be drawn on it,
 * boot->framebuffer.problem says why; it is empty if no screen is wanted. */
void x86_screen_init(struct boot_info *boot);
/* screen or no screen: console=. */
void x86_screen_enable(bool on);
void x86_screen_line(const char *bytes, size_t n);
/* The end: shows its pages, one after the other, for ever. Returns at once without a screen. */
void x86_screen_rest(void);
