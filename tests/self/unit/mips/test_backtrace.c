/* SPDX-License-Identifier: MIT */
/* Tests arch/mips/backtrace.c on text and stacks of its own, for how far each prologue is searched,
 * which instructions are calls, and where a chain ends. */
#include "arch/mips/cpu.h"
#include "arch/mips/entry.h"
#include "arch/mips/image.h"

/* 64 KiB of text. entry.S calls C at mips_trap_return - 8. */
#define __text_start	 ((const u8 *)0x80010000ul)
#define __text_end	 ((const u8 *)0x80020000ul)
#define mips_trap_return ((const u8 *)0x80018008ul)
#include "arch/mips/backtrace.c"

#include <string.h>

#include "tests/self/unit/mips/host.h"

#define TEXT	  0x80010000u
#define END	  0x80020000u
#define EMERGENCY 0x80001000u /* its bottom, with the stack above it */
#define STACK	  0x80002000u
#define TOP	  0x80006000u
#define SP_0	  0x80003000u

#define ADDIU_SP(n) (0x27bd0000u | ((u32) - (n)&0xffff))
#define SW_RA(n)    (0xafbf0000u | (n))
#define JAL	    0x0c004000u
#define JALR	    0x0320f809u /* jalr $t9 */
#define JR_RA	    0x03e00008u
#define NOP	    0u

static vaddr_t chain[8];
static vaddr_t here_pc, here_sp;

void mips_this_place(vaddr_t *pc, vaddr_t *sp)
{
	*pc = here_pc;
	*sp = here_sp;
}

bool trap_from_user(const struct trap_frame *frame)
{
	return frame->status & ST_USER;
}

static void put(u32 at, u32 word)
{
	*(u32 *)(vaddr_t)at = word;
}

static void fresh(void)
{
	struct mips_cpu *c;

	memset((void *)(vaddr_t)EMERGENCY, 0, TOP - EMERGENCY);
	memset((void *)(vaddr_t)TEXT, 0, END - TEXT + 0x10);
	host_reset(0);
	c = mips_this_cpu();
	c->emergency_bottom = EMERGENCY;
	c->bottom = STACK;
	c->top = TOP;
}

/* Writes a function at `at` that keeps $ra in a frame of 32 bytes and was called before `back`. */
static void function(u32 at, u32 sp, u32 back, u32 call)
{
	put(at, ADDIU_SP(32));
	put(at + 4, SW_RA(28));
	put(sp + 28, back);
	put(back - 8, call);
}

static unsigned walk(u32 pc, u32 sp, u32 ra, u32 status)
{
	struct trap_frame frame = {.epc = pc, .status = status};

	frame.reg[29] = sp;
	frame.reg[31] = ra;
	memset(chain, 0, sizeof(chain));
	return backtrace(&frame, chain, ARRAY_SIZE(chain));
}

static void test_chain(void)
{
	fresh();
	function(TEXT + 0x100, SP_0, TEXT + 0x210, JAL);
	function(TEXT + 0x200, SP_0 + 32, TEXT + 0x320, JALR);
	CHECK(walk(TEXT + 0x140, SP_0, 0, 0) == 3 && chain[0] == TEXT + 0x140 &&
		      chain[1] == TEXT + 0x208 && chain[2] == TEXT + 0x318,
	      "through two frames, by JAL and JALR; the third has no prologue");
	CHECK(walk(TEXT + 0x140, SP_0, 0, 0x10) == 1, "from user mode: only where it was");
	{
		struct trap_frame frame = {.epc = TEXT + 0x140};
		vaddr_t pc[3] = {0, 7, 7};

		frame.reg[29] = SP_0;
		CHECK(backtrace(&frame, pc, 2) == 2 && pc[1] == TEXT + 0x208 && pc[2] == 7,
		      "at most n");
		CHECK(backtrace(&frame, pc, 0) == 0, "none");
	}
	here_pc = TEXT + 0x140;
	here_sp = SP_0;
	CHECK(backtrace(NULL, chain, 8) == 2 && chain[0] == TEXT + 0x208 &&
		      chain[1] == TEXT + 0x318,
	      "from here on: without backtrace() itself");
	here_pc = TEXT + 0x80;
	CHECK(backtrace(NULL, chain, 8) == 0, "from where there is no caller");
}

/* Only the opcode JAL and SPECIAL's JALR are calls. */
static void test_calls(void)
{
	static const struct {
		u32 word;
		bool call;
	} words[] = {
		{JAL, true},	     {0x0fffffff, true},  {JALR, true},	       {0x0000f809, true},
		{0x08004000, false}, {0x10000003, false}, {JR_RA, false},      {0x0320f80a, false},
		{0x0320f819, false}, {0x04000009, false}, {0x80000009, false}, {NOP, false},
	};
	bool good = true;

	for (unsigned i = 0; i < ARRAY_SIZE(words); i++) {
		fresh();
		function(TEXT + 0x100, SP_0, TEXT + 0x210, words[i].word);
		good = good && walk(TEXT + 0x140, SP_0, 0, 0) == 1u + words[i].call;
	}
	CHECK(good, "what stands eight bytes before a return address is a call");
	for (u32 back = TEXT; back <= TEXT + 8; back += 4) {
		fresh();
		put(TEXT - 8, JAL);
		put(TEXT - 4, JAL);
		function(TEXT + 0x100, SP_0, back, JAL);
		CHECK(walk(TEXT + 0x140, SP_0, 0, 0) == (back == TEXT + 8 ? 2 : 1),
		      "a call at %x: %s", back - 8,
		      back == TEXT + 8 ? "in the text" : "below the text");
	}
	fresh();
	function(TEXT + 0x100, SP_0, END + 8, JAL);
	CHECK(walk(TEXT + 0x140, SP_0, 0, 0) == 1, "a call behind the text");
	fresh();
	function(TEXT + 0x100, SP_0, END + 4, JAL);
	CHECK(walk(TEXT + 0x140, SP_0, 0, 0) == 2, "one at its end");
	fresh();
	function(TEXT + 0x100, SP_0, TEXT + 0x210, JAL);
	put(SP_0 + 28, TEXT + 0x211);
	CHECK(walk(TEXT + 0x140, SP_0, 0, 0) == 1, "an address that is not aligned");
}

/* Before $ra is saved, or if it never is, the caller is only in the register of the frame. */
static void test_leaves(void)
{
	fresh();
	put(TEXT + 0x208, JAL);
	put(TEXT + 0x100, ADDIU_SP(32));
	put(TEXT + 0x104, SW_RA(28));
	CHECK(walk(TEXT + 0x104, SP_0, TEXT + 0x210, 0) == 2 && chain[1] == TEXT + 0x208,
	      "stopped before the save: by $ra");
	put(SP_0 + 28, TEXT + 0x999);
	CHECK(walk(TEXT + 0x108, SP_0, TEXT + 0x210, 0) == 2,
	      "stopped after it, and the word is no return address");
	CHECK(walk(TEXT + 0x108, SP_0, TEXT + 0x20c, 0) == 1, "$ra is none either");
	CHECK(walk(TEXT + 0x104, SP_0, 0, 0) == 1, "there is none");
	fresh();
	put(TEXT + 0x100, ADDIU_SP(64)); /* a leaf with a frame */
	function(TEXT + 0x200, SP_0 + 64, TEXT + 0x320, JAL);
	put(TEXT + 0x20c, JAL);
	CHECK(walk(TEXT + 0x140, SP_0, TEXT + 0x214, 0) == 3 && chain[1] == TEXT + 0x20c &&
		      chain[2] == TEXT + 0x318,
	      "a leaf's frame is given back, its caller's is looked at");
	fresh();
	function(TEXT + 0x100, SP_0, TEXT + 0x210, NOP); /* saved, but spoiled */
	put(TEXT + 0x30c, JAL);
	put(TEXT + 0x300, ADDIU_SP(32));
	put(TEXT + 0x304, SW_RA(24));
	put(SP_0 + 24, TEXT + 0x420);
	put(TEXT + 0x418, JAL);
	CHECK(walk(TEXT + 0x140, SP_0, TEXT + 0x314, 0) == 3 && chain[1] == TEXT + 0x30c &&
		      chain[2] == TEXT + 0x418,
	      "by $ra, where the frame is not this function's any more");
	fresh();
	function(TEXT + 0x100, SP_0, TEXT + 0x210, JAL);
	put(TEXT + 0x200, ADDIU_SP(32));
	CHECK(walk(TEXT + 0x140, SP_0, TEXT + 0x210, 0) == 2,
	      "the second function may not use the first one's $ra");
}

static unsigned saved_at(u32 distance)
{
	fresh();
	put(TEXT + 0x100, ADDIU_SP(32));
	put(TEXT + 0x100 + distance * 4, SW_RA(28));
	put(SP_0 + 28, TEXT + 0x810);
	put(TEXT + 0x808, JAL);
	return walk(TEXT + 0x400, SP_0, 0, 0);
}

static unsigned frame_before(u32 distance)
{
	u32 pc = TEXT + 0x9000;

	fresh();
	put(pc - distance * 4, ADDIU_SP(32));
	put(pc - distance * 4 + 4, SW_RA(28));
	put(SP_0 + 28, TEXT + 0x210);
	put(TEXT + 0x208, JAL);
	return walk(pc, SP_0, 0, 0);
}

/* The compiler writes addiu $sp,$sp,-n first, and sw $ra,n($sp) within 32 instructions. */
static void test_prologues(void)
{
	u32 wrong[] = {0x27bd0020, 0x27be8020, 0x23bdffe0, 0x27ddffe0, 0x24bdffe0};

	CHECK(saved_at(1) == 2 && saved_at(31) == 2 && saved_at(32) == 1,
	      "$ra is saved within 32 instructions");
	CHECK(frame_before(0) == 1 && frame_before(2) == 2 && frame_before(4095) == 2 &&
		      frame_before(4096) == 1,
	      "a frame is looked for 4096 instructions back");
	for (unsigned i = 0; i < ARRAY_SIZE(wrong); i++) {
		fresh();
		function(TEXT + 0x100, SP_0, TEXT + 0x210, JAL);
		put(TEXT + 0x100, wrong[i]);
		CHECK(walk(TEXT + 0x140, SP_0, 0, 0) == 1, "%08x makes no frame", wrong[i]);
	}
	fresh();
	function(TEXT + 0x100, SP_0, TEXT + 0x210, JAL);
	put(TEXT + 0x104, 0xafbe001c);
	CHECK(walk(TEXT + 0x140, SP_0, 0, 0) == 1, "sw $fp saves no $ra");
	put(TEXT + 0x104, 0xafdf001c);
	CHECK(walk(TEXT + 0x140, SP_0, 0, 0) == 1, "nor does one at another base");
	fresh();
	function(TEXT + 0x100, SP_0, TEXT + 0x210, JAL);
	put(TEXT + 0x110, SW_RA(24));
	put(SP_0 + 24, TEXT + 0x310);
	put(TEXT + 0x308, JAL);
	CHECK(walk(TEXT + 0x140, SP_0, 0, 0) == 2 && chain[1] == TEXT + 0x208,
	      "the first save counts");
	fresh();
	put(TEXT, ADDIU_SP(32));
	put(TEXT + 4, SW_RA(28));
	put(TEXT - 4, ADDIU_SP(32));
	put(SP_0 + 28, TEXT + 0x210);
	put(TEXT + 0x208, JAL);
	CHECK(walk(TEXT + 8, SP_0, 0, 0) == 2, "a prologue at the text's first word");
	put(TEXT, NOP);
	CHECK(walk(TEXT + 8, SP_0, 0, 0) == 1, "none before it");
	fresh();
	function(TEXT + 0x100, SP_0, TEXT + 0x210, JAL);
	CHECK(walk(TEXT + 0x142, SP_0, 0, 0) == 1 && walk(0x70000000, SP_0, 0, 0) == 1 &&
		      walk(END, SP_0, 0, 0) == 1,
	      "no caller of what is not in the text");
	function(END - 0x100, SP_0, TEXT + 0x210, JAL);
	CHECK(walk(END - 4, SP_0, 0, 0) == 2, "its last word");
	fresh();
	put(TEXT + 0x100, ADDIU_SP(0x8000));
	put(TEXT + 0x104, SW_RA(28));
	put(SP_0 + 28, TEXT + 0x210);
	put(TEXT + 0x208, JAL);
	CHECK(walk(TEXT + 0x140, SP_0, 0, 0) == 2, "the largest frame");
}

static unsigned at_stack(u32 sp)
{
	fresh();
	put(TEXT + 0x100, ADDIU_SP(32));
	put(TEXT + 0x104, SW_RA(0));
	put(sp, TEXT + 0x210);
	put(TEXT + 0x208, JAL);
	return walk(TEXT + 0x140, sp, 0, 0);
}

static void test_stacks(void)
{
	CHECK(at_stack(EMERGENCY) == 2 && at_stack(EMERGENCY - 4) == 1,
	      "from the emergency stack's bottom");
	CHECK(at_stack(TOP - 4) == 2 && at_stack(TOP) == 1, "to the stack's top");
	fresh();
	put(TEXT + 0x100, ADDIU_SP(32));
	put(TEXT + 0x104, SW_RA(2));
	CHECK(walk(TEXT + 0x140, SP_0, 0, 0) == 1,
	      "nothing is read at an address that is not aligned");
}

/* entry.S has no prologue. The frame of the trap is above its $sp. */
static void test_trap(void)
{
	struct trap_frame *trap = (struct trap_frame *)(vaddr_t)(SP_0 + 32);

	fresh();
	function(TEXT + 0x100, SP_0, 0x80018008, JAL);
	trap->epc = TEXT + 0x440;
	trap->reg[29] = SP_0 + 0x800;
	function(TEXT + 0x400, SP_0 + 0x800, TEXT + 0x520, JAL);
	CHECK(walk(TEXT + 0x140, SP_0, 0, 0) == 4 && chain[1] == 0x80018000 &&
		      chain[2] == TEXT + 0x440 && chain[3] == TEXT + 0x518,
	      "through a trap, to what it interrupted, and on");
	trap->status = 0x10;
	CHECK(walk(TEXT + 0x140, SP_0, 0, 0) == 3, "a trap from user mode is the end");
	trap->status = 0;
	CHECK(walk(0x80018000, TOP, 0, 0) == 1, "where $sp is on no stack there is no frame");
}

int main(void)
{
	host_memory(0x30000);
	test_chain();
	test_calls();
	test_leaves();
	test_prologues();
	test_stacks();
	test_trap();
	return tap_done();
}
