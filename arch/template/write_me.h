/* SPDX-License-Identifier: MIT */
/*
 * A function that nobody has written yet. Whoever reaches it is told its name, and the machine
 * ends. Put the function in its place: what it has to do is said where asm/ declares it.
 */
#pragma once

#include "kernel/compiler.h"

_Noreturn void write_me(const char *symbol);

/* Nobody reads the parameters yet. */
#pragma GCC diagnostic ignored "-Wunused-parameter"
#define WRITE_ME(type, symbol, parameters)                                                         \
	type symbol parameters                                                                     \
	{                                                                                          \
		write_me(#symbol);                                                                 \
	}
