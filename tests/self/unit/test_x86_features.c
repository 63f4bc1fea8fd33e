/* SPDX-License-Identifier: MIT */
/* Tests the features made of CPUID's answers in arch/x86/features.c, on CPUs of the test's own. */
#include <string.h>

#include "kernel/compiler.h"

#define X86_NX_HIGH BIT(31) /* the model's asm/pgtable.h has none */
u32 x86_nx_high(void);
u64 x86_pfn_limit(void);

#include "arch/x86/features.c"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

/* The necessary features (SDM vol. 2, table 3-11), and no more. */
#define NEEDED (BIT(4) | BIT(5) | BIT(6) | BIT(8) | BIT(9))

static u32 edx, extended_max, extended_edx, address_bits;
static char brand[49]; /* of 48 characters */

static u32 word(const char *text)
{
	u32 value = 0;

	for (unsigned i = 0; i < 4; i++)
		value |= (u32)(u8)text[i] << 8 * i;
	return value;
}

struct cpuid x86_cpuid(u32 leaf)
{
	struct cpuid r = {.a = 0xbad, .b = 0xbad, .c = 0xbad, .d = 0xbad};

	if (leaf == 0) {
		r = (struct cpuid){.a = 1, .b = word("Genu"), .d = word("ineI"), .c = word("ntel")};
	} else if (leaf == 1) {
		r = (struct cpuid){.a = 0x665, .b = 0x7a000000, .d = edx};
	} else if (leaf == EXTENDED) {
		r.a = extended_max;
	} else if (leaf == EXTENDED + 1) {
		r.d = extended_edx;
	} else if (leaf >= EXTENDED + 2 && leaf <= EXTENDED + 4) {
		const char *text = brand + 16 * (leaf - EXTENDED - 2);

		r = (struct cpuid){word(text), word(text + 4), word(text + 8), word(text + 12)};
	} else if (leaf == EXTENDED + 8) {
		r.a = 0x3000 | address_bits;
	}
	return r;
}

static void set_up(void)
{
	machine_reset();
	x86_features = (struct x86_features){.apic_id = 0};
	edx = NEEDED;
	extended_max = extended_edx = address_bits = 0;
	memset(brand, 0, sizeof(brand));
}

static void test_needed(void)
{
	static const struct {
		unsigned bit;
		const char *name;
	} rows[] = {{4, "no TSC"}, {5, "no MSR"}, {6, "no PAE"}, {8, "no CX8"}, {9, "no APIC"}};

	set_up();
	x86_features_init();
	CHECK(!strcmp(x86_features.vendor, "GenuineIntel") && x86_features.signature == 0x665 &&
		      x86_features.apic_id == 0x7a,
	      "vendor, signature, APIC id");
	CHECK(!x86_features.mce && !x86_features.mca && !x86_features.pat && !x86_features.pse36 &&
		      !x86_features.nx && x86_features.phys_bits == 32 && !x86_features.brand[0],
	      "a CPU that has what is needed, and nothing else");
	CHECK(x86_pfn_limit() == 1u << (32 - PAGE_SHIFT) && !x86_nx_high(),
	      "4 GiB of addresses, no NX");
	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
		set_up();
		edx &= ~BIT(rows[i].bit);
		CHECK(PANICS(x86_features_init()) && panic_says(rows[i].name), "refused: %s",
		      rows[i].name);
	}
}

/* Returns the features given by one bit of leaf 1. */
static unsigned given_by(unsigned bit)
{
	set_up();
	edx |= BIT(bit);
	x86_features_init();
	return (x86_features.mce ? 1u : 0) | (x86_features.mca ? 2u : 0) |
	       (x86_features.pat ? 4u : 0) | (x86_features.pse36 ? 8u : 0);
}

static void test_bits(void)
{
	bool good = true;

	for (unsigned bit = 0; bit < 32; bit++)
		good = good && given_by(bit) == (bit == 7    ? 1u
						 : bit == 14 ? 2u
						 : bit == 16 ? 4u
						 : bit == 17 ? 8u
							     : 0);
	CHECK(good, "MCE, MCA, PAT and PSE36: each by its own bit");
}

static unsigned bits_of(u32 max, u32 bits, bool pse36)
{
	set_up();
	extended_max = max;
	address_bits = bits;
	edx |= pse36 ? BIT(17) : 0;
	x86_features_init();
	return x86_features.phys_bits;
}

static bool bits_refused(u32 bits)
{
	return PANICS(bits_of(EXTENDED + 8, bits, true)) && panic_says("MAXPHYADDR=");
}

static void test_addresses(void)
{
	CHECK(bits_of(0, 40, true) == 36 && bits_of(EXTENDED + 7, 40, true) == 36 &&
		      bits_of(EXTENDED + 7, 40, false) == 32,
	      "without the leaf: 36 bits with PSE36, else 32");
	CHECK(bits_of(EXTENDED + 8, 40, true) == 40 && bits_of(EXTENDED + 9, 40, false) == 40 &&
		      x86_pfn_limit() == (u64)1 << (40 - PAGE_SHIFT),
	      "with it: what it says");
	CHECK(bits_of(EXTENDED + 8, 32, true) == 32 && bits_of(EXTENDED + 8, 52, true) == 52,
	      "from 32 to 52");
	CHECK(bits_refused(31) && bits_refused(53) && bits_refused(0), "others are refused");
	CHECK(bits_of(EXTENDED - 1, 40, false) == 32, "an old CPU answers with anything");
}

static bool has_nx(u32 max, u32 value)
{
	set_up();
	extended_max = max;
	extended_edx = value;
	x86_features_init();
	return x86_features.nx;
}

static void test_nx(void)
{
	CHECK(has_nx(EXTENDED + 1, BIT(20)) && x86_nx_high() == BIT(31), "NX, and its bit");
	CHECK(!has_nx(EXTENDED + 1, ~BIT(20)) && !x86_nx_high() && !has_nx(EXTENDED, BIT(20)) &&
		      !has_nx(0x20000001, BIT(20)),
	      "or not");
}

static bool brand_is(const char *text, const char *expected)
{
	set_up();
	extended_max = EXTENDED + 4;
	strncpy(brand, text, 48);
	x86_features_init();
	return !strcmp(x86_features.brand, expected);
}

static void test_brand(void)
{
	CHECK(brand_is("A CPU of 48 characters, as long as it can be, +-",
		       "A CPU of 48 characters, as long as it can be, +-"),
	      "the longest brand");
	CHECK(brand_is("    Some CPU", "Some CPU") && brand_is("", "") &&
		      brand_is("                                                ", ""),
	      "blanks before it go");
	CHECK(brand_is("a\"b\001c\177d ~e", "a?b?c?d ~e"), "what would spoil the log goes");
	set_up();
	extended_max = EXTENDED + 3;
	strcpy(brand, "not asked for");
	x86_features_init();
	CHECK(!x86_features.brand[0], "a CPU without the leaves has none");
}

int main(void)
{
	test_needed();
	test_bits();
	test_addresses();
	test_nx();
	test_brand();
	return tap_done();
}
