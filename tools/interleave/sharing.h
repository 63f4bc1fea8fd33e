/* SPDX-License-Identifier: MIT */
/*
 * Which accesses others can tell the moment of.
 *
 * A read of a word that no other CPU writes gives the same whenever it happens, and so does, for
 * all others, a write of a word that no other touches: such an access needs no place in the order.
 * (An interrupt handler counts as another CPU than the code it interrupts, and so does a CPU's
 * hardware walker.) Which words those are is found out while exploring: it begins with what a few
 * random runs see; a word that turns out to be shared makes the exploration begin again. When one
 * ends without such news, what it took for granted was true in every state that it reached, hence,
 * as such accesses commute with all others, in every state that there is (Lipton 1975, movers;
 * Godefroid 1996, chapter 4).
 */
#pragma once

#include "arch/model/machine.h"

#define MAX_WORDS 16384u /* of the state's data, stacks apart */

/* The bit of a CPU and the interrupts it is inside of. */
u16 sharing_me(const struct model_cpu *cpu);

/* Told of marked accesses to [address, address + size), which is part of the state. who: as
 * sharing_me(). May be NULL. */
extern void (*sharing_marked)(u64 address, unsigned size, bool write, u16 who);

/* Nothing is known. whole: every access gets its place. */
void sharing_reset(bool whole);
/* From here on decisions stay as they are; what is learnt counts at the next freeze. */
void sharing_freeze(void);
/* Something was learnt since the freeze: what was explored with it is not the whole. */
bool sharing_grew(void);
/* While finding out: everything gets its place. */
void sharing_all(bool all);

/* This CPU is about to; does the operation need a place in the order? */
bool sharing_visible(const struct model_cpu *cpu, const struct op *op);
/* The hardware may translate this address by itself; those that roles use are found out. */
void sharing_address(vaddr_t va);
/* The same of accesses that the hardware makes by itself, as a part of another operation. */
void sharing_note(const struct model_cpu *cpu, const struct op *op);
/* See model_remembers. */
unsigned sharing_remembers(unsigned cpu, u64 address);
/* An event that a judge asks for. True if that is news. */
bool sharing_event(unsigned role, unsigned point, unsigned nth);
/* How many of its kind are to be put on record: the judge asks for no later one. */
unsigned sharing_events_wanted(unsigned role, unsigned point);
