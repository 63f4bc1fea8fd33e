/* SPDX-License-Identifier: MIT */
/* What an address of the explored state is, in words. */
#pragma once

#include "kernel/compiler.h"

/* width: of the access, in bytes. */
void place_name(u64 address, unsigned width, char *text, size_t size);
