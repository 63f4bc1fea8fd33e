/* SPDX-License-Identifier: MIT */
/*
 * 32-bit atomics, one access each. If an atomic returns a value, it has full order. Generic code
 * expects no order of the others.
 */
#pragma once

#include "kernel/compiler.h"

/* Each returns the old value. */
u32 atomic_xchg(u32 *p, u32 value);
u32 atomic_cmpxchg(u32 *p, u32 expected, u32 value);
u32 atomic_fetch_add(u32 *p, u32 value);

void atomic_or(u32 *p, u32 bits);
void atomic_and(u32 *p, u32 bits);

#include "arch/asm-generic/try_cmpxchg.h"
