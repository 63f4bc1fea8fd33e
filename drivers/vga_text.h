/* SPDX-License-Identifier: MIT */
/* The text mode of a PC's screen, with two bytes a cell, character and attribute (IBM VGA). */
#pragma once

#include "boot/boot_info.h"
#include "drivers/screen.h"

/* screen->type must be FRAMEBUFFER_TEXT. `memory` is the mapping of its pitch * height bytes.
 * Returns NULL if the screen is too small for us. */
const struct surface *vga_text_init(const struct boot_framebuffer *screen, void *memory);
