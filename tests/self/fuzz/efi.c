/* SPDX-License-Identifier: MIT */
/* Fuzzes drivers/smbios.c from UEFI's system table to SMBIOS. The input is the size of a pointer (1
 * byte, bit 0 for 64 bits) and then that of tables.h, with the system table as the root. */
#include "drivers/smbios.h"

#include "tests/self/fuzz/tables.h"

/* Does a pointer to it stand behind one of the two GUIDs (UEFI 4.6.1)? */
static bool is_named(struct input all, paddr_t entry, unsigned bytes)
{
	static const char guids[2][17] = {
		"\x44\x15\xfd\xf2\x94\x97\x2c\x4a\x99\x2e\xe5\xbb\xcf\x20\xe3\x94",
		"\x31\x2d\x9d\xeb\x88\x2d\xd3\x11\x9a\x16\x00\x90\x27\x3f\xc1\x4d"};

	for (size_t at = 0; at + 16 + bytes <= all.left; at++) {
		struct input pointer = {all.at + at + 16, bytes};

		if ((!memcmp(all.at + at, guids[0], 16) || !memcmp(all.at + at, guids[1], 16)) &&
		    take_number(&pointer, bytes) == entry)
			return true;
	}
	return false;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input input = {data, size};
	unsigned bits = take_number(&input, 1) & 1 ? 64 : 32;
	paddr_t root = take_number(&input, 4), entry;

	physical_sets_checksums = false;
	add_pieces(input);
	entry = efi_find_smbios(root, bits, physical_map);
	physical_reset();
	MUST(!entry || is_named((struct input){data, size}, entry, bits / 8));
	return 0;
}
