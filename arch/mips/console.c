/* SPDX-License-Identifier: MIT */
#include <asm/console.h>
#include "arch/mips/word.h"
#include "drivers/uart8250.h"

/* The two ports of the board's Super I/O chip, at the places that they have on a PC. */
static const u16 tty_port[] = {0x3f8, 0x2f8};

const char console_names[] = "=tty0|tty1|none";

static struct uart8250 uart;

void console_early_init(void)
{
	uart8250_init(&uart, tty_port[0]);
}

bool console_select(const char *name)
{
	if (word_is(name, "none"))
		uart.present = false;
	else if (word_is(name, "tty0"))
		uart8250_init(&uart, tty_port[0]);
	else if (word_is(name, "tty1"))
		uart8250_init(&uart, tty_port[1]);
	else
		return false;
	return true;
}

void console_write(const char *bytes, size_t n)
{
	uart8250_write(&uart, bytes, n);
}
