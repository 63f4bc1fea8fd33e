/* SPDX-License-Identifier: MIT */
/* A stack for each CPU of the model, at a fixed address. Its live part belongs to a state. */
#pragma once

#include "arch/model/machine.h"

/* The part of a stack, from its top down, that may be live when its CPU has yielded. */
#define STACK_WINDOW 8192u
extern struct room room_stack; /* in bytes */

/* Lets entry(n) begin at the first coroutine_resume(n). It must not return. */
void coroutine_create(unsigned n, void (*entry)(unsigned n));
/* Runs it until it yields. Call from outside a coroutine. */
void coroutine_resume(unsigned n);
/* Returns the coroutines run since the last call, one bit each. */
u32 coroutines_that_ran(void);
/* Returns to the caller of coroutine_resume(). */
void coroutine_yield(void);

/*
 * Returns true if the coroutine has yielded inside the code in [start, end), so that a function of
 * it is on the stack.
 */
bool coroutine_is_in(unsigned n, const void *start, const void *end);

/* Returns the coroutine with this address on its stack, or -1. */
int coroutine_at(u64 address);

/* Gives its window [*low, *low + STACK_WINDOW). Returns the size of the live part at its end. */
size_t coroutine_window(unsigned n, u8 **low);
