/* SPDX-License-Identifier: MIT */
/* Fuzzes drivers/smbios.c from the entry point to the names, with the input of tables.h. */
#include "drivers/smbios.h"

#include "tests/self/fuzz/tables.h"

static struct input all;
static bool sound_sums;

/* Only the entry point has a checksum. */
static const u8 *map(paddr_t at, size_t size)
{
	physical_sets_checksums = sound_sums && size == SMBIOS_ENTRY_MAX;
	return physical_map(at, size);
}

static bool is_same(char shown, u8 byte)
{
	return shown == '?' ? byte < ' ' || byte > '~' || byte == '"' || byte == '?'
			    : (u8)shown == byte;
}

/* Are the first n characters somewhere in the input? */
static bool stands_there(const char *name, size_t n)
{
	for (size_t at = 0; at + n <= all.left; at++) {
		size_t same = 0;

		while (same < n && is_same(name[same], all.at[at + same]))
			same++;
		if (same == n)
			return true;
	}
	return false;
}

static void check_name(const char *name, size_t size)
{
	size_t n = strnlen(name, size);

	MUST(n < size);
	MUST(!n || (name[0] != ' ' && name[n - 1] != ' '));
	for (size_t i = 0; i < n; i++)
		MUST(name[i] >= ' ' && name[i] <= '~' && name[i] != '"');
	if (n + 1 == size && !strcmp(name + n - 3, "..."))
		n -= 3;
	MUST(stands_there(name, n));
}

static void check_title(const char *title)
{
	MUST(strnlen(title, SMBIOS_TITLE) < SMBIOS_TITLE);
	MUST(title[0] != ' ' && !strstr(title, "\n"));
}

static void check(const struct smbios_names *names)
{
	char title[SMBIOS_TITLE];

	check_name(names->vendor, sizeof(names->vendor));
	check_name(names->version, sizeof(names->version));
	check_name(names->date, sizeof(names->date));
	check_name(names->maker, sizeof(names->maker));
	check_name(names->product, sizeof(names->product));
	smbios_firmware(names, "UEFI ia32", title);
	check_title(title);
	MUST(strstr(title, ", UEFI ia32"));
	smbios_machine(names, title);
	check_title(title);
	MUST(strstr(title, names->product));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input input = {data, size};
	paddr_t entry = take_number(&input, 4);

	all = (struct input){data, size};
	scan_pieces(input, smbios_scan);
	for (unsigned pass = 0; pass < 2; pass++) {
		struct smbios_names names;

		sound_sums = pass;
		add_pieces(input);
		memset(&names, 'x', sizeof(names));
		smbios_read(entry, map, &names);
		physical_reset();
		check(&names);
	}
	return 0;
}
