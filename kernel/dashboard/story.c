/* SPDX-License-Identifier: MIT */
/* Keeps the lines of a witness or a crash, as many as fit, for the pages that show them. */
#include "kernel/dashboard/log_line.h"
#include "kernel/dashboard/story.h"

/* How much of the text goes on one line: up to a blank, or to a '|', if it is too long. */
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
