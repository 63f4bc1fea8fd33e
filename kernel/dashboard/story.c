/* SPDX-License-Identifier: MIT */
/* Keeps the lines of a witness or a crash for the pages, as many as fit. */
#include "kernel/dashboard/log_line.h"
#include "kernel/dashboard/story.h"

/* Returns how much of the text goes on one line. A longer text breaks at a blank or behind a
 * '|'. */
static size_t line_length(const char *text)
{
	size_t n = __builtin_strlen(text), blank;

	if (n < STORY_LINE_WIDTH)
		return n;
	for (blank = STORY_LINE_WIDTH - 1; blank && text[blank] != ' ' && text[blank - 1] != '|';)
		blank--;
	return blank ? blank : STORY_LINE_WIDTH - 1;
}

void story_keep(struct story *story, const char *text)
{
	do {
		size_t n = line_length(text);

		if (story->nr < STORY_LINES)
			text_copy(story->line[story->nr++], n + 1, text);
		else
			story->lost++;
		text += n;
	} while (*text);
}

void story_clear(struct story *story)
{
	story->nr = story->lost = 0;
}
