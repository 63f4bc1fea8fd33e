/* SPDX-License-Identifier: MIT */
#include "drivers/facts.h"
#include "drivers/log_line.h"
#include "kernel/printk.h"

#define COPY(to, line, key) line_field(line, key, to, sizeof(to))

/* How much of the text goes on one line: up to a blank, if it is too long. */
static size_t line_length(const char *text)
{
	size_t n = __builtin_strlen(text), blank;

	if (n < STORY_LINE_WIDTH)
		return n;
	for (blank = STORY_LINE_WIDTH - 1; blank && text[blank] != ' ';)
		blank--;
	return blank ? blank : STORY_LINE_WIDTH - 1;
}

static void keep(struct story *story, const char *text)
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

static void forget(struct facts *f)
{
	f->witness.nr = f->witness.lost = 0;
	f->rule[0] = f->steps[0] = 0;
}

static void take_boot(struct facts *f, const char *line)
{
	COPY(f->version, line, "version");
	COPY(f->git, line, "git");
	COPY(f->protocol, line, "protocol");
	COPY(f->loader, line, "loader");
	f->mem_mib = line_number(line, "mem_mib");
	f->reachable_mib = line_number(line, "reachable_mib");
	f->cpu_state[0] = CPU_ONLINE;
	f->cpus_listed = 1;
}

static void take_cmdline(struct facts *f, const char *line)
{
	COPY(f->words, line, "text");
}

static void take_machine(struct facts *f, const char *line)
{
	COPY(f->cpu, line, "cpu");
	COPY(f->signature, line, "signature");
	COPY(f->firmware, line, "firmware");
	COPY(f->product, line, "product");
}

static void take_firmware(struct facts *f, const char *line)
{
	u32 cpus = line_number(line, "cpus");

	f->cpus_listed = cpus ? cpus : 1;
	f->cpus_ignored = line_number(line, "ignored");
}

static void take_cpu(struct facts *f, const char *line)
{
	u32 cpu = line_number(line, "n");
	char state[16];

	COPY(state, line, "state");
	if (cpu < FACTS_CPUS)
		f->cpu_state[cpu] = text_is(state, "online")   ? CPU_ONLINE
				    : text_is(state, "silent") ? CPU_SILENT
							       : CPU_NONE;
}

static void take_lab(struct facts *f, const char *line)
{
	COPY(f->seed, line, "seed");
	f->passes = line_number(line, "passes");
	f->seconds_asked = line_number(line, "seconds");
}

static void take_progress(struct facts *f, const char *line, u32 now)
{
	char eta[16];

	f->done = line_number(line, "done");
	f->of = line_number(line, "of");
	f->eta_known = COPY(eta, line, "eta");
	f->eta_s = line_number(line, "eta");
	f->eta_at = now;
}

static void take_pass(struct facts *f, const char *line)
{
	f->pass = line_number(line, "n");
	text_copy(f->pass_line, sizeof(f->pass_line), line + sizeof("# ev=pass ") - 1);
}

/* A cell's result in one letter. Capitals are what matters. */
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
	f->failed += mark == 'F';
}

static struct scenario_row *row_of(struct facts *f, const char *name)
{
	unsigned i = 0;

	while (i < f->nr_scenarios && !text_is(f->scenario[i].name, name))
		i++;
	if (i == FACTS_SCENARIOS)
		return NULL;
	if (i == f->nr_scenarios) {
		text_copy(f->scenario[i].name, sizeof(f->scenario[i].name), name);
		f->nr_scenarios++;
	}
	f->latest = i;
	return &f->scenario[i];
}

static void add_mark(struct facts *f, const char *name, char mark)
{
	struct scenario_row *row = row_of(f, name);
	size_t n = row ? __builtin_strlen(row->marks) : FACTS_MARKS;

	if (n + 1 < FACTS_MARKS)
		row->marks[n] = mark;
}

/* Of the first failure the witness stays, of which the last lines were kept just before. */
static void fail(struct facts *f, const char *line, const char *name, const char *mode,
		 const char *guard)
{
	if (text_is(guard, "none"))
		snprintk(f->fault, sizeof(f->fault), "%s %s", name, mode);
	else
		snprintk(f->fault, sizeof(f->fault), "%s %s guard.%s=off", name, mode, guard);
	if (!COPY(f->fault_why, line, "reason"))
		COPY(f->fault_why, line, "evidence");
	if (!f->witness.nr || !line_begins(f->witness.line[0], name))
		forget(f);
}

static void take_cell(struct facts *f, const char *line)
{
	char name[FACTS_NAME], mode[12], guard[40], choices[96], result[20], mark;

	COPY(name, line, "scenario");
	COPY(mode, line, "mode");
	COPY(guard, line, "guard");
	COPY(result, line, "result");
	mark = mark_of(result);
	snprintk(f->running, sizeof(f->running), "%s %s", name, mode);
	count(f, mark);
	add_mark(f, name, mark);
	if (mark == 'C') {
		COPY(choices, line, "choices");
		snprintk(f->caught_by, sizeof(f->caught_by), "%s %s %s", name,
			 text_is(guard, "none") ? "with" : "without",
			 text_is(guard, "none") ? choices : guard);
		COPY(f->caught_saw, line, "evidence");
	}
	if (mark == 'F' && !f->fault[0])
		fail(f, line, name, mode, guard);
}

static void take_witness(struct facts *f, const char *line)
{
	char name[FACTS_NAME], saw[160], text[240];

	if (f->fault[0])
		return;
	forget(f);
	COPY(name, line, "scenario");
	COPY(f->rule, line, "rule");
	COPY(saw, line, "saw");
	snprintk(text, sizeof(text), "%s: %s", name, saw);
	keep(&f->witness, text);
}

static void take_step(struct facts *f, const char *line)
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
	keep(&f->witness, text);
	used = __builtin_strlen(f->steps);
	snprintk(f->steps + used, sizeof(f->steps) - used, "%s%s:%s", used ? " " : "", cpu, what);
}

static void take_warning(struct facts *f, const char *line)
{
	if (!f->warnings++)
		COPY(f->warning, line, "what");
}

static void take_done(struct facts *f, const char *line)
{
	COPY(f->status, line, "status");
	COPY(f->seconds, line, "seconds");
	f->total_passed = line_number(line, "passed");
	f->total_failed = line_number(line, "failed");
	f->total_skipped = line_number(line, "skipped");
	f->total_known = line_number(line, "known");
	f->over = true;
}

static void take_event(struct facts *f, const char *line, u32 now)
{
	static const struct {
		const char *event;
		void (*take)(struct facts *f, const char *line);
	} takers[] = {
		{"# ev=boot ", take_boot},	   {"# ev=cmdline ", take_cmdline},
		{"# ev=machine ", take_machine},   {"# ev=cpu ", take_cpu},
		{"# ev=firmware ", take_firmware}, {"# ev=lab ", take_lab},
		{"# ev=pass ", take_pass},	   {"# ev=cell ", take_cell},
		{"# ev=witness ", take_witness},   {"# ev=step ", take_step},
		{"# ev=warning ", take_warning},   {"# ev=done ", take_done},
	};

	for (unsigned i = 0; i < ARRAY_SIZE(takers); i++)
		if (line_begins(line, takers[i].event))
			takers[i].take(f, line);
	if (line_begins(line, "# ev=progress "))
		take_progress(f, line, now);
}

/* "1..160" */
static u32 plan_of(const char *line)
{
	u32 n = 0;

	for (line += 3; *line >= '0' && *line <= '9'; line++)
		n = n * 10 + (u32)(*line - '0');
	return n;
}

void facts_take(struct facts *f, const char *line, u32 now)
{
	bool bail = line_begins(line, "Bail out! ");

	if (f->crash.nr || bail || line_begins(line, "# ev=panic "))
		keep(&f->crash, line);
	if (bail && !f->bail[0])
		text_copy(f->bail, sizeof(f->bail), line + sizeof("Bail out! ") - 1);
	else if (line_begins(line, "1.."))
		f->planned = plan_of(line);
	else if (line_begins(line, "ok ") || line_begins(line, "not ok "))
		f->points++;
	else
		take_event(f, line, now);
}

static unsigned cpus_in(const struct facts *f, u8 state)
{
	unsigned n = 0;

	for (unsigned cpu = 0; cpu < FACTS_CPUS; cpu++)
		n += f->cpu_state[cpu] == state;
	return n;
}

unsigned facts_cpus_online(const struct facts *f)
{
	return cpus_in(f, CPU_ONLINE);
}

unsigned facts_cpus_silent(const struct facts *f)
{
	return cpus_in(f, CPU_SILENT);
}
