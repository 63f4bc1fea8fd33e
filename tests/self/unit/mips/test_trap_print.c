/* SPDX-License-Identifier: MIT */
/* Tests the whole text of a trap's screen in arch/mips/trap_print.c, for frames of known values. */
#include <asm/trap.h>

#include "arch/mips/image.h"

/* As from the linker, one page of text. */
#define __text_start ((const u8 *)0x80001000ul)
#define __text_end   ((const u8 *)0x80002000ul)
#include "arch/mips/trap_print.c"

#include <stdio.h>
#include <string.h>

#include "tests/self/unit/mips/host.h"

static enum trap_kind kind;
static u32 fault_cause;

enum trap_kind trap_kind(const struct trap_frame *frame)
{
	(void)frame;
	return kind;
}

struct fault trap_fault(const struct trap_frame *frame)
{
	return (struct fault){frame->badvaddr, fault_cause};
}

bool trap_from_user(const struct trap_frame *frame)
{
	return frame->status & ST_USER;
}

static struct trap_frame frame_of(u32 code, u32 epc, u32 sp)
{
	struct trap_frame frame = {.hi = 0xaa,
				   .lo = 0xbb,
				   .status = 0x2403,
				   .cause = code << 2 | 0x80008003,
				   .epc = epc,
				   .badvaddr = 0x40200004};

	for (unsigned i = 0; i < 32; i++)
		frame.reg[i] = 0x1000 + i;
	frame.reg[29] = sp;
	return frame;
}

static const char registers[] = "# zero=00000000   at=00001001   v0=00001002   v1=00001003\n"
				"#   a0=00001004   a1=00001005   a2=00001006   a3=00001007\n"
				"#   t0=00001008   t1=00001009   t2=0000100a   t3=0000100b\n"
				"#   t4=0000100c   t5=0000100d   t6=0000100e   t7=0000100f\n"
				"#   s0=00001010   s1=00001011   s2=00001012   s3=00001013\n"
				"#   s4=00001014   s5=00001015   s6=00001016   s7=00001017\n"
				"#   t8=00001018   t9=00001019   k0=0000101a   k1=0000101b\n";

#define BOTTOM 0x80110000u

static void shows(const char *what, struct trap_frame frame, const char *head, const char *cause,
		  const char *code)
{
	char text[2048];
	int n;

	mips_this_cpu()->bottom = BOTTOM;
	host_cp0[10][0] = 0x40200007;
	trap_print(&frame);
	n = snprintf(text, sizeof(text),
		     "%s%s# epc=%08x status=%08x cause=%08x badvaddr=40200004 entryhi=40200007\n%s"
		     "#   gp=0000101c   sp=%08x   fp=0000101e   ra=0000101f\n"
		     "#   hi=000000aa   lo=000000bb\n%s",
		     head, cause, frame.epc, frame.status, frame.cause, registers, frame.reg[29],
		     code);
	CHECK(n < (int)sizeof(text) && host_said(text), "%s", what);
}

static void fault_is(const char *words, u32 cause)
{
	struct trap_frame frame = frame_of(2, 0x70000000, BOTTOM + 0x2000);
	char text[128];

	kind = TRAP_PAGE_FAULT;
	fault_cause = cause;
	snprintf(text, sizeof(text), "# %s\n", words);
	shows(words, frame, "# trap 2 TLBL TLB load, kernel mode\n", text, "");
	kind = TRAP_OTHER;
}

/* Only the kernel's text is read, because a read of anything else might trap again. */
static void test_code(void)
{
	static const char head[] = "# trap 10 RI reserved instruction, kernel mode\n";
	static const char code[] = "# code: 00000011 00000022 00000033 00000044\n";
	const u32 sp = BOTTOM + 0x2000;

	for (unsigned i = 0; i < 4; i++)
		((u32 *)__text_start)[i] = ((u32 *)__text_end)[(int)i - 4] = 0x11 * (i + 1);
	shows("text: its first words", frame_of(10, 0x80001000, sp), head, "", code);
	shows("text: its last words", frame_of(10, 0x80001ff0, sp), head, "", code);
	shows("too near the end of the text", frame_of(10, 0x80001ff4, sp), head, "", "");
	shows("before the text", frame_of(10, 0x80000ffc, sp), head, "", "");
	shows("not aligned", frame_of(10, 0x80001001, sp), head, "", "");
	shows("nor this", frame_of(10, 0x80001002, sp), head, "", "");
}

static void test_stack(void)
{
	static const char head[] = "# trap 9 Bp breakpoint, kernel mode\n";
	struct trap_frame frame = frame_of(9, 0, BOTTOM + 1024);
	char text[128];

	shows("a stack with room", frame, head, "", "");
	frame.reg[29] = BOTTOM - 16384;
	shows("far below the stack: some other one", frame, head, "", "");
	for (unsigned i = 0; i < 3; i++) {
		frame.reg[29] = BOTTOM - 16383 + i * (16383 + 1023) / 2;
		snprintf(text, sizeof(text),
			 "# stack overflow: sp=%#x, the stack of 16384 bytes of CPU 2 begins at 0x80110000\n",
			 frame.reg[29]);
		shows("no room, or a little below the stack: an overflow", frame, head, text, "");
	}
	frame.status |= ST_USER;
	shows("a user's stack pointer is the user's", frame, "# trap 9 Bp breakpoint, user mode\n",
	      "", "");
}

static void test_names(void)
{
	static const char *const known[32] = {
		[0] = "Int interrupt",
		[1] = "Mod TLB modified",
		[2] = "TLBL TLB load",
		[3] = "TLBS TLB store",
		[4] = "AdEL address error, load or fetch",
		[5] = "AdES address error, store",
		[6] = "IBE bus error, fetch",
		[7] = "DBE bus error, data",
		[8] = "Sys system call",
		[9] = "Bp breakpoint",
		[10] = "RI reserved instruction",
		[11] = "CpU coprocessor unusable",
		[12] = "Ov overflow",
		[13] = "Tr trap",
		[19] = "TLBRI read inhibit",
		[20] = "TLBXI execute inhibit",
		[24] = "MCheck machine check",
		[30] = "CacheErr cache error",
	};
	bool good = true;

	for (u32 code = 0; code < 32; code++) {
		struct trap_frame frame = frame_of(code, 0, 0);

		good = good && !strcmp(trap_name(&frame), known[code] ? known[code] : "unknown");
	}
	CHECK(good, "each exception by its name in the manual's table of Cause.ExcCode");
}

int main(void)
{
	host_memory(0x10000);
	host_reset(2);
	kind = TRAP_OTHER;
	test_code();
	test_stack();
	test_names();
	fault_is("load of 0x40200004 in kernel mode, not present", 0);
	fault_is("store of 0x40200004 in kernel mode, protection", FAULT_WRITE | FAULT_PROTECTION);
	fault_is("fetch of 0x40200004 in user mode, protection",
		 FAULT_EXEC | FAULT_USER | FAULT_PROTECTION);
	fault_is("fetch of 0x40200004 in user mode, not present",
		 FAULT_EXEC | FAULT_USER | FAULT_WRITE);
	fault_is("store of 0x40200004 in user mode, protection, no such physical address",
		 FAULT_WRITE | FAULT_USER | FAULT_PROTECTION | FAULT_RESERVED);
	return tap_done();
}
