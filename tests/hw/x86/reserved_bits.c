/* SPDX-License-Identifier: MIT */
/* A reserved bit in an entry refuses the access with its own cause, so hardware detects torn
 * entries. */
#include <asm/trap.h>

#include "mm/table/pgtable.h"
#include "tests/hw/slot.h"

#define NX 63u
/* In two levels, the bits above the widest possible physical address, 52 bits. */
#define BITS_LEAST 22u

static struct {
	unsigned faults, wrong;
	unsigned without_present; /* faults with the causes reserved and not present at once */
	const char *level;	  /* of the first wrong one */
	unsigned bit;
	u32 cause;
} found;

/* Bits of the high word. Bits below MAXPHYADDR name other memory and are left alone. */
static bool is_reserved(unsigned bit)
{
	return bit == NX ? !x86_nx_high() : (u64)1 << (bit - PAGE_SHIFT) >= x86_pfn_limit();
}

/* Returns 0 if load and store succeed. Their causes must be equal except for the direction. */
static u32 cause_of_access(vaddr_t va, u32 tag)
{
	struct fault load = {0, 0}, store = {0, 0};
	u32 value;

	try_load(va, &value, &load);
	try_store(va, tag, &store);
	return load.cause == (store.cause & ~FAULT_WRITE) ? load.cause : load.cause | store.cause;
}

static void try_bit(struct variant *v, entry_t *ep, entry_t good, unsigned bit, const char *level)
{
	entry_t bad = good;
	u32 cause, reserved = is_reserved(bit) ? FAULT_RESERVED : 0;

	bad.word[OTHER_WORD] |= BIT(bit - 32);
	entry_xchg(ep, bad);
	tlb_flush_page(v->va);
	cause = cause_of_access(v->va, lab_tag(page_to_pfn(v->a)));
	found.faults += cause != 0;
	found.without_present += (cause & (FAULT_RESERVED | FAULT_PROTECTION)) == FAULT_RESERVED;
	if ((cause & ~FAULT_PROTECTION) != reserved && !found.wrong++) {
		found.level = level;
		found.bit = bit;
		found.cause = cause;
	}
}

static void try_level(struct variant *v, entry_t *ep, const char *level)
{
	entry_t good = entry_read(ep);

	for (unsigned bit = 32; bit <= NX; bit++)
		if (bit == NX || is_reserved(bit))
			try_bit(v, ep, good, bit, level);
	entry_xchg(ep, good);
	tlb_flush_page(v->va);
}

/* The numbers of v->flag. */
enum {
	WORKS, /* without reserved bits the entries still lead to the page */
};

static void run(struct variant *v)
{
	pgd_t *pgdp = pgd_offset_pgd(v->mm.pgd, v->va);

	found.faults = found.wrong = found.without_present = 0;
	try_level(v, pmd_offset(pud_offset(p4d_offset(pgdp, v->va), v->va), v->va), "directory");
	try_level(v, v->ptep, "page");
	v->flag[WORKS] = slot_reaches(v->va, v->a);
}

static enum verdict judge(struct variant *v)
{
	if (found.wrong) {
		lab_saw(v, "%u wrong; first: bit %u of a %s entry, which is %sreserved: cause 0x%x",
			found.wrong, found.bit, found.level, is_reserved(found.bit) ? "" : "not ",
			found.cause);
		return VIOLATED;
	}
	if (!v->flag[WORKS])
		return NO_EVIDENCE;
	lab_counted(v, found.faults);
	lab_evidence(v, "%u reserved bits in two levels, each refused as reserved; NX is %s",
		     found.faults, x86_nx_high() ? "none of them" : "one of them");
	return HELD;
}

static enum verdict judge_present(struct variant *v)
{
	if (found.without_present) {
		lab_saw(v,
			"%u of %u reserved-bit faults at a present entry say that it is not "
			"present",
			found.without_present, found.faults);
		return VIOLATED;
	}
	lab_counted(v, found.faults);
	lab_evidence(v, "%u reserved-bit faults, each with the present bit in its cause",
		     found.faults);
	return HELD;
}

SCENARIO(reserved_bits) = {
	.name = "hw/reserved-bits",
	.rule = "an entry with a reserved bit faults with the reserved cause, and NX "
		"counts as reserved where it is off",
	.reference = "Intel SDM vol. 3, 4.1.4 (MAXPHYADDR), tables 4-10 and 4-11, 4.7 (RSVD)",
	.mode = MODE_PROBE,
	.least = {AT_LEAST(BITS_LEAST, "reserved bits that were set")},
	.roles = {{"cpu", run}},
	CELLS(HOLDS()),
	.setup = slot_one_frame,
	.judge = judge,
};

SCENARIO(reserved_cause) = {
	.name = "hw/reserved-cause",
	.rule = "a reserved-bit fault says present too, because hardware ignores the "
		"bits of an absent entry",
	.reference = "Intel SDM vol. 3, 4.7 (RSVD: bit 3 can be set only if bit 0 is also set)",
	.mode = MODE_PROBE,
	.finding = "F-005",
	.least = {AT_LEAST(BITS_LEAST, "reserved-bit faults")},
	.roles = {{"cpu", run}},
	CELLS(HOLDS()),
	.setup = slot_one_frame,
	.judge = judge_present,
};
