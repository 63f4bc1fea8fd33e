/* SPDX-License-Identifier: MIT */
/* Tests drivers/mptable.c from the floating pointer to the list of CPUs, sound and unsound. */
#include "drivers/mptable.h"

#include "tests/self/unit/bytes.h"
#include "tests/self/unit/physical.h"
#include "tests/self/unit/sound.h"
#include "tests/self/unit/tap.h"

#define BASE	 0xf0000u /* physical address of the first byte */
#define FLOATING 0x20u
#define TABLE	 0x100u

static struct cpu_list list;

static void read_cpus(const struct bytes *b)
{
	physical_add(BASE, b->at, b->size);
	mptable_read_cpus(BASE + FLOATING, physical_map, &list);
	physical_reset();
}

static size_t processor(struct bytes *b, size_t at, u8 id, u8 flags)
{
	put8(b, at, 0);
	put8(b, at + 1, id);
	put8(b, at + 3, flags);
	put8(b, at + 19, 0);
	return at + 20;
}

static size_t bus(struct bytes *b, size_t at)
{
	put8(b, at, 1);
	put8(b, at + 7, 0);
	return at + 8;
}

static void finish_floating(struct bytes *b)
{
	memcpy(b->at + FLOATING, "_MP_", 4);
	put32(b, FLOATING + 4, BASE + TABLE);
	put8(b, FLOATING + 8, 1);
	put8(b, FLOATING + 9, 4);
	set_checksum(b->at + FLOATING, MP_FLOATING, 10);
}

static void finish_table(struct bytes *b, size_t end, u32 count)
{
	memcpy(b->at + TABLE, "PCMP", 4);
	b->at[TABLE + 4] = (u8)(end - TABLE);
	b->at[TABLE + 5] = (u8)((end - TABLE) >> 8);
	b->at[TABLE + 34] = (u8)count;
	b->at[TABLE + 35] = (u8)(count >> 8);
	set_checksum(b->at + TABLE, end - TABLE, 7);
}

/* CPUs 0 (which boots), 2, 4, ... and a bus. */
static struct bytes machine(unsigned n)
{
	struct bytes b = {.size = TABLE + MP_HEADER};
	size_t at = TABLE + MP_HEADER;

	for (unsigned i = 0; i < n; i++)
		at = processor(&b, at, (u8)(2 * i), i ? 1 : 3);
	at = bus(&b, at);
	finish_table(&b, at, n + 1);
	finish_floating(&b);
	return b;
}

static void test_good(void)
{
	struct bytes b = machine(4);
	size_t at = TABLE + MP_HEADER;

	read_cpus(&b);
	CHECK(list.count == 4 && !list.problem && list.id[0] == 0 && list.id[3] == 6, "four CPUs");
	b = (struct bytes){.size = TABLE + MP_HEADER};
	at = processor(&b, at, 0, 3);
	at = bus(&b, at);
	at = processor(&b, at, 1, 0);
	at = processor(&b, at, 0, 1);
	at = processor(&b, at, 0xff, 1);
	at = processor(&b, at, 9, 1);
	finish_table(&b, at, 6);
	finish_floating(&b);
	read_cpus(&b);
	CHECK(list.count == 2 && list.id[1] == 9 && !list.problem, "enabled CPUs in order");
	CHECK(list.disabled == 1 && list.duplicates == 1 && list.broadcast.entries == 1,
	      "disabled, duplicate and broadcast ids are counted");
	b = machine(0);
	read_cpus(&b);
	CHECK(!list.count && !list.problem, "a sound table without CPUs: none, no problem");
}

static void bad(struct bytes b, const char *problem, u64 value, const char *what)
{
	read_cpus(&b);
	CHECK(!list.count && list.problem && strstr(list.problem, problem) && list.value == value,
	      "%s: \"%s\"", what, list.problem ? list.problem : "");
}

static void test_broken(void)
{
	struct bytes b = machine(2);

	b.at[FLOATING + 12]++;
	bad(b, "floating pointer", BASE + FLOATING, "a wrong checksum of the floating pointer");
	b = machine(2);
	b.at[FLOATING + 8] = 2;
	set_checksum(b.at + FLOATING, MP_FLOATING, 10);
	bad(b, "floating pointer", BASE + FLOATING, "a floating pointer of another length");
	b = machine(2);
	b.at[FLOATING + 11] = 5;
	set_checksum(b.at + FLOATING, MP_FLOATING, 10);
	bad(b, "default configuration", 5, "a default configuration");
	b = machine(2);
	put32(&b, FLOATING + 4, 0);
	set_checksum(b.at + FLOATING, MP_FLOATING, 10);
	bad(b, "table address", 0, "no table");
	put32(&b, FLOATING + 4, 0xfffffff0);
	set_checksum(b.at + FLOATING, MP_FLOATING, 10);
	bad(b, "signature", 0xfffffff0, "a table outside memory");
	b = machine(2);
	b.at[TABLE]++;
	bad(b, "signature", BASE + TABLE, "a wrong signature of the table");
	b = machine(2);
	b.at[TABLE + MP_HEADER + 5]++;
	bad(b, "checksum", BASE + TABLE, "a wrong checksum of the table");
	b = machine(2);
	b.at[TABLE + 4] = 43;
	bad(b, "length", 43, "a table shorter than its header");
	b = machine(2);
	b.size--;
	bad(b, "length, more than there is memory", b.size + 1 - TABLE,
	    "a table cut off by the end of memory");
}

/* The checksum is right, but the inside is wrong. The CPUs before it are used. */
static void test_lying(void)
{
	struct bytes b = machine(3);
	const size_t end = b.size;

	finish_table(&b, end, 5);
	read_cpus(&b);
	CHECK(list.count == 3 && list.cut && list.problem && strstr(list.problem, "entry count") &&
		      list.value == 5,
	      "more entries counted than there are");
	finish_table(&b, end - 3, 4);
	read_cpus(&b);
	CHECK(list.count == 3 && list.cut && list.problem &&
		      strstr(list.problem, "cut in an entry") &&
		      list.value == 1,
	      "the last entry cut");
	b = machine(3);
	b.at[TABLE + MP_HEADER + 20] = 7;
	finish_table(&b, end, 4);
	read_cpus(&b);
	CHECK(list.count == 1 && list.cut && list.problem && strstr(list.problem, "entry type") &&
		      list.value == 7,
	      "an entry of a type that nobody knows");
	b = machine(3);
	finish_table(&b, end, 2);
	read_cpus(&b);
	CHECK(list.count == 2 && !list.problem && !list.cut, "fewer entries counted than there are: that many");
}

static void test_scan(void)
{
	struct bytes b = machine(1);
	u8 *copy = exact_copy(b.at, FLOATING + MP_FLOATING);

	CHECK(mptable_scan(copy, FLOATING + MP_FLOATING) == FLOATING,
	      "the floating pointer is found at a multiple of 16, at the very end");
	CHECK(mptable_scan(copy, FLOATING + MP_FLOATING - 1) == FLOATING + MP_FLOATING - 1,
	      "cut off by one byte: not found");
	CHECK(mptable_scan(copy, 0) == 0, "nothing to look at: not found");
	free(copy);
}

static void test_random(void)
{
	const struct bytes sound = machine(6);
	struct random random = random_stream(11, 1);
	bool good = true;
	unsigned rounds = 0;

	for (; good && rounds < 40000; rounds++) {
		struct bytes b = sound;
		size_t n = sound.size - TABLE - random_below(&random, 80);
		u8 *copy;

		damage(&b, &random);
		if (random_next(&random) & 1) { /* sound again but for the inside */
			finish_table(&b, sound.size, b.at[TABLE + 34]);
			finish_floating(&b);
		}
		read_cpus(&b);
		good = cpus_are_sound(&list, b.size);
		list.count = 0;
		memmove(b.at, b.at + TABLE, n);
		copy = exact_copy(b.at, n);
		mptable_parse(copy, n, &list);
		free(copy);
	}
	CHECK(good, "%u damaged copies: no read outside", rounds);
}

int main(void)
{
	test_good();
	test_broken();
	test_lying();
	test_scan();
	test_random();
	return tap_done();
}
