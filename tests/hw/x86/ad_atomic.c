/* SPDX-License-Identifier: MIT */
/* One CPU stores through many addresses, one after the other, while another takes the entry of each
 * away. Every store that reached the frame must leave Dirty in the taken entry, and no store may
 * bring its entry back. The two go in step, because a busy host seldom runs both. A round has one
 * flush for all entries. */
#include <asm/clock.h>
#include <asm/trap.h>

#include "tests/hw/slot.h"
#include "tests/hw/together.h"

#define PAGES	   64u
#define FIRST	   16u /* behind the tested slot and the anchor, in the same table */
#define ROUNDS	   250u
#define NS_ENOUGH  2000000000ull
#define NS_MOST	   10000000000ull /* for a host that rarely runs both CPUs */
#define NS_FUTILE  5000000000ull  /* after so long without it, the host runs them in turns */
#define LEAST	   64u /* entries taken with Dirty, and as many without */
#define DELAY_MOST 4096u

static struct {
	bool over; /* shared */
	u32 asked; /* shared, stores that may begin, in all rounds */
	u32 done;  /* shared, stores that have ended */
	u32 pulse; /* shared, incremented all the time by the storing CPU */
	u32 looks; /* shared, looks of the taking CPU at the other's pulse */
	u32 together; /* entries taken while the other CPU was seen to run */
	u64 start;    /* clock_ns() of the taking CPU */
	u32 tries, dirty, clean;
	u32 lost;  /* a store reached the frame, but the taken entry is clean */
	u32 alive; /* the entry is not empty after it was taken and flushed */
	entry_t revived;
} found;

static vaddr_t address(const struct variant *v, unsigned i)
{
	return v->va + (FIRST + i) * PAGE_SIZE;
}

/* One frame behind all addresses. Its contents change, so it is none of the arena's, and the
 * mappings own it. */
static bool setup(struct variant *v)
{
	bool mapped = true;

	found = (typeof(found)){.over = false};
	v->a = alloc_page(ZONE_DIRECT);
	if (!v->a)
		return false;
	clear_page(page_map(page_to_pfn(v->a), WINDOW_A));
	v->entry_a = mk_pte(page_to_pfn(v->a), PTE_USER | PTE_WRITE | PTE_YOUNG);
	for (unsigned i = 0; i < PAGES; i++) {
		get_page(v->a);
		mapped &= mm_establish(&v->mm, address(v, i), v->entry_a);
	}
	put_page(v->a);
	return mapped;
}

/* Each address has a word of its own in the frame. The stored value is the number of the round. */
static void store(struct variant *v)
{
	struct lab_patience patience = {0};
	struct fault fault;
	u32 done = 0;

	while (lab_go_on(&patience, &found.over, &found.looks)) {
		unsigned i = done % PAGES;

		WRITE_ONCE(found.pulse, found.pulse + 1);
		if (READ_ONCE(found.asked) == done)
			continue;
		try_store(address(v, i) + i * sizeof(u32), done / PAGES + 1, &fault);
		WRITE_ONCE(found.done, ++done);
	}
}

/* Moves the delay to just before or just after the store, by the last result. */
static u32 next_delay(u32 delay, bool dirty)
{
	if (dirty)
		return delay - (delay / 8 + (delay > 0));
	return delay < DELAY_MOST ? delay + delay / 4 + 1 : delay;
}

static void flush_here(void *argument)
{
	(void)argument;
	tlb_flush_all();
}

static void look_at(struct variant *v, unsigned i, bool dirty, u32 round)
{
	const u32 *word = page_map(page_to_pfn(v->a), WINDOW_A);
	pte_t *ptep = v->ptep + FIRST + i;

	found.tries++;
	found.dirty += dirty;
	found.clean += !dirty;
	found.lost += READ_ONCE(word[i]) == round && !dirty;
	if (entry_none(*ptep))
		return;
	found.revived = *ptep;
	found.alive++;
	entry_xchg(ptep, PTE_NONE);
}

static bool has_met(void)
{
	return found.dirty >= LEAST && found.clean >= LEAST;
}

static bool is_late(void)
{
	u64 ns = clock_ns() - found.start;

	return ns > (!found.together ? NS_FUTILE : has_met() ? NS_ENOUGH : NS_MOST);
}

/* An entry taken while the other CPU does not run shows nothing. */
static void await_other(struct lab_patience *patience)
{
	bool together;

	do {
		WRITE_ONCE(found.looks, found.looks + 1);
		together = runs_now(&found.pulse);
	} while (!together && !is_late() && lab_go_on(patience, &found.over, &found.pulse));
	found.together += together;
}

/* Takes the next entry while the other CPU stores through it. Returns true if it was dirty. */
static bool take_one(pte_t *ptep, struct lab_patience *patience, u32 *delay)
{
	u32 number = found.asked + 1;
	bool dirty;

	await_other(patience);
	WRITE_ONCE(found.asked, number);
	for (u32 n = 0; n < *delay; n++)
		barrier();
	dirty = pte_dirty(entry_xchg(ptep, PTE_NONE));
	*delay = next_delay(*delay, dirty);
	while (READ_ONCE(found.done) != number && lab_go_on(patience, &found.over, &found.done))
		;
	return dirty;
}

static void take_all(struct variant *v, u32 round, u32 *delay)
{
	struct lab_patience patience = {0};
	bool dirty[PAGES];

	for (unsigned i = 0; i < PAGES; i++)
		slot_write(v->ptep + FIRST + i, v->entry_a);
	for (unsigned i = 0; i < PAGES; i++)
		dirty[i] = take_one(v->ptep + FIRST + i, &patience, delay);
	call_cpus(READ_ONCE(v->mm.cpumask), flush_here, NULL);
	for (unsigned i = 0; i < PAGES; i++)
		look_at(v, i, dirty[i], round);
}

static void take(struct variant *v)
{
	u32 delay = 0;

	found.start = clock_ns();
	for (unsigned i = 0; i < PAGES; i++)
		entry_xchg(v->ptep + FIRST + i, PTE_NONE);
	call_cpus(READ_ONCE(v->mm.cpumask), flush_here, NULL);
	for (u32 round = 1; round <= ROUNDS && !is_late(); round++)
		take_all(v, round, &delay);
	WRITE_ONCE(found.over, true);
	for (unsigned i = 0; i < PAGES; i++) /* so that the mappings' references are dropped with
					      * them */
		slot_write(v->ptep + FIRST + i, v->entry_a);
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
	if (!found.together) {
		lab_saw(v,
			"hardly any overlap: in %u s no two CPUs were seen to run at the same "
			"moment",
			(unsigned)(NS_FUTILE / 1000000000u));
		return NO_OVERLAP;
	}
	lab_counted(v, found.dirty);
	lab_counted(v, found.clean);
	lab_evidence(v, "%u entries taken, %u with Dirty, none came back", found.tries,
		     found.dirty);
	return HELD;
}

SCENARIO(ad_atomic) = {
	.name = "hw/ad-atomic",
	.rule = "hardware sets Dirty atomically and only in a present entry, so no "
		"exchange loses it and no cleared entry revives",
	.reference =
		"Intel SDM vol. 3, 4.8 and 9.1.2.2 (locked updates of A and D); QEMU issue 279",
	.mode = MODE_PROBE,
	.least = {AT_LEAST_MET(LEAST, "entries taken behind a store"),
		  AT_LEAST_MET(LEAST, "entries taken before one")},
	.roles = {{"stores", store}, {"takes", take}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
