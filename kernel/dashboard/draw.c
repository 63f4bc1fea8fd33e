/* SPDX-License-Identifier: MIT */
/* Draws the parts shared by several pages, such as lines, fields, wrapped text and the table of
 * scenarios. */
#include "kernel/dashboard/draw.h"
#include "kernel/dashboard/log_line.h"
#include "kernel/printk.h"

void draw_line(unsigned row, u8 ink, const char *format, ...)
{
	char text[SCREEN_COLS_MAX + 1];
	va_list args;

	va_start(args, format);
	vsnprintk(text, sizeof(text), format, args);
	va_end(args);
	screen_text(0, row, screen_cols(), ink, text);
}

#define CUT_MARK   "..."
#define MARK_WIDTH (sizeof(CUT_MARK) - 1)

void draw_field(unsigned row, const char *label, u8 ink, const char *format, ...)
{
	char text[SCREEN_COLS_MAX + 1];
	unsigned width = screen_cols() - 1 - LABEL_WIDTH;
	va_list args;

	va_start(args, format);
	if (vsnprintk(text, sizeof(text), format, args) > (int)width)
		text_copy(text + width - MARK_WIDTH, sizeof(CUT_MARK), CUT_MARK);
	va_end(args);
	screen_text(0, row, 1, PLAIN, "");
	screen_text(1, row, LABEL_WIDTH, LABEL, label);
	screen_text(1 + LABEL_WIDTH, row, width, ink, text);
}

/* Returns how many characters of the text go on a line of `width`, up to the last blank to fit. */
static unsigned line_length(const char *text, unsigned width)
{
	unsigned n = 0, blank = 0;

	for (; text[n] && n < width; n++)
		if (text[n] == ' ')
			blank = n;
	return !text[n] || text[n] == ' ' || !blank ? n : blank;
}

static const char *without_blanks(const char *text)
{
	while (*text == ' ')
		text++;
	return text;
}

unsigned draw_wrapped(unsigned row, unsigned most, unsigned indent, u8 ink, const char *text)
{
	unsigned width = screen_cols() - indent - 1;

	for (; most && *text; most--, row++) {
		unsigned n = line_length(text, width);
		bool cut = most == 1 && *without_blanks(text + n);

		n = cut ? line_length(text, width - MARK_WIDTH) : n;
		screen_text(indent, row, screen_cols() - indent, ink, "");
		screen_text(indent, row, n, ink, text);
		if (cut)
			screen_text(indent + n, row, MARK_WIDTH, ink, CUT_MARK);
		text = without_blanks(text + n);
	}
	return row;
}

unsigned draw_text(unsigned row, const char *label, unsigned most, u8 ink, const char *text)
{
	draw_field(row, label, PLAIN, " ");
	return draw_wrapped(row, most, 1 + LABEL_WIDTH, ink, *text ? text : " ");
}

void draw_title(const struct facts *facts, const char *right)
{
	unsigned n = (unsigned)__builtin_strlen(right), cols = screen_cols();

	draw_line(0, TITLE, " Zapwalk %s   git %s", facts->version, facts->git);
	if (n + 1 < cols)
		screen_text(cols - n - 1, 0, n, TITLE, right);
}

void memory_text(const struct facts *facts, char *text, size_t size)
{
	if (facts->reachable_mib == facts->mem_mib)
		snprintk(text, size, "%u MiB", facts->mem_mib);
	else
		snprintk(text, size, "%u of %u MiB", facts->reachable_mib, facts->mem_mib);
}

unsigned draw_machine(const struct facts *facts, unsigned row, unsigned lines)
{
	char memory[MEMORY_TEXT];

	memory_text(facts, memory, sizeof(memory));
	/* 80 columns have room for a whole brand and the signature behind it. */
	draw_field(row++, "CPU", PLAIN, "%s   sig %s", facts->cpu, facts->signature);
	row = draw_text(row, "Machine", lines, PLAIN, facts->product);
	row = draw_text(row, "Firmware", lines, PLAIN, facts->firmware);
	draw_field(row++, "Memory", PLAIN, "%s   seed %s   by %s, %s", memory,
		   facts->seed[0] ? facts->seed : "-", facts->loader, facts->protocol);
	return draw_text(row, "Options", lines, PLAIN, facts->options[0] ? facts->options : "(none)");
}

static u8 ink_of(char mark)
{
	switch (mark) {
	case 'F':
		return INK(WHITE, RED);
	case 'C':
		return INK(WHITE, GREEN);
	case 'h':
		return INK(BRIGHT_GREEN, BLACK);
	case '?':
	case 'k':
		return INK(YELLOW, BLACK);
	default:
		return PLAIN;
	}
}

#define LIST_COLUMN 40u
#define NAME_WIDTH  25u

/* Returns true if the letter is of the pass before, because this pass has not come to the point
 * yet. */
static bool is_of_before(const struct facts *f, const struct scenario_row *s, unsigned i)
{
	return f->pass && s->marks[i] != 'F' && s->point[i] >= f->reached;
}

static void draw_scenario(const struct facts *f, unsigned n, unsigned col, unsigned row,
			  unsigned width)
{
	const struct scenario_row *s = &f->scenario[n];
	bool now = n == f->latest && !f->over;
	unsigned marks = (unsigned)__builtin_strlen(s->marks);

	screen_text(col, row, 1, BRIGHT, now ? ">" : "");
	screen_text(col + 1, row, NAME_WIDTH, now ? BRIGHT : PLAIN, s->name);
	for (unsigned i = 0; i < width - NAME_WIDTH - 1; i++) {
		const char mark[2] = {i < marks ? s->marks[i] : ' ', 0};
		u8 ink = i < marks && is_of_before(f, s, i) ? DIM : ink_of(mark[0]);

		screen_text(col + 1 + NAME_WIDTH + i, row, 1, ink, mark);
	}
}

unsigned draw_scenarios(const struct facts *facts, unsigned first, unsigned row, unsigned end)
{
	unsigned rows = end - row, columns = screen_cols() / LIST_COLUMN;
	unsigned width = screen_cols() / columns;

	for (unsigned i = 0; i < rows * columns; i++) {
		unsigned col = i / rows * width, at = row + i % rows;

		if (first + i < facts->nr_scenarios)
			draw_scenario(facts, first + i, col, at, width);
		else
			screen_fill(col, at, width, PLAIN);
	}
	return rows * columns;
}

void draw_legend(unsigned row)
{
	draw_line(
		row, LABEL,
		" h held  C caught  m masked  - skipped/unseen  ? not observed  k known  F FAILED");
}
