/* SPDX-License-Identifier: MIT */
/* Makes ACPI tables of machines, and reads the list of CPUs from them. */
#pragma once
#include "drivers/acpi.h"
#include "tests/self/unit/bytes.h"
#include "tests/self/unit/physical.h"
#include "tests/self/unit/tap.h"

#define BASE   0xe0000u /* physical address of the first byte */
#define RSDP   0x0u
#define RSDT   0x40u
#define XSDT   0x80u
#define MADT   0x100u
#define MADT_2 0x400u

static struct cpu_list cpus;

static inline void read_cpus(const struct bytes *b)
{
	physical_add(BASE, b->at, b->size);
	acpi_read_cpus(BASE + RSDP, physical_map, &cpus);
	physical_reset();
}

static inline void header(struct bytes *b, size_t at, const char *signature, u32 length)
{
	memcpy(b->at + at, signature, 4);
	put32(b, at + 4, length);
	put8(b, at + length - 1, b->at[at + length - 1]);
	set_checksum(b->at + at, length, 9);
}

static inline size_t local_apic(struct bytes *b, size_t at, u8 id, u32 flags)
{
	put8(b, at, 0);
	put8(b, at + 1, 8);
	put8(b, at + 2, id);
	put8(b, at + 3, id);
	put32(b, at + 4, flags);
	return at + 8;
}

static inline size_t x2apic(struct bytes *b, size_t at, u32 id, u32 flags)
{
	put8(b, at, 9);
	put8(b, at + 1, 16);
	put32(b, at + 4, id);
	put32(b, at + 8, flags);
	put32(b, at + 12, id);
	return at + 16;
}

static inline void finish_tables(struct bytes *b, size_t madt_end)
{
	header(b, MADT, "APIC", (u32)(madt_end - MADT));
	put32(b, RSDT + 36, BASE + MADT);
	header(b, RSDT, "RSDT", 40);
	put64(b, XSDT + 36, BASE + MADT);
	header(b, XSDT, "XSDT", 44);
	memcpy(b->at + RSDP, "RSD PTR ", 8);
	put8(b, RSDP + 15, 2);
	put32(b, RSDP + 16, BASE + RSDT);
	put32(b, RSDP + 20, 36);
	put64(b, RSDP + 24, BASE + XSDT);
	set_checksum(b->at + RSDP, 20, 8);
	set_checksum(b->at + RSDP, 36, 32);
}

/* A machine with `n` enabled CPUs, and ids 0, 2, 4, ... while they fit. */
static inline struct bytes machine(unsigned n)
{
	struct bytes b = {.size = 0};
	size_t at = MADT + 44;

	while (n--)
		at = local_apic(&b, at, (u8)((at - MADT - 44) / 4), 1);
	finish_tables(&b, at);
	return b;
}
