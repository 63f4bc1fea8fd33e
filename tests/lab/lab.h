/* SPDX-License-Identifier: MIT */
/*
 * What the roles, the set-up and the judge of a scenario may use.
 *
 * A variant (scenario, choices, at most one guard off) gets an address space and frames of its own.
 * Its roles run at the same time, each on its own CPU with the variant's space loaded; a script
 * parks them at race points and so fixes the interleaving.
 */
#pragma once

#include "kernel/wait/patience.h"
#include "kernel/wait/wait.h"
#include "mm/mm.h"
#include "mm/page/page.h"
#include "tests/lab/scenario.h"

#define MAX_FRAMES 16u
#define MAX_LEGAL  16u

struct variant {
	const struct scenario *scenario;
	enum lab_mode mode;
	const char *outcome;
	const struct cell *cell;
	struct script script;	   /* what the roles obey: the scenario's, or a schedule's */
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

	pte_t entry_a; /* for the scenario: entries it establishes, of a and b if they exist */
	pte_t entry_b;
	pte_t seen;	 /* what its walker got */
	/* Whatever else its roles must tell its judge. Each slot that is used has a name in an enum
	 * of the scenario's or its header's. */
	u32 value[8];
	bool flag[8];
	u32 counted[MAX_LEAST];
	unsigned nr_counted;
	char saw[200], evidence[200]; /* the judge's words */
};

/* --- what its functions may use --- */

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
