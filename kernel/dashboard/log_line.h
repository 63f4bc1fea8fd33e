/* SPDX-License-Identifier: MIT */
/* Reads one line of the kernel's own output, "# ev=<event> key=value key=\"value\" ...". */
#pragma once

#include "kernel/compiler.h"

bool line_begins(const char *line, const char *with);
/* Copies the text behind " key=", without quotes, cut at size. If there is none, copies "" and
 * returns false. */
bool line_field(const char *line, const char *key, char *to, size_t size);
/* As line_field() for a number. Returns 0 if there is none. */
u32 line_number(const char *line, const char *key);
bool text_is(const char *a, const char *b);
/* Cuts at size; the result ends with NUL. */
void text_copy(char *to, size_t size, const char *from);
