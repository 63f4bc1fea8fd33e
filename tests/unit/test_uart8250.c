/* SPDX-License-Identifier: MIT */
/* drivers/uart8250.c on a device of the test's own, at ports and in memory; drivers/spcr.c. */
#include <string.h>

#include "drivers/spcr.h"
#include "drivers/uart8250.c"
#include "tests/unit/bytes.h"
#include "tests/unit/tap.h"

static struct {
	bool there;
	u64 at; /* of register 0: a port, or an address of ours */
	u8 step;
	bool stuck; /* never empty */
	u8 lcr, mcr, low, high, looped;
	bool has_looped;
	char sent[64];
	unsigned nr_sent, wrong;
	unsigned long reads;
} device;

static u8 memory[64];

static u8 device_get(u64 at)
{
	unsigned reg = (unsigned)(at - device.at) / device.step;

	device.reads++;
	if (!device.there)
		return 0xff;
	switch (reg) {
	case 0:
		device.has_looped = false;
		return device.looped;
	case 2:
		return 0xc1;
	case 5:
		return (u8)((device.stuck ? 0 : 0x60) | device.has_looped);
	}
	return 0;
}

static void device_send(u8 value)
{
	if (device.mcr & 0x10) {
		device.looped = value;
		device.has_looped = true;
	} else if (device.nr_sent < sizeof(device.sent)) {
		device.sent[device.nr_sent++] = (char)value;
	}
}

static void device_set(u64 at, u8 value)
{
	unsigned reg = (unsigned)(at - device.at) / device.step;
	bool divisor = device.lcr & 0x80;

	device.wrong += reg > 7 || (at - device.at) % device.step;
	if (reg == 0 && divisor)
		device.low = value;
	else if (reg == 0)
		device_send(value);
	else if (reg == 1 && divisor)
		device.high = value;
	else if (reg == 3)
		device.lcr = value;
	else if (reg == 4)
		device.mcr = value;
}

static u64 address(const volatile void *p)
{
	return (u64)((const volatile u8 *)p - memory);
}

u8 inb(u16 port)
{
	return device_get(port);
}

void outb(u16 port, u8 value)
{
	device_set(port, value);
}

u8 mmio_read8(const volatile void *p)
{
	return device_get(address(p));
}

void mmio_write8(volatile void *p, u8 value)
{
	device_set(address(p), value);
}

u32 mmio_read32(const volatile void *p)
{
	return device_get(address(p)) | 0xabcdef00;
}

void mmio_write32(volatile void *p, u32 value)
{
	device_set(address(p), (u8)value);
	device.wrong += value > 0xff;
}

static void plug_in(u64 at, u8 step)
{
	memset(&device, 0, sizeof(device));
	device.there = true;
	device.at = at;
	device.step = step;
}

static void test_place(const char *name, u64 at, u8 step, u32 speed, unsigned divisor)
{
	struct uart8250_place place = {step ? 0xfe000000 : at, step, speed};
	struct uart8250 uart;
	bool found;

	plug_in(step ? 0 : at, step ? step : 1);
	found = uart8250_init(&uart, &place, step ? memory : NULL);
	uart8250_write(&uart, "a line\n", 7);
	CHECK(found && device.nr_sent == 7 && !memcmp(device.sent, "a line\n", 7) && !device.wrong,
	      "%s: bytes arrive", name);
	CHECK(device.low + 256u * device.high == divisor && device.lcr == 3 && device.mcr == 3,
	      "%s: divisor %u, 8N1", name, divisor);
}

static void test_absent(void)
{
	struct uart8250_place place = {0x3f8, 0, 115200};
	struct uart8250 uart;

	plug_in(0x3f8, 1);
	device.there = false;
	CHECK(!uart8250_init(&uart, &place, NULL), "no device: said");
	device.reads = 0;
	uart8250_write(&uart, "x", 1);
	CHECK(!device.reads && !device.nr_sent, "and never asked again");
}

static void test_stuck(void)
{
	struct uart8250_place place = {0x3f8, 0, 115200};
	struct uart8250 uart;
	unsigned long first;

	plug_in(0x3f8, 1);
	uart8250_init(&uart, &place, NULL);
	device.stuck = true;
	device.reads = 0;
	uart8250_write(&uart, "x", 1);
	first = device.reads;
	uart8250_write(&uart, "0123456789abcdef0123456789abcdef", 32);
	CHECK(!device.nr_sent && device.reads - first <= 4,
	      "a device that is never empty: the bytes are lost, after one long wait");
	device.stuck = false;
	uart8250_write(&uart, "y", 1);
	CHECK(device.nr_sent == 1, "it is used again when it is empty again");
}

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

static bool parse(struct bytes b, size_t n, struct uart8250_place *place)
{
	u8 *copy = exact_copy(b.at, n);
	bool good = spcr_parse(copy, n, place);

	free(copy);
	return good;
}

static void test_spcr(void)
{
	struct uart8250_place p;

	CHECK(parse(spcr(0, 1, 8, 0x2f8, 7), 80, &p) && p.at == 0x2f8 && !p.memory_step &&
		      p.speed == 115200,
	      "SPCR: a port, 115200");
	CHECK(parse(spcr(0x12, 0, 32, 0xfe036000, 3), 80, &p) && p.at == 0xfe036000 &&
		      p.memory_step == 4 && p.speed == 9600,
	      "SPCR: memory, registers of 32 bits, 9600");
	CHECK(parse(spcr(1, 0, 8, 0x1fe036000, 0), 80, &p) && p.memory_step == 1 && !p.speed,
	      "SPCR: memory above 4 GiB, speed as it is");
	CHECK(!parse(spcr(3, 1, 8, 0x2f8, 7), 80, &p), "SPCR: another kind of device");
	CHECK(!parse(spcr(0, 2, 8, 0x2f8, 7), 80, &p), "SPCR: behind PCI configuration space");
	CHECK(!parse(spcr(0, 1, 8, 0, 7), 80, &p), "SPCR: disabled");
	CHECK(!parse(spcr(0, 1, 8, 0x10000, 7), 80, &p), "SPCR: a port that cannot be");
	CHECK(!parse(spcr(0, 1, 8, 0x2f8, 7), 79, &p), "SPCR: too short");
}

int main(void)
{
	test_place("port 0x3f8", 0x3f8, 0, 115200, 1);
	test_place("port 0x2e8 at 9600", 0x2e8, 0, 9600, 12);
	test_place("memory, bytes", 0, 1, 38400, 3);
	test_place("memory, 32 bits, at 300", 0, 4, 300, 384);
	test_place("speed left alone", 0x3f8, 0, 0, 0);
	test_absent();
	test_stuck();
	test_spcr();
	return tap_done();
}
