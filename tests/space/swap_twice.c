/* SPDX-License-Identifier: MIT */
/* Two threads load from one page that is in swap. Both faults find its slot, and only one of them
 * gives it back. */
#include "tests/space/swapped.h"

enum {
	FIRST,
	SECOND,
};

/* v->value, what each role has read. */
enum {
	READ_FIRST,
	READ_SECOND,
};

/* A second entry names the slot, as after a fork. So the slot stays in use when the page is back,
 * and the later fault of two still finds the page. */
static bool add_sibling(struct variant *v)
{
	pte_t *ptep = pte_alloc(&v->mm, v->va + PAGE_SIZE);
	u32 slot = pte_swap_slot(entry_read(v->ptep));

	if (!ptep)
		return false;
	swap_duplicate(slot);
	set_pte(ptep, mk_swap_pte(slot));
	return true;
}

static bool setup(struct variant *v)
{
	return map_swapped_page(v, 2) && add_sibling(v);
}

static void load_first(struct variant *v)
{
	v->value[READ_FIRST] = user_load(v->va);
}

/* The other entry gives the slot back for the last time. */
static void load_second(struct variant *v)
{
	v->value[READ_SECOND] = user_load(v->va);
	race_point(role_middle);
	sys_munmap(v->va + PAGE_SIZE, PAGE_SIZE);
}

/* If the page was mapped twice, the entry has one of the two references, and nobody the other. */
static void give_back_lost(struct variant *v)
{
	pte_t pte = entry_read(v->ptep);

	if (entry_present(pte) && page_count(pfn_to_page(entry_pfn(pte))) == 2)
		put_page(pfn_to_page(entry_pfn(pte)));
}

static enum verdict judge(struct variant *v)
{
	unsigned role;
	bool twice = freed_twice_by(&role);

	v->outcome = twice ? "given back twice" : "once";
	if (twice) {
		give_back_lost(v);
		lab_saw(v,
			"CPU %u gave a slot back that was free: one entry had given it back twice",
			v->cpu[role]);
		return VIOLATED;
	}
	if (v->value[READ_FIRST] != WORD || v->value[READ_SECOND] != WORD) {
		lab_saw(v, "the page had 0x%x, and CPU %u read 0x%x, CPU %u 0x%x", WORD,
			v->cpu[FIRST], v->value[READ_FIRST], v->cpu[SECOND], v->value[READ_SECOND]);
		return VIOLATED;
	}
	if (!lab_script_complete(v))
		return NO_EVIDENCE;
	lab_evidence(v,
		     "CPU %u found the page that CPU %u had brought back, and left the slot alone",
		     v->cpu[FIRST], v->cpu[SECOND]);
	return HELD;
}

static const struct step load_meanwhile[] = {
	STEP(FIRST, swap_found, REACHED(SECOND, role_middle)),
	STEP(SECOND, role_start, REACHED(FIRST, swap_found)),
	STEP(SECOND, role_middle, REACHED(FIRST, role_done)),
};

SCENARIO(swap_twice) = {
	.name = "space/swap-twice",
	.rule = "of two faults at one swap entry, the second one finds it gone and gives no slot back",
	.reference = "Linux do_swap_page(): pte_same() under the page-table lock",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[FIRST] = {"first", load_first}, [SECOND] = {"second", load_second}},
	.script = STEPS(load_meanwhile),
	CELLS(HOLDS(), BREAKS(fault_recheck)),
	.setup = setup,
	.judge = judge,
};
