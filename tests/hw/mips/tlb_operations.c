/* SPDX-License-Identifier: MIT */
/* Tests the kernel's TLB operations against each other, so that a written entry is found and read
 * back, found under its own number only, and gone after it was taken out. */
#include <asm/trap.h>

#include "tests/hw/mips/tlb_entry.h"

/* The lab maps nothing there. */
#define FIRST_VA      0x10000000u
#define OTHER_ASID(a) ((a) ^ 0x55u)
#define RANDOM_WRITES 192u /* more than the TLB holds */
#define SMALLEST      16u  /* the smallest TLB in existence */
/* Checks of each entry, of each random one, of all of them at the end, and a few more. */
#define CHECKS_LEAST (8 * SMALLEST + 6 * RANDOM_WRITES + 2 * (SMALLEST + RANDOM_WRITES) + 5)

static struct {
	u32 checks;
	const char *wrong; /* the first check that failed, and its entry */
	u32 at, have, want;
} found;

static bool setup(struct variant *v)
{
	found = (typeof(found)){.checks = 0};
	v->a = lab_frame(v, ZONE_DIRECT);
	return v->a;
}

static void expect(const char *what, u32 at, u32 have, u32 want)
{
	found.checks++;
	if (have == want || found.wrong)
		return;
	found.wrong = what;
	found.at = at;
	found.have = have;
	found.want = want;
}

/*
 * No access goes through these entries, so they use every bit of the frame's number, differently.
 */
static struct tlb_entry nth_entry(unsigned n, u32 asid)
{
	return (struct tlb_entry){(FIRST_VA + n * PAIR_SIZE) | asid,
				  {{(n * 0x10001u) << ENTRYLO_PAGE | ENTRYLO_STATE, n & 0xf},
				   {(~n & 0xffffu) << ENTRYLO_PAGE | ENTRYLO_STATE, ~n & 0xf}}};
}

static void expect_same(const char *what, u32 at, struct tlb_entry is, struct tlb_entry as)
{
	expect(what, at, is.hi, as.hi);
	for (unsigned i = 0; i < 2; i++) {
		expect(what, at, is.lo[i].low, as.lo[i].low);
		expect(what, at, is.lo[i].high, as.lo[i].high);
	}
}

/* TLBWI, TLBP, TLBR. */
static void fill_and_look(u32 asid)
{
	unsigned size = tlb_size();

	tlb_invalidate_everything();
	for (unsigned i = 0; i < size; i++) {
		struct tlb_entry e = nth_entry(i, asid);

		expect("TLBP of what was not written", i, find_entry(e.hi), NOT_FOUND);
		write_entry_at(i, &e);
	}
	for (unsigned i = 0; i < size; i++) {
		struct tlb_entry e = nth_entry(i, asid);

		expect("TLBP", i, find_entry(e.hi), i);
		expect("TLBP under another ASID", i,
		       find_entry((e.hi & ~ENTRYHI_ASID) | OTHER_ASID(asid)), NOT_FOUND);
		expect_same("TLBR", i, read_entry_at(i), e);
	}
}

/* An entry is global only if both pages have G. */
static void global_or_not(u32 asid)
{
	struct tlb_entry e = nth_entry(0, asid);
	u32 other = (e.hi & ~ENTRYHI_ASID) | OTHER_ASID(asid);

	e.lo[0].low |= ENTRYLO_G;
	write_entry_at(0, &e);
	expect("TLBP of half of a global pair, another ASID", 0, find_entry(other), NOT_FOUND);
	e.lo[1].low |= ENTRYLO_G;
	write_entry_at(0, &e);
	expect("TLBP of a global pair, another ASID", 0, find_entry(other), 0);
}

/* EntryHi.EHINV takes out one entry and no other. */
static void take_out(u32 asid)
{
	unsigned last = tlb_size() - 1;
	u32 hi = nth_entry(last, asid).hi;

	cp0_set_index(find_entry(hi));
	cp0_set_entryhi(ENTRYHI_EHINV | asid);
	tlb_write_indexed();
	expect("TLBP of what TLBWI with EHINV took out", last, find_entry(hi), NOT_FOUND);
	expect("TLBR of it: EHINV", last, read_entry_at(last).hi & ENTRYHI_EHINV, ENTRYHI_EHINV);
	expect("TLBP of its neighbour", last - 1, find_entry(nth_entry(last - 1, asid).hi),
	       last - 1);
}

/* Writes by TLBWR, one after the other, over the entries there. */
static void write_at_random(struct variant *v, u32 asid)
{
	for (unsigned n = 0; n < RANDOM_WRITES; n++) {
		u32 hi = (FIRST_VA + (tlb_size() + n) * PAIR_SIZE) | asid;
		struct tlb_entry e = entry_to_frame(hi, page_to_pfn(v->a));
		unsigned at;

		entry_to_registers(&e);
		tlb_write_random();
		at = find_entry(hi);
		expect("TLBP of what TLBWR wrote", n, at == NOT_FOUND, false);
		if (at != NOT_FOUND)
			expect_same("TLBR of what TLBWR wrote", n, read_entry_at(at), e);
	}
}

/* TLBINVF takes out entries of every number, global or not, and copies elsewhere in the CPU. */
static void nothing_is_left(u32 asid)
{
	unsigned n = tlb_size() + RANDOM_WRITES;

	tlb_invalidate_everything();
	for (unsigned i = 0; i < n; i++) {
		vaddr_t va = FIRST_VA + i * PAIR_SIZE;
		struct fault fault;
		u32 word;

		expect("TLBP after TLBINVF", i, find_entry(va | asid), NOT_FOUND);
		expect("a load after TLBINVF", i, try_load(va, &word, &fault), false);
	}
}

static void run(struct variant *v)
{
	u32 status = all_irqs_save(), asid = this_asid();

	fill_and_look(asid);
	global_or_not(asid);
	take_out(asid);
	write_at_random(v, asid);
	nothing_is_left(asid);
	all_irqs_restore(status);
	tlb_flush_all();
}

static enum verdict judge(struct variant *v)
{
	if (found.wrong) {
		lab_saw(v, "%s, entry %u: 0x%x instead of 0x%x", found.wrong, found.at, found.have,
			found.want);
		return VIOLATED;
	}
	lab_counted(v, found.checks);
	lab_evidence(v, "%u entries, %u more by TLBWR: %u answers, as they must be", tlb_size(),
		     RANDOM_WRITES, found.checks);
	return HELD;
}

SCENARIO(tlb_operations) = {
	.name = "hw/tlb-operations",
	.rule = "a TLB entry is found under its own ASID only, and reads as it was "
		"written, until it is removed",
	.reference = "MIPS32 volume II, TLBP, TLBR, TLBWI, TLBWR, TLBINVF; volume III, EntryHi, "
		     "EntryLo0/1 (G is the AND of both)",
	.mode = MODE_PROBE,
	.least = {AT_LEAST(CHECKS_LEAST, "answers")},
	.roles = {{"cpu", run}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
