/* SPDX-License-Identifier: MIT */
#include "arch/asm-generic/option.h"
#include <asm/exit.h>
#include "arch/x86/screen.h"
#include <asm/console.h>
#include <asm/io.h>
#include <asm/smp.h>

#define ISA_DEBUG_EXIT 0xf4
#define BOCHS_EXIT     0x8900

const char exit_methods[] = "=halt|isa-debug|bochs";

static enum exit_method {
	EXIT_HALT,
	EXIT_ISA_DEBUG,
	EXIT_BOCHS,
} method;

bool exit_select(const char *name)
{
	if (option_is(name, "halt"))
		method = EXIT_HALT;
	else if (option_is(name, "isa-debug"))
		method = EXIT_ISA_DEBUG;
	else if (option_is(name, "bochs"))
		method = EXIT_BOCHS;
	else
		return false;
	return true;
}

void machine_exit(unsigned status)
{
	/* A machine sends nothing more after its end, and the last line is the verdict. */
	console_drain();
	if (method == EXIT_ISA_DEBUG)
		outb(ISA_DEBUG_EXIT, (u8)status);
	if (method == EXIT_BOCHS)
		for (const char *p = "Shutdown"; *p; p++)
			outb(BOCHS_EXIT, (u8)*p);
	x86_screen_rest();
	cpu_stop();
}
