/* SPDX-License-Identifier: MIT */
/*
 * The interface for the roles, the set-up and the judge of a scenario.
 *
 * A variant (scenario, choices, at most one guard off) gets an address space and frames of its own.
 * Its roles run at the same time, each on its own CPU with the variant's space loaded. A script
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
#define MAX_FILES  3u

/* The bad access that ended a role's program (tests/lab/user.h). */
struct role_end {
	bool ended, killed; /* killed by sys_kill(), at this access */
	bool exited;	    /* by sys_exit(), so without a bad access */
	u8 access;   /* enum user_access */
	u32 cause;   /* FAULT_* of asm/trap.h */
	u64 address; /* of the page, where the hardware tells no more */
};

/* A role with a space of its own (tests/lab/process.h). */
enum process_state {
	PROCESS_NONE,
	PROCESS_FORKING,
	PROCESS_BEGUN,
	PROCESS_GONE,	/* it has exited, and nobody has waited for it yet */
	PROCESS_REAPED, /* somebody has */
};

struct process {
	struct mm mm;
	struct mm *parent; /* the space that it is a copy of */
	u32 state;	   /* shared, enum process_state */
};

struct variant {
	const struct scenario *scenario;
	enum lab_mode mode;
	const char *outcome;
	const struct cell *cell;
	struct script script;	   /* the scenario's, or a schedule's */
	u8 choice[NR_CHOICES];	   /* enum value_id, from the cell and the command line */
	unsigned nr_roles;
	u8 cpu[MAX_ROLES];		 /* the CPU of each role */
	u32 met[MAX_ROLES];		 /* shared, the meetings each role has come to */
	struct role_end ends[MAX_ROLES]; /* each its role's until all are over */
	struct process process[MAX_ROLES];
	u32 roles_over, roles_killed; /* shared, a bit for each role */

	struct mm mm;
	unsigned slot; /* selects the tested slot of the table */
	vaddr_t va;    /* the tested address, user space, in a table of its own */
	pte_t *ptep;   /* its slot */

	u32 free_frames;		 /* of the whole machine, before */
	struct page *frames[MAX_FRAMES]; /* tagged, each with a reference of the lab */
	unsigned nr_frames;
	struct file *files[MAX_FILES];
	unsigned nr_files;
	struct page *driver; /* has a reference of the driver's (driver.h), or NULL */
	struct page *a, *b, *decoy; /* for the scenario, by lab_frame() and lab_high_frame() */

	pte_t legal[MAX_LEGAL]; /* every value the tested slot ever had, in order */
	unsigned nr_legal;

	pte_t entry_a; /* established by the scenario, of a and b if they exist */
	pte_t entry_b;
	pte_t seen;	 /* by the scenario's walker */
	/* Other results of the roles for the judge. Each used index has a name in an enum of the
	 * scenario or its header. */
	u32 value[16];
	bool flag[16];
	u32 counted[MAX_LEAST];
	unsigned nr_counted;
	char saw[200], evidence[200]; /* the judge's words */
};

/* --- functions of the lab --- */

/* Frames. Each is filled with its tag, so a load from it names the frame. Returns NULL if none is
 * left. */
struct page *lab_frame(struct variant *v, enum zone_id zone);
/* As lab_frame(), above 4 GiB. Its decoy, the frame at its address mod 4 GiB, is the lab's as
 * well. */
struct page *lab_high_frame(struct variant *v, struct page **decoy);
/* Makes a file for the scenario, which is v->files[] in the order of the calls and lasts as long as
 * the lab's frames do. Returns false if out of memory. */
bool lab_file(struct variant *v, size_t size, u32 flags);
u32 lab_tag(pfn_t pfn);
/* Reads the tag at the address as the hardware translates it. Returns false if the load faulted. */
bool lab_load_tag(vaddr_t va, u32 *tag);

/* Entries. Makes a well-formed value with no RAM of ours behind it, for slots no CPU touches. Low
 * and high halves are chosen apart. n is 0 .. 255, and high is at least 1. */
pte_t lab_software_entry(u32 n, u32 high);
pte_t lab_entry(struct page *page);
/* Roles. Logs the value as legal, takes a mapping reference, then establishes it at v->va. */
void lab_establish(struct variant *v, pte_t pte);
/* As lab_establish(), but like a fault. Returns false if the slot is present already. */
bool lab_refault(struct variant *v, pte_t pte);
/* Gives a frame to the private mapping of va in the variant's own space, as a fault does. */
void lab_set_anonymous(struct variant *v, vaddr_t va, struct page *page);
/* The same, and establishes it. Takes over the caller's reference. rights are PTE_*. Returns false
 * if the slot is present already. */
bool lab_map_anonymous(struct variant *v, vaddr_t va, struct page *page, u32 rights);
/* Roles. Calls zap_page_range() on v->va alone. It logs nothing, because lab_is_legal() accepts
 * every entry that is not present. */
void lab_zap(struct variant *v);
/* For explored scenarios. The role's CPU only has to be there, for the others' interrupts or for
 * unasked work of its hardware. */
void lab_stand_by(struct variant *v);
/* Roles. Does one lockless walk to v->va and returns the value of its entry. */
pte_t lab_walk(struct variant *v);

/* The role that this CPU plays. */
unsigned lab_role(const struct variant *v);
/* Roles. Waits until every role of the variant is at the same meeting. Everything a role did before
 * is seen by all after. All roles come to the same number of meetings. Returns false if a deadlock
 * was broken. Then the variant is over, no role waits for another, and the role ends. */
bool lab_meet(struct variant *v) __must_check;
/* The role's last meeting. After it, the role changes nothing. */
static inline void lab_meet_last(struct variant *v)
{
	if (!lab_meet(v))
		return;
}

/* Loop condition for a role that runs until its partner sets *over. Start with {0}. If the
 * partner's *progress does not change for deadline= seconds, the machine stops. */
struct lab_patience {
	struct patience patience;
	u32 progress;
};
bool lab_go_on(struct lab_patience *patience, const bool *over, const u32 *progress);

/*
 * For programs of which one works while the other one makes accesses by a warm translation. By the
 * script the work begins when the translation is warm, and the last access comes behind it. In
 * stress it rarely comes so by chance, because a busy host runs one role to its end and then the
 * other. In other modes these two do nothing.
 */

/* Roles. In stress all roles go on from here at once. Returns false as lab_meet() does. */
bool lab_together(struct variant *v) __must_check;
/* Loop condition for a role that makes its access again and again in stress, until the other role
 * is over. Start with {0}. */
bool lab_at_work(struct variant *v, unsigned other, struct lab_patience *patience);

/* Judges. */
bool lab_is_legal(struct variant *v, pte_t pte);
void lab_saw(struct variant *v, const char *format, ...) __printf(2, 3);
void lab_evidence(struct variant *v, const char *format, ...) __printf(2, 3);
/* Group hw, before the judge says HELD. Gives the count for the next in `least` of its scenario. */
void lab_counted(struct variant *v, u32 count);
/* Prints one line of a histogram. Free-running roles came to the outcome `count` times out of
 * `of`. */
void lab_histogram(const struct variant *v, const char *outcome, u32 count, u32 of, bool forbidden);
/* Returns whether the alternative released a role held at the step. The end of another role before
 * it reached the point is no release. */
bool lab_released_by(const struct variant *v, unsigned step, unsigned alternative);
/* Returns whether every step of the script happened, each by one of its alternatives. */
bool lab_script_complete(const struct variant *v);
/* Returns the position in the trace of the role's nth time (from 1) at the point, or 0 if there was
 * none. Positions grow with time. */
unsigned lab_when(unsigned role, enum race_point point, unsigned nth);
/* Returns the value recorded there. */
u64 lab_value_at(unsigned position);
