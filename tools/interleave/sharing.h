/* SPDX-License-Identifier: MIT */
/*
 * Finds the accesses that need a place in the interleaving, because another CPU can observe when
 * they happen.
 *
 * If no other CPU writes a word, a read of it gives the same value at any time. If no other CPU
 * touches a word, its writes make no difference to others. Such accesses need no place in the
 * order. (An interrupt handler counts as another CPU than the code it interrupts, and so does a
 * CPU's hardware walker.) The exploration finds these words as it goes. It begins with the words
 * seen in a few random runs, and begins again if a word turns out to be shared. If it ends without
 * such news, its assumptions held in every state it reached. Such accesses commute with all others,
 * so the assumptions hold in every state that exists (Lipton 1975, movers; Godefroid 1996, chapter
 * 4).
 */
#pragma once

#include "arch/model/machine.h"

#define MAX_WORDS 16384u /* words of the state's data, without stacks */

/* Returns the bit of a CPU and the number of interrupts it is inside of. */
u16 sharing_me(const struct model_cpu *cpu);

/* Called for marked accesses to [address, address + size) in the state, with `who` as from
 * sharing_me(). May be NULL. */
extern void (*sharing_marked)(u64 address, unsigned size, bool write, u16 who);

/* Forgets everything. With `whole` every access gets its place. */
void sharing_reset(bool whole);
/* From here on decisions stay as they are. News counts at the next freeze. */
void sharing_freeze(void);
/* There was news since the freeze, so the exploration with it is not complete. */
bool sharing_grew(void);
/* While set, everything gets its place. */
void sharing_all(bool all);

/* Called before each operation of a CPU. Does it need a place in the order? */
bool sharing_visible(const struct model_cpu *cpu, const struct op *op);
/*
 * The hardware may translate this address by itself. The exploration finds the addresses used by
 * roles.
 */
void sharing_address(vaddr_t va);
/* Notes the hardware's own accesses as part of another operation. */
void sharing_note(const struct model_cpu *cpu, const struct op *op);
/* See model_remembers. */
unsigned sharing_remembers(unsigned cpu, u64 address);
/* Notes an event that a judge asks for. Returns true if it is news. */
bool sharing_event(unsigned role, unsigned point, unsigned nth);
/* Returns how many events of its kind to record, because the judge asks for no later one. */
unsigned sharing_events_wanted(unsigned role, unsigned point);
