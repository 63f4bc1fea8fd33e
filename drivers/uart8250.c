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

#define DIVISOR_115200 1
#define FIFO_SIZE      16
/* Reads of the line status, about 1 us each on a PC: far more than 16 bytes at 115200 baud (1.4 ms)
 * need, and enough for an emulator whose reader pauses. */
#define WAIT_READS 500000u

static bool wait_empty(struct uart8250 *uart)
{
	unsigned reads = uart->stuck ? 1 : WAIT_READS;

	for (unsigned i = 0; i < reads; i++) {
		if (inb(uart->port + LSR) & LSR_EMPTY) {
			uart->stuck = false;
			return true;
		}
		cpu_relax();
	}
	uart->stuck = true;
	return false;
}

/* In loopback what is sent comes back; where there is no device, nothing does. */
static bool answers(u16 port)
{
	bool back = false;

	outb(port + MCR, MCR_LOOP);
	outb(port + DATA, 0xae);
	for (unsigned i = 0; i < 1000 && !back; i++)
		back = inb(port + LSR) != 0xff && inb(port + LSR) & LSR_DATA;
	return back && inb(port + DATA) == 0xae;
}

bool uart8250_init(struct uart8250 *uart, u16 port)
{
	*uart = (struct uart8250){.port = port, .fifo = 1};
	outb(port + IER, 0);
	outb(port + LCR, LCR_DIVISOR);
	outb(port + DATA, DIVISOR_115200);
	outb(port + IER, DIVISOR_115200 >> 8);
	outb(port + LCR, LCR_8N1);
	outb(port + IIR_FCR, FCR_ENABLE_CLEAR);
	if ((inb(port + IIR_FCR) & IIR_FIFO) == IIR_FIFO)
		uart->fifo = FIFO_SIZE;
	uart->present = answers(port);
	if (uart->present)
		outb(port + MCR, MCR_DTR_RTS);
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
				outb(uart->port + DATA, (u8)bytes[i]);
		bytes += chunk;
		n -= chunk;
	}
}
