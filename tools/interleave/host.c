/* SPDX-License-Identifier: MIT */
/* The host as the rest of a machine, with console, clock and exit. */
#include <asm/clock.h>
#include <asm/console.h>
#include <asm/exit.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "arch/model/cpu.h"
#include "arch/model/model.h"

void console_write(const char *bytes, size_t n)
{
	fwrite(bytes, 1, n, stdout);
	fflush(stdout);
}

static u64 now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (u64)time.tv_sec * 1000000000ull + (u64)time.tv_nsec;
}

u64 clock_ns(void)
{
	static u64 start;

	if (!start)
		start = now();
	return now() - start;
}

_Noreturn void machine_exit(unsigned status)
{
	exit((int)status);
}

void model_reset(void)
{
	memory_reset();
	cpus_reset();
	interrupts_reset();
	tlb_reset();
	record_reset();
}
