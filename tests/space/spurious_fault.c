/* SPDX-License-Identifier: MIT */
/* A store faults, and its entry permits it by the time it is looked at, so the fault was
 * spurious. */
#include <asm/trap.h>

#include "kernel/hooks/upcalls.h"
#include "mm/table/pgtable.h"
#include "tests/lab/lab.h"

enum {
	STORER,
	WRITER,
};

/* Of v->flag: */
enum {
	LOADED,	 /* the TLB had a translation */
	STORED,	 /* the store went through in the end */
	REFUSED, /* mm_fault() called a fault a real one */
};

/* Of v->value: */
enum {
	FAULTS,
};

#define NEW_WORD 0x600df00du
/* More faults in a row than one change of an entry and two marks can explain. */
#define FAULTS_MOST 8u

static bool map(struct variant *v, u32 prot)
{
	v->a = alloc_page(ZONE_DIRECT);
	if (!v->a)
		return false;
	lab_establish(v, mk_pte(page_to_pfn(v->a), PTE_USER | prot));
	put_page(v->a); /* the mapping's reference stays, since the contents change */
	return true;
}

/* The store of a user program: it is tried again as long as mm_fault() says so. */
static void store_as_user(struct variant *v)
{
	struct fault fault;

	while (v->value[FAULTS] < FAULTS_MOST) {
		v->flag[STORED] = try_store(v->va, NEW_WORD, &fault);
		race_point(role_middle);
		if (v->flag[STORED])
			return;
		v->value[FAULTS]++;
		race_point(role_probe);
		fault.cause |= FAULT_USER;
		if (!mm_fault(&fault)) {
			v->flag[REFUSED] = true;
			return;
		}
	}
}

static bool went_wrong(struct variant *v)
{
	v->outcome = v->flag[STORED]	? v->value[FAULTS] ? "stored, after a fault" : "stored"
		     : v->flag[REFUSED] ? "refused"
					: "faulted for ever";
	if (v->flag[STORED] && !pte_dirty(entry_read(v->ptep))) {
		lab_saw(v, "CPU %u stored through the address, and its entry is clean",
			v->cpu[STORER]);
		return true;
	}
	if (!v->flag[STORED] && !v->flag[REFUSED]) {
		lab_saw(v, "CPU %u faulted %u times at an entry that lets it store", v->cpu[STORER],
			v->value[FAULTS]);
		return true;
	}
	return false;
}

/* --- the right is given while the fault is on its way --- */

static bool map_readable(struct variant *v)
{
	return map(v, PTE_YOUNG);
}

static void load_and_store(struct variant *v)
{
	struct fault fault;
	u32 word;

	v->flag[LOADED] = try_load(v->va, &word, &fault); /* a translation that is not writable */
	store_as_user(v);
}

static void give_write(struct variant *v)
{
	protect_page_range(&v->mm, v->va, v->va + PAGE_SIZE, PTE_USER | PTE_WRITE);
}

static enum verdict judge_given(struct variant *v)
{
	unsigned given = lab_when(WRITER, RACE_protect_done, 1),
		 handled = lab_when(STORER, RACE_role_probe, 1);

	if (went_wrong(v))
		return VIOLATED;
	if (v->flag[REFUSED] && given && given < handled) {
		lab_saw(v,
			"CPU %u faulted, and was refused although the right had been given before the fault was looked at",
			v->cpu[STORER]);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !v->flag[LOADED] || !v->value[FAULTS])
		return NO_EVIDENCE;
	lab_evidence(v, "CPU %u faulted %u times and %s", v->cpu[STORER], v->value[FAULTS],
		     v->flag[STORED] ? "stored then, as the right had been given"
				     : "was refused before the right was given");
	return HELD;
}

static const struct step give_behind_the_fault[] = {
	STEP(STORER, role_middle, REACHED(WRITER, role_done)),
	STEP(WRITER, role_start, REACHED(STORER, role_middle)),
};

SCENARIO(spurious_fault) = {
	.name = "space/spurious-fault",
	.rule = "an access that faulted is taken again if its entry permits it by now",
	.reference =
		"Linux handle_pte_fault(): ptep_set_access_flags(), flush_tlb_fix_spurious_fault(); Intel SDM vol. 3, 4.10.4.3",
	.mode = MODE_CHOREO,
	.roles = {[STORER] = {"storer", load_and_store}, [WRITER] = {"writer", give_write}},
	.script = STEPS(give_behind_the_fault),
	CELLS(HOLDS(), BREAKS(spurious_fault),
	      BREAKS(rights_rmb, FROM(WEAK), BY(TLB), IF(NEED_SOFT_TLB))),
	.setup = map_readable,
	.judge = judge_given,
};

/* --- the right to store is there before and after a change, and perhaps not in its middle --- */

/* Neither young nor dirty: if no hardware marks entries, mm_fault() does. */
static bool map_executable(struct variant *v)
{
	return map(v, PTE_WRITE | PTE_EXEC);
}

static enum verdict judge_gap(struct variant *v)
{
	if (went_wrong(v))
		return VIOLATED;
	if (v->flag[REFUSED]) {
		lab_saw(v,
			"CPU %u was refused, although its entry let it store before and after the change",
			v->cpu[STORER]);
		return VIOLATED;
	}
	if (!lab_script_complete(v))
		return NO_EVIDENCE;
	lab_evidence(v, "CPU %u stored while the entry was being changed, after %u faults",
		     v->cpu[STORER], v->value[FAULTS]);
	return HELD;
}

/* The writer waits in the middle of its change until the first store was tried. */
static const struct step store_in_the_change[] = {
	STEP(STORER, role_start, REACHED(WRITER, rights_changing)),
	STEP(WRITER, role_start, REACHED(STORER, role_start)), /* both have the space now */
	STEP(WRITER, rights_changing, REACHED(STORER, role_middle)),
};

SCENARIO(spurious_gap) = {
	.name = "space/spurious-gap",
	.rule = "no access is refused that an entry permits before a change and after it",
	.reference =
		"Linux s390 ptep_modify_prot_start(): IPTE, and the entry is stored later; handle_pte_fault() looks under the page-table lock",
	.mode = MODE_CHOREO,
	.roles = {[STORER] = {"storer", store_as_user}, [WRITER] = {"writer", give_write}},
	.script = STEPS(store_in_the_change),
	CELLS(HOLDS(), BREAKS(spurious_fault, IF(NEED_BROADCAST)),
	      HOLDS(WITH(protect, clear_set), IF(NEED_IPI_FLUSH)),
	      BREAKS(spurious_fault, WITH(protect, clear_set), IF(NEED_IPI_FLUSH))),
	.setup = map_executable,
	.judge = judge_gap,
};
