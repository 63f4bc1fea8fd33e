/* SPDX-License-Identifier: MIT */
/* The console keeps its text for a test to read (model_console). */
#pragma once

#include "kernel/compiler.h"

void console_write(const char *bytes, size_t n);
/* A program that needs it brings its own. */
const char *console_stop_asked(void);
