/* SPDX-License-Identifier: MIT */
/*
 * 32-bit atomics, one access each. Those that return a value have full order. Of the others generic
 * code expects none.
 */
#pragma once

#include "kernel/compiler.h"

/* Each returns the value before. */
u32 atomic_xchg(u32 *p, u32 value);
u32 atomic_cmpxchg(u32 *p, u32 expected, u32 value);
u32 atomic_fetch_add(u32 *p, u32 value);

void atomic_or(u32 *p, u32 bits);
void atomic_and(u32 *p, u32 bits);

#include "arch/asm-generic/try_cmpxchg.h"
