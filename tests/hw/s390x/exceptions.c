/* SPDX-License-Identifier: MIT */
/* Each level's empty slot has an exception of its own that names the page. So has an address beyond
 * the reach of the space's top-level table, and an entry of another level's type. A software walker
 * relies on this for its checks of the type, and a CPU that fills a slot without a flush does so
 * too. */
#include <asm/trap.h>

#include "tests/hw/slot.h"

/* Program interruption codes (Principles of Operation, chapter 6). */
#define SEGMENT	  0x10u
#define PAGE	  0x11u
#define ASCE_TYPE 0x38u
#define REGION1	  0x39u
#define REGION2	  0x3au
#define REGION3	  0x3bu

#define WRONG_TYPE 0x12u /* translation specification */

#define PAGE_RESERVED 0x800ul /* of a page-table entry */

/* From the tested address's slots to slots without another table of the variant. */
#define TABLES_AWAY 16u
#define PAGES_AWAY  9u

/* By enum table_type, and the page table's last. */
static const u32 empty_code[] = {SEGMENT, REGION3, REGION2, REGION1};

enum look {
	BEYOND,
	EMPTY,
	TYPE,
	FILLED,
	NR_LOOKS
};
static const char *const look_name[NR_LOOKS] = {
	[BEYOND] = "beyond the top-level table",
	[EMPTY] = "through an empty slot",
	[TYPE] = "through an entry of the wrong type, or with a reserved bit",
	[FILLED] = "through the slot once it was filled",
};

static struct {
	unsigned tested, wrong;
	enum look look;
	vaddr_t va, address;
	u32 code, expected;
} found;

static bool setup(struct variant *v)
{
	found = (typeof(found)){.tested = 0};
	return slot_one_frame(v);
}

/* expected is the interruption code, or 0 for the tested frame. */
static void look(struct variant *v, enum look look, vaddr_t va, u32 expected, u32 cause)
{
	struct fault fault = {.cause = 0};
	u32 word = 0, code = 0;

	if (!try_load(va, &word, &fault))
		code = program_interruption_code();
	found.tested++;
	if (code == expected && (!code ? word == lab_tag(page_to_pfn(v->a))
				       : fault.address == va && fault.cause == cause))
		return;
	if (found.wrong++)
		return;
	found.look = look;
	found.va = va;
	found.address = fault.address;
	found.code = code;
	found.expected = expected;
}

/* Uses a slot beside the tested address's. It is empty, then wrong, then the same as the tested
 * one. Nothing is flushed in between, because no CPU keeps an entry it cannot use. */
static void try_slot(struct variant *v, entry_t *ep, unsigned away, vaddr_t va, u32 code, u64 wrong)
{
	entry_t none = entry_read_atomic(ep + away), entry = entry_read_atomic(ep);

	look(v, EMPTY, va, code, 0);
	entry_write_word(ep + away, 0, entry_value(entry) ^ wrong);
	look(v, TYPE, va, WRONG_TYPE, FAULT_RESERVED);
	entry_write_word(ep + away, 0, entry_value(entry));
	look(v, FILLED, va, 0, 0);
	entry_write_word(ep + away, 0, entry_value(none));
	tlb_flush_space(mm_root(&v->mm));
}

/* Every existing level, from the top down. */
static void try_levels(struct variant *v)
{
	entry_t *table = v->mm.pgd;

	for (unsigned type = entry_type(*table) + 1; type--;) {
		unsigned shift = table_shift(type);
		entry_t *ep = &table[v->va >> shift & (PTRS_PER_PMD - 1)];

		try_slot(v, ep, TABLES_AWAY, v->va + ((vaddr_t)TABLES_AWAY << shift),
			 empty_code[type], table_type_bits(1));
		table = phys_to_virt(entry_table_pa(entry_read_atomic(ep)));
	}
	try_slot(v, v->ptep, PAGES_AWAY, v->va + PAGES_AWAY * PAGE_SIZE, PAGE, PAGE_RESERVED);
}

static void run(struct variant *v)
{
	vaddr_t end = user_end(v->mm.pgd);

	try_levels(v);
	if (pgd_shift(v->mm.pgd) != PGDIR_SHIFT)
		look(v, BEYOND, end + (v->va & (end - 1)), ASCE_TYPE, FAULT_LIMIT);
}

static enum verdict judge(struct variant *v)
{
	if (found.wrong) {
		lab_saw(v,
			"%u of %u loads: %s, 0x%lx, it should be program interruption 0x%x, and "
			"was "
			"0x%x, address 0x%lx",
			found.wrong, found.tested, look_name[found.look], found.va, found.expected,
			found.code, found.address);
		return VIOLATED;
	}
	lab_counted(v, found.tested);
	lab_evidence(v, "%u loads: each level's exceptions, the page's address with them",
		     found.tested);
	return HELD;
}

SCENARIO(exceptions) = {
	.name = "hw/exceptions",
	.rule = "an untranslated address raises its level's exception, or ASCE type "
		"beyond the top table, and a filled slot is used without a flush",
	.reference = "Principles of Operation, chapter 3, \"Translation Exceptions\"; chapter 6",
	.mode = MODE_PROBE,
	/* A segment table and a page table, with three loads each. */
	.least = {AT_LEAST(6, "loads")},
	.roles = {{"cpu", run}},
	CELLS(HOLDS(WITH(levels, two)), HOLDS(), HOLDS(WITH(levels, four)),
	      HOLDS(WITH(levels, five))),
	.setup = setup,
	.judge = judge,
};
