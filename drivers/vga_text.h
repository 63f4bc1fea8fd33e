/* SPDX-License-Identifier: MIT */
/* The text mode of a PC's screen: two bytes a cell, character and attribute (IBM VGA). */
#pragma once

#include "boot/boot_info.h"
#include "drivers/screen.h"

/* screen->type is FRAMEBUFFER_TEXT; memory: where pitch * height bytes of it are mapped. NULL: too
 * small for us. */
const struct surface *vga_text_init(const struct boot_framebuffer *screen, void *memory);
