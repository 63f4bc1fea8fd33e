/* SPDX-License-Identifier: MIT */
#include "arch/x86/find_cpus.h"
#include "arch/x86/paging.h"
#include "drivers/acpi.h"
#include "drivers/bytes.h"
#include "drivers/mptable.h"
#include "kernel/printk.h"

static struct cpu_list firmware;
static const char *tables = "none"; /* the kind that lists the CPUs, and its address */
static paddr_t tables_at, acpi_at, mp_at;
static const char *acpi_problem; /* why ACPI's were not used */
static u64 acpi_value;
static bool unreadable; /* a list of CPUs was there, but could not be read */

static const u8 *map_table(paddr_t at, size_t size)
{
	return map_physical(at, size, MEMORY_WB);
}

static paddr_t scan(paddr_t start, size_t size, size_t (*find)(const u8 *p, size_t n))
{
	const u8 *p = map_physical(start, size, MEMORY_WB);
	size_t at = p ? find(p, size) : size;

	return at < size ? start + at : 0;
}

/* A word of the BIOS data area. */
static u32 bios_word(unsigned at)
{
	const u8 *bda = map_physical(0x400, 0x100, MEMORY_WB);

	return bda ? get16(bda + at) : 0;
}

/* Scans the first KiB of the extended BIOS data area. Its segment is at 40:0e. */
static paddr_t scan_ebda(size_t (*find)(const u8 *p, size_t n))
{
	paddr_t ebda = (paddr_t)bios_word(0x0e) << 4;

	return ebda >= 0x400 && ebda < 0xa0000 ? scan(ebda, 1024, find) : 0;
}

/* Looks in the EBDA, then in the BIOS ROM (ACPI 5.2.5.1). */
static void read_acpi(paddr_t rsdp)
{
	if (!rsdp)
		rsdp = scan_ebda(acpi_rsdp_scan);
	if (!rsdp)
		rsdp = scan(0xe0000, 0x20000, acpi_rsdp_scan);
	if (!rsdp)
		return;
	acpi_read_cpus(rsdp, map_table, &firmware);
	tables = "acpi";
	tables_at = acpi_at = rsdp;
	unreadable = firmware.problem && !firmware.absent;
}

/* Looks in the EBDA, in the last KiB of base memory (its size in KiB is at 40:13) and in the BIOS
 * ROM (MP specification 1.4, chapter 4). */
static void read_mp(void)
{
	u32 base_kib = bios_word(0x13);
	paddr_t at = scan_ebda(mptable_scan);

	if (!at && base_kib >= 2 && base_kib <= 640)
		at = scan((base_kib - 1) << 10, 1024, mptable_scan);
	if (!at)
		at = scan(0xf0000, 0x10000, mptable_scan);
	if (!at)
		return;
	acpi_problem = firmware.problem;
	acpi_value = firmware.value;
	mptable_read_cpus(at, map_table, &firmware);
	unreadable |= firmware.problem != NULL;
	tables = "mp";
	tables_at = mp_at = at;
}

const struct cpu_list *find_cpus(paddr_t rsdp)
{
	read_acpi(rsdp);
	if (!firmware.count)
		read_mp();
	return &firmware;
}

paddr_t find_cpus_rsdp(void)
{
	return acpi_at;
}

paddr_t find_cpus_mptable(void)
{
	return mp_at;
}

const char *find_cpus_source(paddr_t *at)
{
	*at = tables_at;
	return tables;
}

/* An unreadable list may have had any number of CPUs. A missing list is no damage, because with one
 * CPU and without an I/O APIC a PC needs none. */
bool find_cpus_incomplete(void)
{
	return firmware.cut || (!firmware.count && unreadable);
}

static void warn_refused(const struct cpu_refusal *refusal, const char *why)
{
	if (refusal->entries)
		printk("# ev=warning what=\"%s tables: %u enabled CPU entries with %s, the first %#x: not started\"\n",
		       tables, refusal->entries, why, refusal->id);
}

void find_cpus_warn(void)
{
	if (acpi_problem)
		printk("# ev=warning what=\"acpi tables: %s %#llx\"\n", acpi_problem,
		       (unsigned long long)acpi_value);
	if (firmware.problem)
		printk("# ev=warning what=\"%s tables: %s %#llx%s\"\n", tables, firmware.problem,
		       (unsigned long long)firmware.value,
		       find_cpus_incomplete() ? ": CPUs may be missing" : "");
	warn_refused(&firmware.broadcast, "the id of a broadcast");
	warn_refused(&firmware.repeats, "ids that repeat");
	if (firmware.unused)
		printk("# firmware tables (%s): duplicate MADT at %#llx, %u in all: not used, the one at %#llx is\n",
		       tables, (unsigned long long)firmware.unused_at, firmware.unused,
		       (unsigned long long)firmware.table_at);
	if (!tables_at)
		printk("# neither ACPI nor MP tables in the loader's information, EBDA or BIOS ROM: one CPU\n");
}
