/* SPDX-License-Identifier: MIT */
#include "arch/asm-generic/option.h"
#include "arch/s390x/psw.h"
#include "arch/s390x/stop.h"
#include <asm/exit.h>
#include <asm/smp.h>

/* PSW addresses of the last wait (is_special_wait_psw() in QEMU's target/s390x). */
#define WAIT_PASSED 0xffful
#define WAIT_FAILED 0xbadul

const char exit_methods[] = "=halt";

bool exit_select(const char *name)
{
	return option_is(name, "halt");
}

/* QEMU looks at the last CPU's PSW only when no other CPU runs. */
void machine_exit(unsigned status)
{
	stop_all_others();
	load_psw((struct psw){PSW_WAIT | PSW_64, status ? WAIT_FAILED : WAIT_PASSED});
}
