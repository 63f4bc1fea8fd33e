/* SPDX-License-Identifier: MIT */
/* One CPU stores through an address while another takes its entry away, again and again: every
 * store that reached the frame left Dirty in the entry that was taken, and none brought the entry
 * back. */
#include <asm/trap.h>

#include "tests/hw/slot.h"

#define TRIES	   1500u
#define ENOUGH	   60u /* entries taken with Dirty, and as many without */
#define DELAY_MOST 4096u

static struct {
	bool over; /* shared */
	u32 tries; /* shared */
	u32 dirty, clean;
	u32 lost;  /* a store reached the frame, but the entry that was taken is clean */
	u32 alive; /* the entry is not empty after it was taken and flushed */
	entry_t revived;
} found;

/* The frame's contents change, so it is none of the arena's; the mapping owns it. */
static bool setup(struct variant *v)
{
	found.over = false;
	found.tries = found.dirty = found.clean = found.lost = found.alive = 0;
	v->a = alloc_page(ZONE_DIRECT);
	if (!v->a)
		return false;
	v->entry[0] = mk_pte(page_to_pfn(v->a), PTE_USER | PTE_WRITE | PTE_YOUNG);
	lab_establish(v, v->entry[0]);
	put_page(v->a);
	return true;
}

static void store(struct variant *v)
{
	struct lab_patience patience = {0};
	struct fault fault;
	u32 value = 0;

	while (lab_go_on(&patience, &found.over, &found.tries)) {
		if (try_store(v->va, value + 1, &fault))
			value++;
		else
			cpu_relax();
	}
}

/* Taken just before or just after the first store: the delay follows what was seen. */
static u32 next_delay(u32 delay, bool dirty)
{
	if (dirty)
		return delay - (delay / 8 + (delay > 0));
	return delay < DELAY_MOST ? delay + delay / 4 + 1 : delay;
}

static u32 take_once(struct variant *v, u32 *word, u32 delay)
{
	u32 before = READ_ONCE(*word);
	entry_t taken;

	slot_write(v->ptep, v->entry[0]);
	for (u32 i = 0; i < delay; i++)
		cpu_relax();
	taken = entry_xchg(v->ptep, PTE_NONE);
	slot_flush(v);
	WRITE_ONCE(found.tries, found.tries + 1);
	found.dirty += pte_dirty(taken);
	found.clean += !pte_dirty(taken);
	found.lost += READ_ONCE(*word) != before && !pte_dirty(taken);
	if (!entry_none(*v->ptep)) {
		found.revived = *v->ptep;
		found.alive++;
		entry_xchg(v->ptep, PTE_NONE);
	}
	return next_delay(delay, pte_dirty(taken));
}

static void take(struct variant *v)
{
	u32 *word = page_map(page_to_pfn(v->a), WINDOW_A);
	u32 delay = 0;

	entry_xchg(v->ptep, PTE_NONE);
	slot_flush(v);
	while (found.tries < TRIES && (found.dirty < ENOUGH || found.clean < ENOUGH))
		delay = take_once(v, word, delay);
	WRITE_ONCE(found.over, true);
	slot_write(v->ptep, v->entry[0]); /* for the mapping's reference to be dropped with it */
}

static enum verdict judge(struct variant *v)
{
	if (found.lost) {
		lab_saw(v,
			"%u of %u entries were taken clean, although a store through them had "
			"reached the "
			"frame",
			found.lost, found.tries);
		return VIOLATED;
	}
	if (found.alive) {
		lab_saw(v, "%u of %u entries came back after they were taken; the last as 0x%llx",
			found.alive, found.tries, (unsigned long long)entry_value(found.revived));
		return VIOLATED;
	}
	if (!found.dirty) {
		lab_saw(v, "no overlap: none of %u entries was taken behind a store", found.tries);
		return NO_OVERLAP;
	}
	lab_evidence(v, "%u entries taken, %u with Dirty, none came back", found.tries,
		     found.dirty);
	return HELD;
}

SCENARIO(ad_atomic) = {
	.name = "hw/ad-atomic",
	.rule = "hardware sets Dirty atomically, in an entry that is present: none is lost to an "
		"exchange, "
		"none revives a cleared entry",
	.reference =
		"Intel SDM vol. 3, 4.8 and 9.1.2.2 (locked updates of A and D); QEMU issue 279",
	.mode = "probe",
	.roles = {{"stores", store}, {"takes", take}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
