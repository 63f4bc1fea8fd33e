/* SPDX-License-Identifier: MIT */
/*
 * Finds out whether a 16550 answers at an address, sets its line, and moves bytes by polling
 * (National Semiconductor PC16550D data sheet, table II and section 8).
 */
#include "drivers/uart8250.h"
#include <asm/barrier.h>
#include <asm/io.h>

#define DATA	0 /* the divisor's low byte while LCR bit 7 is set */
#define IER	1 /* the divisor's high byte while LCR bit 7 is set */
#define IIR_FCR 2
#define LCR	3
#define MCR	4
#define LSR	5

#define FCR_ENABLE_CLEAR 0x07
#define IIR_FIFO	 0xc0
#define LCR_8N1		 0x03
#define LCR_DIVISOR	 0x80
#define MCR_DTR_RTS	 0x03
#define MCR_LOOP	 0x10
#define MCR_NONE	 0x80 /* reads as 0 */
#define LSR_DATA	 0x01
#define LSR_DAMAGED	 0x1c /* a received byte with a parity or framing error, or a break */
#define LSR_EMPTY	 0x20 /* THRE, the holding register and the FIFO are empty */
#define LSR_SENT	 0x40 /* TEMT, the shift register is empty too, so the line is at rest */
#define NOTHING		 0xff /* a bus without a device reads so */

#define FIFO_SIZE 16u
/* Reads of the line status, about 1 us each on a PC. They last far longer than 16 bytes at 115200
 * baud (1.4 ms), and long enough for an emulator with a reader that pauses. */
#define WAIT_READS 500000u
/* Reads while one character leaves, because it takes 87 us for each 1 of the divisor. */
#define CHARACTER_READS(divisor) (1000u * (divisor))
#define UNKNOWN_DIVISOR		 48u	/* 2400 baud, until we set our own */
#define DIVISOR_MAX		 0x900u /* 50 baud */

static u8 get(const struct uart8250 *uart, unsigned reg)
{
	const volatile u8 *p = (const volatile u8 *)uart->memory + reg * uart->place.memory_step;

	if (!uart->memory)
		return inb((u16)(uart->place.at + reg));
	return uart->place.access == 4 ? (u8)mmio_read32(p) : mmio_read8(p);
}

static void set(const struct uart8250 *uart, unsigned reg, u8 value)
{
	volatile u8 *p = (volatile u8 *)uart->memory + reg * uart->place.memory_step;

	if (!uart->memory)
		outb((u16)(uart->place.at + reg), value);
	else if (uart->place.access == 4)
		mmio_write32(p, value);
	else
		mmio_write8(p, value);
}

static bool wait_status(const struct uart8250 *uart, u8 bit, unsigned reads)
{
	for (; reads; reads--) {
		if (get(uart, LSR) & bit)
			return true;
		cpu_relax();
	}
	return false;
}

static bool wait_empty(struct uart8250 *uart)
{
	unsigned full_fifo = FIFO_SIZE * CHARACTER_READS(uart->divisor);
	unsigned reads = full_fifo > WAIT_READS ? full_fifo : WAIT_READS;

	uart->stuck = !wait_status(uart, LSR_EMPTY, uart->stuck ? 1 : reads);
	return !uart->stuck;
}

/* Some emulators have no LSR_SENT. After LSR_EMPTY at most one character is still on its way, so
 * the second wait lasts no longer than one character. */
static void wait_sent(struct uart8250 *uart)
{
	if (wait_empty(uart))
		wait_status(uart, LSR_SENT, CHARACTER_READS(uart->divisor));
}

/* In loopback a sent byte comes back, if there is a device. Bytes from outside may have come in
 * just before, so they are read first. */
static bool answers(const struct uart8250 *uart)
{
	u8 before = get(uart, MCR);

	set(uart, MCR, MCR_LOOP);
	set(uart, DATA, 0xae);
	for (unsigned i = 0; i < CHARACTER_READS(uart->divisor); i++) {
		u8 status = get(uart, LSR);

		if (status != NOTHING && status & LSR_DATA && get(uart, DATA) == 0xae)
			return true;
	}
	set(uart, MCR, before);
	return false;
}

static u32 highest_speed(const struct uart8250_place *place)
{
	return (place->clock ? place->clock : UART8250_CLOCK) / 16;
}

/* Returns the divisor for this speed, at most 3 % off. Returns 0 if there is none, or if it must
 * not be set. */
static unsigned divisor_of(const struct uart8250_place *place)
{
	u32 most = highest_speed(place), divisor, speed;

	if (!place->speed || place->keep_divisor)
		return 0;
	divisor = (most + place->speed / 2) / place->speed;
	speed = divisor ? most / divisor : 0;
	if (divisor > 0xffff || speed > place->speed + place->speed / 32 ||
	    speed < place->speed - place->speed / 32)
		return 0;
	return divisor;
}

static void set_line(struct uart8250 *uart)
{
	unsigned divisor = divisor_of(&uart->place);

	set(uart, LCR, LCR_8N1);
	set(uart, IER, 0);
	set(uart, LCR, LCR_8N1 | LCR_DIVISOR);
	if (divisor) {
		set(uart, DATA, (u8)divisor);
		set(uart, IER, (u8)(divisor >> 8));
	} else {
		divisor = get(uart, DATA) | (unsigned)get(uart, IER) << 8;
	}
	set(uart, LCR, LCR_8N1);
	divisor = divisor ? divisor : 1;
	if (!uart->place.keep_divisor && !divisor_of(&uart->place))
		uart->place.speed = highest_speed(&uart->place) / divisor;
	uart->divisor = divisor < DIVISOR_MAX ? divisor : DIVISOR_MAX;
}

bool uart8250_init(struct uart8250 *uart, const struct uart8250_place *place, void *memory)
{
	*uart = (struct uart8250){
		.place = *place, .memory = memory, .divisor = UNKNOWN_DIVISOR, .fifo = 1};
	if (get(uart, LSR) == NOTHING)
		return false;
	/* The loader's last character may still be on its way. Loopback would read it back, and a
	 * new divisor or an emptied FIFO would garble it. */
	wait_sent(uart);
	set_line(uart);
	set(uart, IIR_FCR, FCR_ENABLE_CLEAR);
	if ((get(uart, IIR_FCR) & IIR_FIFO) == IIR_FIFO)
		uart->fifo = FIFO_SIZE;
	uart->present = answers(uart);
	if (uart->present)
		set(uart, MCR, MCR_DTR_RTS);
	return uart->present;
}

/* The layouts of registers of UARTs in memory. */
static const struct {
	u8 step, access;
} shapes[] = {{1, 1}, {4, 4}, {4, 1}, {2, 1}};

const char uart8250_shapes[] = "1, 2, 4, and 4 by 32-bit accesses";

static struct uart8250 in_shape(const struct uart8250_place *place, void *memory, unsigned shape)
{
	struct uart8250 uart = {.place = *place, .memory = memory};

	uart.place.memory_step = shapes[shape].step;
	uart.place.access = shapes[shape].access;
	return uart;
}

/* Nothing is sent before the MCR is seen to keep its bits except bit 7, because with registers in
 * other places the test byte would go out on the line. No chip of the family has bit 7 unless it
 * was asked for, but plain memory would keep it. */
static bool has_mcr(const struct uart8250 *uart)
{
	u8 before = get(uart, MCR);
	bool kept;

	set(uart, MCR, MCR_LOOP | MCR_NONE);
	kept = get(uart, MCR) == MCR_LOOP;
	set(uart, MCR, before);
	return kept;
}

/* The shapes take turns, so that wrong ones cost no wait of their own. */
bool uart8250_find(struct uart8250 *uart, const struct uart8250_place *place, void *memory)
{
	bool failed[ARRAY_SIZE(shapes)] = {false}, alive = true;
	unsigned first = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(shapes); i++)
		if (place->memory_step == shapes[i].step && place->access == shapes[i].access)
			first = i;
	for (unsigned reads = WAIT_READS; reads && alive; reads--) {
		alive = false;
		for (unsigned n = 0; n < ARRAY_SIZE(shapes); n++) {
			unsigned i = (first + n) % ARRAY_SIZE(shapes);
			struct uart8250 as = in_shape(place, memory, i);
			u8 status = failed[i] ? NOTHING : get(&as, LSR);

			alive |= status != NOTHING;
			if (status == NOTHING || (~status & (LSR_EMPTY | LSR_SENT)))
				continue;
			if (has_mcr(&as) && uart8250_init(uart, &as.place, memory))
				return true;
			failed[i] = true;
		}
		cpu_relax();
	}
	return false;
}

void uart8250_write(struct uart8250 *uart, const char *bytes, size_t n)
{
	if (!uart->present)
		return;
	while (n) {
		size_t chunk = n < uart->fifo ? n : uart->fifo;

		if (wait_empty(uart))
			for (size_t i = 0; i < chunk; i++)
				set(uart, DATA, (u8)bytes[i]);
		bytes += chunk;
		n -= chunk;
	}
}

bool uart8250_read(struct uart8250 *uart, u8 *byte)
{
	u8 status = uart->present ? get(uart, LSR) : 0;

	if (status == NOTHING || !(status & LSR_DATA))
		return false;
	*byte = get(uart, DATA);
	return !(status & LSR_DAMAGED);
}

void uart8250_drain(struct uart8250 *uart)
{
	if (uart->present)
		wait_sent(uart);
}
