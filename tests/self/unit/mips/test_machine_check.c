/* SPDX-License-Identifier: MIT */
/* Tests arch/mips/machine_check.c with expected machine checks, because QEMU raises none, so no
 * boot comes here. */
#include "arch/mips/machine_check.c"

#include "tests/self/unit/mips/host.h"

#define CODE 0x80001000u

static void taken(const char *what, u32 instruction, u32 epc)
{
	struct trap_frame frame = {.epc = CODE, .status = 0xffffffff, .cause = 24 << 2};
	u32 before = mips_this_cpu()->machine_checks;

	*(u32 *)(unsigned long)CODE = instruction;
	CHECK(machine_check_survived(&frame) && host_did("tlbinvf"), "%s: the TLB is emptied",
	      what);
	CHECK(frame.status == 0xffdfffff && frame.epc == epc && frame.cause == 24 << 2,
	      "%s: Status.TS is cleared, and it goes on at %x", what, epc);
	CHECK(mips_this_cpu()->machine_checks == before + 1, "%s: counted", what);
}

int main(void)
{
	struct trap_frame frame = {.epc = CODE, .status = 0xffffffff};

	host_memory(0x2000);
	host_reset(2);
	CHECK(!machine_check_survived(&frame) && host_did("") && frame.epc == CODE &&
		      frame.status == 0xffffffff && !mips_this_cpu()->machine_checks,
	      "nobody expected it: nothing is done");
	mips_this_cpu()->machine_checks = 9;
	machine_check_expect();
	taken("TLBWI", 0x42000002, CODE + 4);
	taken("TLBWR", 0x42000006, CODE + 4);
	taken("a load", 0x8c820000, CODE);
	taken("MTC0, the same opcode without CO", 0x40800000, CODE);
	CHECK(machine_checks_taken() == 4, "all since machine_check_expect()");
	CHECK(!machine_check_survived(&frame), "expected no longer");
	return tap_done();
}
