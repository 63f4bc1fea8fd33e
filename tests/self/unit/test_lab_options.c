/* SPDX-License-Identifier: MIT */
/* Tests the effect of each option of the lab, and the values it refuses, in tests/lab/options.c
 * and run_options.c. */
#include "tests/self/unit/options_lab.h"

static void test_values_kept(void)
{
	SETS("run=pte/*", IS.run = options.run);
	CHECK(kept(options.run, "pte/*"), "run= is kept");
	CHECK(refused("run=") && refused("run"), "and is not empty");
	SETS("mode=stress,probe", IS.mode = options.mode);
	CHECK(kept(options.mode, "stress,probe"), "mode= is kept");
	SETS("mode=all", IS.mode = NULL);
	CHECK(refused("mode") && refused("mode=") && refused("mode=stres") &&
		      refused("mode=probe,choreox") && refused("mode=choreo,,probe") &&
		      refused("mode=all,probe"),
	      "other modes are refused, wherever they stand");
	SETS("require=choreo", IS.require = options.require);
	CHECK(kept(options.require, "choreo"), "require= is kept");
	CHECK(refused("require") && refused("require=") && refused("require=all"),
	      "require= has modes alone");
	SETS("known=F-001,F-002", IS.known = options.known);
	CHECK(kept(options.known, "F-001,F-002"), "known= is kept");
	CHECK(refused("known") && refused("known="), "and is not empty");
}

static void test_numbers(void)
{
	SETS("seconds=0", IS.seconds = 0);
	SETS("seconds=4294967295", IS.seconds = 0xffffffff);
	CHECK(refused("seconds") && refused("seconds=x") && refused("seconds=4294967296"),
	      "seconds= is a number");
	SETS("iters=1", IS.iters = 1);
	CHECK(refused("iters") && refused("iters=0") && refused("iters=x"), "iters= is one from 1");
	SETS("passes=3", IS.passes = 3);
	SETS("passes=0", IS.passes = 0);
	CHECK(refused("passes") && refused("passes=x"), "passes= is a number");
	SETS("minutes=1", IS.minutes = 1; IS.passes = 0);
	SETS("minutes=1000000", IS.minutes = 1000000; IS.passes = 0);
	CHECK(refused("minutes=0") && refused("minutes=1000001") && refused("minutes=x") &&
		      refused("minutes"),
	      "minutes= is one from 1 to a million");
	SETS("minutes=2 passes=7", IS.minutes = 2; IS.passes = 7);
	SETS("passes=7 minutes=2", IS.minutes = 2; IS.passes = 7);
}

static void test_flags(void)
{
	SETS("list", IS.list = true);
	SETS("verbose", IS.verbose = true);
	SETS("strict", IS.strict = true);
	SETS("safe", IS.safe = true);
	CHECK(refused("list=1") && refused("verbose=1") && refused("strict=1") && refused("safe=1"),
	      "flags have no value");
}

static void test_lab_words(void)
{
	SETS("lab.idle=writer", IS.idle_role = 1);
	SETS("lab.idle=walker", IS.idle_role = 0);
	SETS("lab.idle=all", IS.all_idle = true);
	CHECK(option_idle(0) && option_idle(3), "all: every role");
	parse("lab.idle=writer");
	CHECK(option_idle(1) && !option_idle(0), "writer: role 1 alone");
	CHECK(refused("lab.idle=reader"), "others are none");
	SETS("lab.replay=0:a@b", IS.replay = options.replay);
	CHECK(kept(options.replay, "0:a@b"), "lab.replay= is kept");
	SETS("lab.broken=hw/ipi", IS.broken = options.broken);
	CHECK(kept(options.broken, "hw/ipi"), "lab.broken= is kept");
	CHECK(refused("lab.broken=hx/ipi") && refused("lab.broken=hwx"), "it is a row of hw/");
	SETS("lab.revive=1", IS.revive = true);
	SETS("lab.deadlock=1", IS.deadlock = true);
	CHECK(refused("lab.revive=0") && refused("lab.deadlock=2"), "these two are 1");
	SETS("lab.guards=stuck", IS.stuck_guards = true);
	CHECK(refused("lab.guards=live") && refused("lab.guard=stuck") && refused("lab.guards") &&
		      refused("lab.=stuck") && refused("lab.idle") && refused("lab.plant"),
	      "others are refused, and each has a value");
}

static void test_modes_asked(void)
{
	fresh();
	CHECK(option_asks_mode("probe") && !option_requires("probe"),
	      "unless said, every mode is asked for and none required");
	parse("mode=choreo,stress require=stress,probe");
	CHECK(option_asks_mode("choreo") && option_asks_mode("stress") &&
		      !option_asks_mode("probe"),
	      "by mode=");
	CHECK(option_requires("stress") && option_requires("probe") && !option_requires("choreo"),
	      "by require=");
	options.mode = "choreos,probe";
	CHECK(!option_asks_mode("choreo") && !option_asks_mode("prob"), "a word counts as a whole");
	options.mode = "choreo,stress";
	CHECK(!option_asks_mode("stressed"), "the last one too");
}

int main(void)
{
	CHECK(sets_nothing_else(at_boot), "what holds without a word");
	test_values_kept();
	test_numbers();
	test_flags();
	test_lab_words();
	test_modes_asked();
	return tap_done();
}
