/* SPDX-License-Identifier: MIT */
#include <asm/console.h>
#include "drivers/uart8250.h"

/* Where PCs have had them since the AT; the BIOS's own list is not there under EFI. */
static const u16 com_port[] = {0x3f8, 0x2f8, 0x3e8, 0x2e8};

const char console_names[] = "=com1|com2|com3|com4|none";

static struct uart8250 uart;

void console_early_init(void)
{
	uart8250_init(&uart, com_port[0]);
}

static bool is(const char *name, const char *other)
{
	while (*name && *name == *other) {
		name++;
		other++;
	}
	return *name == *other;
}

bool console_select(const char *name)
{
	char com[] = "com1";

	if (is(name, "none")) {
		uart.present = false;
		return true;
	}
	for (unsigned i = 0; i < ARRAY_SIZE(com_port); i++) {
		com[3] = (char)('1' + i);
		if (is(name, com)) {
			uart8250_init(&uart, com_port[i]);
			return true;
		}
	}
	return false;
}

void console_write(const char *bytes, size_t n)
{
	uart8250_write(&uart, bytes, n);
}
