/* SPDX-License-Identifier: MIT */
/* Keeps each scenario's marks, the running one's progress, and the first failure's witness. */
#include "kernel/dashboard/facts_rows.h"
#include "kernel/dashboard/log_line.h"
#include "kernel/printk.h"

#define COPY(to, line, key) line_field(line, key, to, sizeof(to))

static void forget(struct facts *f)
{
	story_clear(&f->witness);
	f->rule[0] = f->steps[0] = 0;
}

void facts_witness(struct facts *f, const char *line)
{
	char name[FACTS_NAME], saw[160], text[240];

	if (f->fault[0])
		return;
	forget(f);
	COPY(name, line, "scenario");
	COPY(f->rule, line, "rule");
	COPY(saw, line, "saw");
	snprintk(text, sizeof(text), "%s: %s", name, saw);
	story_keep(&f->witness, text);
}

void facts_step(struct facts *f, const char *line)
{
	char n[8], cpu[8], role[16], at[48], what[32], value[24], text[STORY_LINE_WIDTH];
	size_t used;

	if (f->fault[0])
		return;
	COPY(n, line, "n");
	COPY(cpu, line, "cpu");
	COPY(role, line, "role");
	COPY(at, line, "at");
	COPY(what, line, "do");
	COPY(value, line, "value");
	snprintk(text, sizeof(text), "%2s CPU %s %-7s %-18s %-18s %s", n, cpu, role, what, value,
		 at);
	story_keep(&f->witness, text);
	used = __builtin_strlen(f->steps);
	snprintk(f->steps + used, sizeof(f->steps) - used, "%s%s:%s", used ? " " : "", cpu, what);
}

/* Returns a cell's result in one letter. Important ones are capitals. */
static char mark_of(const char *result)
{
	static const struct {
		const char *result;
		char mark;
	} marks[] = {
		{"held", 'h'},		 {"caught", 'C'},	{"masked", 'm'}, {"skipped", '-'},
		{"not_observable", '-'}, {"not_observed", '?'}, {"known", 'k'},
	};

	for (unsigned i = 0; i < ARRAY_SIZE(marks); i++)
		if (text_is(result, marks[i].result))
			return marks[i].mark;
	return 'F';
}

static void count(struct facts *f, char mark)
{
	f->held += mark == 'h';
	f->caught += mark == 'C';
	f->skipped += mark == '-';
	f->known += mark == 'k';
	f->not_observed += mark == '?';
	f->other += mark == 'm';
}

static const char *const mode_name[] = {"probe", "choreo", "stress", "replay"};

static u8 mode_of(const char *name)
{
	u8 mode = 0;

	while (mode + 1u < ARRAY_SIZE(mode_name) && !text_is(mode_name[mode], name))
		mode++;
	return mode;
}

/* Shows the next point as the running one, if the plan is known from an earlier pass. */
static void tell_running(struct facts *f, u32 at)
{
	const struct point_shown *p = at < FACTS_POINTS ? &f->point[at] : NULL;

	if (!p || !p->mark)
		return;
	f->latest = p->scenario;
	snprintk(f->running, sizeof(f->running), "%s %s", f->scenario[p->scenario].name,
		 mode_name[p->mode]);
}

/* Counts up to point `done`. A later pass reports only changed points, so all other points already
 * passed are as they were. */
static void count_to(struct facts *f, u32 done)
{
	if (done < f->reached) {
		f->held = f->caught = f->skipped = f->known = f->other = f->not_observed = 0;
		f->reached = 0;
	}
	for (; f->reached < done && f->reached < FACTS_POINTS; f->reached++)
		if (f->point[f->reached].mark != 'F')
			count(f, f->point[f->reached].mark);
}

void facts_progress(struct facts *f, const char *line, u32 now)
{
	char eta[16];

	f->done = line_number(line, "done");
	f->of = line_number(line, "of");
	f->eta_known = COPY(eta, line, "eta");
	f->eta_s = line_number(line, "eta");
	f->eta_at = now;
	if (!f->pass)
		return;
	count_to(f, f->done);
	tell_running(f, f->done);
}

void facts_pass(struct facts *f, const char *line)
{
	f->pass = line_number(line, "n");
	count_to(f, f->planned);
	snprintk(f->pass_line, sizeof(f->pass_line),
		 "%u: %u passed, %u failed, %u skipped, %u known; at %u s, rounds %u", f->pass,
		 line_number(line, "passed"), line_number(line, "failed"),
		 line_number(line, "skipped"), line_number(line, "known"),
		 line_number(line, "seconds"), line_number(line, "rounds"));
}

static unsigned row_of(struct facts *f, const char *name)
{
	unsigned i = 0;

	while (i < f->nr_scenarios && !text_is(f->scenario[i].name, name))
		i++;
	if (i == FACTS_SCENARIOS)
		return i;
	if (i == f->nr_scenarios) {
		text_copy(f->scenario[i].name, sizeof(f->scenario[i].name), name);
		f->nr_scenarios++;
	}
	f->latest = i;
	return i;
}

/* at is the index of the point. */
static void add_mark(struct facts *f, u32 at, const char *name, const char *mode, char mark)
{
	unsigned i = row_of(f, name);
	struct scenario_row *row = &f->scenario[i];
	size_t n = i < FACTS_SCENARIOS ? __builtin_strlen(row->marks) : FACTS_MARKS;
	bool fits = n + 1 < FACTS_MARKS;

	if (fits) {
		row->marks[n] = mark;
		row->point[n] = (u16)at;
	}
	if (at < FACTS_POINTS && i < FACTS_SCENARIOS)
		f->point[at] = (struct point_shown){.mode = mode_of(mode),
						    .scenario = (u8)i,
						    .place = fits ? (u8)n : FACTS_MARKS};
}

/* Records a failure. The witness of the first failure stays. Its last lines were kept just
 * before. */
static void fail(struct facts *f, const char *line, const char *name, const char *mode,
		 const char *guard)
{
	char choices[96];
	struct failure *failure = &f->failure[f->nr_failures];
	bool plain;

	if (f->nr_failures == FACTS_FAILURES) {
		f->failures_lost++;
		return;
	}
	plain = !COPY(choices, line, "choices") || text_is(choices, "-");
	/* From the line, because f->pass lags behind when passes are too short to report each. */
	failure->pass = line_number(line, "pass");
	failure->pass = failure->pass ? failure->pass : 1;
	snprintk(failure->what, sizeof(failure->what), "%s %s%s%s%s%s%s", name, mode,
		 plain ? "" : " ", plain ? "" : choices, text_is(guard, "none") ? "" : " guard.",
		 text_is(guard, "none") ? "" : guard, text_is(guard, "none") ? "" : "=off");
	if (!COPY(failure->why, line, "reason"))
		COPY(failure->why, line, "evidence");
	if (f->nr_failures++)
		return;
	text_copy(f->fault, sizeof(f->fault), failure->what);
	text_copy(f->fault_why, sizeof(f->fault_why), failure->why);
	if (!f->witness.nr || !line_begins(f->witness.line[0], name))
		forget(f);
}

static void catch_one(struct facts *f, const char *line, const char *name, const char *guard)
{
	char choices[96];
	bool none = text_is(guard, "none");

	COPY(choices, line, "choices");
	snprintk(f->caught_by, sizeof(f->caught_by), "%s %s %s", name, none ? "with" : "without",
		 none ? choices : guard);
	COPY(f->caught_saw, line, "evidence");
}

/* Notes the result of a point, from its first pass or changed in a later one. */
static void note(struct facts *f, u32 at, const char *line, const char *name, char mark)
{
	struct point_shown none = {.place = FACTS_MARKS};
	struct point_shown *p = at < FACTS_POINTS ? &f->point[at] : &none;
	bool failed = p->failed;
	char mode[12], guard[40];

	COPY(mode, line, "mode");
	COPY(guard, line, "guard");
	p->mark = mark;
	p->failed |= mark == 'F';
	if (p->place < FACTS_MARKS && !failed)
		f->scenario[p->scenario].marks[p->place] = mark;
	if (mark == 'C')
		catch_one(f, line, name, guard);
	if (mark == '-' && !f->skip_why[0])
		COPY(f->skip_why, line, "reason");
	if (mark == 'F' && !failed) {
		f->failed++;
		fail(f, line, name, mode, guard);
	}
}

void facts_cell(struct facts *f, const char *line)
{
	u32 at = line_number(line, "n") - 1;
	char name[FACTS_NAME], mode[12], result[20], mark;

	COPY(name, line, "scenario");
	COPY(mode, line, "mode");
	COPY(result, line, "result");
	mark = mark_of(result);
	snprintk(f->running, sizeof(f->running), "%s %s", name, mode);
	add_mark(f, at, name, mode, mark);
	if (mark != 'F')
		count(f, mark);
	f->reached++;
	note(f, at, line, name, mark);
}

void facts_again(struct facts *f, const char *line)
{
	u32 at = line_number(line, "n") - 1;
	char name[FACTS_NAME], result[20];

	COPY(name, line, "scenario");
	COPY(result, line, "result");
	if (at < FACTS_POINTS && f->point[at].mark)
		note(f, at, line, name, mark_of(result));
}

void facts_count_all(struct facts *f)
{
	if (f->pass)
		count_to(f, f->planned);
}
