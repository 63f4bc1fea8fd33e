/* SPDX-License-Identifier: MIT */
/*
 * The facts on the screen, gathered from the lines the kernel prints. So the screen says the same
 * as the log, and the kernel and the lab know nothing of the screen. Pure code.
 */
#pragma once

#include "drivers/smbios.h"
#include "kernel/dashboard/story.h"

#define FACTS_CPUS	32u
#define FACTS_SCENARIOS 128u
#define FACTS_MARKS	24u
#define FACTS_POINTS	1024u
#define FACTS_FAILURES	256u
#define FACTS_NAME	64u /* no scenario's is longer, because the lab checks each of them */

enum cpu_shown {
	CPU_NONE, /* not listed, or not started on purpose */
	CPU_ONLINE,
	CPU_SILENT,
};

/* One scenario, and a letter for each of its points, with '\0' at the end. A point that failed in
 * any pass stays 'F'. */
struct scenario_row {
	char name[FACTS_NAME];
	char marks[FACTS_MARKS];
	u16 point[FACTS_MARKS]; /* index into facts.point, for each mark */
};

/* One point of the plan. */
struct point_shown {
	u8 mode;     /* index into mode_name[] of kernel/dashboard/facts_rows.c */
	char mark;   /* the last one, 0 before the first */
	bool failed; /* in any pass */
	u8 scenario; /* index */
	u8 place;    /* among its scenario's marks, FACTS_MARKS if it has none */
};

/* The first failure of a point. */
struct failure {
	u32 pass;
	char what[200], why[200];
};

struct facts {
	char version[16], git[24], options[512], loader[64], protocol[16];
	char cpu[64], signature[16], microcode[24], firmware[SMBIOS_TITLE], product[SMBIOS_TITLE];
	char seed[16];
	u32 mem_mib, reachable_mib; /* all of it, and the part this CPU can address */
	u32 cpus_listed, cpus_ignored;
	u8 cpu_state[FACTS_CPUS]; /* enum cpu_shown */

	u32 planned, points; /* of the first pass */
	/* Of this pass so far, but `failed` is of all passes. */
	u32 held, caught, skipped, known, failed, other;
	u32 not_observed;
	u32 reached; /* points of this pass counted so far */
	struct point_shown point[FACTS_POINTS];
	struct failure failure[FACTS_FAILURES];
	unsigned nr_failures, failures_lost;
	char running[FACTS_NAME + 16]; /* scenario and mode of the last point, in later passes of
					* the next point */
	u32 done, of;		       /* of the last "ev=progress" */
	u32 eta_s;
	bool eta_known;
	u32 eta_at;	   /* the time of this estimate */
	u32 seconds_asked; /* of stress, a pass */
	u32 pass, passes;  /* finished, and asked for (0 if endless) */
	u32 minutes;	   /* after which they end, 0 if not given */
	char pass_line[160];
	char ended[80]; /* why they ended */

	struct scenario_row scenario[FACTS_SCENARIOS];
	unsigned nr_scenarios, latest;

	char caught_by[128], caught_saw[160]; /* the last broken variant that was noticed */
	char fault[200], fault_why[200];      /* the first failure */
	char rule[200];			      /* the broken rule, "" without a witness */
	char steps[768];		      /* of its witness, as "cpu:point cpu:point ..." */
	struct story witness;		      /* the same, a line each */
	struct story crash;		      /* from "ev=panic" on */
	struct story valid;		      /* the valid options, after a wrong one */
	u32 warnings;			      /* lines of "ev=warning" */
	char warning[200];		      /* the first of them */
	char bail[200];
	char skip_why[160]; /* of the first skipped point */
	char missing[160];  /* of the first "ev=missing" */

	bool over; /* "ev=done" was printed */
	char status[16], seconds[16];
	u32 total_passed, total_failed, total_skipped, total_known;
};

/* Takes one log line, without its newline. now is in seconds since boot. */
void facts_take(struct facts *facts, const char *line, u32 now);
unsigned facts_cpus_online(const struct facts *facts);
unsigned facts_cpus_silent(const struct facts *facts);
