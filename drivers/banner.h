/* SPDX-License-Identifier: MIT */
/* Words in letters as high as half of the screen. */
#pragma once

#include "drivers/screen.h"

/* Draws the word in the middle of the columns, each of the font's pixels a cell or more; the next
 * free row. */
unsigned banner_draw(unsigned row, u8 ink, const char *word);
