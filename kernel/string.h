/* SPDX-License-Identifier: MIT */
/* The C functions called by compilers on their own, and the few string helpers the kernel needs. */
#pragma once

#include "kernel/types.h"

void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);

/* Parses the whole of s as decimal, or as hexadecimal after 0x. Returns false and leaves *value
 * alone if s is anything else or does not fit. */
bool parse_u32(const char *s, u32 *value);
/* In a pattern, `*` matches any run of characters and everything else matches itself. */
bool pattern_match(const char *pattern, size_t length, const char *s);
