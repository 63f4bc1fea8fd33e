/* SPDX-License-Identifier: MIT */
/*
 * SeaBIOS's ACPI tables behind a new RSDP, RSDT and XSDT, with the case's MADT. Section numbers are
 * those of the ACPI specification 6.5.
 */
#include "drivers/bytes.h"
#include "kernel/string.h"
#include "tests/self/boot/firmware/firmware.h"

#define ROM_START	0xe0000u /* the RSDP is on a 16-byte boundary in here (5.2.5.1) */
#define ROM_END		0x100000u
#define RSDP_SIZE	36u
#define RSDP_OLD_SIZE	20u
#define HEADER		36u
#define CHECKSUM	9u /* in the header of a table (5.2.6) */
#define MADT_HEADER	44u
#define MADT_LOCAL_APIC 0u /* a CPU: type, length 8, UID, id, flags (5.2.12.2) */
#define TABLES_MAX	32u
#define MADT_MAX	4096u

static u8 madt[MADT_MAX] __aligned(16);
static u8 rsdt[HEADER + 4 * TABLES_MAX] __aligned(16);
static u8 xsdt[HEADER + 8 * TABLES_MAX] __aligned(16);
static u8 rsdp[RSDP_SIZE] __aligned(16);

static void set_checksum(u8 *p, size_t size, size_t at)
{
	u8 sum = 0;

	p[at] = 0;
	for (size_t i = 0; i < size; i++)
		sum = (u8)(sum + p[i]);
	p[at] = (u8)-sum;
}

/* SeaBIOS's RSDT: it makes ACPI 1.0 tables on QEMU's i440FX PC. */
static const u8 *old_rsdt(void)
{
	for (u32 at = ROM_START; at < ROM_END; at += 16)
		if (signature_is((const u8 *)at, "RSD PTR ", 8))
			return (const u8 *)get32((const u8 *)at + 16);
	refuse("there is no RSDP in the BIOS ROM");
}

static unsigned old_tables(void)
{
	return (get32(old_rsdt() + 4) - HEADER) / 4;
}

static const u8 *old_table(unsigned i)
{
	return (const u8 *)get32(old_rsdt() + HEADER + 4 * i);
}

static const u8 *old_madt(void)
{
	for (unsigned i = 0; i < old_tables(); i++)
		if (signature_is(old_table(i), "APIC", 4))
			return old_table(i);
	refuse("SeaBIOS made no MADT");
}

static bool is_cpu(const u8 *entry)
{
	return entry[0] == MADT_LOCAL_APIC && get32(entry + 4) & 1;
}

unsigned acpi_count_cpus(void)
{
	const u8 *old = old_madt();
	unsigned count = 0;

	for (size_t at = MADT_HEADER; at < get32(old + 4); at += old[at + 1])
		count += is_cpu(old + at);
	return count;
}

static u8 *add(u8 *to, const u8 *entries, size_t size)
{
	if (to + size > madt + sizeof(madt))
		refuse("the MADT is too long");
	return (u8 *)memcpy(to, entries, size) + size;
}

/* SeaBIOS's entries with new ids. CPUs above the case's number are not listed at all. */
static u8 *add_old_entries(u8 *to, const u8 *old)
{
	unsigned left = the_case->listed ? the_case->listed : ~0u;

	for (size_t at = MADT_HEADER; at < get32(old + 4); at += old[at + 1]) {
		const u8 *entry = old + at;

		if (entry[0] == MADT_LOCAL_APIC && !(is_cpu(entry) && left))
			continue;
		to = add(to, entry, entry[1]);
		if (entry[0] != MADT_LOCAL_APIC)
			continue;
		left--;
		if (the_case->new_id)
			to[3 - entry[1]] = (u8)the_case->new_id(entry[3]);
	}
	return to;
}

static void make_madt(void)
{
	u8 *end = add(madt, old_madt(), MADT_HEADER);

	if (the_case->entries)
		end = add(end, the_case->entries, the_case->entries_size);
	else
		end = add_old_entries(end, old_madt());
	if (the_case->more)
		end = add(end, the_case->more, the_case->more_size);
	set32(madt + 4, (u32)(end - madt));
	set_checksum(madt, (size_t)(end - madt), CHECKSUM);
}

static void make_root(u8 *root, const char *signature, unsigned width)
{
	size_t size = HEADER;

	if (old_tables() > TABLES_MAX)
		refuse("SeaBIOS made too many tables");
	memcpy(root, signature, 4);
	root[8] = 1; /* revision */
	for (unsigned i = 0; i < old_tables(); i++, size += width) {
		bool is_madt = signature_is(old_table(i), "APIC", 4);

		set32(root + size, is_madt ? (u32)madt : (u32)old_table(i));
	}
	set32(root + 4, size);
	set_checksum(root, size, CHECKSUM);
}

const u8 *acpi_make(size_t *size)
{
	make_madt();
	make_root(rsdt, "RSDT", 4);
	make_root(xsdt, "XSDT", 8);
	memcpy(rsdp, "RSD PTR ", 8);
	rsdp[15] = 2; /* revision 2 has an XSDT (5.2.5.3) */
	set32(rsdp + 16, (u32)rsdt);
	set32(rsdp + 20, RSDP_SIZE);
	set64(rsdp + 24, (u32)xsdt);
	set_checksum(rsdp, RSDP_OLD_SIZE, 8);
	set_checksum(rsdp, RSDP_SIZE, 32);
	*size = RSDP_SIZE;
	return rsdp;
}
