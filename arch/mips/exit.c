/* SPDX-License-Identifier: MIT */
#include <asm/exit.h>
#include "arch/asm-generic/option.h"
#include "arch/mips/entry.h"
#include <asm/console.h>
#include <asm/smp.h>

const char exit_methods[] = "=halt|uhi";

static bool by_uhi;

bool exit_select(const char *name)
{
	if (!option_is(name, "halt") && !option_is(name, "uhi"))
		return false;
	by_uhi = option_is(name, "uhi");
	return true;
}

void machine_exit(unsigned status)
{
	console_drain();
	if (by_uhi)
		mips_uhi_exit(status);
	cpu_stop();
}
