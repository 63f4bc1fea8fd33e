/* SPDX-License-Identifier: MIT */
/* Tests drivers/spcr.c and spcr_find.c with tables of real machines and made ones, on a device of
 * its own. */
#include <stdio.h>

#include "drivers/bytes.h"
#include "drivers/spcr_find.c"
#include "drivers/uart8250.c"
#include "tests/self/unit/bytes.h"
#include "tests/self/unit/tap.h"
#include "tests/self/unit/uart_model.h"

#define BASE 0xfe036000u

static struct uart8250_place p;
static struct uart8250 uart;
static char said[160];
static paddr_t mapped;
static bool is_ram;

static struct bytes spcr(u8 type, u8 space, u8 width, u64 at, u8 speed)
{
	struct bytes b = {.size = 0};

	put8(&b, 79, 0);
	put8(&b, 36, type);
	put8(&b, 40, space);
	put8(&b, 41, width);
	put64(&b, 44, at);
	put8(&b, 58, speed);
	return b;
}

static bool problem_is(struct bytes b, size_t n, const char *problem)
{
	u8 *copy = exact_copy(b.at, n);
	const char *said_of_it = spcr_parse(copy, n, &p);

	free(copy);
	return problem ? said_of_it && strstr(said_of_it, problem) : !said_of_it;
}

static bool parses(struct bytes b)
{
	return problem_is(b, b.size, NULL);
}

static void test_parse(void)
{
	CHECK(parses(spcr(0, 1, 8, 0x2f8, 7)) && p.at == 0x2f8 && !p.memory_step &&
		      p.speed == 115200 && !p.keep_divisor,
	      "a port, 115200");
	CHECK(parses(spcr(0x12, 0, 32, BASE, 3)) && p.at == BASE && p.memory_step == 4 &&
		      p.access == 4 && p.speed == 9600 && p.keep_divisor,
	      "memory, registers of 32 bits, 9600, but by a clock that is not known");
	CHECK(parses(spcr(1, 0, 8, 0x1fe036000, 0)) && p.memory_step == 1 && !p.speed,
	      "memory above 4 GiB, speed as it is");
	CHECK(problem_is(spcr(3, 1, 8, 0x2f8, 7), 80, "interface type"), "another kind of device");
	CHECK(problem_is(spcr(0, 2, 8, 0x2f8, 7), 80, "address space"),
	      "behind PCI configuration space");
	CHECK(problem_is(spcr(0, 1, 8, 0, 7), 80, "address 0"), "disabled");
	CHECK(problem_is(spcr(0, 1, 8, 0xfff9, 7), 80, "port above"), "a port that cannot be");
	CHECK(problem_is(spcr(0, 0, 8, BASE + 2, 7), 80, "multiple of 4") &&
		      problem_is(spcr(0, 0, 8, ~3ull, 7), 80, "the end of all"),
	      "memory where no UART can be");
	CHECK(problem_is(spcr(0, 1, 8, 0x2f8, 7), 79, "length"), "too short");
}

static void test_types(void)
{
	unsigned good = 0;

	for (unsigned type = 0; type < 256; type++)
		good += parses(spcr((u8)type, 1, 8, 0x2f8, 7)) ? 1u + type : 0;
	CHECK(good == 1 + 2 + 6 + 0x13, "types 0, 1, 5, 0x12 are of the family, and no others");
}

static bool speed_is(u8 code, u8 revision, u32 precise, u32 speed)
{
	struct bytes b = spcr(0, 1, 8, 0x2f8, code);

	put8(&b, 8, revision);
	if (precise)
		put32(&b, 80, precise);
	return parses(b) && p.speed == speed;
}

static void test_speeds(void)
{
	struct bytes b = spcr(0, 0, 8, BASE, 7);

	CHECK(speed_is(0, 2, 0, 0) && speed_is(3, 2, 0, 9600) && speed_is(4, 2, 0, 19200) &&
		      speed_is(6, 2, 0, 57600) && speed_is(7, 2, 0, 115200),
	      "every code of a speed");
	CHECK(speed_is(1, 2, 0, 0) && speed_is(2, 2, 0, 0) && speed_is(5, 2, 0, 0) &&
		      speed_is(8, 2, 0, 0) && speed_is(255, 2, 0, 0),
	      "reserved codes: as it is");
	CHECK(speed_is(7, 4, 921600, 921600) && speed_is(7, 4, 0, 115200) &&
		      speed_is(7, 3, 921600, 115200),
	      "revision 4: the precise speed");
	CHECK(speed_is(7, 5, 921600, 921600), "and later ones");
	put8(&b, 8, 3);
	put32(&b, 76, 48000000);
	CHECK(parses(b) && p.clock == 48000000 && !p.keep_divisor, "revision 3: the clock");
	put8(&b, 8, 4);
	CHECK(parses(b) && p.clock == 48000000 && !p.keep_divisor, "and revision 4");
	put8(&b, 8, 2);
	CHECK(parses(b) && !p.clock && p.keep_divisor, "revision 2: reserved bytes are no clock");
}

static void *map(paddr_t at, size_t size)
{
	mapped = at;
	return is_ram || size > sizeof(model_memory) ? NULL : model_memory;
}

static struct bytes from_hex(const char *hex)
{
	struct bytes b = {.size = 0};
	unsigned value;

	for (; sscanf(hex, "%2x", &value) == 1; hex += 2)
		put8(&b, b.size, (u8)value);
	return b;
}

static bool finds(const struct bytes *b)
{
	u8 *copy = exact_copy(b->at, b->size);
	bool found;

	mapped = 0;
	found = spcr_find(copy, b->size, map, &uart, said, sizeof(said));
	free(copy);
	return found && !said[0];
}

static bool was_said(const char *what)
{
	return strstr(said, what) && strlen(said) + 1 < sizeof(said);
}

/* Real ones. HP's and Dell's are how firmware says that its console is off. */
/* clang-format off */
#define ASUS \
	"535043525000000002105f415355535f5669766f5043000009200701414d49201000050000000000" \
	"000800000090dcfe0000000003000000000007000100020030162210000000010000000000000000"
#define PHOENIX \
	"5350435250000000019350544c5444202455435254424c240000040650544c200100000000000000" \
	"01080000f802000000000000010300000000070001020300ffffffffffffff000000000000000000"
#define COREBOOT \
	"5350435258000000048c434f52457634434f5245424f4f5400000000434f52452806232012000000" \
	"01080001f803000000000000000000000000000001000200ffffffff000000000000000000000000" \
	"0000000000000000"
#define HP \
	"5350435250000000012b48502020202050726f4c69616e74020212204d5346549700000000000000" \
	"000000000000000000000000010300000000030001000000ffffffff000000000000000000000000"
#define DELL \
	"535043525000000001eb44454c4c202050455f53433320200100000044454c4c0100000000000000" \
	"000000000000000000000000030404000000000001020100ffffffff000000000000000000000000"
/* clang-format on */

static void test_real_port(const char *name, const char *hex, u16 port)
{
	struct bytes b = from_hex(hex);

	plug_in(port, 1, 0);
	CHECK(sums_to_zero(b.at, b.size) && finds(&b) && uart.place.at == port && !model.wrong,
	      "%s: found at port %#x", name, port);
	unplug(0xff);
	CHECK(!finds(&b) && was_said("nothing answers at port:") && !model.writes,
	      "%s, without it: %s", name, said);
}

static void test_real_off(const char *name, const char *hex)
{
	struct bytes b = from_hex(hex);

	unplug(0xff);
	CHECK(sums_to_zero(b.at, b.size) && !finds(&b) && was_said("redirection is off") &&
		      !model.reads && !model.writes && !mapped,
	      "%s: nothing touched: %s", name, said);
}

/* An AMD chip's UART with a clock of 48 MHz. Its registers are 4 bytes apart, and the table does
 * not say so. */
static void test_real_memory(u8 step, u8 access)
{
	struct bytes b = from_hex(ASUS);

	plug_in(0, step, access);
	model.low = 26;
	CHECK(sums_to_zero(b.at, b.size) && finds(&b) && mapped == 0xfedc9000 &&
		      uart.place.memory_step == step && model.low == 26 && !model.high &&
		      !model.nr_sent,
	      "ASUS, registers %u apart, accesses of %u: found, at the firmware's speed", step,
	      access);
	unplug(0xff);
	CHECK(!finds(&b) && was_said("mmio:0xfedc9000") && was_said(uart8250_shapes) &&
		      !model.writes,
	      "ASUS, without it: %s", said);
}

static void test_ram(void)
{
	struct bytes b = from_hex(ASUS);

	plug_in(0, 4, 4);
	is_ram = true;
	CHECK(!finds(&b) && was_said("not tried") && was_said("mmio:0xfedc9000") && !model.writes,
	      "an address that may not be written to: %s", said);
	is_ram = false;
}

static void test_longest(void)
{
	struct bytes b = spcr(0, 0, 8, ~(u64)0xff, 7);

	unplug(0);
	CHECK(!finds(&b) && was_said("0xffffffffffffff00") && was_said(uart8250_shapes),
	      "the longest message has room: %s", said);
}

int main(void)
{
	test_parse();
	test_types();
	test_speeds();
	test_real_port("Phoenix", PHOENIX, 0x2f8);
	test_real_port("coreboot", COREBOOT, 0x3f8);
	test_real_off("HP ProLiant", HP);
	test_real_off("Dell PE_SC3", DELL);
	test_real_memory(4, 4);
	test_real_memory(4, 1);
	test_real_memory(4, 0);
	test_real_memory(2, 1);
	test_real_memory(1, 1);
	test_ram();
	test_longest();
	return tap_done();
}
