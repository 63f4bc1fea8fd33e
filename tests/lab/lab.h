/* SPDX-License-Identifier: MIT */
/*
 * The lab: what a scenario is, and what it may use.
 *
 * A scenario shows one rule. The lab runs it once with every guard on, where it must hold and show
 * evidence that the dangerous window was really entered, and once for each guard that it names,
 * with exactly that guard off, where its judge must find the rule violated. Neither roles nor
 * judges read guard state: only the runner knows which outcome was expected.
 *
 * A variant (scenario, choices, at most one guard off) gets an address space and frames of its own.
 * Its roles run at the same time, each on its own CPU with the variant's space loaded; a script
 * parks them at race points and so fixes the interleaving.
 */
#pragma once

#include "kernel/hooks/guard.h"
#include "kernel/hooks/race.h"
#include "kernel/wait/patience.h"
#include "kernel/wait/wait.h"
#include "mm/mm.h"
#include "mm/page/page.h"

#define MAX_ROLES  4u
#define MAX_STEPS  8u
#define MAX_SCRIPT 24u /* of a schedule's script */
#define MAX_CELLS  12u
#define MAX_FRAMES 16u
#define MAX_LEGAL  16u
#define MAX_LEAST  3u

struct variant;

/* --- scripts -------------------------------------------------------------------------------- */

enum release_kind {
	RELEASE_NEVER, /* ends the list of alternatives */
	RELEASE_REACHED,
	RELEASE_BLOCKED,
};

/* One alternative of a release: role `role` has been at `point` (`times` times; or it is over and
 * will never be), or it is blocked in a wait for this CPU, which has interrupts off and cannot
 * answer. */
struct release {
	u8 kind, role, point, times;
};
/* clang-format off: it would spread these over four lines each */
#define REACHED(role, point)                                                                       \
	{                                                                                          \
		RELEASE_REACHED, (role), RACE_##point, 1                                           \
	}
#define REACHED_TIMES(role, point, n)                                                              \
	{                                                                                          \
		RELEASE_REACHED, (role), RACE_##point, (n)                                         \
	}
#define BLOCKED_ON_ME(role)                                                                        \
	{                                                                                          \
		RELEASE_BLOCKED, (role), 0, 0                                                      \
	}
/* clang-format on */

/* At its first arrival at `at` after its previous step, or at its `nth` one (from 1) if that is
 * set, `role` waits until an alternative comes true; then it calls `act`, if there is one, and goes
 * on. A step without alternatives waits for nothing. */
struct step {
	u8 role, at;
	bool used;
	void (*act)(struct variant *v);
	struct release until[3];
	u8 nth;
};
/* clang-format off */
#define STEP(role, at, ...)          {(role), RACE_##at, true, NULL, {__VA_ARGS__}, 0}
#define STEP_ACT(role, at, act, ...) {(role), RACE_##at, true, act, {__VA_ARGS__}, 0}
/* clang-format on */

/* --- scenarios ------------------------------------------------------------------------------ */

/* How roles run. A scenario says MODE_PROBE, MODE_CHOREO or MODE_EXPLORED. The log's words for them
 * are in mode_name[]. */
enum lab_mode {
	MODE_UNSAID,
	MODE_PROBE,    /* once, as they are */
	MODE_CHOREO,   /* by the script; such a scenario also runs in stress */
	MODE_STRESS,   /* many rounds, free of the script */
	MODE_EXPLORED, /* by the explorer; a scenario that says so runs nowhere else */
	MODE_REPLAY,   /* by a schedule that the explorer found, see replay.h */
	NR_MODES
};

enum verdict {
	HELD,
	VIOLATED,
	NO_EVIDENCE, /* nothing bad was seen, but the window was not entered either */
	NO_OVERLAP,  /* the same, where only the host decides whether CPUs run at once; v->saw: the
			reason */
};

struct role {
	const char *name;
	void (*run)(struct variant *v);
};

/*
 * The evidence that a row of group hw needs to hold, each row at least one: so many, of what. Its
 * judge gives the counts in the order of this list (lab_counted()), and the lab compares them.
 * Short of one of them the row shows nothing: NO_EVIDENCE, or NO_OVERLAP where only the host
 * decides whether CPUs run at once.
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

/* What of the machine a scenario needs: NEED_SPLIT and the others of needs.def, or'ed. */
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
 * The cells of a scenario's row: choices, at most one guard off, and what must be seen. Choices
 * that are not named have their default, or what the command line says; a cell that names another
 * value than the command line does is not run.
 */
enum expectation {
	EXPECT_HOLDS,
	EXPECT_BREAKS,	   /* the guard is off, and that is caught */
	EXPECT_HISTORICAL, /* every guard is on, but the chosen algorithm is one that fails */
	EXPECT_MASKED,	   /* the guard is off, yet the rule holds because of another one: `why` */
};

/* A barrier's cell: it breaks where memory may be as weak as this, and holds where not. Only the
 * explorer has such memories (a race point is itself a barrier), so only it runs the cell. */
enum weakness {
	ANY_MEMORY,
	FROM_TSO,
	FROM_PSO,
	FROM_WEAK,
};

/* How a cell that must break ends: another ending is no kill. Only the explorer tells them apart,
 * so only it runs a cell that names one. */
enum cell_ending {
	BY_JUDGE,
	BY_DEADLOCK,  /* nobody can go on, or BY_LIVELOCK: a look at older values is no way on */
	BY_STOP,      /* a CPU stops: an assertion, damage, a refusal of the explorer's */
	BY_COMPLAINT, /* the lab's, at the end: a leak, a frame written */
	BY_LIVELOCK,  /* no way leads to the end */
	BY_TLB,	      /* the explorer's second judge: a translation that nothing justifies */
	NR_ENDINGS
};

struct cell {
	u8 expect;	       /* enum expectation */
	u8 off;		       /* enum guard_id; NR_GUARDS: none */
	u8 values[NR_CHOICES]; /* by enum choice_id: enum value_id, or VALUE_NONE: any */
	const char *why;       /* MASKED: by what; HISTORICAL: what fails */
	u32 needs;	       /* NEED_* of this cell alone */
	u8 from;	       /* enum weakness */
	u8 ending;	       /* enum cell_ending */
};

/*
 * A cell is one of these four words, with what more there is to say behind the first arguments:
 *
 *	BREAKS(ipi_mb, FROM(TSO), IF(NEED_IPI_FLUSH), WITH(flush, nowait))
 */
/* clang-format off */
#define HOLDS(...)		 {.expect = EXPECT_HOLDS, .off = NR_GUARDS, __VA_ARGS__}
#define BREAKS(guard, ...)	 {.expect = EXPECT_BREAKS, .off = GUARD_##guard, __VA_ARGS__}
#define MASKED(guard, by, ...)	 {.expect = EXPECT_MASKED, .off = GUARD_##guard, .why = by, __VA_ARGS__}
#define HISTORICAL(fails, ...)	 {.expect = EXPECT_HISTORICAL, .off = NR_GUARDS, .why = fails, __VA_ARGS__}
#define IF(need)		 .needs = (need)	   /* only on machines that have these */
#define FROM(memory)		 .from = FROM_##memory	   /* only in memory as weak as this */
#define BY(how)			 .ending = BY_##how	   /* not by its judge */
#define WITH(choice, value)	 .values[CHOICE_##choice] = VALUE_##choice##_##value
/* clang-format on */

/* Explored with hardware that translates the row's addresses without being asked, on every CPU that
 * has a root loaded, and keeps upper entries? */
enum filling {
	FILLING_ASKED, /* if the command line says so */
	FILLING_ALWAYS,
	FILLING_NEVER, /* the row's own roles change tables in a way that needs none */
};

struct scenario {
	const char *name;      /* group/name: the invariant of docs/invariants.md */
	const char *rule;      /* what must hold, in one line */
	const char *reference; /* upstream message or commit, or the manual's section */
	enum lab_mode mode;
	const char *finding; /* docs/findings.md: a machine named there is known to break this; or
				NULL */
	u32 needs;
	struct least least[MAX_LEAST]; /* the first without `of` ends the list */
	bool roles_meet; /* by lab_meet(), each as often as the others, or they wait for each other
			    otherwise: none of them can be idle */
	struct role roles[MAX_ROLES]; /* the first without a function ends the list */
	struct step script[MAX_STEPS];
	unsigned nr_cells;
	struct cell cells[MAX_CELLS];
	u8 filling;	/* enum filling */
	unsigned tries; /* a broken variant may need this many to be seen (0: one) */
	/* Before the roles, on the boot CPU, space not loaded anywhere. False: out of memory. */
	bool (*setup)(struct variant *v);
	/* After the roles, on the boot CPU. Fills v->saw if VIOLATED, v->evidence if HELD;
	 * v->outcome with what its histogram in stress calls this round (a constant; default: the
	 * verdict). Without the script events come in any order: a judge goes by lab_when(), not by
	 * what the script intends. */
	enum verdict (*judge)(struct variant *v);
};
#define CELLS(...)                                                                                 \
	.nr_cells = sizeof((const struct cell[]){__VA_ARGS__}) / sizeof(struct cell),              \
	.cells = {__VA_ARGS__}
#define SCENARIO(identifier) static const struct scenario identifier __section(".scenarios")

/* --- a variant, while it runs --------------------------------------------------------------- */

struct variant {
	const struct scenario *scenario;
	enum lab_mode mode;
	const char *outcome;
	const struct cell *cell;
	const struct step *script; /* what the roles obey: the scenario's, or a schedule's */
	unsigned nr_steps;	   /* places in it, used or not */
	u8 choice[NR_CHOICES];	   /* enum value_id: what the cell and the command line come to */
	unsigned nr_roles;
	u8 cpu[MAX_ROLES];  /* which CPU plays the role */
	u32 met[MAX_ROLES]; /* shared, by role: the meetings it has come to */

	struct mm mm;
	unsigned slot; /* which of the table's slots is the tested one */
	vaddr_t va;    /* the tested address, user space, in a table of its own */
	pte_t *ptep;   /* its slot */

	u32 free_frames;		 /* of the whole machine, before */
	struct page *frames[MAX_FRAMES]; /* the lab's own reference on each; tagged */
	unsigned nr_frames;
	struct page *a, *b, *decoy; /* by lab_frame(), lab_high_frame(): for the scenario */

	pte_t legal[MAX_LEGAL]; /* every value that the tested slot ever had, in order */
	unsigned nr_legal;

	pte_t entry_a,
		entry_b; /* for the scenario: entries it establishes, of a and b if they exist */
	pte_t seen;	 /* what its walker got */
	/* Whatever else its roles must tell its judge. Each slot that is used has a name in an enum
	 * of the scenario's or its header's. */
	u32 value[8];
	bool flag[8];
	u32 counted[MAX_LEAST];
	unsigned nr_counted;
	char saw[200], evidence[200]; /* the judge's words */
};

/* Frames: tagged, so that whoever reads one knows which it is. NULL: none left. */
struct page *lab_frame(struct variant *v, enum zone_id zone);
/* A frame above 4 GiB whose decoy, the frame at its address mod 4 GiB, is the lab's as well. */
struct page *lab_high_frame(struct variant *v, struct page **decoy);
u32 lab_tag(pfn_t pfn);
/* The tag that is found by reading the address as the hardware translates it; false: it faulted. */
bool lab_load_tag(vaddr_t va, u32 *tag);

/* Entries. A well-formed value that no RAM of ours stands behind, for slots that no CPU touches:
 * low and high halves chosen apart. n: 0 .. 255; high: >= 1. */
pte_t lab_software_entry(u32 n, u32 high);
pte_t lab_entry(struct page *page);
/* Roles: logs the value as legal, then establishes it at v->va; takes a mapping reference first. */
void lab_establish(struct variant *v, pte_t pte);
/* The same, as a fault does it: not if the slot is present already (false). */
bool lab_refault(struct variant *v, pte_t pte);
/* Roles: zap_page_range() of v->va alone; "not present" was logged with the first establish. */
void lab_zap(struct variant *v);
/* A role of explored rows whose part is to be there: for the others' interrupts, or for what its
 * hardware does unasked. */
void lab_stand_by(struct variant *v);
/* Roles: one lockless walk to v->va that returns the value of its entry. */
pte_t lab_walk(struct variant *v);

/* Roles: waits until every role of the variant is at the same meeting; what each did before is seen
 * by all after. All roles come to the same number of meetings. False: a deadlock was broken, and
 * nobody waits for anybody any more; the variant is over, and the role ends. */
bool lab_meet(struct variant *v) __must_check;
/* The role's last meeting, behind which it does nothing but leave things as they were. */
static inline void lab_meet_last(struct variant *v)
{
	if (!lab_meet(v))
		return;
}

/* Roles that work on until another one says that it is over, {0} at first: false once *over. If
 * *progress, which the other counts up, stands still for deadline= seconds the machine stops. */
struct lab_patience {
	struct patience patience;
	u32 progress;
};
bool lab_go_on(struct lab_patience *patience, const bool *over, const u32 *progress);

/* Judges. */
/* The scenario's own, and what it need not look for: a role's CPU found a free frame written; a
 * role did nothing, so nothing was shown, whatever the scenario's judge says. */
enum verdict lab_judge(struct variant *v);
bool lab_is_legal(struct variant *v, pte_t pte);
void lab_saw(struct variant *v, const char *format, ...) __printf(2, 3);
void lab_evidence(struct variant *v, const char *format, ...) __printf(2, 3);
/* Group hw, before it says HELD: how many there were of the next in `least` of its scenario. */
void lab_counted(struct variant *v, u32 count);
/* One line of a histogram: what free-running roles came to, `count` times out of `of`. */
void lab_histogram(const struct variant *v, const char *outcome, u32 count, u32 of, bool forbidden);
/* The n-th step of the script was waited for, and alternative `alternative` released it; a role
 * that was over before it reached the point is no release. */
bool lab_released_by(const struct variant *v, unsigned step, unsigned alternative);
/* Every step of the script happened, each by one of its alternatives. */
bool lab_script_complete(const struct variant *v);
/* Position in the trace of the n-th (from 1) time that the role was at the point; 0: never.
 * Positions grow with time. */
unsigned lab_when(unsigned role, enum race_point point, unsigned nth);
/* The value that came with it. */
u64 lab_value_at(unsigned position);
