/* SPDX-License-Identifier: MIT */
/* A stack for each CPU of the model, at a fixed address. Its live part belongs to a state. */
#pragma once

#include "kernel/compiler.h"

/* The part of a stack, from its top down, that may be live when its CPU stands still. */
#define STACK_WINDOW 8192u
/* How much of it there is. A self-test makes it small. */
extern unsigned coroutine_room;

/* entry(n) begins at the first coroutine_resume(n); it must not return. */
void coroutine_create(unsigned n, void (*entry)(unsigned n));
/* Runs it until it yields. From outside. */
void coroutine_resume(unsigned n);
/* Bit: those that ran since the last call of this. */
u32 coroutines_that_ran(void);
/* Back to whoever resumed this one. */
void coroutine_yield(void);

/* It stands somewhere inside the code in [start, end): a function of it is on the stack. */
bool coroutine_is_in(unsigned n, const void *start, const void *end);

/* Whose stack the address is on; -1: nobody's. */
int coroutine_at(u64 address);

/* [*low, *low + STACK_WINDOW): its window; returns how much of that, from the end, is live. */
size_t coroutine_window(unsigned n, u8 **low);
