/* SPDX-License-Identifier: MIT */
/* What an address of the explored state is, in words. */
#pragma once

#include "kernel/compiler.h"

void place_name(u64 address, char *text, size_t size);
