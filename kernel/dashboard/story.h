/* SPDX-License-Identifier: MIT */
/* Lines that are kept to be read afterwards on a screen. Pure code. */
#pragma once

#include "kernel/compiler.h"

#define STORY_LINES	 96u
#define STORY_LINE_WIDTH 79u /* what every screen has room for */

struct story {
	unsigned nr, lost;
	char line[STORY_LINES][STORY_LINE_WIDTH];
};

/* As many lines as the text needs, broken at blanks and behind '|'. What has no room is counted as
 * lost. */
void story_keep(struct story *story, const char *text);
void story_clear(struct story *story);
