/* SPDX-License-Identifier: MIT */
/* A top-level entry has no Accessed flag: its reserved bits are 0 after the walk as they were before. */
#include "mm/pgtable.h"
#include "tests/hw/slot.h"

/* What stays 0 in a PDPTE whatever the CPU: all but P, PWT, PCD, bits left to software, the address. */
#define RESERVED_LOW  (X86_RW | X86_US | X86_A | X86_D | X86_PS | X86_G)
#define RESERVED_HIGH 0xfff00000u

static pgd_t top_level_entry(struct variant *v)
{
	pgd_t *pgdp = &v->mm.pgd[v->va >> PGDIR_SHIFT];

	return entry_read(pgdp);
}

static void walk(struct variant *v)
{
	v->flag[0] = lab_load_tag(v->va, &v->value[0]);
	v->entry[0] = top_level_entry(v);
}

static enum verdict judge(struct variant *v)
{
	unsigned long long value = entry_value(v->entry[0]);

	if (v->entry[0].word[0] & RESERVED_LOW || v->entry[0].word[1] & RESERVED_HIGH) {
		lab_saw(v, "after a load through it the PDPTE in memory is 0x%llx: reserved bits 0x%x",
			value, v->entry[0].word[0] & RESERVED_LOW);
		return VIOLATED;
	}
	if (!v->flag[0])
		return NO_EVIDENCE;
	lab_evidence(v, "after a load through it the PDPTE in memory is 0x%llx", value);
	return HELD;
}

SCENARIO(pdpte_reserved) = {
	.name = "hw/pdpte-reserved",
	.rule = "the hardware walker writes nothing into a PDPTE: it has no Accessed flag",
	.reference = "Intel SDM vol. 3, 4.4.1, table 4-8 (reserved bits), 4.8 (which entries have A and D)",
	.mode = "probe",
	.finding = "F-001",
	.roles = {{"cpu", walk}},
	CELLS(HOLDS()),
	.setup = slot_one_frame,
	.judge = judge,
};
