/* SPDX-License-Identifier: MIT */
/* The C functions that compilers call on their own, and the few string helpers the kernel needs. */
#pragma once

#include "kernel/types.h"

void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);

/* Decimal, or hexadecimal after 0x; the whole of s. False (and *value untouched) if it is anything
 * else or does not fit. */
bool parse_u32(const char *s, u32 *value);
/* `*` matches any run of characters, everything else itself. */
bool pattern_match(const char *pattern, size_t length, const char *s);
