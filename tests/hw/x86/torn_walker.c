/* SPDX-License-Identifier: MIT */
/* An entry flips between two frames, each time by one 64-bit exchange, and halves of both would
 * name a third. */
#include "kernel/smp/percpu.h"
#include "tests/hw/slot.h"

#define LOADS  20000u
#define LEAST  16u   /* of the two below */
#define ENOUGH 1000u /* loads of another frame than the one before */
#define AHEAD  64u   /* loads after which the other CPU must have flipped again */

static struct {
	bool over;	  /* shared */
	u32 flips, loads; /* shared */
	u32 changes;
	u32 torn, torn_tag; /* loads of another frame, with 0 for a fault */
} found;

/*
 * Two pairs of a frame above 4 GiB and the one at its address mod 4 GiB. The entry flips between
 * the first pair's high frame and the second pair's low one. A mixture names one of the other two.
 */
static bool setup(struct variant *v)
{
	struct page *above, *below;

	found.over = false;
	found.flips = found.loads = found.changes = found.torn = 0;
	v->a = lab_high_frame(v, &v->decoy);
	above = lab_high_frame(v, &below);
	if (!v->a || !above)
		return false;
	v->b = below;
	lab_establish(v, lab_entry(v->a));
	return true;
}

static void flip(struct variant *v)
{
	const entry_t entry[2] = {lab_entry(v->a), lab_entry(v->b)};
	struct lab_patience patience = {0};

	while (lab_go_on(&patience, &found.over, &found.loads)) {
		u32 flips = found.flips + 1;

		entry_xchg(v->ptep, entry[flips % 2]);
		smp_store_release(&found.flips, flips);
		cpu_relax();
	}
	entry_xchg(v->ptep, entry[0]);
}

static void look(struct variant *v, const u32 *tags, u32 *last)
{
	u32 tag = 0;

	tlb_flush_page(v->va);
	WRITE_ONCE(found.loads, found.loads + 1);
	if (!lab_load_tag(v->va, &tag) || (tag != tags[0] && tag != tags[1])) {
		found.torn++;
		found.torn_tag = tag;
		return;
	}
	found.changes += tag != *last;
	*last = tag;
}

static void load(struct variant *v)
{
	const u32 tags[2] = {lab_tag(page_to_pfn(v->a)), lab_tag(page_to_pfn(v->b))};
	u32 last = tags[0], flips = 0;

	while (found.loads < LOADS && found.changes < ENOUGH) {
		wait_until(READ_ONCE(found.flips) != flips, WAIT_JOB, BIT(v->cpu[0]));
		flips = READ_ONCE(found.flips);
		for (unsigned i = 0; i < AHEAD; i++)
			look(v, tags, &last);
	}
	WRITE_ONCE(found.over, true);
}

static enum verdict judge(struct variant *v)
{
	if (found.torn) {
		lab_saw(v,
			"%u of %u loads left both frames; the last read 0x%x (0x%x has the tag "
			"0x%x)",
			found.torn, found.loads, found.torn_tag, page_to_pfn(v->decoy),
			lab_tag(page_to_pfn(v->decoy)));
		return VIOLATED;
	}
	lab_counted(v, found.changes);
	lab_evidence(
		v, "%u flips under %u loads, %u of which found the other frame than the one before",
		found.flips, found.loads, found.changes);
	return HELD;
}

SCENARIO(torn_walker) = {
	.name = "hw/torn-walker",
	.rule = "the hardware walker reads an entry in one access, never half of one "
		"value and half of another",
	.reference = "Intel SDM vol. 3, 9.1.1 (aligned quadwords), 4.10.2; Linux "
		     "native_set_pte_atomic() (PAE)",
	.mode = MODE_PROBE,
	.least = {AT_LEAST_MET(LEAST, "loads that found another frame than the one before")},
	.needs = NEED_HIGH_RAM,
	.roles = {{"flips", flip}, {"loads", load}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
