/* SPDX-License-Identifier: MIT */
/*
 * What the screen shows, gathered from the lines that the kernel prints: so the screen says what
 * the log says, and the kernel and the lab know nothing of it. Pure code.
 */
#pragma once

#include "drivers/smbios.h"
#include "kernel/dashboard/story.h"

#define FACTS_CPUS	32u
#define FACTS_SCENARIOS 128u
#define FACTS_MARKS	24u
#define FACTS_POINTS	1024u
#define FACTS_FAILURES	256u
#define FACTS_NAME	64u /* no scenario's is longer: the lab asks when it sorts them */

enum cpu_shown {
	CPU_NONE, /* not listed, or not started on purpose */
	CPU_ONLINE,
	CPU_SILENT,
};

/* One scenario and a mark for each of its points: the mark's letter, '\0' at the end. One that
 * failed in any pass stays 'F'. */
struct scenario_row {
	char name[FACTS_NAME];
	char marks[FACTS_MARKS];
	u16 point[FACTS_MARKS]; /* index into facts.point, of each mark */
};

/* One point of the plan. */
struct point_shown {
	u8 mode;     /* index into what kernel/dashboard/facts_rows.c knows */
	char mark;   /* as it came last; 0: it did not come yet */
	bool failed; /* in any pass */
	u8 scenario; /* index */
	u8 place;    /* among its marks; FACTS_MARKS: it has none */
};

/* A point that failed, when it did so first. */
struct failure {
	u32 pass;
	char what[200], why[200];
};

struct facts {
	char version[16], git[24], options[512], loader[64], protocol[16];
	char cpu[64], signature[16], microcode[24], firmware[SMBIOS_TITLE], product[SMBIOS_TITLE];
	char seed[16];
	u32 mem_mib, reachable_mib; /* all of it; what of it this CPU can address */
	u32 cpus_listed, cpus_ignored;
	u8 cpu_state[FACTS_CPUS]; /* enum cpu_shown */

	u32 planned, points; /* of the first pass */
	/* Of this pass as far as it has come; failed: in any pass. */
	u32 held, caught, skipped, known, failed, other;
	u32 not_observed;
	u32 reached; /* points of this pass that are counted */
	struct point_shown point[FACTS_POINTS];
	struct failure failure[FACTS_FAILURES];
	unsigned nr_failures, failures_lost;
	char running[FACTS_NAME + 16]; /* scenario and mode: of the last point, in later passes of
					  the one that comes now */
	u32 done, of;		       /* of the last "ev=progress" */
	u32 eta_s;
	bool eta_known;
	u32 eta_at;	   /* when it was said */
	u32 seconds_asked; /* of stress, a pass */
	u32 pass, passes;  /* finished; asked for, 0: until something ends them */
	u32 minutes;	   /* after which they end; 0: none said */
	char pass_line[160];
	char ended[80]; /* what ended them */

	struct scenario_row scenario[FACTS_SCENARIOS];
	unsigned nr_scenarios, latest;

	char caught_by[128], caught_saw[160]; /* the last broken variant that was noticed */
	char fault[200], fault_why[200];      /* the first failure */
	char rule[200];			      /* that it broke; "": no witness */
	char steps[768];		      /* of its witness, as "cpu:point cpu:point ..." */
	struct story witness;		      /* the same, a line each */
	struct story crash;		      /* from "ev=panic" on */
	struct story valid;		      /* the options that would have been right */
	u32 warnings;			      /* lines of "ev=warning" */
	char warning[200];		      /* the first of them */
	char bail[200];
	char skip_why[160]; /* of the first point that was skipped */
	char missing[160];  /* of the first "ev=missing" */

	bool over; /* "ev=done" was printed */
	char status[16], seconds[16];
	u32 total_passed, total_failed, total_skipped, total_known;
};

/* now: seconds since boot. line: without its newline. */
void facts_take(struct facts *facts, const char *line, u32 now);
unsigned facts_cpus_online(const struct facts *facts);
unsigned facts_cpus_silent(const struct facts *facts);
