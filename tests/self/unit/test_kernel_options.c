/* SPDX-License-Identifier: MIT */
/* Tests the values of deadline= and seed= in kernel/options.c, and the way of all other options. */
#include <string.h>

#include "kernel/compiler.h"

/* Missing in the model's asm/console.h, asm/exit.h and asm/clock.h. */
static const char console_names[] = "=<console>", exit_methods[] = "=<exit>";
static bool console_select(const char *name);
static bool exit_select(const char *name);
static u64 clock_cycles(void);

#include "kernel/options.c"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

u32 run_seed;
static char selected[32];

static bool console_select(const char *name)
{
	strcat(strcpy(selected, "console:"), name);
	return strcmp(name, "bad");
}

static bool exit_select(const char *name)
{
	strcat(strcpy(selected, "exit:"), name);
	return strcmp(name, "bad");
}

static u64 clock_cycles(void)
{
	return 0x123456789abull;
}

static void parse(const char *text)
{
	static char line[64];

	machine_reset();
	wait_deadline_s = run_seed = 77;
	selected[0] = 0;
	strcpy(line, text);
	cmdline_parse(line);
}

static bool refused(const char *text)
{
	return PANICS(parse(text)) && panic_says("bad value in option") && panic_says(text) &&
	       wait_deadline_s == 77 && run_seed == 77;
}

static void test_deadline(void)
{
	parse("deadline=1");
	CHECK(wait_deadline_s == 1, "deadline=1 is the shortest");
	parse("deadline=3600");
	CHECK(wait_deadline_s == 3600, "deadline=3600 is the longest");
	CHECK(refused("deadline=0") && panic_says("valid is deadline=<seconds 1..3600>"),
	      "deadline=0 is refused");
	CHECK(refused("deadline=3601"), "deadline=3601 is refused");
	CHECK(refused("deadline=4294967296"), "and so is what 32 bits do not hold");
	CHECK(refused("deadline=4294967297"), "which is not cut to 1");
	CHECK(refused("deadline=10x") && refused("deadline=") && refused("deadline"),
	      "and what is no number");
}

static void test_seed(void)
{
	parse("seed=0");
	CHECK(!run_seed, "seed=0 is a seed");
	parse("seed=4294967295");
	CHECK(run_seed == 0xffffffff, "and so is the largest number of 32 bits");
	options_init();
	CHECK(run_seed == 0x456789ab, "without the option: the clock's low half");
	CHECK(refused("seed=4294967296") && refused("seed=x") && refused("seed"),
	      "others are refused");
}

static void test_places(void)
{
	parse("console=com2");
	CHECK(!strcmp(selected, "console:com2"), "console= is asked of the port's consoles");
	parse("exit=halt");
	CHECK(!strcmp(selected, "exit:halt"), "exit= is asked of the port's ends");
	CHECK(refused("console=bad") && refused("exit=bad") && refused("console") &&
		      refused("exit"),
	      "what they do not know is refused");
}

int main(void)
{
	test_deadline();
	test_seed();
	test_places();
	return tap_done();
}
