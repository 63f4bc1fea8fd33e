/* SPDX-License-Identifier: MIT */
/*
 * The exploration takes everything that can happen from one state on, breadth first, until no new
 * state appears. So the first violation found is one with the fewest steps.
 */
#pragma once

#include "arch/model/machine.h"

#define MAX_CLASSES 8u

/* The ways to break something, in the order of enum cell_ending. */
enum breach {
	BREACH_JUDGE,
	BREACH_DEADLOCK,
	BREACH_STOP,
	BREACH_COMPLAINT,
	BREACH_LIVELOCK,
	BREACH_TLB,
	NR_BREACHES
};

struct exploration {
	unsigned cpus;
	/* Sets up memory and CPUs as they are at the beginning, sequentially. */
	void (*setup)(const void *context);
	/* The part of one CPU. */
	void (*run)(unsigned cpu);
	/* Judges an end, with every part ended and no store on its way. Returns NULL if all is
	 * right, otherwise the broken rule. Sets *class, below MAX_CLASSES, for the counts of ends.
	 * May destroy the state. */
	const char *(*judge)(unsigned *class);
	/* Judges the same before the last interrupts have come, so that a counterexample is no
	 * longer than it must be. May be NULL. */
	const char *(*glance)(void);
	/* The hardware of a CPU has read an entry of the table in this frame without being asked.
	 * Returns NULL if it may, otherwise the broken rule. May be NULL. */
	const char *(*filled_from)(unsigned cpu, pfn_t table);
	/* Looks at every state without changing it. Returns the problem, or NULL. *breach is
	 * BREACH_TLB, and it may say another one. May be NULL. */
	const char *(*invariant)(enum breach *breach);
	/* Returns in every state the limit of the harness that ran out, or NULL. May be NULL. */
	const char *(*limit)(void);
	const void *context;
	/* Called from time to time with the number of states. May be NULL. */
	void (*progress)(u32 states);
	bool whole;	/* every marked access is a step, even if it is not shared */
	bool blind;	/* no random runs, so shared data shows only while exploring */
	u32 max_states; /* the bound */
	u32 tolerated; /* one bit for each enum breach that is recorded (result.other) and does not
		        * end it */
	u8 breach[MAX_CLASSES]; /* the breach for an end of this class that the judge condemns */
};

/* One step of the machine. */
enum step_kind {
	STEP_RUN,	/* a CPU's operation takes place, and the CPU goes on to its next */
	STEP_COMMIT,	/* a store reaches memory */
	STEP_INTERRUPT, /* a CPU takes an interrupt */
	STEP_FILL,	/* its hardware translates by itself, with FILL_OF() in n */
};

#define FILL_OF(address, level) ((address) << 3 | (level))

struct transition {
	u8 cpu, kind, n; /* n is the way, the store, or the enum ipi */
};

enum ending {
	END_HOLDS,    /* every state was visited */
	END_VIOLATED, /* `what` names the rule, and path has the steps to it */
	END_CUT_OFF,  /* cut off by the bound, without a violation so far */
};

struct result {
	enum ending ending;
	enum breach breach;
	enum memory_model model;
	char what[400];
	char other[400]; /* the first tolerated breach */
	struct transition *path;
	unsigned nr_path;
	u32 states, ends;
	u64 transitions;
	double interleavings;	   /* of the steps above; < 0 if there is no end (a loop) */
	double class[MAX_CLASSES]; /* the same by the class of their end */
	u32 end[MAX_CLASSES];	   /* different states at the end, by class */
	size_t bytes;
	double seconds;
	unsigned rounds; /* how often the exploration began, see sharing.h */
};
