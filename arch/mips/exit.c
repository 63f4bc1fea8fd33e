/* SPDX-License-Identifier: MIT */
#include <asm/exit.h>
#include "arch/asm-generic/word.h"
#include <asm/console.h>
#include <asm/smp.h>

const char exit_methods[] = "=halt|uhi";

static bool by_uhi;

bool exit_select(const char *name)
{
	if (!word_is(name, "halt") && !word_is(name, "uhi"))
		return false;
	by_uhi = word_is(name, "uhi");
	return true;
}

/* Unified Hosting Interface (MD01069), operation 1, exit: number in $25, argument in $4. */
static void uhi_exit(unsigned status)
{
	register u32 operation __asm__("$25") = 1;
	register u32 argument __asm__("$4") = status;

	__asm__ __volatile__("sdbbp 1" ::"r"(operation), "r"(argument) : "memory");
}

void machine_exit(unsigned status)
{
	console_drain();
	if (by_uhi)
		uhi_exit(status);
	cpu_stop();
}
