/* SPDX-License-Identifier: MIT */
/* The parts shared by all pages. */
#pragma once

#include "drivers/screen.h"
#include "kernel/dashboard/facts.h"

#define PLAIN  INK(GREY, BLACK)
#define BRIGHT INK(WHITE, BLACK)
#define DIM    INK(DARK_GREY, BLACK)
#define LABEL  INK(CYAN, BLACK)
#define TITLE  INK(WHITE, BLUE)
#define GOOD   INK(BRIGHT_GREEN, BLACK)
#define BAD    INK(BRIGHT_RED, BLACK)
#define ODD    INK(YELLOW, BLACK)

#define LABEL_WIDTH 11u

/* Fills the whole row from the format. */
void draw_line(unsigned row, u8 ink, const char *format, ...) __printf(3, 4);
/* Draws a label and a value. A text too long for the row is cut and ends in "...". */
void draw_field(unsigned row, const char *label, u8 ink, const char *format, ...) __printf(4, 5);
/* Draws the text over as many rows as it needs, but at most `most`, and then it ends in "...".
 * Returns the next free row. */
unsigned draw_wrapped(unsigned row, unsigned most, unsigned indent, u8 ink, const char *text);
/* As draw_wrapped(), behind a label. Uses at least one row. */
unsigned draw_text(unsigned row, const char *label, unsigned most, u8 ink, const char *text);
void draw_title(const struct facts *facts, const char *right);
#define MEMORY_TEXT 32u
/* Writes "6143 MiB", or "63986 of 1572563 MiB" if this CPU cannot address all of it. The size is at
 * most MEMORY_TEXT. */
void memory_text(const struct facts *facts, char *text, size_t size);
/* Draws CPU, machine, memory and options in rows from `row` on. Each name and the options get at
 * most `lines` rows. Returns the next free row. */
unsigned draw_machine(const struct facts *facts, unsigned row, unsigned lines);
/* Draws scenarios from number `first` on in rows [row, end), down each column. Returns how many
 * have room. */
unsigned draw_scenarios(const struct facts *facts, unsigned first, unsigned row, unsigned end);
void draw_legend(unsigned row);
