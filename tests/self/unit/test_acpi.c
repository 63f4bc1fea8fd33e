/* SPDX-License-Identifier: MIT */
/* Tests drivers/acpi.c from the RSDP to the list of CPUs, on sound and unsound tables. */
#include "drivers/acpi.h"

#include "tests/self/unit/bytes.h"
#include "tests/self/unit/physical.h"
#include "tests/self/unit/sound.h"
#include "tests/self/unit/tap.h"

#define BASE   0xe0000u /* physical address of the first byte */
#define RSDP   0x0u
#define RSDT   0x40u
#define XSDT   0x80u
#define MADT   0x100u
#define MADT_2 0x400u

static struct cpu_list cpus;

static void read_cpus(const struct bytes *b)
{
	physical_add(BASE, b->at, b->size);
	acpi_read_cpus(BASE + RSDP, physical_map, &cpus);
	physical_reset();
}

static void header(struct bytes *b, size_t at, const char *signature, u32 length)
{
	memcpy(b->at + at, signature, 4);
	put32(b, at + 4, length);
	put8(b, at + length - 1, b->at[at + length - 1]);
	set_checksum(b->at + at, length, 9);
}

static size_t local_apic(struct bytes *b, size_t at, u8 id, u32 flags)
{
	put8(b, at, 0);
	put8(b, at + 1, 8);
	put8(b, at + 2, id);
	put8(b, at + 3, id);
	put32(b, at + 4, flags);
	return at + 8;
}

static size_t x2apic(struct bytes *b, size_t at, u32 id, u32 flags)
{
	put8(b, at, 9);
	put8(b, at + 1, 16);
	put32(b, at + 4, id);
	put32(b, at + 8, flags);
	put32(b, at + 12, id);
	return at + 16;
}

static void finish_tables(struct bytes *b, size_t madt_end)
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
static struct bytes machine(unsigned n)
{
	struct bytes b = {.size = 0};
	size_t at = MADT + 44;

	while (n--)
		at = local_apic(&b, at, (u8)((at - MADT - 44) / 4), 1);
	finish_tables(&b, at);
	return b;
}

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

/* Expects no CPUs, and a message with the field and its value. */
static void bad(struct bytes b, const char *problem, u64 value, const char *what)
{
	read_cpus(&b);
	CHECK(!cpus.count && cpus.problem && strstr(cpus.problem, problem) && cpus.value == value,
	      "%s: \"%s %#llx\"", what, cpus.problem ? cpus.problem : "",
	      (unsigned long long)cpus.value);
}

static void test_broken(void)
{
	struct bytes b = machine(2);

	b.at[RSDP + 9]++;
	bad(b, "RSDP signature or checksum", BASE + RSDP, "a wrong checksum of the RSDP");
	b = machine(2);
	b.at[MADT + 40]++;
	bad(b, "table checksum", BASE + MADT, "a wrong checksum of the MADT");
	b = machine(2);
	b.size = MADT + 50;
	bad(b, "table length, more than there is memory", 44 + 16,
	    "a MADT cut off by the end of memory");
	b = machine(2);
	put32(&b, MADT + 4, 35);
	bad(b, "table length", 35, "a table shorter than its header");
	put32(&b, MADT + 4, 0xffffffff);
	bad(b, "table length", 0xffffffff, "a table of 4 GiB");
	b = machine(2);
	put32(&b, MADT + 4, 40);
	header(&b, MADT, "APIC", 40);
	bad(b, "MADT length", 40, "a MADT shorter than its fixed part");
	b = machine(2);
	b.at[MADT] = 'Z';
	bad(b, "no MADT", BASE + RSDP, "no MADT");
	b = machine(2);
	put64(&b, XSDT + 36, 0x1234);
	header(&b, XSDT, "XSDT", 44);
	put32(&b, RSDT + 36, 0x1234);
	header(&b, RSDT, "RSDT", 40);
	bad(b, "table address", 0x1234, "tables outside memory");
	put64(&b, XSDT + 36, 0);
	header(&b, XSDT, "XSDT", 44);
	put32(&b, RSDT + 36, 0);
	header(&b, RSDT, "RSDT", 40);
	bad(b, "no MADT", BASE + RSDP, "pointers that point nowhere");
	b = machine(0);
	read_cpus(&b);
	CHECK(!cpus.count && !cpus.problem, "a sound MADT without CPUs: none, no problem");
}

static void test_lying_entries(void)
{
	struct bytes b = machine(3);

	b.at[MADT + 44 + 8 + 1] = 0;
	header(&b, MADT, "APIC", 44 + 24);
	read_cpus(&b);
	CHECK(cpus.count == 1 && cpus.cut && cpus.problem && cpus.value == 0,
	      "an entry of length 0 ends the list, which is cut, named");
	b.at[MADT + 44 + 8 + 1] = 200;
	header(&b, MADT, "APIC", 44 + 24);
	read_cpus(&b);
	CHECK(cpus.count == 1 && cpus.cut && cpus.problem && cpus.value == 200,
	      "so does one past the end");
	b.at[MADT + 44 + 8 + 1] = 4;
	b.at[MADT + 44 + 8 + 4] = 1;
	b.at[MADT + 44 + 8 + 5] = 12;
	header(&b, MADT, "APIC", 44 + 24);
	read_cpus(&b);
	CHECK(cpus.count == 1 && !cpus.cut, "an entry too short for its type is skipped");
	b = machine(3);
	header(&b, MADT, "APIC", 44 + 17);
	read_cpus(&b);
	CHECK(cpus.count == 2 && cpus.problem && cpus.cut, "a last entry of one byte");
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

static void test_random(void)
{
	const struct bytes sound = machine(6);
	struct random random = random_stream(7, 1);
	bool good = true;
	unsigned rounds = 0;

	for (; good && rounds < 40000; rounds++) {
		struct bytes b = sound;
		size_t n = sound.size - MADT - random_below(&random, 60);
		u8 *copy;

		damage(&b, &random);
		if (random_next(&random) & 1)
			finish_tables(&b, sound.size); /* sound again but for the MADT's inside */
		read_cpus(&b);
		good = cpus_are_sound(&cpus, b.size);
		memset(&cpus, 0, sizeof(cpus));
		memmove(b.at, b.at + MADT, n);
		copy = exact_copy(b.at, n);
		acpi_madt_parse(copy, n, &cpus);
		free(copy);
	}
	CHECK(good, "%u damaged copies: at most %u CPUs, no read outside", rounds, CPU_LIST_MAX);
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
	test_broken();
	test_lying_entries();
	test_scan();
	test_random();
	return tap_done();
}
