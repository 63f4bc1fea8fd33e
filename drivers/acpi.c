/* SPDX-License-Identifier: MIT */
#include "drivers/acpi.h"
#include "drivers/bytes.h"

#define TABLE_MAX   (64u << 10) /* a longer RSDT, XSDT or MADT is a lie */
#define TABLES_MAX  256u	/* pointers of an RSDT or XSDT that we follow */
#define MADT_HEADER 44u

#define MADT_LOCAL_APIC	  0 /* 5.2.12.2 */
#define MADT_LOCAL_X2APIC 9 /* 5.2.12.12 */
#define MADT_ENABLED	  BIT(0)
#define XAPIC_BROADCAST	  0xffu
#define X2APIC_BROADCAST  0xffffffffu

bool acpi_rsdp_valid(const u8 *p, size_t n)
{
	return n >= ACPI_RSDP_OLD && signature_is(p, "RSD PTR ", 8) &&
	       sums_to_zero(p, ACPI_RSDP_OLD);
}

size_t acpi_rsdp_scan(const u8 *p, size_t n)
{
	for (size_t at = 0; at + ACPI_RSDP_OLD <= n; at += 16)
		if (acpi_rsdp_valid(p + at, n - at))
			return at;
	return n;
}

void acpi_madt_parse(const u8 *madt, size_t n, struct cpu_list *cpus)
{
	size_t at = MADT_HEADER;

	if (n < MADT_HEADER) {
		cpu_list_complain(cpus, "MADT length", n);
		return;
	}
	while (at < n) {
		u8 length = n - at >= 2 ? madt[at + 1] : 0;

		if (length < 2 || length > n - at) {
			cpu_list_complain(cpus, "MADT entry length", length);
			return;
		}
		if (madt[at] == MADT_LOCAL_APIC && length >= 8)
			cpu_list_add(cpus, madt[at + 3], XAPIC_BROADCAST,
				     get32(madt + at + 4) & MADT_ENABLED);
		else if (madt[at] == MADT_LOCAL_X2APIC && length >= 16)
			cpu_list_add(cpus, get32(madt + at + 4), X2APIC_BROADCAST,
				     get32(madt + at + 8) & MADT_ENABLED);
		at += length;
	}
}

/* The table at `at` if it has that signature and is sound; its length in *n. */
static const u8 *table(paddr_t at, const char *signature, firmware_map_t *map, size_t *n,
		       struct cpu_list *cpus)
{
	const u8 *p = map(at, ACPI_HEADER);

	if (!p) {
		cpu_list_complain(cpus, "table address", at);
		return NULL;
	}
	if (!signature_is(p, signature, 4))
		return NULL;
	*n = get32(p + 4);
	if (*n < ACPI_HEADER || *n > TABLE_MAX) {
		cpu_list_complain(cpus, "table length", *n);
		return NULL;
	}
	p = map(at, *n);
	if (!p) {
		cpu_list_complain(cpus, "table length, more than there is memory:", *n);
		return NULL;
	}
	if (!sums_to_zero(p, *n)) {
		cpu_list_complain(cpus, "table checksum, table at", at);
		return NULL;
	}
	return p;
}

/* 5.2.12 knows one MADT. Whether another one is sound does not matter: it is not used. */
static void note_duplicate(paddr_t at, const char *signature, firmware_map_t *map,
			   struct cpu_list *cpus)
{
	const u8 *p = at != cpus->table_at ? map(at, ACPI_HEADER) : NULL;

	if (p && signature_is(p, signature, 4) && !cpus->unused++)
		cpus->unused_at = at;
}

/* The first sound MADT is used. width: bytes of a pointer, 4 in the RSDT, 8 in the XSDT (5.2.7,
 * 5.2.8). */
static bool search_root(paddr_t root, const char *signature, unsigned width, firmware_map_t *map,
			struct cpu_list *cpus)
{
	size_t n, madt_size;
	const u8 *p = table(root, signature, map, &n, cpus), *madt;

	if (!p)
		return false;
	for (unsigned i = 0; i < TABLES_MAX && ACPI_HEADER + (i + 1) * width <= n; i++) {
		const u8 *pointer = p + ACPI_HEADER + i * width;
		paddr_t at = width == 8 ? get64(pointer) : get32(pointer);

		if (!at)
			continue; /* firmware leaves such, and 0 is how table_at says none */
		if (cpus->table_at) {
			note_duplicate(at, "APIC", map, cpus);
			continue;
		}
		madt = table(at, "APIC", map, &madt_size, cpus);
		if (madt) {
			cpus->table_at = at;
			acpi_madt_parse(madt, madt_size, cpus);
		}
	}
	return cpus->table_at;
}

void acpi_read_cpus(paddr_t rsdp, firmware_map_t *map, struct cpu_list *cpus)
{
	const u8 *p = map(rsdp, ACPI_RSDP_OLD);
	bool found = false;

	*cpus = (struct cpu_list){.count = 0};
	if (!p || !acpi_rsdp_valid(p, ACPI_RSDP_OLD)) {
		cpu_list_complain(cpus, "RSDP signature or checksum, RSDP at", rsdp);
		return;
	}
	/* Revision 2 on: the XSDT, whose pointer a second checksum covers (5.2.5.3). */
	if (p[15] >= 2) {
		const u8 *new = map(rsdp, ACPI_RSDP_SIZE);

		if (new &&sums_to_zero(new, ACPI_RSDP_SIZE) && get64(new + 24))
			found = search_root(get64(new + 24), "XSDT", 8, map, cpus);
	}
	if (!found && get32(p + 16))
		found = search_root(get32(p + 16), "RSDT", 4, map, cpus);
	if (!found && !cpus->problem)
		cpu_list_complain(cpus, "no MADT below the RSDP at", rsdp);
}
