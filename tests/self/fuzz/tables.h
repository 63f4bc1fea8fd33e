/* SPDX-License-Identifier: MIT */
/*
 * An input for parsers of firmware's tables. It has the physical address of the root (4 bytes),
 * then pieces of memory. Each piece has its address (4 bytes), size (2) and bytes. The last one may
 * be cut.
 */
#pragma once

#include "tests/self/fuzz/fuzz.h"
#include "tests/self/unit/physical.h"
#include "tests/self/unit/sound.h"

static inline void add_pieces(struct input pieces)
{
	while (pieces.left) {
		paddr_t at = take_number(&pieces, 4);
		size_t n = (size_t)take_number(&pieces, 2);
		const u8 *bytes = take_bytes(&pieces, &n);

		physical_add(at, bytes, n);
	}
}

/* Scans each piece alone. The result must be an offset at a multiple of 16, or the piece's size. */
static inline void scan_pieces(struct input pieces, size_t (*scan)(const u8 *p, size_t n))
{
	while (pieces.left) {
		u8 *copy;
		size_t n, found;
		const u8 *bytes;

		take_number(&pieces, 4);
		n = (size_t)take_number(&pieces, 2);
		bytes = take_bytes(&pieces, &n);
		copy = exact_copy(bytes, n);
		found = scan(copy, n);
		MUST(found <= n && (found == n || found % 16 == 0));
		free(copy);
	}
}

/* Reads the list as the input is, then with every checksum right. */
static inline void read_tables(struct input input,
			       void (*read)(paddr_t root, firmware_map_t *map,
					    struct cpu_list *cpus),
			       size_t (*scan)(const u8 *p, size_t n))
{
	paddr_t root = take_number(&input, 4);
	size_t size = input.left;

	scan_pieces(input, scan);
	for (unsigned sound_sums = 0; sound_sums < 2; sound_sums++) {
		struct cpu_list cpus;

		add_pieces(input);
		physical_sets_checksums = sound_sums;
		read(root, physical_map, &cpus);
		physical_reset();
		MUST(cpus_are_sound(&cpus, size));
	}
}
