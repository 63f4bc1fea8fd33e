/* SPDX-License-Identifier: MIT */
/* What the pages have in common. */
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

/* The whole row, from the format. */
void draw_line(unsigned row, u8 ink, const char *format, ...) __printf(3, 4);
/* A label and a value. What the row has no room for is cut, and ends in "...". */
void draw_field(unsigned row, const char *label, u8 ink, const char *format, ...) __printf(4, 5);
/* Over as many rows as the text needs, at most `most`, then it ends in "..."; the next free row. */
unsigned draw_wrapped(unsigned row, unsigned most, unsigned indent, u8 ink, const char *text);
/* The same behind a label: one row at least. */
unsigned draw_text(unsigned row, const char *label, unsigned most, u8 ink, const char *text);
void draw_title(const struct facts *facts, const char *right);
#define MEMORY_TEXT 32u
/* "6143 MiB", or "63986 of 1572563 MiB" where this CPU cannot address all of it; size: at most
 * MEMORY_TEXT. */
void memory_text(const struct facts *facts, char *text, size_t size);
/* CPU, machine, memory, options: rows from `row` on, at most `lines` of them for each name and for
 * the options; the next free row. */
unsigned draw_machine(const struct facts *facts, unsigned row, unsigned lines);
/* Scenarios from number `first` on, in rows [row, end), down each column; how many have room. */
unsigned draw_scenarios(const struct facts *facts, unsigned first, unsigned row, unsigned end);
void draw_legend(unsigned row);
