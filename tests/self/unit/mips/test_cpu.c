/* SPDX-License-Identifier: MIT */
/* Tests arch/mips/cpu.c for a CPU's stacks, and for the bits of CP0 it requires and sets. */
#include "arch/mips/cpu.h"

/* The offsets are those of a CPU with 32-bit addresses. The port's build asserts them. */
#define _Static_assert(condition, text)
#include "arch/mips/cpu.c"
#undef _Static_assert

#include <stdio.h>

#include "tests/self/unit/mips/host.h"

const u8 mips_vectors[4];

#define CONFIG3 (BIT(7) | BIT(12))

/* A machine with all the kernel's needs, by config registers 0, 3, 4. */
static void machine(u32 config0, u32 config3, u32 config4)
{
	host_reset(1);
	host_cp0[16][0] = config0;
	host_cp0[16][3] = config3;
	host_cp0[16][4] = config4;
	host_cp0[15][0] = 0x1a8;
	host_cp0[13][0] = 0x00c08400;
	host_cp0[5][1] = 0x02000000;
}

static void lacks(const char *what, u32 config0, u32 config3, u32 config4)
{
	char text[128];

	machine(config0, config3, config4);
	snprintf(text, sizeof(text), "this CPU (PRId 0x1a8) has no %s", what);
	CHECK(DIES(mips_cpu_init()) && host_said(text), "refused: no %s", what);
	CHECK(!host_cp0[5][1] || host_cp0[5][1] == 0x02000000, "and PageGrain is as it was");
}

static void accepted(const char *what, u32 config0, u32 config4)
{
	machine(config0, CONFIG3, config4);
	CHECK(!DIES(mips_cpu_init()), "accepted: %s", what);
}

static void test_init(void)
{
	u32 ebase = (u32)(vaddr_t)mips_vectors & 0xfffff000;
	char expected[128];

	machine(0, CONFIG3, 3u << 29 | BIT(18));
	mips_cpu_init();
	snprintf(expected, sizeof(expected),
		 "mtc0 15.1=%x mtc0 13.0=408400 mtc0 12.0=2000 mtc0 5.1=6a000000", ebase);
	CHECK(host_did(expected),
	      "vectors, no vector of their own for interrupts, Status, PageGrain");
	lacks("large physical addresses (Config3.LPA)", 0, BIT(12), 3u << 29 | BIT(18));
	lacks("execute inhibit (Config3.RXI)", 0, BIT(7), 3u << 29 | BIT(18));
	lacks("KScratch1 (Config4.KScrExist)", 0, CONFIG3, 3u << 29);
	lacks("TLBINVF of the whole TLB (Config4.IE, Config.MT)", 0, CONFIG3, BIT(18));
	lacks("TLBINVF of the whole TLB (Config4.IE, Config.MT)", 1u << 7, CONFIG3,
	      1u << 29 | BIT(18));
	lacks("TLBINVF of the whole TLB (Config4.IE, Config.MT)", 4u << 7, CONFIG3,
	      2u << 29 | BIT(18));
	lacks("TLBINVF of the whole TLB (Config4.IE, Config.MT)", 5u << 7, CONFIG3,
	      2u << 29 | BIT(18));
	accepted("IE 2, a TLB of one part", 0xfffffc7f | 1u << 7, 2u << 29 | BIT(18));
	accepted("IE 3, a TLB of two parts", 4u << 7, 3u << 29 | BIT(18));
}

static void test_stacks(void)
{
	static u32 block[(EMERGENCY_SIZE + STACK_SIZE) / 4];
	const vaddr_t at = (vaddr_t)block;
	struct mips_cpu *c = &mips_cpus[5];

	host_reset(0);
	block[1] = block[1025] = 7;
	mips_cpu_prepare(5, 9, at);
	CHECK(c->id == 5 && c->hw_id == 9, "the CPU's numbers");
	CHECK(c->emergency_bottom == at && c->emergency_top == at + 4096 &&
		      c->bottom == at + 4096 && c->top == at + 4096 + 16384 &&
		      c->kernel_sp == c->top,
	      "4 KiB for a trap without a stack, 16 KiB of stack above it");
	CHECK(block[0] == 0x5ca1ab1e && block[1024] == 0x5ca1ab1e && block[1] == 7 &&
		      block[1025] == 7,
	      "a canary at each bottom");
	CHECK(stack_intact(5), "both intact");
	block[0]++;
	CHECK(!stack_intact(5), "the lower one overrun");
	block[0]--;
	block[1024]++;
	CHECK(!stack_intact(5), "the upper one overrun");
}

int main(void)
{
	test_init();
	test_stacks();
	return tap_done();
}
