/* SPDX-License-Identifier: MIT */
/* Tests arch/mips/console.c for the serial port of each option, and for its input. */
#include "arch/mips/console.c"

#include <string.h>

#include "tests/self/unit/mips/host.h"

static int typed; /* -1 if nothing */

bool uart8250_init(struct uart8250 *u, const struct uart8250_place *place, void *memory)
{
	host_note("init %x step=%u speed=%u clock=%u keep=%u%s", (unsigned)place->at,
		  place->memory_step, place->speed, place->clock, place->keep_divisor,
		  memory ? " memory" : "");
	u->present = true;
	return true;
}

void uart8250_write(struct uart8250 *u, const char *bytes, size_t n)
{
	host_note("write %.*s%s", (int)n, bytes, u->present ? "" : " (nowhere)");
}

bool uart8250_read(struct uart8250 *u, u8 *byte)
{
	*byte = typed < 0 ? UART8250_CTRL_C : (u8)typed;
	return u->present && typed >= 0;
}

void uart8250_drain(struct uart8250 *u)
{
	host_note("drain%s", u->present ? "" : " (nothing)");
}

static const char *asked(int byte)
{
	typed = byte;
	return console_stop_asked();
}

int main(void)
{
	host_reset(0);
	console_early_init();
	CHECK(host_did("init 3f8 step=0 speed=115200 clock=0 keep=0"), "before any option: tty0");
	CHECK(console_select("tty1") && host_did("init 2f8 step=0 speed=115200 clock=0 keep=0"),
	      "tty1");
	CHECK(console_select("tty0") && host_did("init 3f8 step=0 speed=115200 clock=0 keep=0"),
	      "tty0");
	console_write("abcd", 3);
	console_drain();
	CHECK(host_did("write abc drain"), "bytes out");
	CHECK(!console_select("com1") && host_did("") && uart.present, "another value is refused");
	CHECK(!asked(-1) && !asked('c') && !strcmp(asked(3), "Ctrl-C on the serial port"),
	      "only a Ctrl-C ends the run");
	CHECK(console_select("none"), "none");
	console_write("x", 1);
	CHECK(host_did("write x (nowhere)"), "none: bytes go nowhere");
	CHECK(!strcmp(console_names, "=tty0|tty1|none"), "the values that messages name");
	return tap_done();
}
