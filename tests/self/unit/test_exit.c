/* SPDX-License-Identifier: MIT */
/* Tests that arch/x86/exit.c ends the machine only after the serial port has sent all, because
 * QEMU's port is always done, so a boot cannot show that. */
#include <setjmp.h>
#include <string.h>

#include "kernel/compiler.h"

/* Declarations of x86 that the model's asm headers lack. */
bool exit_select(const char *name);
extern const char exit_methods[];
void console_drain(void);
_Noreturn void cpu_stop(void);

#include "arch/x86/exit.c"
#include "tests/self/unit/tap.h"

static jmp_buf stopped;
static bool drained;
static unsigned early;
static char said[16]; /* the values written to the port that ends the machine */
static size_t n;

void console_drain(void)
{
	drained = true;
}

void outb(u16 port, u8 value)
{
	early += !drained;
	if ((port == 0x8900 || port == 0xf4) && n < sizeof(said) - 1)
		said[n++] = (char)value;
}

void x86_screen_rest(void)
{
	early += !drained;
}

void cpu_stop(void)
{
	longjmp(stopped, 1);
}

static void ends(const char *method_name, const char *expected)
{
	memset(said, 0, sizeof(said));
	n = early = 0;
	drained = false;
	CHECK(exit_select(method_name), "exit=%s", method_name);
	if (!setjmp(stopped))
		machine_exit(1);
	CHECK(drained && !early && !strcmp(said, expected), "exit=%s: after the last bit",
	      method_name);
}

int main(void)
{
	ends("halt", "");
	ends("isa-debug", "\1");
	ends("bochs", "Shutdown");
	CHECK(!exit_select("boch"), "another value: refused");
	return tap_done();
}
