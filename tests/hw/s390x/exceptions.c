/* SPDX-License-Identifier: MIT */
/* Each level's empty slot has an exception of its own, which names the page; so has an address
 * beyond what the space's top-level table maps. */
#include <asm/trap.h>

#include "tests/hw/slot.h"

/* Program interruption codes (Principles of Operation, chapter 6). */
#define SEGMENT	  0x10u
#define PAGE	  0x11u
#define ASCE_TYPE 0x38u
#define REGION1	  0x39u
#define REGION2	  0x3au
#define REGION3	  0x3bu

static const struct {
	unsigned shift; /* the first level at which the address leaves what is there */
	u32 code;
} levels[] = {
	{PGDIR_SHIFT, REGION1}, {P4D_SHIFT, REGION2}, {PUD_SHIFT, REGION3},
	{PMD_SHIFT, SEGMENT},	{PAGE_SHIFT, PAGE},
};

static struct {
	unsigned tested, wrong;
	vaddr_t va;
	vaddr_t address;
	u32 code, expected;
} found;

static bool setup(struct variant *v)
{
	found = (typeof(found)){.tested = 0};
	return slot_one_frame(v);
}

/* Far enough for no other table of the variant's to be there. */
static vaddr_t elsewhere(const struct variant *v, unsigned shift)
{
	return v->va + ((vaddr_t)(shift == PAGE_SHIFT ? 9 : 16) << shift);
}

static void look(struct variant *v)
{
	for (unsigned i = 0; i < ARRAY_SIZE(levels); i++) {
		vaddr_t va = elsewhere(v, levels[i].shift);
		bool beyond = va >= user_end(v->mm.pgd);
		u32 expected = beyond ? ASCE_TYPE : levels[i].code, word;
		struct fault fault = {.cause = 0};
		bool loaded = try_load(va, &word, &fault);
		u32 code = program_interruption_code();

		found.tested++;
		if (!loaded && code == expected && fault.address == va &&
		    !(fault.cause & ~FAULT_LIMIT) && !(fault.cause & FAULT_LIMIT) == !beyond)
			continue;
		found.wrong++;
		found.va = va;
		found.address = fault.address;
		found.code = code;
		found.expected = expected;
	}
}

static enum verdict judge(struct variant *v)
{
	if (found.wrong) {
		lab_saw(v,
			"a load at 0x%lx should give program interruption 0x%x: it gave 0x%x, "
			"address "
			"0x%lx",
			found.va, found.expected, found.code, found.address);
		return VIOLATED;
	}
	lab_evidence(v, "%u loads, each with the exception of its level, and its page's address",
		     found.tested);
	return HELD;
}

SCENARIO(exceptions) = {
	.name = "hw/exceptions",
	.rule = "an address that a level does not translate gives that level's exception; beyond "
		"the "
		"top table, ASCE type",
	.reference = "Principles of Operation, chapter 3, \"Translation Exceptions\"; chapter 6",
	.mode = "probe",
	.roles = {{"cpu", look}},
	CELLS(HOLDS(WITH(levels, two)), HOLDS(), HOLDS(WITH(levels, four)),
	      HOLDS(WITH(levels, five))),
	.setup = setup,
	.judge = judge,
};
