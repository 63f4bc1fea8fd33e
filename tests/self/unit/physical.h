/* SPDX-License-Identifier: MIT */
/* Physical memory for what reads firmware's tables: pieces of it, mapped as the kernel maps
 * them. */
#pragma once

#include "drivers/cpu_list.h"

#define PHYSICAL_PIECES 16u

/* Removes all pieces and all mappings. */
void physical_reset(void);
/* [at, at + size) reads as these bytes, which stay the caller's. False: no room for another
 * piece. */
bool physical_add(paddr_t at, const u8 *bytes, size_t size);
/* A firmware_map_t. [at, at + size) must lie in one piece. Each mapping is an object of its own on
 * the heap, so ASan sees a read past its end. It lasts until physical_reset(). */
const u8 *physical_map(paddr_t at, size_t size);
/* While set, tables are mapped with a right checksum. */
extern bool physical_sets_checksums;
