/* SPDX-License-Identifier: MIT */
/* Reads the kernel's own options from the command line. */
#include <asm/clock.h>
#include <asm/console.h>
#include <asm/exit.h>

#include "kernel/cmdline.h"
#include "kernel/finish.h"
#include "kernel/options.h"
#include "kernel/string.h"
#include "kernel/wait/wait.h"

static bool set_console(const char *rest, const char *value)
{
	(void)rest;
	return value && console_select(value);
}
OPTION(option_console, "console", console_names, set_console, true);

static bool set_exit(const char *rest, const char *value)
{
	(void)rest;
	return value && exit_select(value);
}
OPTION(option_exit, "exit", exit_methods, set_exit, true);

static bool set_deadline(const char *rest, const char *value)
{
	u32 seconds;

	(void)rest;
	if (!value || !parse_u32(value, &seconds) || !seconds || seconds > 3600)
		return false;
	wait_deadline_s = seconds;
	return true;
}
OPTION(option_deadline, "deadline", "=<seconds 1..3600>", set_deadline, false);

static bool set_seed(const char *rest, const char *value)
{
	(void)rest;
	return value && parse_u32(value, &run_seed);
}
OPTION(option_seed, "seed", "=<number>", set_seed, false);

void options_init(void)
{
	run_seed = (u32)clock_cycles();
}
