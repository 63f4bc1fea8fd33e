/* SPDX-License-Identifier: MIT */
/*
 * Floor zero: whole lines to the console, one writer at a time, and the one way to die.
 *
 * Formats: %s %c %d %u %x %p %% with l, ll, z lengths, field width, '-', '0' and '#' flags. A line
 * longer than PRINTK_LINE is cut and ends in "...". Legal with interrupts on or off; not from a
 * race hook.
 */
#pragma once

#include <stdarg.h>

#include "kernel/compiler.h"

#define PRINTK_LINE 1152 /* a whole command line and what is said of it */

void printk(const char *format, ...) __printf(1, 2);
int snprintk(char *buffer, size_t size, const char *format, ...) __printf(3, 4);
/* As snprintk(), but returns how much of the text is there: less than size, so that a text can be
 * put together piece by piece. Linux scnprintf(). size: not 0. */
int scnprintk(char *buffer, size_t size, const char *format, ...) __printf(3, 4);
int vsnprintk(char *buffer, size_t size, const char *format, va_list args) __printf(3, 0);

/* Prints the screen (CPU, what it ran, seed, backtrace), "Bail out! <reason>", "# ev=done
 * status=fail" and leaves the machine with a non-zero status. Any CPU, any state; never returns. A
 * second CPU that panics stops in silence; a panic inside a panic prints its reason, one inside
 * that leaves at once. The other CPUs are stopped first, wherever they are. */
_Noreturn void panic(const char *format, ...) __printf(1, 2);

/* The same for a wrong option of the command line: the message alone, no screen, and "# ev=done
 * status=not_run". The message names the option and its value, and what is valid. */
_Noreturn void refuse(const char *format, ...) __printf(1, 2);
/* The same for a machine that lacks what this kernel needs (CPU, memory): status=cannot_start. */
_Noreturn void refuse_machine(const char *format, ...) __printf(1, 2);

#define assert(condition)                                                                          \
	do {                                                                                       \
		if (unlikely(!(condition)))                                                        \
			panic("assertion failed at %s:%d: %s", __func__, __LINE__, #condition);    \
	} while (0)
