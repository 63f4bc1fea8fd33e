/* SPDX-License-Identifier: MIT */
/*
 * Backtraces without frame pointers, by the prologue of each function (System V ABI, MIPS processor
 * supplement, 3). The prologue says how large the frame is and where in it the return address was
 * saved. We search backwards from the address for it, and the compiler is told not to move it.
 */
#include "arch/mips/cpu.h"
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
	u32 size, ra_at; /* bytes; NO_RA if the return address is still in the register */
};
#define NO_RA (~0u)

static bool in_text(vaddr_t pc)
{
	return pc >= (vaddr_t)__text_start && pc < (vaddr_t)__text_end && pc % 4 == 0;
}

static bool on_stack(vaddr_t at)
{
	const struct mips_cpu *c = mips_this_cpu();

	return at % 4 == 0 && at >= c->emergency_bottom && at <= c->top - 4;
}

/* The words belong to other functions' objects. */
static u32 word_at(vaddr_t at)
{
	typedef u32 __attribute__((may_alias)) any_word_t;

	return *(const volatile any_word_t *)at;
}

/* Reads from the allocation of the frame at `at` on, and stops at pc. */
static struct prologue read_prologue(vaddr_t at, vaddr_t pc)
{
	struct prologue found = {-(word_at(at) | 0xffff0000u), NO_RA};

	for (vaddr_t on = at; on < pc && on < at + LOOK_ON * 4; on += 4) {
		if (!IS_SAVE_RA(word_at(on)))
			continue;
		found.ra_at = word_at(on) & 0xffff;
		break;
	}
	return found;
}

static bool find_prologue(vaddr_t pc, struct prologue *found)
{
	for (vaddr_t at = pc; pc - at < LOOK_BACK * 4 && in_text(at); at -= 4) {
		if (!IS_FRAME(word_at(at)))
			continue;
		*found = read_prologue(at, pc);
		return true;
	}
	return false;
}

/* Returns true if pc is the address behind a call and its delay slot. */
static bool is_return_address(vaddr_t pc)
{
	return in_text(pc - 8) && IS_CALL(word_at(pc - 8));
}

/* A place in a call chain. */
struct place {
	vaddr_t pc, sp, ra; /* ra is 0 once the register holds something else */
};

static struct place place_of(const struct trap_frame *frame)
{
	return (struct place){frame->epc, frame->reg[SP], frame->reg[RA]};
}

/* Moves to the caller. Returns false if there is none, or if it cannot be found. */
static bool go_up(struct place *place)
{
	struct prologue prologue;

	if (!find_prologue(place->pc, &prologue))
		return false;
	if (prologue.ra_at != NO_RA && on_stack(place->sp + prologue.ra_at) &&
	    is_return_address(word_at(place->sp + prologue.ra_at))) {
		place->pc = word_at(place->sp + prologue.ra_at) - 8;
		place->sp += prologue.size;
	} else if (place->ra && is_return_address(place->ra)) {
		place->pc = place->ra - 8;
		place->sp += prologue.ra_at == NO_RA ? prologue.size : 0;
	} else {
		return false;
	}
	place->ra = 0;
	return true;
}

unsigned backtrace(const struct trap_frame *frame, vaddr_t *pc, unsigned n)
{
	struct place place = {0};
	unsigned found = 0;

	if (frame)
		place = place_of(frame);
	else
		mips_this_place(&place.pc, &place.sp);
	if (!frame && !go_up(&place)) /* leave out this function */
		return 0;
	do {
		if (found == n)
			break;
		pc[found++] = place.pc;
		if (frame && trap_from_user(frame))
			break;
		frame = NULL;
		if (place.pc == (vaddr_t)mips_trap_return - 8 && on_stack(place.sp)) {
			/* This trap led here, so go on at the interrupted place. */
			frame = (const struct trap_frame *)place.sp;
			place = place_of(frame);
		}
	} while (frame || go_up(&place));
	return found;
}
