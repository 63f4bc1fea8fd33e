/* SPDX-License-Identifier: MIT */
/* Tests drivers/acpi.c from the RSDP to the list of CPUs, on sound tables. */
#include "tests/self/unit/acpi_tables.h"

static void test_good(void)
{
	struct bytes b = machine(4);

	read_cpus(&b);
	CHECK(cpus.count == 4 && !cpus.problem && cpus.id[0] == 0 && cpus.id[3] == 6,
	      "four CPUs, by the XSDT");
	b.at[RSDP + 15] = 0;
	set_checksum(b.at + RSDP, 20, 8);
	b.at[XSDT] = 'Y';
	read_cpus(&b);
	CHECK(cpus.count == 4 && !cpus.problem, "revision 0: by the RSDT");
	b.at[RSDP + 15] = 2;
	set_checksum(b.at + RSDP, 20, 8);
	set_checksum(b.at + RSDP, 36, 32);
	read_cpus(&b);
	CHECK(cpus.count == 4, "a bad XSDT: by the RSDT");
}

/*
 * By 5.2.5.3 the first checksum covers the fields of revision 0, and a second one covers all the
 * rest.
 */
static void test_second_checksum(void)
{
	struct bytes b = machine(2);

	local_apic(&b, MADT_2 + 44, 9, 1);
	header(&b, MADT_2, "APIC", 44 + 8);
	put32(&b, RSDT + 36, BASE + MADT_2);
	header(&b, RSDT, "RSDT", 40);
	read_cpus(&b);
	CHECK(cpus.count == 2 && cpus.table_at == BASE + MADT, "both checksums right: by the XSDT");
	b.at[RSDP + 32]++;
	read_cpus(&b);
	CHECK(cpus.count == 1 && cpus.id[0] == 9 && cpus.table_at == BASE + MADT_2,
	      "the second one wrong: by the RSDT, which the first one covers");
}

static void test_entries(void)
{
	struct bytes b = {.size = 0};
	size_t at = MADT + 44;

	at = local_apic(&b, at, 0, 1);
	at = local_apic(&b, at, 1, 0);
	at = local_apic(&b, at, 2, 2); /* "online capable" means that it may be plugged in later */
	at = local_apic(&b, at, 0, 1);
	at = local_apic(&b, at, 7, 3);
	at = local_apic(&b, at, 0xff, 1);
	at = x2apic(&b, at, 9, 1);
	at = x2apic(&b, at, 0x100, 1);
	at = x2apic(&b, at, 10, 0);
	at = x2apic(&b, at, 0xffffffff, 1);
	put8(&b, at, 1); /* an I/O APIC, skipped */
	put8(&b, at + 1, 12);
	put8(&b, at + 11, 0);
	finish_tables(&b, at + 12);
	read_cpus(&b);
	CHECK(cpus.count == 3 && cpus.id[0] == 0 && cpus.id[1] == 7 && cpus.id[2] == 0x100 &&
		      !cpus.problem && !cpus.cut,
	      "enabled CPUs in order, local APIC and x2APIC");
	CHECK(cpus.disabled == 3 && cpus.duplicates == 1 && !cpus.dropped,
	      "disabled and duplicate ones are counted");
	CHECK(cpus.broadcast.entries == 2 && cpus.broadcast.id == 0xff,
	      "so are broadcast ids, and the first is named");
	CHECK(cpus.shadowed == 1, "an x2APIC entry of an id that type 0 can say: overruled");
}

/* Dasharo issue 1094 had eight x2APIC entries, never filled in, behind the real CPUs. */
static void test_templates(void)
{
	struct bytes b = {.size = 0};
	size_t at = MADT + 44;

	for (unsigned i = 0; i < 8; i++)
		at = x2apic(&b, at, 0x17161514, 1);
	at = x2apic(&b, at, 0x100, 1);
	at = local_apic(&b, at, 0, 1);
	at = local_apic(&b, at, 1, 1);
	finish_tables(&b, at);
	read_cpus(&b);
	CHECK(cpus.count == 3 && cpus.id[0] == 0x100 && cpus.id[1] == 0 && cpus.id[2] == 1,
	      "x2APIC ids that repeat are not believed, in whatever order the kinds come");
	CHECK(cpus.repeats.entries == 8 && cpus.repeats.id == 0x17161514 && !cpus.duplicates &&
		      !cpus.cut,
	      "all eight entries are counted, and their id is named");
	b.at[MADT + 44 + 8 * 16 + 16 + 4] = 0; /* now no type 0 entry is enabled */
	b.at[MADT + 44 + 8 * 16 + 16 + 12] = 0;
	finish_tables(&b, at);
	read_cpus(&b);
	CHECK(cpus.count == 2 && cpus.duplicates == 7 && !cpus.repeats.entries,
	      "without type 0 entries one that repeats is one CPU, listed twice");
}

static void test_x2apic_alone(void)
{
	struct bytes b = {.size = 0};
	size_t at = MADT + 44;

	at = local_apic(&b, at, 0xff, 1);
	at = x2apic(&b, at, 0, 1);
	at = x2apic(&b, at, 254, 1);
	at = x2apic(&b, at, 255, 1);
	finish_tables(&b, at);
	read_cpus(&b);
	CHECK(cpus.count == 3 && cpus.id[0] == 0 && cpus.id[2] == 255 && !cpus.shadowed,
	      "x2APIC entries alone: any id but the broadcast's");
	at = local_apic(&b, at, 0, 1);
	finish_tables(&b, at);
	read_cpus(&b);
	CHECK(cpus.count == 2 && cpus.id[0] == 255 && cpus.id[1] == 0 && cpus.shadowed == 2,
	      "beside an enabled type 0 entry: those from 255 on");
}

/* Gives the XSDT this second pointer. */
static void second_pointer(struct bytes *b, u64 pointer)
{
	put64(b, XSDT + 44, pointer);
	header(b, XSDT, "XSDT", 52);
}

static struct bytes two_madts(void)
{
	struct bytes b = machine(2);

	local_apic(&b, MADT_2 + 44, 9, 1);
	header(&b, MADT_2, "APIC", 44 + 8);
	second_pointer(&b, BASE + MADT_2);
	return b;
}

static void test_duplicates(void)
{
	struct bytes b = two_madts();

	read_cpus(&b);
	CHECK(cpus.count == 2 && cpus.id[1] == 2 && !cpus.problem, "two MADTs: the first is used");
	CHECK(cpus.table_at == BASE + MADT && cpus.unused == 1 && cpus.unused_at == BASE + MADT_2,
	      "which one, and the other, are named");
	b.at[MADT_2 + 44]++;
	read_cpus(&b);
	CHECK(cpus.count == 2 && cpus.unused == 1 && !cpus.problem,
	      "the other one unsound: the same");
	memcpy(b.at + MADT_2 + 0x100, b.at + MADT_2, 52);
	b.size = MADT_2 + 0x100 + 52;
	put64(&b, XSDT + 52, BASE + MADT_2 + 0x100);
	put64(&b, XSDT + 60, 0x1234);
	header(&b, XSDT, "XSDT", 68);
	read_cpus(&b);
	CHECK(cpus.unused == 2 && cpus.unused_at == BASE + MADT_2 && !cpus.problem,
	      "three, and a pointer to nowhere: the first of those not used is named");
}

static void test_no_duplicates(void)
{
	struct bytes b = two_madts();

	second_pointer(&b, BASE + MADT);
	read_cpus(&b);
	CHECK(cpus.count == 2 && !cpus.unused, "one MADT listed twice is one");
	b = two_madts();
	b.at[MADT + 40]++;
	read_cpus(&b);
	CHECK(cpus.count == 1 && cpus.id[0] == 9 && cpus.table_at == BASE + MADT_2 && !cpus.unused,
	      "the first of two unsound: the second is used");
	CHECK(cpus.problem && strstr(cpus.problem, "checksum") && cpus.value == BASE + MADT,
	      "and the first is named");
}

static void test_many(void)
{
	struct bytes b = {.size = 0};
	size_t at = MADT + 44;

	for (u32 id = 0; id < 255; id++)
		at = local_apic(&b, at, (u8)id, 1);
	for (u32 id = 255; id < 300; id++)
		at = x2apic(&b, at, id, 1);
	finish_tables(&b, at);
	read_cpus(&b);
	CHECK(cpus.count == 300 && cpus.id[254] == 254 && cpus.id[299] == 299 && !cpus.problem,
	      "300 CPUs");
}

static void test_too_many(void)
{
	static struct cpu_list list;

	for (u32 id = 0; id < CPU_LIST_MAX + 5; id++)
		cpu_list_add(&list, id, 0xffffffff, true);
	CHECK(list.count == CPU_LIST_MAX && list.dropped == 5 &&
		      list.id[CPU_LIST_MAX - 1] == CPU_LIST_MAX - 1,
	      "more than %u: the first ones, the others counted", CPU_LIST_MAX);
}

static void test_scan(void)
{
	struct bytes b = machine(1);
	u8 *copy;

	memmove(b.at + 0x30, b.at, 36);
	memset(b.at, 0, 36);
	copy = exact_copy(b.at, 0x30 + 20);
	CHECK(acpi_rsdp_scan(copy, 0x30 + 20) == 0x30,
	      "the RSDP is found at a multiple of 16, at the very end");
	CHECK(acpi_rsdp_scan(copy, 0x30 + 19) == 0x30 + 19, "cut off by one byte: not found");
	copy[0x30 + 19]++;
	CHECK(acpi_rsdp_scan(copy, 0x30 + 20) == 0x30 + 20, "a wrong checksum: not found");
	free(copy);
}

int main(void)
{
	test_good();
	test_second_checksum();
	test_entries();
	test_templates();
	test_x2apic_alone();
	test_duplicates();
	test_no_duplicates();
	test_many();
	test_too_many();
	test_scan();
	return tap_done();
}
