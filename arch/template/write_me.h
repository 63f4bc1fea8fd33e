/* SPDX-License-Identifier: MIT */
/*
 * A function not written yet. If it is called, it prints its name, and the machine ends. Put the
 * function in its place. Its declaration in asm/ says what to do.
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
