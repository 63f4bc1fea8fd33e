/* SPDX-License-Identifier: MIT */
/*
 * The exploration: from one state, everything that can happen next, breadth first, until nothing
 * new comes. So the first violation found is one with the fewest steps.
 */
#pragma once

#include "arch/model/machine.h"

#define MAX_CLASSES 8u

struct exploration {
	unsigned cpus;
	/* Memory and CPUs as they are at the beginning; sequential. */
	void (*setup)(const void *context);
	/* The part of one CPU. */
	void (*run)(unsigned cpu);
	/* At an end: every part is over, no store is on its way. NULL: all is right; else the rule
	 * that was broken. *class: what this end counts as, below MAX_CLASSES. May destroy the
	 * state. */
	const char *(*judge)(unsigned *class);
	/* The same when every part is over and no store is on its way, but interrupts may be; so
	 * that a counterexample is no longer than it must be. May be NULL. */
	const char *(*glance)(void);
	/* The hardware of a CPU has read an entry of the table in this frame, unasked. NULL: it
	 * may; else the rule that was broken. May be NULL. */
	const char *(*filled_from)(unsigned cpu, pfn_t table);
	/* In every state: what is wrong in it, by a pure look. NULL: nothing. May be NULL. */
	const char *(*invariant)(void);
	/* In every state: what the harness has run out of. NULL: nothing. May be NULL. */
	const char *(*limit)(void);
	const void *context;
	/* Told from time to time how many states there are. May be NULL. */
	void (*progress)(u32 states);
	bool whole;	/* every marked access is a step: nothing is left out as unshared */
	bool blind;	/* no random runs: all that is shared shows while exploring */
	u32 max_states; /* the bound */
	u32 tolerated; /* bit: enum breach that is recorded (result.other) and does not end it */
	u8 breach[MAX_CLASSES]; /* what it is if the judge says so of an end of this class */
};

/* One thing that happens. */
enum step_kind {
	STEP_RUN,	/* a CPU's operation takes place, and the CPU goes on to its next */
	STEP_COMMIT,	/* a store reaches memory */
	STEP_INTERRUPT, /* a CPU takes an interrupt */
	STEP_FILL,	/* its hardware translates by itself: n: FILL_OF() */
};

#define FILL_OF(address, level) ((address) << 3 | (level))

struct transition {
	u8 cpu, kind, n; /* n: the way, which store, enum ipi */
};

/* How something breaks. In the order of enum cell_ending. */
enum breach {
	BREACH_JUDGE,
	BREACH_DEADLOCK,
	BREACH_STOP,
	BREACH_COMPLAINT,
	BREACH_LIVELOCK,
	BREACH_TLB, /* the invariant's */
	NR_BREACHES
};

enum ending {
	END_HOLDS,    /* every state was visited */
	END_VIOLATED, /* what: the rule; path: the steps to it */
	END_CUT_OFF,  /* by the bound; so far nothing */
};

struct result {
	enum ending ending;
	enum breach breach;
	enum memory_model model;
	char what[400];
	char other[400]; /* the first of those that were tolerated */
	struct transition *path;
	unsigned nr_path;
	u32 states, ends;
	u64 transitions;
	double interleavings;	   /* of the steps above; < 0: without end (a loop) */
	double class[MAX_CLASSES]; /* of them, by the end they came to */
	u32 end[MAX_CLASSES];	   /* ends in different states, by what they count as */
	size_t bytes;
	double seconds;
	unsigned rounds; /* the exploration began so often, see sharing.h */
};
