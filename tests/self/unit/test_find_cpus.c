/* SPDX-License-Identifier: MIT */
/* Tests arch/x86/find_cpus.c on a first MiB of its own, for the tables it uses and for the cases
 * with CPUs missing. */
#include "arch/x86/find_cpus.c"

#include "tests/self/unit/bytes.h"
#include "tests/self/unit/tap.h"

#define RSDP	 0xf0010u
#define RSDT	 0xf1000u
#define TABLE	 0xf2000u
#define FLOATING 0xf3000u
#define MP	 0xf4000u
#define EBDA	 0x9fc00u

static u8 low[1 << 20];

void *map_physical(paddr_t pa, size_t size, enum memory_type type)
{
	return type == MEMORY_WB && pa + size <= sizeof(low) ? low + pa : NULL;
}

static void new_pc(void)
{
	memset(low, 0, sizeof(low));
	firmware = (struct cpu_list){.count = 0};
	tables = "none";
	tables_at = acpi_at = mp_at = 0;
	acpi_problem = NULL;
	unreadable = false;
}

static void table_of(u32 at, const char *signature, u32 n)
{
	memcpy(low + at, signature, 4);
	set32(low + at + 4, n);
	set_checksum(low + at, n, 9);
}

/* An RSDP at `at`, and below it one table of n bytes with that signature. */
static void add_acpi(u32 at, const char *signature, u32 n)
{
	table_of(TABLE, signature, n);
	set32(low + RSDT + 36, TABLE);
	table_of(RSDT, "RSDT", 40);
	memcpy(low + at, "RSD PTR ", 8);
	set32(low + at + 16, RSDT);
	set_checksum(low + at, 20, 8);
}

/* CPUs 0 to n - 1 in a MADT. Returns its length. */
static u32 cpus_of_madt(u8 n)
{
	for (u8 i = 0; i < n; i++) {
		u8 *entry = low + TABLE + 44 + 8 * i;

		entry[1] = 8;
		entry[3] = i;
		entry[4] = 1;
	}
	return 44u + 8 * n;
}

/* MP tables with CPUs 0 to n - 1, or the default configuration of that number. */
static void add_mp(u8 n, u8 configuration)
{
	memcpy(low + MP, "PCMP", 4);
	set16(low + MP + 4, (u16)(44 + 20 * n));
	low[MP + 34] = n;
	for (u8 i = 0; i < n; i++) {
		low[MP + 44 + 20 * i + 1] = i;
		low[MP + 44 + 20 * i + 3] = 1;
	}
	set_checksum(low + MP, 44u + 20 * n, 7);
	memcpy(low + FLOATING, "_MP_", 4);
	set32(low + FLOATING + 4, MP);
	low[FLOATING + 8] = 1;
	low[FLOATING + 11] = configuration;
	set_checksum(low + FLOATING, 16, 10);
}

static void found(const char *what, const char *source, unsigned count, bool incomplete)
{
	const struct cpu_list *list = find_cpus(0);
	paddr_t at;

	CHECK(!strcmp(find_cpus_source(&at), source) && list->count == count &&
		      find_cpus_incomplete() == incomplete,
	      "%s: %u by %s, %s", what, count, source,
	      incomplete ? "some may be missing" : "none is missing");
}

int main(void)
{
	new_pc();
	found("no tables", "none", 0, false);
	new_pc();
	add_acpi(RSDP, "APIC", cpus_of_madt(3));
	add_mp(2, 0);
	found("both kinds of tables", "acpi", 3, false);
	CHECK(find_cpus_rsdp() == RSDP && !find_cpus_mptable(), "the MP tables are not looked for");
	new_pc();
	add_acpi(RSDP, "FACP", 116);
	found("ACPI without a MADT, as a PC of one CPU may have it", "acpi", 0, false);
	new_pc();
	add_acpi(RSDP, "FACP", 116);
	add_mp(2, 0);
	found("ACPI without a MADT, and MP tables", "mp", 2, false);
	CHECK(find_cpus_rsdp() == RSDP && find_cpus_mptable() == FLOATING, "both are known");
	new_pc();
	add_acpi(RSDP, "APIC", cpus_of_madt(2));
	low[TABLE + 50]++;
	found("a MADT with a wrong checksum", "acpi", 0, true);
	new_pc();
	add_acpi(RSDP, "APIC", cpus_of_madt(2));
	low[TABLE + 50]++;
	add_mp(2, 0);
	found("such a MADT, and MP tables", "mp", 2, false);
	new_pc();
	add_acpi(RSDP, "APIC", cpus_of_madt(2) - 1);
	found("a MADT that is cut", "acpi", 1, true);
	new_pc();
	add_mp(2, 1);
	found("an MP default configuration, which has two CPUs", "mp", 0, true);
	new_pc();
	set16(low + 0x40e, EBDA >> 4);
	add_acpi(EBDA, "APIC", cpus_of_madt(2));
	found("the RSDP in the extended BIOS data area", "acpi", 2, false);
	return tap_done();
}
