/* SPDX-License-Identifier: MIT */
/* Decides when a run of many passes is over. */
#include "tests/lab/soak.h"

#include <asm/clock.h>
#include <asm/console.h>

#include "kernel/printk.h"
#include "tests/lab/options.h"
#include "tests/lab/passes.h"

/* Where firmware stands behind the keyboard, as with a USB keyboard presented as PS/2, each look
 * costs a system management interrupt on the CPU under test. */
#define LOOK_EVERY_NS 50000000u
#define MINUTE_NS     60000000000ull
#define KEYS_BEFORE   32u /* more than a keyboard controller keeps */

static u64 looked; /* clock_ns() */

static bool is_soak(void)
{
	return options.passes != 1 || options.minutes;
}

void soak_begin(void)
{
	for (unsigned n = 0; is_soak() && n < KEYS_BEFORE; n++)
		console_stop_asked();
	looked = clock_ns();
}

static const char *reason(void)
{
	const char *asked = console_stop_asked();

	if (asked)
		return asked;
	return options.minutes && clock_ns() >= options.minutes * MINUTE_NS
		       ? "the minutes= are over"
		       : NULL;
}

const char *soak_over(void)
{
	static const char *why;

	if (why || !is_soak() || clock_ns() - looked < LOOK_EVERY_NS)
		return why;
	looked = clock_ns();
	why = reason();
	if (why)
		printk("# ev=ended pass=%u why=\"%s\"\n", pass_number(), why);
	return why;
}
