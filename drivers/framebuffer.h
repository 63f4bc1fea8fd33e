/* SPDX-License-Identifier: MIT */
/*
 * A linear framebuffer as a screen of text: whole bytes a pixel, 2 to 4 of them, any pitch, any
 * place and size of the colours. Glyphs are drawn as large as leaves room for SCREEN_COLS_MIN by
 * SCREEN_ROWS_MIN of them, in the middle of the screen.
 */
#pragma once

#include "boot/boot_info.h"
#include "drivers/screen.h"

/* Whether framebuffer_init(), or vga_text_init() of FRAMEBUFFER_TEXT, can draw on it; if not,
 * screen->problem says why. Its fields are possible (boot/x86/multiboot.h). */
bool framebuffer_check(struct boot_framebuffer *screen);
/* screen->type is FRAMEBUFFER_RGB, and framebuffer_check() had nothing against it; memory: where
 * pitch * height bytes of it are mapped. Blackens all of it. */
const struct surface *framebuffer_init(const struct boot_framebuffer *screen, void *memory);
