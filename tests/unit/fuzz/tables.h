/* SPDX-License-Identifier: MIT */
/*
 * An input for what reads firmware's tables: the physical address of the root (4 bytes), then
 * pieces of memory, each of them its address (4 bytes), size (2) and bytes; the last one may be
 * cut.
 */
#pragma once

#include "tests/unit/fuzz/fuzz.h"
#include "tests/unit/physical.h"
#include "tests/unit/sound.h"

/* Reads the list as the input is, then with every checksum right. */
static inline void read_tables(struct input input,
			       void (*read)(paddr_t root, firmware_map_t *map,
					    struct cpu_list *cpus),
			       size_t (*scan)(const u8 *p, size_t n))
{
	paddr_t root = take_number(&input, 4);
	size_t size = input.left;

	for (unsigned mends = 0; mends < 2; mends++) {
		struct cpu_list cpus;
		struct input pieces = input;

		while (pieces.left) {
			paddr_t at = take_number(&pieces, 4);
			size_t n = (size_t)take_number(&pieces, 2);
			const u8 *bytes = take_bytes(&pieces, &n);
			u8 *copy = exact_copy(bytes, n);
			size_t found = scan(copy, n);

			MUST(found <= n && (found == n || found % 16 == 0));
			free(copy);
			physical_add(at, bytes, n);
		}
		physical_mends = mends;
		read(root, physical_map, &cpus);
		physical_reset();
		MUST(cpus_are_sound(&cpus, size));
	}
}
