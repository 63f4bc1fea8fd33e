/* SPDX-License-Identifier: MIT */
/* Where the firmware writes, and how it ends the emulator. */
#include "tests/self/boot/firmware/firmware.h"
#include <asm/barrier.h>
#include <asm/io.h>

/* COM1 and its registers (16550 data sheet), 115200 bit/s. */
#define COM1	   0x3f8
#define UART_IER   1
#define UART_LCR   3
#define UART_LSR   5
#define LCR_DLAB   0x80
#define LCR_8N1	   0x03
#define LSR_EMPTY  0x60 /* holding and shift register */
#define UART_READS 1000000u
#define DEBUG_EXIT 0xf4 /* QEMU's isa-debug-exit */
#define REFUSED	   0x7f /* QEMU's status: 255 */
#define DEBUGCON   0xe9 /* QEMU's -debugcon; without it nobody listens */

static void uart_init(void)
{
	outb(COM1 + UART_IER, 0);
	outb(COM1 + UART_LCR, LCR_DLAB);
	outb(COM1, 1);
	outb(COM1 + UART_IER, 0);
	outb(COM1 + UART_LCR, LCR_8N1);
}

/* Waits behind each byte, so that none is on its way when Zapwalk probes the port. */
static void uart_write(char c)
{
	outb(COM1, (u8)c);
	for (unsigned i = 0; i < UART_READS && (inb(COM1 + UART_LSR) & LSR_EMPTY) != LSR_EMPTY; i++)
		cpu_relax();
}

void print(const char *text)
{
	static bool ready;

	if (!ready)
		uart_init();
	ready = true;
	while (*text)
		uart_write(*text++);
}

void print_number(const char *key, u64 value)
{
	unsigned shift = 60;

	print(" ");
	print(key);
	print("=0x");
	while (shift && !(value >> shift))
		shift -= 4;
	for (;; shift -= 4) {
		uart_write("0123456789abcdef"[value >> shift & 15]);
		if (!shift)
			return;
	}
}

void refuse(const char *why)
{
	print("# firmware: this machine cannot be made so: ");
	print(why);
	print("\n");
	outb(DEBUG_EXIT, REFUSED);
	for (;;)
		__asm__ __volatile__("cli; hlt");
}

void firmware_note(const char *text)
{
	while (*text)
		outb(DEBUGCON, (u8)*text++);
	outb(DEBUGCON, '\n');
}
