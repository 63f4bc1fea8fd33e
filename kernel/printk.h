/* SPDX-License-Identifier: MIT */
/*
 * Floor zero: whole lines to the console, one writer at a time, and the one way to die.
 *
 * Formats: %s %c %d %u %x %p %% with l, ll, z lengths, field width, '-', '0' and '#' flags. A line
 * longer than PRINTK_LINE is cut and ends in "...". Interrupts may be on or off. Do not call from a
 * race hook.
 */
#pragma once

#include <stdarg.h>

#include "kernel/compiler.h"

#define PRINTK_LINE 1152 /* a whole command line and the message about it */

void printk(const char *format, ...) __printf(1, 2);
int snprintk(char *buffer, size_t size, const char *format, ...) __printf(3, 4);
/* As snprintk(), but returns the length of the text written. It is less than size, so a text can be
 * put together piece by piece. Linux scnprintf(). The size must not be 0. */
int scnprintk(char *buffer, size_t size, const char *format, ...) __printf(3, 4);
int vsnprintk(char *buffer, size_t size, const char *format, va_list args) __printf(3, 0);

/* Prints the screen (CPU, its work, seed, backtrace), "Bail out! <reason>" and
 * "# ev=done status=fail", and leaves the machine with a non-zero status. Call on any CPU in any
 * state. Never returns. Stops the other CPUs first, wherever they are. A second CPU in a panic
 * stops in silence. A panic inside a panic prints only its reason, and one inside that leaves at
 * once. */
_Noreturn void panic(const char *format, ...) __printf(1, 2);

/* As panic() for a wrong option of the command line, with the message alone, no screen, and
 * "# ev=done status=not_run". The message names the option, its value, and the valid values. */
_Noreturn void refuse(const char *format, ...) __printf(1, 2);
/* As refuse() for a machine without the CPU features or memory this kernel needs. The status is
 * cannot_start. */
_Noreturn void refuse_machine(const char *format, ...) __printf(1, 2);

#define assert(condition)                                                                          \
	do {                                                                                       \
		if (unlikely(!(condition)))                                                        \
			panic("assertion failed at %s:%d: %s", __func__, __LINE__, #condition);    \
	} while (0)
