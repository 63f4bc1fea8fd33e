/* SPDX-License-Identifier: MIT */
/*
 * The language of scenarios.
 *
 * A scenario shows one rule. The lab runs it once with every guard on. The rule must then hold,
 * with evidence that the dangerous window was really entered. The lab runs it once more for each
 * guard it names, with exactly this guard off. Its judge must then find the rule violated. Neither
 * roles nor judges read guard state, because only the runner knows the expected outcome.
 *
 * lab.h has the functions for its roles. tests/pte/torn_read.c is the model.
 */
#pragma once

#include "kernel/hooks/guard.h"
#include "kernel/hooks/race.h"

#define MAX_ROLES  4u
#define MAX_SCRIPT 24u /* steps */
#define MAX_CELLS  16u
#define MAX_LEAST  3u

struct variant;

/* --- scripts -------------------------------------------------------------------------------- */

enum release_kind {
	RELEASE_NEVER, /* ends the list of alternatives */
	RELEASE_REACHED,
	RELEASE_BLOCKED,
};

/* One alternative of a release. RELEASE_REACHED is true when role `role` has been at `point`
 * `times` times. RELEASE_BLOCKED is true when the role waits for this CPU, which has interrupts off
 * and cannot answer. A step also ends when all roles it waits for are over. */
struct release {
	u8 kind, role, point, times;
};
/* clang-format off */
#define REACHED(who, where) \
	{.kind = RELEASE_REACHED, .role = (who), .point = RACE_##where, .times = 1}
#define REACHED_TIMES(who, where, n) \
	{.kind = RELEASE_REACHED, .role = (who), .point = RACE_##where, .times = (n)}
#define BLOCKED_ON_ME(who) {.kind = RELEASE_BLOCKED, .role = (who)}
/* clang-format on */

/* `role` waits at its first arrival at `at` after its previous step, or at its `nth` arrival (from
 * 1) if nth is set. When an alternative comes true, it calls `act` if there is one, and goes on. A
 * step without alternatives waits for nothing. */
struct step {
	u8 role, at;
	void (*act)(struct variant *v);
	struct release until[3];
	u8 nth;
};
/* clang-format off */
#define STEP(who, where, ...) {.role = (who), .at = RACE_##where, .until = {__VA_ARGS__}}
#define STEP_ACT(who, where, does, ...) \
	{.role = (who), .at = RACE_##where, .act = does, .until = {__VA_ARGS__}}
/* clang-format on */

/* The steps of all roles, in an array of its own for STEPS() to count. Each role takes its steps in
 * the order of the array. */
struct script {
	const struct step *steps;
	unsigned nr;
};
/* clang-format off */
#define STEPS(array) {.steps = (array), .nr = ARRAY_SIZE(array)}
/* clang-format on */

/* --- scenarios ------------------------------------------------------------------------------ */

/* How roles run. A scenario says MODE_PROBE, MODE_CHOREO or MODE_EXPLORED. mode_name[] has the
 * words of the log and of the command line. */
enum lab_mode {
	MODE_UNSAID,
	MODE_PROBE,    /* once, as they are */
	MODE_CHOREO,   /* by the script, and again in stress */
	MODE_STRESS,   /* many rounds, free of the script */
	MODE_EXPLORED, /* by the explorer and nowhere else */
	MODE_REPLAY,   /* by a schedule from the explorer, see replay.h */
	NR_MODES
};
extern const char *const mode_name[NR_MODES];

enum verdict {
	HELD,
	VIOLATED,
	NO_EVIDENCE, /* nothing bad was seen, but the window was not entered either */
	NO_OVERLAP,  /* the same, where only the host decides whether CPUs run at once, with the
			reason in v->saw */
};

struct role {
	const char *name;
	void (*run)(struct variant *v);
};

/*
 * The least evidence for a scenario of group hw to hold. Each has at least one entry, a count and
 * the thing counted. Its judge gives the counts in the order of this list (lab_counted()), and the
 * lab compares them. If one of them is too small, the scenario shows nothing. The verdict is then
 * NO_EVIDENCE, or NO_OVERLAP where only the host decides whether CPUs run at once.
 */
struct least {
	u32 count;
	const char *of;
	bool by_chance;
};
/* clang-format off */
#define AT_LEAST(count, of)     {(count), (of), false}
#define AT_LEAST_MET(count, of) {(count), (of), true}
/* clang-format on */

/* The needs of a scenario from the machine. NEED_SPLIT and the others of needs.def, or'ed. */
#define NEED(name, test, reason) NEED_BIT_##name,
enum need_bit {
#include "tests/lab/needs.def"
	NR_NEEDS
};
#undef NEED
#define NEED(name, test, reason) NEED_##name = BIT(NEED_BIT_##name),
enum need {
#include "tests/lab/needs.def"
};
#undef NEED

/*
 * The cells of a scenario, each with its choices, at most one guard off, and the expected
 * result. A choice the cell does not name has its default, or the command line's value. A cell is
 * not run if the command line gives a choice another value than the cell does.
 */
enum expectation {
	EXPECT_HOLDS,
	EXPECT_BREAKS,	   /* the guard is off, and the judge catches it */
	EXPECT_HISTORICAL, /* every guard is on, but the chosen algorithm fails */
	EXPECT_MASKED,	   /* the guard is off, but another one keeps the rule (`why`) */
};

/* A barrier's cell breaks where memory may be as weak as this, and holds elsewhere. Only the
 * explorer has such memories (a race point is itself a barrier), so only it runs the cell. */
enum weakness {
	ANY_MEMORY,
	FROM_TSO,
	FROM_PSO,
	FROM_WEAK,
};

/* How a cell that must break ends. Another ending is no kill. Only the explorer tells them apart,
 * so only it runs a cell with a named ending. */
enum cell_ending {
	BY_JUDGE,
	BY_DEADLOCK,  /* no CPU can go on, or BY_LIVELOCK, because a look at older values is no
			 way on */
	BY_STOP,      /* a CPU stops by an assertion, damage, or a refusal of the explorer */
	BY_COMPLAINT, /* of the lab at the end, as for a leak or a frame written */
	BY_LIVELOCK,  /* no way leads to the end */
	BY_TLB,	      /* by the explorer's second judge, as nothing justifies a translation */
	NR_ENDINGS
};

struct cell {
	u8 expect;	       /* enum expectation */
	u8 off;		       /* enum guard_id, NR_GUARDS if none */
	u8 values[NR_CHOICES]; /* enum value_id by enum choice_id, VALUE_NONE if any */
	const char *why;       /* the stand-in if MASKED, the failure if HISTORICAL */
	u32 needs;	       /* NEED_* of this cell alone */
	u8 from;	       /* enum weakness */
	u8 ending;	       /* enum cell_ending */
};

/*
 * A cell is one of these four macros. Further fields follow the first arguments:
 *
 *	BREAKS(ipi_mb, FROM(TSO), IF(NEED_IPI_FLUSH), WITH(flush, nowait))
 */
/* clang-format off */
#define HOLDS(...)		 {.expect = EXPECT_HOLDS, .off = NR_GUARDS, __VA_ARGS__}
#define BREAKS(guard, ...)	 {.expect = EXPECT_BREAKS, .off = GUARD_##guard, __VA_ARGS__}
#define MASKED(guard, by, ...) \
	{.expect = EXPECT_MASKED, .off = GUARD_##guard, .why = by, __VA_ARGS__}
#define HISTORICAL(fails, ...) \
	{.expect = EXPECT_HISTORICAL, .off = NR_GUARDS, .why = fails, __VA_ARGS__}
#define IF(need)		 .needs = (need)	   /* only on machines that have these */
#define FROM(memory)		 .from = FROM_##memory	   /* only in memory as weak as this */
#define BY(how)			 .ending = BY_##how	   /* not by its judge */
#define WITH(choice, value)	 .values[CHOICE_##choice] = VALUE_##choice##_##value
/* clang-format on */

/* Whether it is explored with hardware that translates its addresses unasked, on every CPU
 * with a root loaded, and keeps upper entries. */
enum filling {
	FILLING_ASKED, /* if the command line says so */
	FILLING_ALWAYS,
	FILLING_NEVER, /* its own roles change tables without need of it */
};

struct scenario {
	const char *name;      /* group/name, the invariant of docs/invariants.md */
	const char *rule;      /* the rule in one line */
	const char *reference; /* upstream message or commit, or the manual's section */
	enum lab_mode mode;
	const char *finding; /* of docs/findings.md, with the machines known to break this, or
				NULL */
	u32 needs;
	struct least least[MAX_LEAST]; /* the first without `of` ends the list */
	bool roles_meet; /* by lab_meet(), each as often as the others, or they wait for each
			    other in another way. So none of them can be idle */
	struct role roles[MAX_ROLES]; /* the first without a function ends the list */
	struct script script;	      /* STEPS() */
	unsigned nr_cells;
	struct cell cells[MAX_CELLS];
	u32 forked;	   /* a bit for each role with a space of its own, see process.h */
	u8 explored_below; /* enum weakness, from which on it has too many states, or 0 */
	bool too_large;	   /* has too many states in every memory */
	bool programs;	   /* its roles are programs, see tests/lab/user.h */
	u8 filling;	   /* enum filling */
	unsigned tries;	   /* a broken variant may need this many to be seen (0 for one) */
	/* Runs before the roles, on the boot CPU, with the space not loaded anywhere. Returns false
	 * if out of memory. */
	bool (*setup)(struct variant *v);
	/* Runs after the roles, on the boot CPU. Fills v->saw if VIOLATED, v->evidence if HELD.
	 * v->outcome is the constant name of this round in the stress histogram, by default the
	 * verdict. Without the script events come in any order, so a judge asks lab_when() and does
	 * not rely on the script's intent. */
	enum verdict (*judge)(struct variant *v);
};
#define CELLS(...)                                                                                 \
	.nr_cells = sizeof((const struct cell[]){__VA_ARGS__}) / sizeof(struct cell),              \
	.cells = {__VA_ARGS__}
#define SCENARIO(identifier) static const struct scenario identifier __section(".scenarios")
