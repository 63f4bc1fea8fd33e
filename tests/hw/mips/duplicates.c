/* SPDX-License-Identifier: MIT */
/* Two entries of one TLB for the same address, as the machine treats them, and a check for such
 * pairs left by our handlers. */
#include <asm/machine_check.h>

#include "tests/hw/mips/tlb_entry.h"
#include "tests/hw/slot.h"

/* --- written on purpose --- */

#define VA 0x10000000u /* the lab maps nothing there */

static struct {
	u32 pairs;	      /* written */
	u32 checks;	      /* machine checks */
	bool hit[2], lost[2]; /* by the number of the entry written last, did a load go through, and
			       * did none after TLBINVF */
	u32 tag[2];
} made;

static bool two_frames(struct variant *v)
{
	made = (typeof(made)){.checks = 0};
	v->a = lab_frame(v, ZONE_DIRECT);
	v->b = lab_frame(v, ZONE_DIRECT);
	return v->a && v->b;
}

/* Entry 0 leads to a, entry 1 to b. `last` is written second. */
static void write_both(struct variant *v, unsigned last)
{
	u32 hi = VA | this_asid(), tag;
	struct tlb_entry e[2] = {entry_to_frame(hi, page_to_pfn(v->a)),
				 entry_to_frame(hi, page_to_pfn(v->b))};

	tlb_invalidate_everything();
	write_entry_at(!last, &e[!last]);
	write_entry_at(last, &e[last]);
	made.pairs++;
	made.hit[last] = lab_load_tag(VA, &made.tag[last]);
	tlb_invalidate_everything();
	made.lost[last] = !lab_load_tag(VA, &tag);
}

static void make_two(struct variant *v)
{
	u32 status = all_irqs_save();

	machine_check_expect();
	write_both(v, 0);
	write_both(v, 1);
	made.checks = machine_checks_taken();
	all_irqs_restore(status);
	tlb_flush_all();
}

static const char *who_wins(struct variant *v)
{
	u32 a = lab_tag(page_to_pfn(v->a)), b = lab_tag(page_to_pfn(v->b));

	if (made.tag[0] == a && made.tag[1] == a)
		return "the lower index";
	if (made.tag[0] == b && made.tag[1] == b)
		return "the higher index";
	if (made.tag[0] == a && made.tag[1] == b)
		return "the one written last";
	if (made.tag[0] == b && made.tag[1] == a)
		return "the one written first";
	return NULL;
}

static enum verdict judge_made(struct variant *v)
{
	if (!made.lost[0] || !made.lost[1]) {
		lab_saw(v, "after two entries for one address TLBINVF left a translation");
		return VIOLATED;
	}
	lab_counted(v, made.pairs);
	if (made.checks) {
		lab_evidence(v, "%u machine checks; the TLB was emptied, and all went on",
			     made.checks);
		return HELD;
	}
	if (!made.hit[0] || !made.hit[1] || !who_wins(v)) {
		lab_saw(v, "two entries for one address, no machine check, and the load found 0x%x",
			made.hit[0] ? made.tag[0] : made.tag[1]);
		return VIOLATED;
	}
	lab_evidence(v, "silent: no machine check, %s is used", who_wins(v));
	return HELD;
}

SCENARIO(duplicate_entries) = {
	.name = "hw/duplicate-entries",
	.rule = "two TLB entries for one address raise a machine check, or the CPU uses "
		"one of them, and TLBINVF removes both",
	.reference = "MIPS32 volume III, Status.TS: whether and when that is detected depends on "
		     "the implementation; Machine Check Exception",
	.mode = MODE_PROBE,
	.least = {AT_LEAST(2, "pairs of entries for one address")},
	.roles = {{"cpu", make_two}},
	CELLS(HOLDS()),
	.setup = two_frames,
	.judge = judge_made,
};

/* --- left by our handlers --- */

#define PAGES 96u
#define FIRST 16u /* behind the tested slot and the anchor, in the same table */

static struct {
	u32 loads;
	u32 entries;  /* entries matching some address */
	u32 twice;    /* pairs of entries for one address */
	u32 hi;	      /* of the last pair */
	u32 unloaded; /* loads without the frame */
} left;

static bool many_pages(struct variant *v)
{
	left = (typeof(left)){.loads = 0};
	v->a = lab_frame(v, ZONE_DIRECT);
	if (!v->a)
		return false;
	for (unsigned i = 0; i < PAGES; i++) {
		get_page(v->a);
		if (!mm_establish(&v->mm, v->va + (FIRST + i) * PAGE_SIZE, lab_entry(v->a)))
			return false;
	}
	return true;
}

static bool same_address(const struct tlb_entry *a, const struct tlb_entry *b)
{
	return (a->hi ^ b->hi) < PAGE_SIZE && ((a->hi & ENTRYHI_ASID) == (b->hi & ENTRYHI_ASID) ||
					       (a->lo[0].low | b->lo[0].low) & ENTRYLO_G);
}

static void count_twice(void)
{
	static struct tlb_entry all[64];
	unsigned size = tlb_size(), n = 0;
	u32 status = all_irqs_save(), hi = cp0_entryhi();

	for (unsigned i = 0; i < size && n < ARRAY_SIZE(all); i++) {
		all[n] = read_entry_at(i);
		n += !(all[n].hi & ENTRYHI_EHINV);
	}
	cp0_set_entryhi(hi);
	all_irqs_restore(status);
	left.entries = n;
	for (unsigned i = 0; i < n; i++) {
		for (unsigned j = 0; j < i; j++) {
			if (!same_address(&all[i], &all[j]))
				continue;
			left.twice++;
			left.hi = all[i].hi;
		}
	}
}

static void load(struct variant *v, unsigned page)
{
	left.loads++;
	left.unloaded += !slot_reaches(v->va + (FIRST + page) * PAGE_SIZE, v->a);
}

/* Each pair comes in by its first page while the second is absent, and then the second one is
 * mapped. The TLB's entry says that it is invalid, so a handler must write over it. */
static void fill(struct variant *v)
{
	pte_t pte = lab_entry(v->a);

	for (unsigned i = 0; i < PAGES; i += 2) {
		pte_t *second = v->ptep + FIRST + i + 1;

		slot_write(second, PTE_NONE);
		load(v, i);
		slot_write(second, pte);
		load(v, i + 1);
	}
	count_twice();
	tlb_flush_all();
}

static enum verdict judge_left(struct variant *v)
{
	if (left.twice) {
		lab_saw(v, "of %u entries %u are for an address that another one is for: 0x%x",
			left.entries, left.twice, left.hi);
		return VIOLATED;
	}
	if (left.unloaded)
		return NO_EVIDENCE;
	lab_counted(v, left.loads);
	lab_counted(v, left.entries);
	lab_evidence(v, "%u pages came in by halves; %u entries, no two for one address", PAGES,
		     left.entries);
	return HELD;
}

SCENARIO(one_translation) = {
	.name = "hw/one-translation",
	.rule = "the TLB handlers never leave two entries for one address, because they "
		"overwrite an invalid one",
	.reference = "MIPS32 volume III, Machine Check Exception; volume II, TLBP, TLBWI",
	.mode = MODE_PROBE,
	.least = {AT_LEAST(PAGES, "loads"), AT_LEAST(2, "entries left of them")},
	.roles = {{"cpu", fill}},
	CELLS(HOLDS()),
	.setup = many_pages,
	.judge = judge_left,
};
