/* SPDX-License-Identifier: MIT */
/* Tests where arch/x86/find_cpus.c looks for each kind of table, and its messages about them, with
 * whole tables in tests/self/unit/test_find_cpus.c. */
#include "arch/x86/find_cpus.c"

#include "tests/self/unit/x86/process.h"

static u8 bios[256];
static paddr_t acpi_there, mp_there; /* a scan finds something there */
static unsigned acpi_cpus, mp_cpus;
static bool no_bios, acpi_bad, acpi_absent, mp_bad;

void *map_physical(paddr_t pa, size_t size, enum memory_type type)
{
	if (pa == 0x400 && size == 0x100 && type == MEMORY_WB)
		return no_bios ? NULL : bios;
	note("look at %#llx %#zx %u", pa, size, type);
	return (void *)(vaddr_t)pa;
}

static size_t scan_for(paddr_t there, const u8 *p, size_t n)
{
	return there >= (vaddr_t)p && there - (vaddr_t)p < n ? (size_t)(there - (vaddr_t)p) : n;
}

size_t acpi_rsdp_scan(const u8 *p, size_t n)
{
	return scan_for(acpi_there, p, n);
}

size_t mptable_scan(const u8 *p, size_t n)
{
	return scan_for(mp_there, p, n);
}

void acpi_read_cpus(paddr_t rsdp, firmware_map_t *map, struct cpu_list *cpus)
{
	note("acpi at %#llx %u", rsdp, map == map_table);
	cpus->count = acpi_cpus;
	cpus->problem = acpi_bad ? "bad sum" : NULL;
	cpus->value = 0x77;
	cpus->absent = acpi_absent;
}

void mptable_read_cpus(paddr_t at, firmware_map_t *map, struct cpu_list *cpus)
{
	note("mp at %#llx %u", at, map == map_table);
	cpus->count = mp_cpus;
	cpus->problem = mp_bad ? "bad entry" : NULL;
	cpus->value = 0x88;
}

static void word(unsigned at, u16 value)
{
	bios[at] = (u8)value;
	bios[at + 1] = (u8)(value >> 8);
}

static void reset(u16 ebda, u16 kib)
{
	firmware = (struct cpu_list){.count = 0};
	tables = "none";
	tables_at = acpi_at = mp_at = 0;
	acpi_problem = NULL;
	unreadable = no_bios = acpi_bad = acpi_absent = mp_bad = false;
	acpi_there = mp_there = 0;
	acpi_cpus = mp_cpus = 2;
	word(0x0e, ebda);
	word(0x13, kib);
}

static bool looks(paddr_t rsdp, const char *where)
{
	bool good = find_cpus(rsdp) == &firmware;

	return noted(where) && good;
}

#define ROMS  "look at 0xe0000 0x20000 0\n"
#define MPROM "look at 0xf0000 0x10000 0\n"

static void test_places(void)
{
	reset(0, 0);
	CHECK(looks(0, ROMS MPROM), "no words of the BIOS: its ROM");
	reset(0x9fc0, 640);
	CHECK(looks(0, "look at 0x9fc00 0x400 0\n" ROMS
		       "look at 0x9fc00 0x400 0\nlook at 0x9fc00 0x400 0\n" MPROM),
	      "the EBDA, the last KiB of 640, the ROM");
	reset(0x3f, 1);
	CHECK(looks(0, ROMS MPROM), "words that make no sense: too low");
	reset(0x40, 2);
	CHECK(looks(0, "look at 0x400 0x400 0\n" ROMS "look at 0x400 0x400 0\n"
		       "look at 0x400 0x400 0\n" MPROM),
	      "the lowest");
	reset(0xa000, 641);
	CHECK(looks(0, ROMS MPROM), "too high");
	reset(0x9fff, 0);
	CHECK(looks(0, "look at 0x9fff0 0x400 0\n" ROMS "look at 0x9fff0 0x400 0\n" MPROM),
	      "the highest");
	reset(0x9fc0, 640);
	no_bios = true;
	CHECK(looks(0, ROMS MPROM), "no BIOS data");
	reset(0, 0);
	CHECK(looks(0x7fe0010, "acpi at 0x7fe0010 1\n") && find_cpus_rsdp() == 0x7fe0010,
	      "the loader's RSDP is believed");
	reset(0, 0);
	acpi_there = 0xfffff;
	CHECK(looks(0, ROMS "acpi at 0xfffff 1\n"), "up to the end of the ROM");
	reset(0, 0);
	mp_there = 0xf0000;
	CHECK(looks(0, ROMS MPROM "mp at 0xf0000 1\n") && find_cpus_mptable() == 0xf0000,
	      "its first byte");
	reset(0x9fc0, 640);
	mp_there = 0x9fc10;
	CHECK(looks(0, "look at 0x9fc00 0x400 0\n" ROMS "look at 0x9fc00 0x400 0\n"
		       "mp at 0x9fc10 1\n"),
	      "what is found is not looked for again");
	reset(0, 512);
	mp_there = 0x7fc00;
	CHECK(looks(0, ROMS "look at 0x7fc00 0x400 0\nmp at 0x7fc00 1\n"), "in base memory");
	reset(0, 0);
	acpi_cpus = 0;
	acpi_absent = true;
	mp_there = 0xf0040;
	CHECK(looks(0x1000, "acpi at 0x1000 1\n" MPROM "mp at 0xf0040 1\n"),
	      "no CPU by ACPI: MP tables");
	CHECK(map_table(0x1230, 40) == (const u8 *)0x1230 && noted("look at 0x1230 0x28 0\n"),
	      "tables may be cached");
}

static void test_told(void)
{
	paddr_t at;

	reset(0, 0);
	find_cpus(0);
	noted_also("");
	find_cpus_warn();
	DID("# neither ACPI nor MP tables in the loader's information, EBDA or BIOS ROM: one CPU\n",
	    "no tables");
	CHECK(!find_cpus_incomplete(), "are no damage");
	reset(0, 0);
	find_cpus(0x1000);
	noted_also("");
	find_cpus_warn();
	DID("", "sound tables");
	reset(0, 0);
	acpi_bad = true;
	acpi_cpus = 0;
	find_cpus(0x1000);
	noted_also("");
	find_cpus_warn();
	DID("# ev=warning what=\"acpi tables: bad sum 0x77: CPUs may be missing\"\n", "damaged");
	CHECK(find_cpus_incomplete(), "CPUs may be missing");
	reset(0, 0);
	acpi_bad = true;
	find_cpus(0x1000);
	noted_also("");
	find_cpus_warn();
	DID("# ev=warning what=\"acpi tables: bad sum 0x77\"\n", "but there are CPUs");
	CHECK(!find_cpus_incomplete(), "so none is missing");
	firmware.cut = true;
	CHECK(find_cpus_incomplete(), "unless the table was cut");
	reset(0, 0);
	acpi_bad = acpi_absent = true;
	acpi_cpus = 0;
	find_cpus(0x1000);
	CHECK(!find_cpus_incomplete(), "a list that is not there");
	reset(0, 0);
	acpi_bad = mp_bad = true;
	acpi_cpus = 0;
	mp_there = 0xf0040;
	find_cpus(0x1000);
	noted_also("");
	firmware.broadcast = (struct cpu_refusal){1, 0xff};
	firmware.repeats = (struct cpu_refusal){4, 0x12};
	firmware.unused = 2;
	firmware.unused_at = 0x5000;
	firmware.table_at = 0x6000;
	find_cpus_warn();
	DID("# ev=warning what=\"acpi tables: bad sum 0x77\"\n"
	    "# ev=warning what=\"mp tables: bad entry 0x88\"\n"
	    "# ev=warning what=\"mp tables: 1 enabled CPU entries with the id of a broadcast, the "
	    "first 0xff: not started\"\n"
	    "# ev=warning what=\"mp tables: 4 enabled CPU entries with ids that repeat, the first "
	    "0x12: not started\"\n"
	    "# firmware tables (mp): duplicate MADT at 0x5000, 2 in all: not used, the one at "
	    "0x6000 is\n",
	    "all that was wrong");
	CHECK(!__builtin_strcmp(find_cpus_source(&at), "mp") && at == 0xf0040, "by MP tables");
	reset(0, 0);
	mp_bad = true;
	mp_cpus = 0;
	mp_there = 0xf0040;
	find_cpus(0);
	CHECK(find_cpus_incomplete(), "MP tables that cannot be read");
}

void test(void)
{
	test_places();
	test_told();
}
