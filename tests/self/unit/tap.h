/* SPDX-License-Identifier: MIT */
/* Test points of a host program, in TAP. */
#pragma once

#include "kernel/compiler.h"

#define CHECK(good, ...) tap_check((good), __FILE__, __LINE__, __VA_ARGS__)

bool tap_check(bool good, const char *file, int line, const char *format, ...) __printf(4, 5);
/* Prints the plan. Returns the status for main(). */
int tap_done(void);
