/* SPDX-License-Identifier: MIT */
/* Registers: National Semiconductor PC16550D data sheet, table II and section 8. */
#include "drivers/uart8250.h"
#include <asm/barrier.h>
#include <asm/io.h>

#define DATA	0 /* with LCR bit 7: divisor low */
#define IER	1 /* with LCR bit 7: divisor high */
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
#define LSR_DATA	 0x01
#define LSR_EMPTY	 0x20

#define FIFO_SIZE 16
/* Reads of the line status, about 1 us each on a PC: far more than 16 bytes at 115200 baud (1.4 ms)
 * need, and enough for an emulator whose reader pauses. */
#define WAIT_READS 500000u

static u8 get(const struct uart8250 *uart, unsigned reg)
{
	const volatile u8 *p = (const volatile u8 *)uart->memory + reg * uart->place.memory_step;

	if (!uart->memory)
		return inb((u16)(uart->place.at + reg));
	return uart->place.memory_step == 4 ? (u8)mmio_read32(p) : mmio_read8(p);
}

static void set(const struct uart8250 *uart, unsigned reg, u8 value)
{
	volatile u8 *p = (volatile u8 *)uart->memory + reg * uart->place.memory_step;

	if (!uart->memory)
		outb((u16)(uart->place.at + reg), value);
	else if (uart->place.memory_step == 4)
		mmio_write32(p, value);
	else
		mmio_write8(p, value);
}

static bool wait_empty(struct uart8250 *uart)
{
	unsigned reads = uart->stuck ? 1 : WAIT_READS;

	for (unsigned i = 0; i < reads; i++) {
		if (get(uart, LSR) & LSR_EMPTY) {
			uart->stuck = false;
			return true;
		}
		cpu_relax();
	}
	uart->stuck = true;
	return false;
}

/* In loopback what is sent comes back; where there is no device, nothing does. */
static bool answers(const struct uart8250 *uart)
{
	bool back = false;

	set(uart, MCR, MCR_LOOP);
	set(uart, DATA, 0xae);
	for (unsigned i = 0; i < 1000 && !back; i++)
		back = get(uart, LSR) != 0xff && get(uart, LSR) & LSR_DATA;
	return back && get(uart, DATA) == 0xae;
}

static void set_speed(const struct uart8250 *uart)
{
	u32 divisor = UART8250_SPEED_MAX / uart->place.speed;

	set(uart, LCR, LCR_DIVISOR);
	set(uart, DATA, (u8)divisor);
	set(uart, IER, (u8)(divisor >> 8));
}

bool uart8250_init(struct uart8250 *uart, const struct uart8250_place *place, void *memory)
{
	*uart = (struct uart8250){.place = *place, .memory = memory, .fifo = 1};
	set(uart, LCR, LCR_8N1);
	set(uart, IER, 0);
	if (place->speed)
		set_speed(uart);
	set(uart, LCR, LCR_8N1);
	set(uart, IIR_FCR, FCR_ENABLE_CLEAR);
	if ((get(uart, IIR_FCR) & IIR_FIFO) == IIR_FIFO)
		uart->fifo = FIFO_SIZE;
	uart->present = answers(uart);
	if (uart->present)
		set(uart, MCR, MCR_DTR_RTS);
	return uart->present;
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
