/* SPDX-License-Identifier: MIT */
/* Tests arch/x86/apic_regs.h, because QEMU 7.2 TCG has only the first of the local APIC's two modes
 * as the SDM numbers them, and arch/x86/apic_quiet.c on APICs of the test's own. */
#include "arch/x86/apic_quiet.c"
#include "arch/x86/vectors.h"

#include <string.h>

#include "tests/self/unit/tap.h"

/* SDM vol. 3, table 11-6. */
static const struct {
	const char *name;
	u32 reg, msr;
} registers[] = {
	{"id", REG_ID, 0x802},
	{"version", REG_VERSION, 0x803},
	{"TPR", REG_TPR, 0x808},
	{"EOI", REG_EOI, 0x80b},
	{"SVR", REG_SVR, 0x80f},
	{"ISR", REG_ISR, 0x810},
	{"ISR 7", REG_ISR + 0x70, 0x817},
	{"ESR", REG_ESR, 0x828},
	{"ICR", REG_ICR_LOW, 0x830},
	{"LVT CMCI", REG_LVT_CMCI, 0x82f},
	{"LVT timer", REG_LVT_TIMER, 0x832},
	{"LINT1", REG_LVT_LINT1, 0x836},
	{"LVT error", REG_LVT_ERROR, 0x837},
};

/* An APIC as an array. A register missing in it must not be touched. */
static struct {
	u32 value[0x600 / 0x10];
	bool exists[0x600 / 0x10];
	unsigned wrong, writes, eois;
	u32 first;  /* the register written */
	bool stuck; /* an EOI ends nothing */
} device;

static u32 device_read(u32 reg)
{
	device.wrong += reg % 0x10 || reg >= 0x600 || !device.exists[reg / 0x10];
	return device.value[reg / 0x10 % ARRAY_SIZE(device.value)];
}

/* The highest bit in service goes (SDM vol. 3, 11.8.5). */
static void end_highest(void)
{
	device.eois++;
	for (unsigned v = 256; v-- && !device.stuck;) {
		u32 *word = &device.value[REG_ISR / 0x10 + v / 32];

		if (*word & BIT(v % 32)) {
			*word &= ~BIT(v % 32);
			return;
		}
	}
}

static void device_write(u32 reg, u32 value)
{
	device.wrong += reg % 0x10 || reg >= 0x600 || !device.exists[reg / 0x10];
	if (!device.writes++)
		device.first = reg;
	if (reg == REG_EOI)
		end_highest();
	else
		device.value[reg / 0x10 % ARRAY_SIZE(device.value)] = value;
}

static const struct apic_access fake = {device_read, device_write};

#define UNMASKED 0x31u /* fixed mode, with a vector of the firmware's */

/* The APIC has the registers listed, up to a 0, each unmasked. */
static void new_device(u32 version, const u32 *regs)
{
	memset(&device, 0, sizeof(device));
	device.exists[REG_VERSION / 0x10] = device.exists[REG_EOI / 0x10] = true;
	for (unsigned i = 0; i < 8; i++)
		device.exists[REG_ISR / 0x10 + i] = true;
	device.value[REG_VERSION / 0x10] = version;
	for (; *regs; regs++) {
		device.exists[*regs / 0x10] = true;
		device.value[*regs / 0x10] = UNMASKED;
	}
}

static bool all_masked(const u32 *regs)
{
	for (; *regs; regs++) {
		u32 value = device.value[*regs / 0x10];

		if (!(value & BIT(16)) || (value & 0xff) < 16 || value & 0x700)
			return false;
	}
	return true;
}

static void mask_all(const char *what, u32 version, bool cmci, const u32 *regs)
{
	unsigned n = 0;

	while (regs[n])
		n++;
	new_device(version, regs);
	if (version & BIT(31)) {
		device.exists[0x400 / 0x10] = true;
		device.value[0x400 / 0x10] = 4u << 16 | 7;
	}
	apic_mask_lvts(&fake, cmci);
	CHECK(all_masked(regs), "%s: every entry is masked, with a legal vector", what);
	CHECK(!device.wrong && device.writes == n, "%s: no register that it does not have", what);
	CHECK(device.first == 0x370, "%s: the error entry first", what);
}

/* SDM vol. 3, 11.4.8 and 11.5.1; AMD APM vol. 2, 16.7. */
static void test_lvts(void)
{
	static const u32 pentium[] = {0x320, 0x350, 0x360, 0x370, 0},
			 p6[] = {0x320, 0x340, 0x350, 0x360, 0x370, 0},
			 p4[] = {0x320, 0x330, 0x340, 0x350, 0x360, 0x370, 0},
			 nehalem[] = {0x2f0, 0x320, 0x330, 0x340, 0x350, 0x360, 0x370, 0},
			 amd[] = {0x320, 0x330, 0x340, 0x350, 0x360, 0x370,
				  0x500, 0x510, 0x520, 0x530, 0};

	mask_all("Pentium", 0x00030010, false, pentium);
	mask_all("P6", 0x00040011, false, p6);
	mask_all("Pentium 4", 0x00050014, false, p4);
	mask_all("Nehalem", 0x01060015, true, nehalem);
	mask_all("7 entries without CMCI", 0x00060014, false, p4);
	mask_all("AMD", 0x80050010, false, amd);
	new_device(0x00050014, p4);
	device.value[0x330 / 0x10] = 0x200;
	apic_mask_lvts(&fake, false);
	CHECK(device.value[0x330 / 0x10] == 0x200 && device.value[0x340 / 0x10] & BIT(16),
	      "an entry that raises an SMI is the firmware's");
}

static void test_service(void)
{
	static const u32 none[] = {0};

	new_device(0x00050014, none);
	CHECK(apic_end_service(&fake) == 0 && !device.eois, "nothing in service: no EOI");
	device.value[REG_ISR / 0x10] = BIT(15) | BIT(31);
	device.value[REG_ISR / 0x10 + 1] = BIT(0);
	device.value[REG_ISR / 0x10 + 7] = BIT(31);
	CHECK(apic_end_service(&fake) == 4 && device.eois == 4, "vectors 15, 31, 32, 255: 4 EOIs");
	device.value[REG_ISR / 0x10 + 7] = BIT(31);
	CHECK(apic_end_service(&fake) == 1, "vector 255 alone");
	device.value[REG_ISR / 0x10] = BIT(16);
	device.stuck = true;
	CHECK(apic_end_service(&fake) == 256, "one that stays: given up after 256");
	CHECK(!device.wrong, "only registers that there are");
}

/*
 * By figure 11-5 it has the address and enable bit of the boot CPU's APIC. The rest of the register
 * stays.
 */
static void test_base(void)
{
	CHECK(apic_base_enabled(0xfee00000, 0xfee00000) == 0xfee00800, "an APIC that was off");
	CHECK(apic_base_enabled(0xfee00900, 0xfee00000) == 0xfee00900,
	      "one that is on, of the boot CPU");
	CHECK(apic_base_enabled(0xabcfedcba1234d00, 0xfedcbfee00000) == 0xabcfedcbfee00d00,
	      "one at another address comes to the boot CPU's; bits 11:0 and 63:52 stay");
}

/* SDM vol. 3, table 6-1, and APM vol. 2, 8.2. E is an exception whatever the APIC says, because of
 * its error code, or the NMI. I is no exception, and ? is either. */
static void test_vectors(void)
{
	static const char expected[] = "??E?????E?EEEEEI?E???EIIIIII?EEI";
	static const char letters[] = {
		[VECTOR_EXCEPTION] = 'E', [VECTOR_INTERRUPT] = 'I', [VECTOR_EITHER] = '?'};
	bool good = true;

	for (unsigned vector = 0; vector < 256; vector++) {
		char want = vector < NR_EXCEPTIONS	 ? expected[vector]
			    : vector == VECTOR_USER_CALL ? '?'
							 : 'I';

		good = good && letters[vector_kind(vector)] == want;
	}
	CHECK(good, "every vector: exception, interrupt, or what the APIC says");
}

int main(void)
{
	test_base();
	test_vectors();
	for (unsigned i = 0; i < ARRAY_SIZE(registers); i++)
		CHECK(x2apic_msr(registers[i].reg) == registers[i].msr, "x2APIC: %s is MSR 0x%x",
		      registers[i].name, registers[i].msr);
	CHECK(apic_id_of(false, 0xfe123456) == 0xfe, "xAPIC: the id is in bits 31:24");
	CHECK(apic_id_of(true, 0x12345678) == 0x12345678, "x2APIC: the id has 32 bits");
	CHECK(xapic_icr_high(0xfe) == 0xfe000000, "xAPIC: the destination is in bits 63:56");
	CHECK(x2apic_icr(0x12345678, 0x4601) == 0x1234567800004601,
	      "x2APIC: the destination is in bits 63:32");
	CHECK(XAPIC_ID_MAX == 0xfe && X2APIC_ID_MAX == 0xfffffffe, "all ones name every CPU");
	test_lvts();
	test_service();
	return tap_done();
}
