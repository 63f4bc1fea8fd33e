/* SPDX-License-Identifier: MIT */
/* A clock and a console for unit tests, and how all of the machine begins. */
#include <asm/clock.h>
#include <asm/console.h>

#include "arch/model/cpu.h"
#include "arch/model/model.h"

static u64 now;
static size_t console_used;

u64 model_clock_step;
char model_console[4096];
void (*model_console_hook)(void);

void devices_reset(void)
{
	now = 0;
	model_clock_step = 1000;
	console_used = 0;
	model_console[0] = 0;
	model_console_hook = NULL;
}

void model_reset(void)
{
	memory_reset();
	cpus_reset();
	interrupts_reset();
	tlb_reset();
	record_reset();
	devices_reset();
}

u64 clock_ns(void)
{
	return now += model_clock_step;
}

void console_write(const char *bytes, size_t n)
{
	for (size_t i = 0; i < n && console_used + 1 < sizeof(model_console); i++) {
		model_console[console_used++] = bytes[i];
		if (i == n / 2 && model_console_hook)
			model_console_hook();
	}
	model_console[console_used] = 0;
}
