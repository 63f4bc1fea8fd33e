/* SPDX-License-Identifier: MIT */
/*
 * A linear framebuffer as a screen of text. A pixel has 2 to 4 whole bytes. Any pitch will do, and
 * any place and size of the colours. Glyphs are drawn as large as possible while SCREEN_COLS_MIN by
 * SCREEN_ROWS_MIN of them fit, in the middle of the screen.
 */
#pragma once

#include "boot/boot_info.h"
#include "drivers/screen.h"

/* Tells whether framebuffer_init() can draw on the screen, or vga_text_init() on FRAMEBUFFER_TEXT.
 * If not, screen->problem says why. The fields must be possible (boot/x86/multiboot.h). */
bool framebuffer_check(struct boot_framebuffer *screen);
/* Blackens the whole screen. screen->type must be FRAMEBUFFER_RGB, and framebuffer_check() must
 * have passed. `memory` is the mapping of its pitch * height bytes. */
const struct surface *framebuffer_init(const struct boot_framebuffer *screen, void *memory);
