/* SPDX-License-Identifier: MIT */
/* The kernel's ways to stop. */
#include "tools/interleave/stop.h"

#include <asm/smp.h>

#include <stdarg.h>
#include <stdio.h>

#include "kernel/finish.h"
#include "kernel/panic.h"
#include "kernel/printk.h"

const char *stop_words;
void (*stop_part)(void);
static char stopped[300];

bool panic_running(unsigned cpu)
{
	(void)cpu;
	return false;
}

/* A stopped CPU is a result. It never goes on. */
static _Noreturn void stop(enum run_end end, const char *format, va_list args)
{
	int used = stop_part ? snprintf(stopped, sizeof(stopped), "CPU %u stopped: ", cpu_id()) : 0;

	vsnprintf(stopped + used, sizeof(stopped) - (size_t)used, format, args);
	stop_words = stopped;
	if (stop_part)
		stop_part();
	printk("Bail out! %s\n", stopped);
	finish_as(end);
}

_Noreturn void panic(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	stop(RUN_FAIL, format, args);
}

_Noreturn void refuse(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	stop(RUN_NOT_RUN, format, args);
}
