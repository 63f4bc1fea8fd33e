/* SPDX-License-Identifier: MIT */
/* Text in letters as high as half of the screen. */
#pragma once

#include "drivers/screen.h"

/* Draws the text in the middle of the columns, with one or more cells for each of the font's
 * pixels. Returns the next free row. On a screen too narrow for the text it draws only the first
 * word. */
unsigned banner_draw(unsigned row, u8 ink, const char *text);
