/* SPDX-License-Identifier: MIT */
/* Finds the SMBIOS tables, and takes the names of the machine and its firmware from them. */
#include "drivers/bytes.h"
#include "drivers/smbios.h"
#include "kernel/printk.h"

#define TABLE_MAX	(64u << 10)
#define STRUCTURES_MAX	1024u
#define ENTRY_OLD	31u /* 5.2.1 */
#define ENTRY_NEW	24u /* 5.2.2 */
#define TYPE_FIRMWARE	0   /* 7.1 */
#define TYPE_MACHINE	1   /* 7.2 */
#define EFI_TABLES_MAX	256u
#define EFI_CONFIG_SIZE 16u /* a GUID of 16 bytes, and the pointer behind it */

static bool is_new(const u8 *p, size_t n)
{
	return n >= ENTRY_NEW && signature_is(p, "_SM3_", 5) && p[6] >= ENTRY_NEW && p[6] <= n &&
	       sums_to_zero(p, p[6]);
}

static bool is_old(const u8 *p, size_t n)
{
	return n >= ENTRY_OLD && signature_is(p, "_SM_", 4) && p[5] >= ENTRY_OLD - 1 && p[5] <= n &&
	       sums_to_zero(p, p[5]) && signature_is(p + 16, "_DMI_", 5);
}

size_t smbios_scan(const u8 *p, size_t n)
{
	for (size_t at = 0; at < n; at += 16)
		if (is_new(p + at, n - at) || is_old(p + at, n - at))
			return at;
	return n;
}

#define CUT_MARK "..."

/* Returns the length of the string at p without trailing blanks. */
static size_t trimmed(const u8 *p, const u8 *end)
{
	size_t n = 0;

	for (size_t i = 0; p + i < end && p[i]; i++)
		if (p[i] != ' ')
			n = i + 1;
	return n;
}

/* Fetches string `number`, from 1, of those behind a structure (6.1.3). An unprintable character
 * becomes a '?'. */
static void get_string(const u8 *p, const u8 *end, u8 number, char *to, size_t size)
{
	size_t n, whole;

	to[0] = 0;
	if (!number)
		return;
	for (; --number && p < end; p++)
		while (p < end && *p)
			p++;
	while (p < end && *p == ' ')
		p++;
	whole = trimmed(p, end);
	n = whole < size ? whole : size - sizeof(CUT_MARK);
	for (size_t i = 0; i < n; i++)
		to[i] = (char)(p[i] < ' ' || p[i] > '~' || p[i] == '"' ? '?' : p[i]);
	to[n] = 0;
	if (n < whole)
		__builtin_memcpy(to + n, CUT_MARK, sizeof(CUT_MARK));
}

#define NAME(strings, end, number, to) get_string(strings, end, number, to, sizeof(to))

/* One structure has a type, the length of its fields, and strings up to an empty one. */
static void take_structure(const u8 *p, const u8 *end, struct smbios_names *names)
{
	const u8 *strings = p + p[1];

	if (p[0] == TYPE_FIRMWARE && p[1] >= 9) {
		NAME(strings, end, p[4], names->vendor);
		NAME(strings, end, p[5], names->version);
		NAME(strings, end, p[8], names->date);
	} else if (p[0] == TYPE_MACHINE && p[1] >= 6) {
		NAME(strings, end, p[4], names->maker);
		NAME(strings, end, p[5], names->product);
	}
}

static void take_table(const u8 *p, size_t size, struct smbios_names *names)
{
	const u8 *end = p + size;

	for (unsigned i = 0; i < STRUCTURES_MAX && end - p >= 4; i++) {
		const u8 *next;

		if (p[1] < 4 || p[1] > end - p)
			return;
		for (next = p + p[1]; end - next >= 2 && (next[0] || next[1]);)
			next++;
		take_structure(p, next, names);
		if (end - next < 2)
			return;
		p = next + 2;
	}
}

void smbios_read(paddr_t entry, firmware_map_t *map, struct smbios_names *names)
{
	const u8 *p = map(entry, SMBIOS_ENTRY_MAX);
	paddr_t at = 0;
	u32 size = 0;

	*names = (struct smbios_names){.vendor = ""};
	if (p && is_new(p, SMBIOS_ENTRY_MAX)) {
		at = get64(p + 16);
		size = get32(p + 12);
	} else if (p && is_old(p, SMBIOS_ENTRY_MAX)) {
		at = get32(p + 24);
		size = get16(p + 22);
	}
	size = size < TABLE_MAX ? size : TABLE_MAX;
	p = at && size ? map(at, size) : NULL;
	if (p)
		take_table(p, size, names);
}

static void add(char title[SMBIOS_TITLE], const char *between, const char *name)
{
	size_t used = __builtin_strlen(title);

	if (name[0])
		snprintk(title + used, SMBIOS_TITLE - used, "%s%s", used ? between : "", name);
}

void smbios_firmware(const struct smbios_names *names, const char *kind, char title[SMBIOS_TITLE])
{
	title[0] = 0;
	add(title, " ", names->vendor);
	add(title, " ", names->version);
	add(title, " ", names->date);
	if (!title[0])
		add(title, " ", "(no SMBIOS)");
	add(title, ", ", kind);
}

void smbios_machine(const struct smbios_names *names, char title[SMBIOS_TITLE])
{
	title[0] = 0;
	add(title, " ", names->maker);
	add(title, " ", names->product);
}

static paddr_t get_pointer(const u8 *p, unsigned bits)
{
	return bits == 64 ? get64(p) : get32(p);
}

paddr_t efi_find_smbios(paddr_t system_table, unsigned bits, firmware_map_t *map)
{
	/* SMBIOS3_TABLE_GUID, SMBIOS_TABLE_GUID (UEFI 4.6.1). */
	static const u8 guid[2][EFI_CONFIG_SIZE] = {
		{0x44, 0x15, 0xfd, 0xf2, 0x94, 0x97, 0x2c, 0x4a, 0x99, 0x2e, 0xe5, 0xbb, 0xcf, 0x20,
		 0xe3, 0x94},
		{0x31, 0x2d, 0x9d, 0xeb, 0x88, 0x2d, 0xd3, 0x11, 0x9a, 0x16, 0x00, 0x90, 0x27, 0x3f,
		 0xc1, 0x4d},
	};
	unsigned pointer = bits / 8, size = EFI_CONFIG_SIZE + pointer;
	const u8 *p = map(system_table, 24 + 12 * pointer);
	u32 tables;

	if (!p || !signature_is(p, "IBI SYST", 8))
		return 0;
	/* After the header: the vendor, a revision of 32 bits and its padding, eight pointers. */
	tables = get32(p + 24 + 10 * pointer);
	tables = tables < EFI_TABLES_MAX ? tables : EFI_TABLES_MAX;
	p = tables ? map(get_pointer(p + 24 + 11 * pointer, bits), tables * size) : NULL;
	for (unsigned kind = 0; p && kind < 2; kind++)
		for (u32 i = 0; i < tables; i++)
			if (signature_is(p + i * size, (const char *)guid[kind], EFI_CONFIG_SIZE))
				return get_pointer(p + i * size + EFI_CONFIG_SIZE, bits);
	return 0;
}
