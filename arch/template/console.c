/* SPDX-License-Identifier: MIT */
/* The first part of a port to write, COM1 of a PC, so that the others can say their name. */
#include "arch/asm-generic/option.h"
#include <asm/console.h>

/* National Semiconductor PC16550D data sheet, table II. */
#define COM1	  0x3f8
#define LSR	  5
#define LSR_EMPTY 0x20

#define WAIT_READS 500000u

const char console_names[] = "=com1";

static void outb(u16 port, u8 value)
{
	__asm__ __volatile__("outb %0,%1" ::"a"(value), "Nd"(port) : "memory");
}

static u8 inb(u16 port)
{
	u8 value;

	__asm__ __volatile__("inb %1,%0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

/* QEMU's firmware leaves it ready to send. */
void console_early_init(void)
{
}

bool console_select(const char *name)
{
	return option_is(name, "com1");
}

static void com1_send(u8 byte)
{
	unsigned reads = WAIT_READS;

	while (!(inb(COM1 + LSR) & LSR_EMPTY) && --reads)
		;
	outb(COM1, byte);
}

void console_write(const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		com1_send((u8)bytes[i]);
}

const char *console_stop_asked(void)
{
	return NULL;
}
