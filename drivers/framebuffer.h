/* SPDX-License-Identifier: MIT */
/*
 * A linear framebuffer as a screen of text: whole bytes a pixel, 2 to 4 of them, any pitch, any
 * place of the colours. Glyphs are drawn as large as leaves room for SCREEN_COLS_MIN by
 * SCREEN_ROWS_MIN of them, in the middle of the screen.
 */
#pragma once

#include "boot/boot_info.h"
#include "drivers/screen.h"

/* screen->type is FRAMEBUFFER_RGB and its fields are possible (boot/x86/multiboot.h); memory: where
 * pitch * height bytes of it are mapped. Blackens all of it. NULL: too small, or pixels of another
 * kind. */
const struct surface *framebuffer_init(const struct boot_framebuffer *screen, void *memory);
