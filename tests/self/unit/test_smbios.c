/* SPDX-License-Identifier: MIT */
/* Tests drivers/smbios.c for names of machine and firmware, on sound and unsound tables. */
#include "drivers/smbios.h"

#include <stdio.h>

#include "tests/self/unit/bytes.h"
#include "tests/self/unit/physical.h"
#include "tests/self/unit/tap.h"

#define BASE  0xf0000u
#define ENTRY 0x20u
#define TABLE 0x80u
#define EFI   0x200u
#define LIST  0x300u

static struct smbios_names names;

static void read_names(const struct bytes *b)
{
	physical_add(BASE, b->at, b->size);
	smbios_read(BASE + ENTRY, physical_map, &names);
	physical_reset();
}

static paddr_t find_by_efi(const struct bytes *b, unsigned bits)
{
	paddr_t entry;

	physical_add(BASE, b->at, b->size);
	entry = efi_find_smbios(BASE + EFI, bits, physical_map);
	physical_reset();
	return entry;
}

static size_t put_strings(struct bytes *b, size_t at, const char *const *strings)
{
	for (; *strings; strings++) {
		put_text(b, at, *strings);
		at += strlen(*strings) + 1;
	}
	put8(b, at, 0);
	return at + 1;
}

static size_t put_table(struct bytes *b)
{
	static const char *const firmware[] = {"Acme  ", "1.2", "01/02/2020", NULL};
	static const char *const machine[] = {"Acme Inc.", "Box \"9\"\x01", NULL};
	static const u8 type0[] = {0, 18, 0, 0, 1, 2, 0, 0, 3}, type1[] = {1, 8, 1, 0, 1, 2};
	size_t at = TABLE;

	memcpy(b->at + at, type0, sizeof(type0));
	at = put_strings(b, at + 18, firmware);
	memcpy(b->at + at, type1, sizeof(type1));
	at = put_strings(b, at + 8, machine);
	return at - TABLE;
}

static struct bytes sound(bool new)
{
	struct bytes b = {.size = 0};
	u32 size = (u32)put_table(&b);

	put8(&b, LIST + 0xff, 0);
	if (new) {
		memcpy(b.at + ENTRY, "_SM3_", 5);
		put8(&b, ENTRY + 6, 24);
		put32(&b, ENTRY + 12, size);
		put64(&b, ENTRY + 16, BASE + TABLE);
		set_checksum(b.at + ENTRY, 24, 5);
	} else {
		memcpy(b.at + ENTRY, "_SM_", 4);
		put8(&b, ENTRY + 5, 31);
		memcpy(b.at + ENTRY + 16, "_DMI_", 5);
		put8(&b, ENTRY + 22, (u8)size);
		put32(&b, ENTRY + 24, BASE + TABLE);
		set_checksum(b.at + ENTRY, 31, 4);
	}
	return b;
}

static bool names_are_right(void)
{
	return !strcmp(names.vendor, "Acme") && !strcmp(names.version, "1.2") &&
	       !strcmp(names.date, "01/02/2020") && !strcmp(names.maker, "Acme Inc.") &&
	       !strcmp(names.product, "Box ?9??");
}

static void test_sound(void)
{
	for (unsigned new = 0; new < 2; new ++) {
		struct bytes b = sound(new);

		read_names(&b);
		CHECK(names_are_right(), "%s entry point: names, what cannot be printed replaced",
		      new ? "64-bit" : "32-bit");
		CHECK(smbios_scan(b.at, b.size) == ENTRY, "and it is found");
		b.at[ENTRY + 7]++;
		read_names(&b);
		CHECK(!names.vendor[0] && smbios_scan(b.at, b.size) == b.size,
		      "not with a wrong checksum");
	}
}

/* Reads one table with this vendor. */
static void read_vendor(const char *vendor)
{
	static const u8 type0[] = {0, 9, 0, 0, 1, 2, 0, 0, 3};
	const char *const strings[] = {vendor, "F.40", "09/13/2021", NULL};
	struct bytes b = sound(true);

	memcpy(b.at + TABLE, type0, sizeof(type0));
	put32(&b, ENTRY + 12, (u32)(put_strings(&b, TABLE + 9, strings) - TABLE));
	set_checksum(b.at + ENTRY, 24, 5);
	read_names(&b);
}

static void test_lengths(void)
{
	static const char real[] = "American Megatrends International, LLC.";
	char long_name[200], wanted[SMBIOS_NAME], padded[80];

	read_vendor(real);
	CHECK(!strcmp(names.vendor, real) && !strcmp(names.version, "F.40"), "whole: %s", real);
	snprintf(padded, sizeof(padded), "    %s   ", real);
	read_vendor(padded);
	CHECK(!strcmp(names.vendor, real), "without blanks at either end");
	read_vendor("  two  words ");
	CHECK(!strcmp(names.vendor, "two  words"), "those inside stay");
	read_vendor("    ");
	CHECK(!names.vendor[0] && !strcmp(names.version, "F.40"), "nothing but blanks: not said");
	for (unsigned n = SMBIOS_NAME - 2; n < SMBIOS_NAME + 2; n++) {
		memset(long_name, 'x', n);
		long_name[n] = 0;
		memcpy(wanted, long_name, SMBIOS_NAME);
		if (n >= SMBIOS_NAME)
			strcpy(wanted + SMBIOS_NAME - 4, "...");
		read_vendor(long_name);
		CHECK(!strcmp(names.vendor, wanted), "%u characters: %s", n,
		      n < SMBIOS_NAME ? "whole" : "cut, with a mark");
	}
}

static void test_titles(void)
{
	static const struct smbios_names none = {.vendor = ""},
					 two = {.version = "1.2", .product = "Box"};
	struct smbios_names full;
	char title[SMBIOS_TITLE];
	struct bytes b = sound(true);

	read_names(&b);
	smbios_firmware(&names, "BIOS", title);
	CHECK(!strcmp(title, "Acme 1.2 01/02/2020, BIOS"), "firmware: %s", title);
	smbios_machine(&names, title);
	CHECK(!strcmp(title, "Acme Inc. Box ?9??"), "machine: %s", title);
	smbios_firmware(&two, "UEFI x64", title);
	CHECK(!strcmp(title, "1.2, UEFI x64"), "firmware, not all said: %s", title);
	smbios_machine(&two, title);
	CHECK(!strcmp(title, "Box"), "machine, not all said: %s", title);
	smbios_firmware(&none, "BIOS", title);
	CHECK(!strcmp(title, "(no SMBIOS), BIOS"), "nothing said: %s", title);
	memset(&full, 'y', sizeof(full));
	full.vendor[SMBIOS_NAME - 1] = full.version[SMBIOS_NAME - 1] = full.date[31] = 0;
	full.maker[SMBIOS_NAME - 1] = full.product[SMBIOS_NAME - 1] = 0;
	smbios_firmware(&full, "UEFI ia32", title);
	CHECK(strstr(title, "y, UEFI ia32"), "the longest names have room");
}

static void put_guid(struct bytes *b, size_t at, const char *guid)
{
	for (unsigned i = 0; i < 16; i++)
		put8(b, at + i, (u8)guid[i]);
}

static void test_efi(unsigned bits)
{
	static const char guid[] =
		"\x44\x15\xfd\xf2\x94\x97\x2c\x4a\x99\x2e\xe5\xbb\xcf\x20\xe3\x94";
	struct bytes b = sound(true);
	unsigned pointer = bits / 8;

	memcpy(b.at + EFI, "IBI SYST", 8);
	put32(&b, EFI + (bits == 64 ? 104 : 64), 2);
	put32(&b, EFI + (bits == 64 ? 112 : 68), BASE + LIST);
	put_guid(&b, LIST + 16 + pointer, guid);
	put32(&b, LIST + 2 * 16 + pointer, BASE + ENTRY);
	CHECK(find_by_efi(&b, bits) == BASE + ENTRY, "UEFI, %u bits: found", bits);
	put32(&b, EFI + (bits == 64 ? 104 : 64), 0xffffffff);
	CHECK(!find_by_efi(&b, bits), "UEFI, %u bits: a count that lies", bits);
	put8(&b, EFI, 'X');
	CHECK(!find_by_efi(&b, bits), "UEFI, %u bits: no table", bits);
}

static bool printable(const char *text)
{
	while (*text >= ' ' && *text <= '~')
		text++;
	return !*text;
}

static void test_damaged(void)
{
	struct random random = random_stream(1, 0);
	bool good = true;

	for (unsigned i = 0; i < 20000; i++) {
		struct bytes b = sound(i & 1);

		damage(&b, &random);
		set_checksum(b.at + ENTRY, i & 1 ? 24 : 31, i & 1 ? 5 : 4);
		read_names(&b);
		good &= printable(names.vendor) && printable(names.version) &&
			printable(names.date) && printable(names.maker) && printable(names.product);
	}
	CHECK(good, "20000 damaged copies: no read outside, nothing that cannot be printed");
}

int main(void)
{
	test_sound();
	test_lengths();
	test_titles();
	test_efi(64);
	test_efi(32);
	test_damaged();
	return tap_done();
}
