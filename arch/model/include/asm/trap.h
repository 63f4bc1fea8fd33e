/* SPDX-License-Identifier: MIT */
/*
 * Page faults are the only traps. A test makes them up, or the model's own walker raises them. User
 * mode is user.c.
 *
 * try_load() and try_store() are two steps, the translation and the access. Both are one
 * instruction, so no interrupt and no broadcast comes in between. On MODEL_XPA a miss runs the
 * handler between two translations. Its reads are steps, and so is its write to the TLB (TLBWR).
 */
#pragma once

#define USER_CODE ((vaddr_t)0x800)

#include "arch/asm-generic/trap.h"

#define FAULT_NOT_PRESENT BIT(31) /* used inside the model */

/* All that a user's program can execute, and another word. */
#define USER_RETURN_WORD  0x5ca11u
#define USER_ILLEGAL_WORD 0xbadu
