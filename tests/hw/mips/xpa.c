/* SPDX-License-Identifier: MIT */
/* Both words of an entry count, so a frame named by two words together is there, and one named by
 * words of different entries is not. */
#include <asm/far.h>
#include <asm/smp.h>
#include <asm/trap.h>

#include "tests/hw/slot.h"

enum {
	WHOLE,
	UPPER_ALONE, /* the present half of the far page with the other half of a frame of RAM */
	LOWER_ALONE, /* the other way round */
	NR_MIXES
};

static const char *const mix_name[NR_MIXES] = {"whole", "upper part alone", "lower part alone"};

static struct {
	u32 looks;
	pfn_t far;
	bool loaded[NR_MIXES];
	u32 word, cause[NR_MIXES];
} found;

static bool setup(struct variant *v)
{
	found = (typeof(found)){.far = far_device()};
	v->a = lab_frame(v, ZONE_DIRECT);
	return v->a;
}

static pte_t mix(struct variant *v, unsigned which)
{
	pte_t far = mk_pte(found.far, PTE_USER | PTE_YOUNG), near = lab_entry(v->a);

	far.word[OTHER_WORD] = (far.word[OTHER_WORD] & ~XPA_C_MASK) | XPA_C_UNCACHED;
	if (which == UPPER_ALONE)
		far.word[OTHER_WORD] = near.word[OTHER_WORD];
	if (which == LOWER_ALONE)
		far.word[PRESENT_WORD] = near.word[PRESENT_WORD];
	return far;
}

static void run(struct variant *v)
{
	for (unsigned i = 0; found.far && i < NR_MIXES; i++) {
		struct fault fault = {0, 0};
		u32 word;

		slot_write(v->ptep, mix(v, i));
		tlb_flush_page(v->va);
		found.loaded[i] = try_load(v->va + FAR_DEVICE_RUNNING, &word, &fault);
		found.cause[i] = fault.cause;
		found.looks++;
		if (i == WHOLE)
			found.word = word;
	}
	slot_write(v->ptep, PTE_NONE);
	tlb_flush_page(v->va);
}

static enum verdict judge(struct variant *v)
{
	if (!found.far) {
		lab_saw(v, "not observable here: nothing can be moved above 4 GiB");
		return NO_OVERLAP;
	}
	if (!found.loaded[WHOLE] || found.word != BIT(smp_count()) - 1) {
		lab_saw(v, "frame 0x%x: the load %s, 0x%x instead of 0x%x", found.far,
			found.loaded[WHOLE] ? "was made" : "faulted", found.word,
			(u32)BIT(smp_count()) - 1);
		return VIOLATED;
	}
	for (unsigned i = UPPER_ALONE; i < NR_MIXES; i++) {
		if (!found.loaded[i] && found.cause[i] & FAULT_RESERVED)
			continue;
		lab_saw(v, "frame 0x%x, %s: no bus error (fault cause 0x%x)", found.far,
			mix_name[i], found.cause[i]);
		return VIOLATED;
	}
	lab_counted(v, found.looks);
	lab_evidence(v, "frame 0x%x answers; with half of another entry, a bus error each",
		     found.far);
	return HELD;
}

SCENARIO(xpa) = {
	.name = "hw/xpa",
	.rule = "the two words of an entry name one frame of a 40-bit address, and half "
		"of another entry names none",
	.reference = "MIPS32 volume III, EntryLo0/1 with XPA (PageGrain.ELPA), MTHC0",
	.mode = MODE_PROBE,
	.least = {AT_LEAST(NR_MIXES, "entries tried")},
	.roles = {{"cpu", run}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
