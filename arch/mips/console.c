/* SPDX-License-Identifier: MIT */
#include <asm/console.h>
#include "arch/asm-generic/option.h"
#include "drivers/uart8250.h"

/* The two ports of the board's Super I/O chip, at the same places as on a PC. */
static const u16 tty_port[] = {0x3f8, 0x2f8};

const char console_names[] = "=tty0|tty1|none";

static struct uart8250 uart;

static void start(u16 port)
{
	const struct uart8250_place place = {.at = port, .speed = UART8250_SPEED_MAX};

	uart8250_init(&uart, &place, NULL);
}

void console_early_init(void)
{
	start(tty_port[0]);
}

bool console_select(const char *name)
{
	if (option_is(name, "none"))
		uart.present = false;
	else if (option_is(name, "tty0"))
		start(tty_port[0]);
	else if (option_is(name, "tty1"))
		start(tty_port[1]);
	else
		return false;
	return true;
}

void console_write(const char *bytes, size_t n)
{
	uart8250_write(&uart, bytes, n);
}

const char *console_stop_asked(void)
{
	u8 byte;

	return uart8250_read(&uart, &byte) && byte == UART8250_CTRL_C ? "Ctrl-C on the serial port"
								      : NULL;
}

void console_drain(void)
{
	uart8250_drain(&uart);
}
