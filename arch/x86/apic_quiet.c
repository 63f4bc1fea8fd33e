/* SPDX-License-Identifier: MIT */
#include "arch/x86/apic_quiet.h"
#include "arch/x86/apic_regs.h"
#include "arch/x86/asm_defs.h"

#define NR_VECTORS 256u

/* The entries in the order of masking, each with the least "Max LVT Entry" of an APIC with this
 * entry (SDM vol. 3, 11.4.8). 3 is a Pentium's, 4 a P6's, 5 a Pentium 4's, and 6 a Nehalem's or a
 * later one's. The error entry comes first, so no later step can raise an interrupt by it. */
static const struct {
	u32 reg, max_lvt;
} lvts[] = {
	{REG_LVT_ERROR, 3},	  {REG_LVT_TIMER, 0},	{REG_LVT_LINT0, 0}, {REG_LVT_LINT1, 0},
	{REG_LVT_PERFORMANCE, 4}, {REG_LVT_THERMAL, 5}, {REG_LVT_CMCI, 6},
};

/* In fixed mode a vector below 16 is an error even in a masked entry (11.5.2), hence the vector. */
static void mask(const struct apic_access *apic, u32 reg)
{
	if ((apic->read(reg) & LVT_MODE) != LVT_MODE_SMI)
		apic->write(reg, LVT_MASKED | VECTOR_SPURIOUS);
}

/* AMD has further entries (APM vol. 2, 16.7). Bit 31 of the version register announces an extended
 * space, and bits 23:16 of its feature register count its entries. */
static unsigned extended_lvts(const struct apic_access *apic, u32 version)
{
	unsigned n;

	if (!(version & VERSION_EXTENDED))
		return 0;
	n = apic->read(REG_EXTENDED_FEATURES) >> 16 & 0xff;
	return n < EXTENDED_LVTS_MAX ? n : EXTENDED_LVTS_MAX;
}

void apic_mask_lvts(const struct apic_access *apic, bool cmci)
{
	u32 version = apic->read(REG_VERSION), max_lvt = version >> 16 & 0xff;

	for (unsigned i = 0; i < ARRAY_SIZE(lvts); i++)
		if (max_lvt >= lvts[i].max_lvt && (lvts[i].reg != REG_LVT_CMCI || cmci))
			mask(apic, lvts[i].reg);
	for (unsigned i = 0; i < extended_lvts(apic, version); i++)
		mask(apic, REG_EXTENDED_LVT + i * 0x10);
}

static bool in_service(const struct apic_access *apic)
{
	u32 bits = 0;

	for (unsigned i = 0; i < NR_VECTORS / 32; i++)
		bits |= apic->read(REG_ISR + i * 0x10);
	return bits;
}

unsigned apic_end_service(const struct apic_access *apic)
{
	unsigned n = 0;

	while (n < NR_VECTORS && in_service(apic)) {
		apic->write(REG_EOI, 0);
		n++;
	}
	return n;
}
