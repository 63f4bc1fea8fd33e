/* SPDX-License-Identifier: MIT */
/* Draws the page of a working machine, and the heartbeats of its CPUs. */
#include "kernel/dashboard/dashboard.h"
#include "kernel/dashboard/draw.h"
#include "kernel/dashboard/log_line.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/printk.h"

static u32 beat_seen[FACTS_CPUS]; /* cpu_pulse() at the last drawing */
static u8 beats[FACTS_CPUS];	  /* how often the pulse was found to have moved */

static void clock_text(char *text, size_t size, u32 seconds)
{
	snprintk(text, size, "%u:%02u:%02u", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

/* Draws a box a CPU. Its hand turns whenever the CPU was found to have done something. */
static void draw_cpus(const struct facts *f, unsigned row)
{
	unsigned col = 1 + LABEL_WIDTH + 16;

	draw_field(row, "CPUs", PLAIN, "%u of %u run", facts_cpus_online(f), f->cpus_listed);
	for (unsigned cpu = 0; cpu < FACTS_CPUS && col < screen_cols(); cpu++) {
		char hand[2] = {"|/-\\"[beats[cpu] % 4], 0};

		if (f->cpu_state[cpu] == CPU_NONE)
			continue;
		if (f->cpu_state[cpu] == CPU_SILENT) {
			screen_text(col, row, 1, INK(WHITE, RED), "X");
		} else {
			u32 pulse = cpu_pulse(cpu);

			beats[cpu] += pulse != beat_seen[cpu];
			beat_seen[cpu] = pulse;
			screen_text(col, row, 1, INK(WHITE, GREEN), hand);
		}
		col += 2;
	}
}

static void remaining_text(const struct facts *f, u32 now, char *text, size_t size)
{
	u32 passed = now - f->eta_at, left = f->eta_s > passed ? f->eta_s - passed : 0;
	char time[16];

	clock_text(time, sizeof(time), left);
	if (!f->eta_known)
		snprintk(text, size, " ");
	else
		snprintk(text, size, "about %s left%s", time, f->passes == 1 ? "" : " of the pass");
}

#define BAR_WIDTH 30u

static void draw_progress(const struct facts *f, unsigned row, u32 now)
{
	u32 of = f->of ? f->of : 1, done = f->done < of ? f->done : of;
	unsigned full = done * BAR_WIDTH / of, col = 1 + LABEL_WIDTH;
	char left[48];

	remaining_text(f, now, left, sizeof(left));
	draw_field(row, "Progress", PLAIN, "%32s%u of %u   %s", "", f->done, f->of, left);
	screen_fill(col, row, full, INK(WHITE, GREEN));
	screen_fill(col + full, row, BAR_WIDTH - full, INK(WHITE, BLUE));
}

static void draw_counts(const struct facts *f, unsigned row)
{
	draw_field(row, "Result", f->failed ? BAD : PLAIN,
		   "%u FAILED   %u rules held   %u faults caught   %u skipped   %u known",
		   f->failed, f->held, f->caught, f->skipped, f->known);
}

static void draw_pass(const struct facts *f, unsigned row)
{
	if (f->passes == 1)
		draw_field(row, "Now", BRIGHT, "%s", f->running);
	else if (f->minutes)
		draw_field(row, "Now", BRIGHT, "pass %u, until a key or %u minutes   %s",
			   f->pass + 1, f->minutes, f->running);
	else if (!f->passes)
		draw_field(row, "Now", BRIGHT, "pass %u, until a key   %s", f->pass + 1,
			   f->running);
	else
		draw_field(row, "Now", BRIGHT, "pass %u of %u   %s", f->pass + 1, f->passes,
			   f->running);
}

/* Draws the last event and the first failure. */
static void draw_events(const struct facts *f, unsigned row, unsigned lines)
{
	draw_legend(row++);
	draw_field(row++, "Caught", GOOD, "%s", f->caught_by);
	for (unsigned i = 0; i < lines; i++)
		screen_fill(0, row + i, screen_cols(), PLAIN);
	if (f->pass)
		draw_field(row, "Passes", PLAIN, "%s", f->pass_line);
	else
		draw_wrapped(row, lines, 1 + LABEL_WIDTH, PLAIN, f->caught_saw);
	row += lines;
	draw_field(row, "Failure", f->fault[0] ? BAD : PLAIN, "%s",
		   f->fault[0] ? f->fault : "none so far");
	for (unsigned i = 1; i <= lines; i++)
		screen_fill(0, row + i, screen_cols(), PLAIN);
	draw_wrapped(row + 1, lines, 1 + LABEL_WIDTH, BAD, f->fault_why);
	draw_line(row + lines + 1, TITLE,
		  " No disk driver is in here: nothing is read from or written to any disk.");
}

/* Returns the first scenario to show, so the list includes the latest one. */
static unsigned first_shown(const struct facts *f, unsigned room)
{
	if (f->latest + 2 <= room || f->nr_scenarios <= room)
		return 0;
	return f->latest + 2 < f->nr_scenarios ? f->latest + 2 - room : f->nr_scenarios - room;
}

void dashboard_draw(const struct facts *f, u32 now)
{
	unsigned row, lines = screen_rows() > 30 ? 2 : 1, last = screen_rows() - 4 - 2 * lines;
	static unsigned room = 1;
	char elapsed[16];

	clock_text(elapsed, sizeof(elapsed), now);
	draw_title(f, elapsed);
	row = draw_machine(f, 1, 1);
	draw_cpus(f, row++);
	draw_pass(f, row++);
	draw_progress(f, row++, now);
	draw_counts(f, row++);
	room = draw_scenarios(f, first_shown(f, room), row + 1, last - 1);
	draw_events(f, last, lines);
	screen_flush();
}
