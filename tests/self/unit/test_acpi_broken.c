/* SPDX-License-Identifier: MIT */
/* Tests drivers/acpi.c on unsound tables, and the problem that it names. */
#include "tests/self/unit/acpi_tables.h"
#include "tests/self/unit/sound.h"

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
	test_broken();
	test_lying_entries();
	test_random();
	return tap_done();
}
