/* SPDX-License-Identifier: MIT */
/*
 * Backtraces without frame pointers: a function's first instructions say how large its frame is
 * and where in it the return address was saved (System V ABI, MIPS processor supplement, 3: the
 * prologue). They are looked for before the address; the compiler is told not to move them.
 */
#include "arch/mips/entry.h"
#include "arch/mips/image.h"
#include <asm/smp.h>

#define SP 29
#define RA 31

#define LOOK_BACK 4096u /* instructions */
#define LOOK_ON	  32u	/* from the allocation of the frame to the save of $ra */

#define IS_FRAME(word)	 ((word) >> 15 == 0x27bd8000u >> 15)		  /* addiu $sp,$sp,-n */
#define IS_SAVE_RA(word) ((word) >> 16 == 0xafbfu)			  /* sw $ra,n($sp) */
#define IS_CALL(word)	 ((word) >> 26 == 3 || ((word)&0xfc00003fu) == 9) /* jal, jalr */

struct prologue {
	u32 size, ra_at;
};

static bool in_text(vaddr_t pc)
{
	return pc >= (vaddr_t)__text_start && pc < (vaddr_t)__text_end && pc % 4 == 0;
}

static bool on_stack(vaddr_t at)
{
	const struct mips_cpu *c = mips_this_cpu();

	return at % 4 == 0 && at >= c->emergency_bottom && at <= c->top - 4;
}

/* Loads in assembly: the words belong to other functions' objects. */
static u32 word_at(vaddr_t at)
{
	u32 word;

	__asm__ __volatile__("lw %0,0(%1)" : "=r"(word) : "r"(at));
	return word;
}

static bool find_prologue(vaddr_t pc, struct prologue *found)
{
	vaddr_t at = pc;

	for (unsigned n = 0; n < LOOK_BACK && in_text(at); n++, at -= 4) {
		if (!IS_FRAME(word_at(at)))
			continue;
		found->size = -(word_at(at) | 0xffff0000u);
		for (vaddr_t on = at; on <= pc && on < at + LOOK_ON * 4; on += 4) {
			if (!IS_SAVE_RA(word_at(on)))
				continue;
			found->ra_at = word_at(on) & 0xffff;
			return found->ra_at < found->size;
		}
		return false; /* not saved yet: it is still in the register */
	}
	return false;
}

/* What follows a call and its delay slot. */
static bool is_return_address(vaddr_t pc)
{
	return in_text(pc - 8) && IS_CALL(word_at(pc - 8));
}

unsigned backtrace(const struct trap_frame *frame, vaddr_t *pc, unsigned n)
{
	vaddr_t at, sp, ra = 0;
	unsigned found = 0;

	if (frame) {
		at = frame->epc;
		sp = frame->reg[SP];
		ra = frame->reg[RA];
	} else {
		__asm__ __volatile__("1: la %0,1b; move %1,$29" : "=r"(at), "=r"(sp));
	}
	while (found < n) {
		struct prologue prologue;

		pc[found++] = at;
		if (frame && trap_from_user(frame))
			break;
		if (at == (vaddr_t)mips_trap_return - 8 && on_stack(sp)) {
			/* The trap that led here: go on where it came from. */
			const struct trap_frame *outer = (const struct trap_frame *)sp;

			frame = outer;
			at = outer->epc;
			sp = outer->reg[SP];
			ra = outer->reg[RA];
			continue;
		}
		frame = NULL;
		if (find_prologue(at, &prologue) && on_stack(sp + prologue.ra_at) &&
		    is_return_address(word_at(sp + prologue.ra_at))) {
			at = word_at(sp + prologue.ra_at) - 8;
			sp += prologue.size;
		} else if (ra && is_return_address(ra)) {
			at = ra - 8; /* a leaf, without a frame */
		} else {
			break;
		}
		ra = 0;
	}
	return found;
}
