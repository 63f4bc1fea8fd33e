/* SPDX-License-Identifier: MIT */
/* Tests drivers/uart8250.c on a device of its own, at ports and in memory. */
#include "drivers/uart8250.c"
#include "tests/self/unit/tap.h"
#include "tests/self/unit/uart_model.h"

static const struct uart8250_place com1 = {.at = 0x3f8, .speed = 115200};
static struct uart8250 uart;

#define LEFT 0x307 /* the firmware's divisor */

static void test_place(const char *name, struct uart8250_place place, unsigned divisor)
{
	bool memory = place.memory_step, found;

	plug_in(memory ? 0 : place.at, memory ? place.memory_step : 1, place.access);
	model.low = (u8)LEFT;
	model.high = LEFT >> 8;
	model.takes = 3;
	found = uart8250_init(&uart, &place, memory ? model_memory : NULL);
	uart8250_write(&uart, "a line\n", 7);
	CHECK(found && model.nr_sent == 7 && !memcmp(model.sent, "a line\n", 7) && !model.wrong,
	      "%s: bytes arrive", name);
	CHECK(model.low + 256u * model.high == divisor && model.lcr == 3 && model.mcr == 3,
	      "%s: divisor %u, 8N1", name, divisor);
	CHECK(uart.place.speed ==
		      (divisor == LEFT && !place.keep_divisor ? 115200 / LEFT : place.speed),
	      "%s: speed %u", name, uart.place.speed);
}

static void test_places(void)
{
	test_place("port 0x3f8", com1, 1);
	test_place("port 0x2e8 at 9600", (struct uart8250_place){.at = 0x2e8, .speed = 9600}, 12);
	test_place("memory, bytes",
		   (struct uart8250_place){.memory_step = 1, .access = 1, .speed = 38400}, 3);
	test_place("memory, 32 bits, at 300",
		   (struct uart8250_place){.memory_step = 4, .access = 4, .speed = 300}, 384);
	test_place("speed left alone", (struct uart8250_place){.at = 0x3f8}, LEFT);
	test_place("clock not known",
		   (struct uart8250_place){.at = 0x3f8, .speed = 9600, .keep_divisor = true}, LEFT);
	test_place("48 MHz, 115200",
		   (struct uart8250_place){.at = 0x3f8, .speed = 115200, .clock = 48000000}, 26);
	test_place("no divisor for that speed",
		   (struct uart8250_place){.at = 0x3f8, .speed = 230400}, LEFT);
	test_place("nor for that", (struct uart8250_place){.at = 0x3f8, .speed = ~0u}, LEFT);
	test_place("the slowest", (struct uart8250_place){.at = 0x3f8, .speed = 50}, 2304);
}

/* Bochs behind GRUB: its last character is on the line when the kernel begins. */
static void test_still_sending(bool sent_bit)
{
	const char *name = sent_bit ? "" : ", no bit says so";
	bool found;

	plug_in(0x3f8, 1, 0);
	model.no_sent_bit = !sent_bit;
	model.lcr = 3;
	model.takes = 900;
	model_send('\n');
	model.takes = 0;
	found = uart8250_init(&uart, &com1, NULL);
	CHECK(found && !model.garbled, "a character is still on the line%s: found, not garbled",
	      name);
}

/* Input from outside is not the looped character. */
static void test_received(void)
{
	plug_in(0x3f8, 1, 0);
	model.looped = 'k';
	model.has_looped = true;
	model.takes = 50;
	CHECK(uart8250_init(&uart, &com1, NULL), "a key was pressed on the other side: found");
}

/* A loop at 50 baud takes 200 ms. */
static void test_slow(void)
{
	struct uart8250_place place = {.at = 0x3f8, .speed = 50};

	plug_in(0x3f8, 1, 0);
	model.takes = 200000;
	CHECK(uart8250_init(&uart, &place, NULL), "50 baud: the probe has the patience");
}

static void test_drain(void)
{
	plug_in(0x3f8, 1, 0);
	uart8250_init(&uart, &com1, NULL);
	model.takes = 500;
	uart8250_write(&uart, "x", 1);
	CHECK(model.left, "after a write the last character is on its way");
	uart8250_drain(&uart);
	CHECK(!model.left, "and after a drain it is not");
	model.stuck = true;
	uart8250_drain(&uart);
	model.reads = 0;
	uart8250_drain(&uart);
	CHECK(model.reads <= 4, "a device that is never empty is drained once");
}

static void test_absent(u8 reads_as, unsigned long most)
{
	bool found;

	unplug(reads_as);
	found = uart8250_init(&uart, &com1, NULL);
	CHECK(!found && model.reads <= most, "no device, reads %#x: said, after %lu reads",
	      reads_as, model.reads);
	model.reads = model.writes = 0;
	uart8250_write(&uart, "x", 1);
	uart8250_drain(&uart);
	CHECK(!model.reads && !model.writes, "and never asked again");
}

static void test_stuck(void)
{
	unsigned long first;

	plug_in(0x3f8, 1, 0);
	uart8250_init(&uart, &com1, NULL);
	model.stuck = true;
	model.reads = 0;
	uart8250_write(&uart, "x", 1);
	first = model.reads;
	uart8250_write(&uart, "0123456789abcdef0123456789abcdef", 32);
	CHECK(!model.nr_sent && model.reads - first <= 4,
	      "a device that is never empty: the bytes are lost, after one long wait");
	model.stuck = false;
	uart8250_write(&uart, "y", 1);
	CHECK(model.nr_sent == 1, "it is used again when it is empty again");
}

/* told is the caller's guess. */
static void test_find(u8 step, u8 access, u8 told)
{
	struct uart8250_place place = {
		.memory_step = told, .access = told == 4 ? 4 : 1, .keep_divisor = true};
	bool found;

	plug_in(0, step, access);
	model.low = 26;
	model.takes = 9;
	model_send('\n');
	model.nr_sent = 0;
	found = uart8250_find(&uart, &place, model_memory);
	uart8250_write(&uart, "line", 4);
	CHECK(found && uart.place.memory_step == step && (!access || uart.place.access == access) &&
		      model.nr_sent == 4 && !memcmp(model.sent, "line", 4) && model.low == 26 &&
		      !model.garbled && model.reads < 1000,
	      "registers %u apart, accesses of %u, taken for %u: found, nothing else sent", step,
	      access, told);
}

static void test_finds(void)
{
	static const u8 silent[] = {0x00, 0x10, 0x60, 0x61, 0x70, 0x7f};
	struct uart8250_place place = {.memory_step = 1, .access = 1};

	for (unsigned told = 1; told <= 4; told *= 2) {
		test_find(1, 1, (u8)told);
		test_find(2, 1, (u8)told);
		test_find(4, 1, (u8)told);
		test_find(4, 4, (u8)told);
		test_find(4, 0, (u8)told);
	}
	unplug(0xff);
	CHECK(!uart8250_find(&uart, &place, model_memory) && model.reads <= 4 && !model.writes,
	      "nothing there: said at once, nothing written");
	for (unsigned i = 0; i < ARRAY_SIZE(silent); i++) {
		unplug(silent[i]);
		CHECK(!uart8250_find(&uart, &place, model_memory) && model.writes <= 8,
		      "all registers read %#x: said, nothing but MCR tried", silent[i]);
	}
}

/* The bytes of this memory could be the line status of a UART at rest. */
static void test_memory(void)
{
	struct uart8250_place place = {.memory_step = 1, .access = 1};
	bool found, same = true;

	unplug(0);
	model.ram = true;
	memset(model_memory, 0x60, sizeof(model_memory));
	found = uart8250_find(&uart, &place, model_memory);
	for (unsigned i = 0; i < sizeof(model_memory); i++)
		same &= model_memory[i] == 0x60;
	CHECK(!found && same, "memory: no UART, and as it was");
}

/* Input while it runs. */
static void test_reads(void)
{
	u8 byte = 0;

	plug_in(0x3f8, 1, 0);
	uart8250_init(&uart, &com1, NULL);
	CHECK(!uart8250_read(&uart, &byte), "nothing came in");
	model.looped = UART8250_CTRL_C;
	model.has_looped = true;
	model.damage = 0x08;
	CHECK(!uart8250_read(&uart, &byte), "a character with a framing error is none");
	model.has_looped = true;
	model.damage = 0;
	CHECK(uart8250_read(&uart, &byte) && byte == UART8250_CTRL_C, "Ctrl-C");
	CHECK(!uart8250_read(&uart, &byte), "once");
	plug_in(0x2e8, 1, 0);
	model.there = false;
	model.silent = 0xff;
	CHECK(!uart8250_read(&uart, &byte), "an empty bus says nothing");
}

int main(void)
{
	test_places();
	test_still_sending(true);
	test_still_sending(false);
	test_received();
	test_slow();
	test_drain();
	test_absent(0xff, 1);
	test_absent(0x00, 2000000);
	test_absent(0x60, 2000);
	test_stuck();
	test_finds();
	test_memory();
	test_reads();
	return tap_done();
}
