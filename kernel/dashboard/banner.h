/* SPDX-License-Identifier: MIT */
/* Text in letters as high as half of the screen. */
#pragma once

#include "drivers/screen.h"

/* Draws the text in the middle of the columns, each of the font's pixels a cell or more; the next
 * free row. On a screen that is too narrow only the first word is drawn. */
unsigned banner_draw(unsigned row, u8 ink, const char *text);
