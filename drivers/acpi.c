/* SPDX-License-Identifier: MIT */
/* Walks from the RSDP to the MADT, and lists the enabled CPUs in it. */
#include "drivers/acpi.h"
#include "drivers/bytes.h"

#define TABLE_MAX   (64u << 10) /* no RSDT, XSDT or MADT is longer */
#define TABLES_MAX  256u	/* pointers we follow in an RSDT or XSDT */
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

/* Returns the entry at `at`, or NULL at the end and at a bad length. */
static const u8 *madt_entry(const u8 *madt, size_t n, size_t at, struct cpu_list *cpus)
{
	u8 length = n - at >= 2 ? madt[at + 1] : 0;

	if (at == n)
		return NULL;
	if (length >= 2 && length <= n - at)
		return madt + at;
	cpu_list_cut(cpus, "MADT entry length", length);
	return NULL;
}

static bool is_local_apic(const u8 *entry)
{
	return entry[0] == MADT_LOCAL_APIC && entry[1] >= 8;
}

static bool is_x2apic(const u8 *entry)
{
	return entry[0] == MADT_LOCAL_X2APIC && entry[1] >= 16;
}

static bool has_local_apic(const u8 *madt, size_t n, struct cpu_list *cpus)
{
	const u8 *entry;

	for (size_t at = MADT_HEADER; (entry = madt_entry(madt, n, at, cpus)); at += entry[1])
		if (is_local_apic(entry) && entry[3] != XAPIC_BROADCAST &&
		    get32(entry + 4) & MADT_ENABLED)
			return true;
	return false;
}

/* A type 9 entry beside type 0 entries is meant for an id of 255 and up, because type 0 cannot hold
 * such an id (ACPI 5.2.12.12). Firmware has others as well. Some ids stand in both kinds, and then
 * type 9 is skipped, as in Linux acpi_parse_x2apic(). Templates that were never filled in all have
 * one id. */
static void add_x2apic(const u8 *entry, bool beside, struct cpu_list *cpus)
{
	u32 id = get32(entry + 4);
	bool enabled = get32(entry + 8) & MADT_ENABLED;

	if (!beside)
		cpu_list_add(cpus, id, X2APIC_BROADCAST, enabled);
	else if (enabled && id < XAPIC_BROADCAST)
		cpus->shadowed++;
	else
		cpu_list_add_unique(cpus, id, X2APIC_BROADCAST, enabled);
}

void acpi_madt_parse(const u8 *madt, size_t n, struct cpu_list *cpus)
{
	const u8 *entry;
	bool beside;

	if (n < MADT_HEADER) {
		cpu_list_cut(cpus, "MADT length", n);
		return;
	}
	beside = has_local_apic(madt, n, cpus);
	for (size_t at = MADT_HEADER; (entry = madt_entry(madt, n, at, cpus)); at += entry[1]) {
		if (is_local_apic(entry))
			cpu_list_add(cpus, entry[3], XAPIC_BROADCAST,
				     get32(entry + 4) & MADT_ENABLED);
		else if (is_x2apic(entry))
			add_x2apic(entry, beside, cpus);
	}
	cpu_list_refuse_repeated(cpus);
}

/* Returns the table at `at` if its signature matches and it is sound, with its length in *n. */
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

/* 5.2.12 knows one MADT. Another one is not used, so it may be unsound. */
static void note_duplicate(paddr_t at, const char *signature, firmware_map_t *map,
			   struct cpu_list *cpus)
{
	const u8 *p = at != cpus->table_at ? map(at, ACPI_HEADER) : NULL;

	if (p && signature_is(p, signature, 4) && !cpus->unused++)
		cpus->unused_at = at;
}

/* Returns the root with pointers of `width` bytes, or NULL if it is not sound. Width 4 is the RSDT.
 * Width 8 is the XSDT of revision 2 and later, and a second checksum covers the pointer to it
 * (5.2.5.3, 5.2.7, 5.2.8). */
static const u8 *root(paddr_t rsdp, unsigned width, firmware_map_t *map, size_t *n,
		      struct cpu_list *cpus)
{
	const u8 *p = map(rsdp, width == 8 ? ACPI_RSDP_SIZE : ACPI_RSDP_OLD);

	if (!p || !acpi_rsdp_valid(p, ACPI_RSDP_OLD))
		return NULL;
	if (width == 4)
		return get32(p + 16) ? table(get32(p + 16), "RSDT", map, n, cpus) : NULL;
	if (p[15] < 2 || !sums_to_zero(p, ACPI_RSDP_SIZE) || !get64(p + 24))
		return NULL;
	return table(get64(p + 24), "XSDT", map, n, cpus);
}

static unsigned pointers(size_t n, unsigned width)
{
	size_t count = (n - ACPI_HEADER) / width;

	return count < TABLES_MAX ? (unsigned)count : TABLES_MAX;
}

static paddr_t pointer(const u8 *p, unsigned width, unsigned i)
{
	p += ACPI_HEADER + i * width;
	return width == 8 ? get64(p) : get32(p);
}

/* The first sound MADT is used. */
static bool read_madt(const u8 *p, size_t n, unsigned width, firmware_map_t *map,
		      struct cpu_list *cpus)
{
	for (unsigned i = 0; i < pointers(n, width); i++) {
		paddr_t at = pointer(p, width, i);
		size_t size;
		const u8 *madt;

		if (!at)
			continue; /* firmware leaves zeros, and table_at = 0 says none */
		if (cpus->table_at) {
			note_duplicate(at, "APIC", map, cpus);
			continue;
		}
		madt = table(at, "APIC", map, &size, cpus);
		if (madt) {
			cpus->table_at = at;
			acpi_madt_parse(madt, size, cpus);
		}
	}
	return cpus->table_at;
}

void acpi_read_cpus(paddr_t rsdp, firmware_map_t *map, struct cpu_list *cpus)
{
	const u8 *p = map(rsdp, ACPI_RSDP_OLD);
	bool found = false;
	size_t n;

	*cpus = (struct cpu_list){.count = 0};
	if (!p || !acpi_rsdp_valid(p, ACPI_RSDP_OLD)) {
		cpu_list_complain(cpus, "RSDP signature or checksum, RSDP at", rsdp);
		return;
	}
	for (unsigned width = 8; width >= 4 && !found; width -= 4) {
		p = root(rsdp, width, map, &n, cpus);
		found = p && read_madt(p, n, width, map, cpus);
	}
	if (!found && !cpus->problem) {
		cpu_list_complain(cpus, "no MADT below the RSDP at", rsdp);
		cpus->absent = true;
	}
}

const u8 *acpi_find(paddr_t rsdp, const char *signature, firmware_map_t *map, size_t *size)
{
	struct cpu_list unused = {.count = 0}; /* takes complaints nobody asked for */
	const u8 *p, *found = NULL;
	size_t n;

	for (unsigned width = 8; width >= 4 && !found; width -= 4) {
		p = root(rsdp, width, map, &n, &unused);
		for (unsigned i = 0; p && !found && i < pointers(n, width); i++)
			found = table(pointer(p, width, i), signature, map, size, &unused);
	}
	return found;
}
