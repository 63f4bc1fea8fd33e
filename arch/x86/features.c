/* SPDX-License-Identifier: MIT */
#include "arch/x86/features.h"
#include "kernel/printk.h"
#include <asm/pgtable.h>

struct x86_features x86_features;

/* CPUID.1:EDX (SDM vol. 2, table 3-11). */
static const struct {
	const char *name;
	unsigned bit;
} needed[] = {
	{"TSC", 4}, {"MSR", 5}, {"PAE", 6}, {"CX8 (cmpxchg8b)", 8}, {"APIC", 9},
};
#define EDX_MCE	  BIT(7)
#define EDX_MCA	  BIT(14)
#define EDX_PAT	  BIT(16)
#define EDX_PSE36 BIT(17)

#define EXTENDED      0x80000000u
#define EXTENDED_NX   BIT(20) /* CPUID.80000001h:EDX */
#define PHYS_BITS_PAE 36u     /* those of PAE without a leaf for the number (SDM vol. 3, 4.1.4) */
#define PHYS_BITS_MAX 52u

/* Without PSE36 and the leaf, addresses have 32 bits in spite of the entry's width. */
static unsigned phys_bits(u32 extended_max, bool pse36)
{
	unsigned bits = pse36 ? PHYS_BITS_PAE : 32;

	if (extended_max >= EXTENDED + 8)
		bits = x86_cpuid(EXTENDED + 8).a & 0xff;
	if (bits < 32 || bits > PHYS_BITS_MAX)
		panic("CPUID leaf 80000008h: MAXPHYADDR=%u, 32 to 52 expected", bits);
	return bits;
}

/* Reads leaves 80000002h to 80000004h (SDM vol. 2, CPUID, "Processor Brand String"). Often there
 * are blanks before and behind. */
static void read_brand(void)
{
	char text[48], *p = text;

	for (unsigned leaf = 0; leaf < 3; leaf++) {
		struct cpuid id = x86_cpuid(EXTENDED + 2 + leaf);
		const u32 words[4] = {id.a, id.b, id.c, id.d};

		for (unsigned i = 0; i < 16; i++)
			text[16 * leaf + i] = (char)(words[i / 4] >> 8 * (i % 4));
	}
	while (p < text + 48 && *p == ' ')
		p++;
	for (unsigned n = 0; p < text + 48 && *p; p++)
		x86_features.brand[n++] = *p < ' ' || *p > '~' || *p == '"' ? '?' : *p;
}

void x86_features_init(void)
{
	struct cpuid id = x86_cpuid(0), leaf1 = x86_cpuid(1), extended = x86_cpuid(EXTENDED);
	u32 extended_max = extended.a >= EXTENDED ? extended.a : 0;
	const u32 vendor[3] = {id.b, id.d, id.c};

	for (unsigned i = 0; i < 12; i++)
		x86_features.vendor[i] = (char)(vendor[i / 4] >> 8 * (i % 4));
	for (unsigned i = 0; i < ARRAY_SIZE(needed); i++)
		if (!(leaf1.d & BIT(needed[i].bit)))
			refuse_machine("this CPU has no %s (CPUID leaf 1, EDX bit %u)",
				       needed[i].name, needed[i].bit);
	if (extended_max >= EXTENDED + 4)
		read_brand();
	x86_features.signature = leaf1.a;
	x86_features.apic_id = leaf1.b >> 24;
	x86_features.mce = leaf1.d & EDX_MCE;
	x86_features.mca = leaf1.d & EDX_MCA;
	x86_features.pat = leaf1.d & EDX_PAT;
	x86_features.pse36 = leaf1.d & EDX_PSE36;
	x86_features.nx = extended_max > EXTENDED && x86_cpuid(EXTENDED + 1).d & EXTENDED_NX;
	x86_features.phys_bits = phys_bits(extended_max, x86_features.pse36);
}

u32 x86_nx_high(void)
{
	return x86_features.nx ? X86_NX_HIGH : 0;
}

u64 x86_pfn_limit(void)
{
	return (u64)1 << (x86_features.phys_bits - PAGE_SHIFT);
}
