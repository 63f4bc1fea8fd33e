/* SPDX-License-Identifier: MIT */
/* Draws the pages of a finished run, from the verdict to the scenarios, the witness or crash, and
 * the report. */
#include "kernel/dashboard/banner.h"
#include "kernel/dashboard/dashboard.h"
#include "kernel/dashboard/draw.h"
#include "kernel/dashboard/log_line.h"
#include "kernel/printk.h"

#define HEAD_ROWS    2u
#define FOOT_ROWS    1u
#define FAILURE_ROWS 3u /* of each failure */

static unsigned story_rows(void)
{
	return screen_rows() - HEAD_ROWS - FOOT_ROWS;
}

static unsigned story_pages(const struct story *story)
{
	return (story->nr + story_rows() - 1) / story_rows();
}

static bool is(const struct facts *f, const char *status)
{
	return text_is(f->status, status);
}

/* The names of "ev=done status=", as README.md writes them. The first stands for any other. */
static const struct verdict {
	const char *status, *name;
	u8 paper;
} verdicts[] = {
	{"fail", "FAIL", RED},
	{"pass", "PASS", GREEN},
	{"incomplete", "INCOMPLETE", BROWN},
	{"nothing_shown", "NOTHING SHOWN", BROWN},
	{"not_run", "NOT RUN", BROWN},
	{"cannot_start", "CANNOT START", BROWN},
};

static const struct verdict *verdict(const struct facts *f)
{
	for (unsigned i = 0; i < ARRAY_SIZE(verdicts); i++)
		if (is(f, verdicts[i].status))
			return &verdicts[i];
	return &verdicts[0];
}

static u8 verdict_ink(const struct facts *f)
{
	return INK(WHITE, verdict(f)->paper);
}

static const char *verdict_name(const struct facts *f)
{
	return verdict(f)->name;
}

/* Writes why the run is no pass, or the grounds for a pass. */
static void reason(const struct facts *f, char *text, size_t size)
{
	if (f->bail[0])
		snprintk(text, size, "%s", f->bail);
	else if (f->fault[0])
		snprintk(text, size, "%s: %s", f->fault, f->fault_why);
	else if (is(f, "nothing_shown"))
		snprintk(text, size, "All %u points were skipped, the first because: %s",
			 f->total_skipped, f->skip_why);
	else if (f->missing[0])
		snprintk(text, size, "%s", f->missing);
	else if (is(f, "pass"))
		snprintk(text, size,
			 "%u rules held, and %u deliberate faults were caught, on %u CPUs.",
			 f->held, f->caught, facts_cpus_online(f));
	else
		snprintk(
			text, size,
			"No rule was broken, but not all was seen. CPUs silent: %u, out of reach: %u. Deliberate faults unnoticed: %u.",
			facts_cpus_silent(f), f->cpus_ignored, f->not_observed);
}

/* Draws oddities of the machine that are no failures. */
static unsigned draw_warnings(const struct facts *f, unsigned row)
{
	char text[sizeof(f->warning) + 32];

	if (!f->warnings)
		return row;
	if (f->warnings == 1)
		snprintk(text, sizeof(text), "%s", f->warning);
	else
		snprintk(text, sizeof(text), "%s (and %u more, in the serial log)", f->warning,
			 f->warnings - 1);
	return draw_text(row, "Warning", 3, ODD, text);
}

static void draw_totals(const struct facts *f, unsigned row)
{
	draw_field(row, "Points", PLAIN, "%u passed, %u failed, %u skipped, %u known, in %s s",
		   f->total_passed, f->total_failed, f->total_skipped, f->total_known, f->seconds);
}

/* Returns true if this is the rest of the line before, as story_keep() breaks lines. */
static bool is_rest(const struct story *story, unsigned n)
{
	size_t before = n ? __builtin_strlen(story->line[n - 1]) : 0;

	return story->line[n][0] == ' ' || (before && story->line[n - 1][before - 1] == '|');
}

/* Returns true if the line has room in half of a row. */
static bool is_short(const struct story *story, unsigned n)
{
	return n < story->nr && !is_rest(story, n) &&
	       __builtin_strlen(story->line[n]) < screen_cols() / 2 - 2;
}

/* Draws as many options as have room, two in a row if they are short. Returns how many it drew. */
static unsigned draw_valid(const struct story *story, unsigned row, unsigned end)
{
	unsigned n = 0, half = screen_cols() / 2;

	while (n < story->nr && row < end) {
		bool two = is_short(story, n) && is_short(story, n + 1);

		screen_text(1, row, two ? half - 2 : screen_cols() - 1, PLAIN, story->line[n++]);
		if (two)
			screen_text(half, row, half, PLAIN, story->line[n++]);
		row++;
	}
	return n;
}

/* After a wrong option, the user sits before the screen and wants the valid ones. So they have the
 * room and not the verdict. */
static void draw_wrong_option(const struct facts *f)
{
	unsigned row = HEAD_ROWS, end = screen_rows() - FOOT_ROWS - 1, n;
	char why[256];

	screen_fill(0, 1, screen_cols(), verdict_ink(f));
	screen_text(1, 1, (unsigned)__builtin_strlen(verdict_name(f)), verdict_ink(f),
		    verdict_name(f));
	reason(f, why, sizeof(why));
	row = draw_wrapped(row, 3, 1, BRIGHT, why);
	draw_line(row++, LABEL, " Valid:");
	n = draw_valid(&f->valid, row, end);
	if (n < f->valid.nr)
		draw_line(end, ODD, " ... all %u lines on the next page",
			  f->valid.nr + f->valid.lost);
}

static void draw_verdict(const struct facts *f)
{
	unsigned row = banner_draw(HEAD_ROWS, verdict_ink(f), verdict_name(f)) + 1;
	char why[256], memory[MEMORY_TEXT];

	reason(f, why, sizeof(why));
	memory_text(f, memory, sizeof(memory));
	row = draw_wrapped(row, 3, 1, BRIGHT, why) + 1;
	draw_totals(f, row++);
	if (f->ended[0])
		draw_field(row++, "Ended", PLAIN, "%s", f->ended);
	draw_field(row++, "CPU", PLAIN, "%s   sig %s", f->cpu, f->signature);
	draw_field(row++, "Memory", PLAIN, "%s   %u of %u CPUs ran", memory, facts_cpus_online(f),
		   f->cpus_listed);
	draw_warnings(f, row);
}

static unsigned marks_pages(const struct facts *f)
{
	unsigned room = (screen_rows() - 6) * (screen_cols() / 40);

	return (f->nr_scenarios + room - 1) / room;
}

static void draw_marks(const struct facts *f, unsigned page)
{
	unsigned room = (screen_rows() - 6) * (screen_cols() / 40);

	draw_line(1, BRIGHT, " Every point, a letter each");
	draw_scenarios(f, page * room, 3, screen_rows() - 3);
	draw_legend(screen_rows() - 2);
}

static void draw_story(const struct story *story, const char *title, unsigned page)
{
	unsigned first = page * story_rows();

	draw_line(1, BRIGHT, " %s", title);
	for (unsigned i = 0; i < story_rows() && first + i < story->nr; i++)
		screen_text(1, HEAD_ROWS + i, screen_cols() - 1, PLAIN, story->line[first + i]);
	if (story->lost && page + 1 == story_pages(story))
		draw_line(screen_rows() - 2, ODD, " ... and %u lines more, in the serial log",
			  story->lost);
}

static unsigned draw_crash(const struct facts *f, unsigned row, unsigned end)
{
	for (unsigned i = 0; i < f->crash.nr && row < end; i++)
		screen_text(1, row++, screen_cols() - 1, PLAIN, f->crash.line[i]);
	return row;
}

static unsigned failures_a_page(void)
{
	return story_rows() / FAILURE_ROWS;
}

/* A single failure is on the first page already. */
static unsigned failure_pages(const struct facts *f)
{
	if (f->nr_failures < 2)
		return 0;
	return (f->nr_failures + failures_a_page() - 1) / failures_a_page();
}

static void draw_failures(const struct facts *f, unsigned page)
{
	unsigned first = page * failures_a_page(), row = HEAD_ROWS;

	draw_line(1, BRIGHT, " Every failure: %u", f->nr_failures + f->failures_lost);
	for (unsigned i = 0; i < failures_a_page() && first + i < f->nr_failures; i++) {
		const struct failure *failure = &f->failure[first + i];

		draw_line(row, BAD, "%4u  pass %u: %s", first + i + 1, failure->pass,
			  failure->what);
		draw_wrapped(row + 1, FAILURE_ROWS - 1, 6, PLAIN, failure->why);
		row += FAILURE_ROWS;
	}
	if (f->failures_lost && page + 1 == failure_pages(f))
		draw_line(screen_rows() - 2, ODD, " ... and %u more, in the serial log",
			  f->failures_lost);
}

static unsigned witness_pages(const struct facts *f)
{
	return f->fault[0] ? story_pages(&f->witness) : 0;
}

/* The other pages have already said everything about a wrong option. */
static unsigned crash_pages(const struct facts *f)
{
	return is(f, "not_run") ? 0 : story_pages(&f->crash);
}

unsigned dashboard_pages(const struct facts *f)
{
	return 2 + failure_pages(f) + story_pages(&f->valid) + marks_pages(f) + witness_pages(f) +
	       crash_pages(f);
}

/* Draws as much of the witness or of the panic's screen as has room. The whole is on its own
 * pages. */
static void draw_report(const struct facts *f)
{
	unsigned row, end = screen_rows() - 2;
	bool good = is(f, "pass");
	char why[256];

	draw_line(1, BRIGHT,
		  " For a report: a photo of this page, or the serial log (docs/hardware.md)");
	draw_field(2, "Version", PLAIN, "Zapwalk %s, git %s", f->version, f->git);
	row = draw_machine(f, 3, 3);
	draw_field(row++, "Microcode", PLAIN, "%s", f->microcode[0] ? f->microcode : "unknown");
	draw_field(row++, "CPUs", PLAIN, "%u of %u run, %u silent, %u cannot be used",
		   facts_cpus_online(f), f->cpus_listed, facts_cpus_silent(f), f->cpus_ignored);
	draw_field(row++, "Verdict", verdict_ink(f), "%s", verdict_name(f));
	draw_totals(f, row++);
	if (f->pass)
		draw_field(row++, "Passes", PLAIN, "%s", f->pass_line);
	if (f->ended[0])
		draw_field(row++, "Ended", PLAIN, "%s", f->ended);
	if (failure_pages(f))
		draw_field(row++, "Failures", BAD, "%u variants, on pages 2 to %u",
			   f->nr_failures + f->failures_lost, 1 + failure_pages(f));
	reason(f, why, sizeof(why));
	row = draw_warnings(f, row);
	row = draw_text(row, good ? "Because" : "First", 3, good ? PLAIN : BAD, why);
	if (f->witness.nr)
		row = draw_text(row, "Rule", 2, PLAIN, f->rule);
	if (f->witness.nr && row < end)
		row = draw_text(row, "Witness", end - row, PLAIN, f->steps);
	row = draw_crash(f, row, end);
	if (row < end)
		draw_line(
			end, PLAIN,
			" No disk driver is in here: nothing was read from or written to any disk.");
}

/* Draws a page between the verdict and the report, for text too long for one page. Returns false if
 * there is no such page. */
static bool draw_middle(const struct facts *f, unsigned page)
{
	if (page < story_pages(&f->valid)) {
		draw_story(&f->valid, "What is valid", page);
		return true;
	}
	page -= story_pages(&f->valid);
	if (page < failure_pages(f)) {
		draw_failures(f, page);
		return true;
	}
	page -= failure_pages(f);
	if (page < witness_pages(f)) {
		draw_story(&f->witness, "The first failure, step by step", page);
		return true;
	}
	page -= witness_pages(f);
	if (page < crash_pages(f)) {
		draw_story(&f->crash, "Why the machine stopped", page);
		return true;
	}
	page -= crash_pages(f);
	if (page >= marks_pages(f))
		return false;
	draw_marks(f, page);
	return true;
}

void dashboard_draw_page(const struct facts *f, unsigned page, unsigned seconds)
{
	screen_clear();
	draw_title(f, verdict_name(f));
	if (page == 0 && f->valid.nr)
		draw_wrong_option(f);
	else if (page == 0)
		draw_verdict(f);
	else if (!draw_middle(f, page - 1))
		draw_report(f);
	draw_line(screen_rows() - 1, TITLE,
		  " Page %u of %u   any key: the next one   r: restart   by itself after %u s",
		  page + 1, dashboard_pages(f), seconds);
	screen_flush();
}
