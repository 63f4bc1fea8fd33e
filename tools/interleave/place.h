/* SPDX-License-Identifier: MIT */
/* Addresses of the explored state in words. */
#pragma once

#include "kernel/compiler.h"

/* width is the size of the access in bytes. */
void place_name(u64 address, unsigned width, char *text, size_t size);
