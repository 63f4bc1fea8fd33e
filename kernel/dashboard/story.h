/* SPDX-License-Identifier: MIT */
/* Lines kept for a later look on a screen. Pure code. */
#pragma once

#include "kernel/compiler.h"

#define STORY_LINES	 96u
#define STORY_LINE_WIDTH 79u /* every screen has room for it */

struct story {
	unsigned nr, lost;
	char line[STORY_LINES][STORY_LINE_WIDTH];
};

/* Keeps as many lines as the text needs, broken at blanks and behind '|'. Counts lines without room
 * as lost. */
void story_keep(struct story *story, const char *text);
void story_clear(struct story *story);
