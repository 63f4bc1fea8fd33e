/* SPDX-License-Identifier: MIT */
/* LL and SC on the host. host_before_atomic() is another CPU's action just before. */
#pragma once

#include "kernel/compiler.h"

extern void (*host_before_atomic)(u32 *p);

u32 atomic_xchg(u32 *p, u32 value);
u32 atomic_cmpxchg(u32 *p, u32 expected, u32 value);
bool atomic_try_cmpxchg(u32 *p, u32 *expected, u32 value);
u32 atomic_fetch_add(u32 *p, u32 value);
void atomic_or(u32 *p, u32 bits);
void atomic_and(u32 *p, u32 bits);
