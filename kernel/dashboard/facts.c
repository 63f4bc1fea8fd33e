/* SPDX-License-Identifier: MIT */
/* Keeps the facts for the screen, one log line at a time. */
#include "kernel/dashboard/facts.h"
#include "kernel/dashboard/facts_rows.h"
#include "kernel/dashboard/log_line.h"
#include "kernel/printk.h"

#define COPY(to, line, key) line_field(line, key, to, sizeof(to))

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
	COPY(f->options, line, "text");
}

static void take_ended(struct facts *f, const char *line)
{
	char why[64];

	COPY(why, line, "why");
	snprintk(f->ended, sizeof(f->ended), "%s, in pass %u", why, line_number(line, "pass"));
}

static void take_machine(struct facts *f, const char *line)
{
	COPY(f->cpu, line, "cpu");
	COPY(f->microcode, line, "microcode");
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
	f->minutes = line_number(line, "minutes");
}

static void take_valid(struct facts *f, const char *line)
{
	story_keep(&f->valid, line + sizeof("# valid: ") - 1);
}

static void take_warning(struct facts *f, const char *line)
{
	if (!f->warnings++)
		COPY(f->warning, line, "what");
}

static void take_missing(struct facts *f, const char *line)
{
	if (!f->missing[0])
		COPY(f->missing, line, "what");
}

static void take_done(struct facts *f, const char *line)
{
	COPY(f->status, line, "status");
	COPY(f->seconds, line, "seconds");
	f->total_passed = line_number(line, "passed");
	f->total_failed = line_number(line, "failed");
	f->total_skipped = line_number(line, "skipped");
	f->total_known = line_number(line, "known");
	facts_count_all(f);
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
		{"# ev=pass ", facts_pass},	   {"# ev=cell ", facts_cell},
		{"# ev=witness ", facts_witness},  {"# ev=step ", facts_step},
		{"# ev=warning ", take_warning},   {"# ev=missing ", take_missing},
		{"# ev=again ", facts_again},	   {"# ev=ended ", take_ended},
		{"# valid: ", take_valid},	   {"# ev=done ", take_done},
	};

	for (unsigned i = 0; i < ARRAY_SIZE(takers); i++)
		if (line_begins(line, takers[i].event))
			takers[i].take(f, line);
	if (line_begins(line, "# ev=progress "))
		facts_progress(f, line, now);
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
		story_keep(&f->crash, line);
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
