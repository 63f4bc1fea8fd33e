/* SPDX-License-Identifier: MIT */
/* arch/x86/apic_regs.h: the local APIC's two modes, as the SDM numbers them. QEMU 7.2 TCG has only
 * the first. */
#include "arch/x86/apic_regs.h"

#include "tests/unit/tap.h"

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
	{"LVT timer", REG_LVT, 0x832},
	{"LINT1", REG_LVT_LINT1, 0x836},
};

int main(void)
{
	for (unsigned i = 0; i < ARRAY_SIZE(registers); i++)
		CHECK(x2apic_msr(registers[i].reg) == registers[i].msr, "x2APIC: %s is MSR 0x%x",
		      registers[i].name, registers[i].msr);
	CHECK(apic_id_of(false, 0xfe123456) == 0xfe, "xAPIC: the id is in bits 31:24");
	CHECK(apic_id_of(true, 0x12345678) == 0x12345678, "x2APIC: the id has 32 bits");
	CHECK(xapic_icr_high(0xfe) == 0xfe000000, "xAPIC: the destination is in bits 63:56");
	CHECK(x2apic_icr(0x12345678, 0x4601) == 0x1234567800004601,
	      "x2APIC: the destination is in bits 63:32");
	CHECK(XAPIC_ID_MAX == 0xfe && X2APIC_ID_MAX == 0xfffffffe, "all ones name every CPU");
	return tap_done();
}
