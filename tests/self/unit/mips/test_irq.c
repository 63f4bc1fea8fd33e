/* SPDX-License-Identifier: MIT */
/*
 * Tests the bits of Status that each function of the mips port's asm/irq.h sets, clears and reads.
 */
#include <asm/irq.h>

#include "arch/mips/gic.h"
#include "tests/self/unit/mips/host.h"

/*
 * The kernel's three kinds of IPI are Status.IM 2 to 4. irq_disable() leaves the fourth and IE
 * alone.
 */
#define OFF  0xffffe3ffu
#define LINE 0x00000400u

static void status(u32 value)
{
	host_reset(0);
	host_cp0[12][0] = value;
}

static void test_kinds(void)
{
	CHECK(STATUS_IM(GIC_LINE(IPI_SHOOTDOWN)) == 0x400 &&
		      STATUS_IM(GIC_LINE(IPI_CALL)) == 0x800 &&
		      STATUS_IM(GIC_LINE(IPI_WAKE)) == 0x1000 && STATUS_IM_IRQS == 0x1c00,
	      "what irq_disable() masks");
	CHECK(STATUS_IM(GIC_LINE(IPI_SHOOTDOWN_NOWAIT)) == STATUS_IM_NOWAIT &&
		      STATUS_IM_NOWAIT == 0x2000,
	      "what it does not");
	CHECK(STATUS_IE == 1 && STATUS_IM_TIMER == 0x4000, "all of them, and the timer");
}

int main(void)
{
	test_kinds();
	status(~0u);
	irq_disable();
	CHECK(host_did("mtc0 12.0=ffffe3ff") && !irqs_enabled(), "irq_disable()");
	status(0);
	irq_enable();
	CHECK(host_did("mtc0 12.0=1c00") && irqs_enabled() && irq_flags() == 0x1c00,
	      "irq_enable()");
	status(OFF);
	CHECK(!irqs_enabled(), "off, whatever the other bits are");
	status(~0u);
	CHECK(irq_save() == ~0u && host_did("mtc0 12.0=ffffe3ff"),
	      "irq_save(): off, and what it was");
	irq_restore(LINE);
	CHECK(host_did("mtc0 12.0=ffffffff"), "irq_restore(): on if they were");
	status(0);
	irq_restore(OFF);
	CHECK(host_did(""), "off if they were off");
	status(~0u);
	CHECK(all_irqs_save() == ~0u && host_did("mtc0 12.0=fffffffe"),
	      "all_irqs_save(): the fourth kind as well");
	all_irqs_restore(~0u);
	CHECK(host_did("mtc0 12.0=ffffffff"), "all_irqs_restore(): on if they were");
	all_irqs_restore(~1u);
	CHECK(host_did(""), "off if they were off");
	status(0x10);
	irq_set_status(0x55);
	CHECK(host_did("mtc0 12.0=55"), "irq_set_status()");
	return tap_done();
}
