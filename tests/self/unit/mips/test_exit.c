/* SPDX-License-Identifier: MIT */
/* Tests the values of exit= in arch/mips/exit.c, and that the console is empty before the end. */
#include "arch/mips/exit.c"

#include <string.h>

#include "tests/self/unit/mips/host.h"

void console_drain(void)
{
	host_note("drain");
}

void mips_uhi_exit(u32 status)
{
	host_note("uhi %u", status);
}

void cpu_stop(void)
{
	host_note("stop");
	longjmp(host_death, 1);
}

int main(void)
{
	host_reset(0);
	CHECK(DIES(machine_exit(3)) && host_did("drain stop"), "by default the CPU stops");
	CHECK(exit_select("uhi") && DIES(machine_exit(7)) && host_did("drain uhi 7 stop"),
	      "exit=uhi: with the status; if nobody serves it the CPU stops");
	CHECK(!exit_select("isa-debug") && DIES(machine_exit(7)) && host_did("drain uhi 7 stop"),
	      "another value is refused, and changes nothing");
	CHECK(exit_select("halt") && DIES(machine_exit(7)) && host_did("drain stop"), "exit=halt");
	CHECK(!strcmp(exit_methods, "=halt|uhi"), "the values that messages name");
	return tap_done();
}
