/* SPDX-License-Identifier: MIT */
/* Tests the values set by each option of tests/lab/options.c, run_options.c and plant.c, and the
 * words of each refusal. */
#include <stdio.h>
#include <string.h>

#include "kernel/cmdline.h"
#include "tests/lab/options.c"
#include "tests/lab/plant.c"
#include "tests/lab/run_options.c"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/printed.h"

static const struct options at_boot = {
	.idle_role = MAX_ROLES, .passes = 1, .seconds = 5, .iters = 1000};

/* Returns its former name. */
static const char *old_name(const char *name)
{
	static const char *const names[][2] = {
#define RENAMED(old_name, new_name) {old_name, new_name},
#include "kernel/renamed.def"
#undef RENAMED
	};
	unsigned i = 0;

	while (strcmp(names[i][1], name))
		i++;
	return names[i][0];
}

static bool panic_names(const char *format, const char *name)
{
	char text[100];

	snprintf(text, sizeof(text), format, old_name(name));
	return panic_says(text);
}

static void fresh(void)
{
	machine_reset();
	printed_reset();
	options = at_boot;
	passes_said = happened = false;
	chosen = NR_PLANTS;
}

/* Kept by the setters. */
static void parse(const char *text)
{
	static char line[200];

	fresh();
	strcpy(line, text);
	cmdline_parse(line);
}

static bool sets_nothing_else(struct options expected)
{
	const struct options *o = &options, *e = &expected;

	return o->run == e->run && o->mode == e->mode && o->require == e->require &&
	       o->known == e->known && o->list == e->list && o->verbose == e->verbose &&
	       o->strict == e->strict && o->safe == e->safe && o->stuck_guards == e->stuck_guards &&
	       o->replay == e->replay && o->broken == e->broken && o->deadlock == e->deadlock &&
	       o->revive == e->revive && o->idle_role == e->idle_role &&
	       o->all_idle == e->all_idle && o->passes == e->passes && o->minutes == e->minutes &&
	       o->seconds == e->seconds && o->iters == e->iters &&
	       !memcmp(o->guard_off, e->guard_off, sizeof(o->guard_off)) &&
	       !memcmp(o->choice, e->choice, sizeof(o->choice));
}

/* The option sets these values and no others. */
#define SETS(text, ...)                                                                            \
	do {                                                                                       \
		struct options expected_ = at_boot;                                                \
                                                                                                   \
		parse(text);                                                                       \
		__VA_ARGS__;                                                                       \
		CHECK(sets_nothing_else(expected_), "%s: %s", text, #__VA_ARGS__);                 \
	} while (0)
#define IS expected_

static bool refused(const char *text)
{
	return PANICS(parse(text)) && panic_says("bad value in option '") && panic_says(text);
}

static bool kept(const char *value, const char *text)
{
	return value && !strcmp(value, text);
}

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

static void test_plants(void)
{
	char expected[1200] = "";

	parse("lab.plant=order");
	CHECK(chosen == PLANT_order && plant_report() == false, "it is chosen, and did not happen");
	PRINTED("# ev=missing what=\"lab.plant=order did not happen: no scenario came by its place\"\n",
		"which is said");
	CHECK(!planted(PLANT_loss) && !plant_report(), "another one is not planted");
	printed_reset();
	CHECK(planted(PLANT_order) && plant_report(), "who asks for it plants it");
	PRINTED("", "and nothing is missing");
	plant_announce();
	PRINTED("# ev=plant name=order does=\"every two neighbours of the trace change places\" "
		"answer=\"broken: the trace is out of order\"\n",
		"it is announced");
	parse("lab.plant=leak");
	CHECK(chosen == PLANT_leak, "the first of all can be chosen");
	fresh();
	plant_announce();
	CHECK(plant_report(), "without the word nothing is missing");
	PRINTED("", "and nothing is said");
	CHECK(PANICS(parse("lab.plant=ordre")) &&
		      panic_says("bad value in option 'lab.plant=ordre', did you mean "
				 "lab.plant=order? The list has all valid ones"),
	      "a mistyped one: the one that was meant");
	for (unsigned id = 0; id < NR_PLANTS; id++)
		if (plants[id].where & PLANTS_LAB)
			sprintf(expected + strlen(expected), "# valid: lab.plant=%s  (%s)\n",
				plants[id].name, plants[id].does);
	CHECK(strstr(expected, "=leak ") && strstr(expected, "=count ") &&
		      !strstr(expected, "=irqs "),
	      "those of the lab are listed");
	PRINTED(expected, "all of them, and no other");
	CHECK(PANICS(parse("lab.plant=nothing-like-it")) &&
		      panic_says("bad value in option 'lab.plant=nothing-like-it'; the list has all "
				 "valid ones"),
	      "and one that is near to none");
	CHECK(PANICS(parse("lab.plant=irqs")) && panic_says("bad value in option 'lab.plant=irqs'"),
	      "one of the explorer's is none here");
	fresh();
	plant_choose(PLANTS_EXPLORER, "irqs");
	CHECK(planted(PLANT_irqs), "but there");
}

#define GUARDS_LIST                                                                                \
	({                                                                                         \
		static char list_[8192];                                                           \
                                                                                                   \
		list_[0] = 0;                                                                      \
		for (unsigned id_ = 0; id_ < NR_GUARDS; id_++)                                     \
			sprintf(list_ + strlen(list_), "# valid: guard.%s=off  (%s)\n",            \
				guard_info[id_].name, guard_info[id_].meaning);                    \
		list_;                                                                             \
	})

static void test_guards(void)
{
	SETS("guard.shootdown=off", IS.guard_off[GUARD_shootdown] = 1);
	SETS("guard.present_recheck=off", IS.guard_off[GUARD_present_recheck] = 1);
	CHECK(refused("guard.shootdown=on") && refused("guard.shootdown"), "off is the only value");
	PRINTED("", "which does not take a list");
	fresh();
	printed_long();
	CHECK(PANICS(set_guard(old_name("present_recheck"), "off")) &&
		      panic_names("guard.%s is called guard.present_recheck today",
				  "present_recheck"),
	      "one that was renamed: what it is called");
	PRINTED_LONG(GUARDS_LIST, "after the list of all");
	CHECK(PANICS(set_guard("shotdown", "off")) &&
		      panic_says("unknown guard in option 'guard.shotdown', did you mean "
				 "guard.shootdown=off? The list has all valid options"),
	      "a mistyped one: the one that was meant");
	CHECK(PANICS(set_guard("present_rechekc", "off")) &&
		      panic_says("did you mean guard.present_recheck=off?"),
	      "the first of all too");
	printed_long();
	CHECK(!set_guard("nothing-like-it", "off"), "one that is near to none is refused");
	PRINTED_LONG(GUARDS_LIST, "after the same list");
}

#define CHOICES_LIST                                                                               \
	({                                                                                         \
		static char list_[8192];                                                           \
                                                                                                   \
		list_[0] = 0;                                                                      \
		for (unsigned id_ = 1; id_ < NR_VALUES; id_++)                                     \
			sprintf(list_ + strlen(list_), "# valid: choice.%s=%s  (%s)\n",            \
				value_info[id_].choice, value_info[id_].value,                     \
				value_info[id_].meaning);                                          \
		list_;                                                                             \
	})

static void test_choices(void)
{
	SETS("choice.zap=split", IS.choice[CHOICE_zap] = VALUE_zap_split);
	SETS("choice.pte_read=recheck", IS.choice[CHOICE_pte_read] = VALUE_pte_read_recheck);
	SETS("choice.table_free=grace", IS.choice[CHOICE_table_free] = VALUE_table_free_grace);
	fresh();
	printed_long();
	CHECK(PANICS(set_choice("flush", old_name("nowait"))) &&
		      panic_names("choice.flush=%s is called choice.flush=nowait today", "nowait"),
	      "a value that was renamed: what it is called");
	PRINTED_LONG(CHOICES_LIST, "after the list of all");
	CHECK(PANICS(set_choice("zapp", "splat")) &&
		      panic_says("unknown choice in option 'choice.zapp=splat', did you mean "
				 "choice.zap=split? The list has all valid options"),
	      "name and value mistyped");
	CHECK(PANICS(set_choice("pte_reed", "recheckk")) && panic_says("choice.pte_read=recheck?"),
	      "the first of all");
	CHECK(PANICS(set_choice("folded_walk", "addr-end")) &&
		      panic_says("choice.folded_walk=addr_end?"),
	      "and the last");
	CHECK(!set_choice("zap", "grace"), "another choice's value is none of this one's");
	printed_long();
	CHECK(!set_choice("nothing-like-it", "split"), "a name that is near to none is refused");
	PRINTED_LONG(CHOICES_LIST, "after the same list");
	printed_long();
	CHECK(!set_choice("zap", NULL), "and so is a name without a value");
	PRINTED_LONG(CHOICES_LIST, "after the same list");
}

static void test_modes_asked(void)
{
	fresh();
	CHECK(option_asks_mode("probe") && !option_requires("probe"),
	      "unless said, every mode is asked for and none required");
	parse("mode=choreo,stress require=stress,probe");
	CHECK(option_asks_mode("choreo") && option_asks_mode("stress") && !option_asks_mode("probe"), "by mode=");
	CHECK(option_requires("stress") && option_requires("probe") && !option_requires("choreo"),
	      "by require=");
	options.mode = "choreos,probe";
	CHECK(!option_asks_mode("choreo") && !option_asks_mode("prob"), "a word counts as a whole");
	options.mode = "choreo,stress";
	CHECK(!option_asks_mode("stressed"), "the last one too");
}

static void test_patterns(void)
{
	const char *list = "ab,,c", *pattern;
	size_t length = 9;
	char text[4];

	pattern = option_next_pattern(&list, &length);
	CHECK(!strcmp(pattern, "ab,,c") && length == 2 && !strcmp(list, ",c"), "up to the comma");
	pattern = option_next_pattern(&list, &length);
	CHECK(!length && !strcmp(list, "c"), "an empty one");
	pattern = option_next_pattern(&list, &length);
	CHECK(!strcmp(pattern, "c") && length == 1 && !*list, "the last one");
	CHECK(!option_next_pattern(&list, &length), "no more");
	list = NULL;
	CHECK(!option_next_pattern(&list, &length), "of no list none");
	option_pattern_text(text, sizeof(text), "abcdef", 2);
	CHECK(!strcmp(text, "ab"), "its text ends with it");
	option_pattern_text(text, sizeof(text), "abcdef", 3);
	CHECK(!strcmp(text, "abc"), "as long as there is room for");
	option_pattern_text(text, sizeof(text), "abcdef", 4);
	CHECK(!strcmp(text, "abc"), "and is cut where there is none");
	option_pattern_text(text, sizeof(text), "abcdef", 6);
	CHECK(!strcmp(text, "abc"), "wherever");
	fresh();
	CHECK(option_selects("pte/one"), "without run= every row is selected");
	options.run = "tlb/*,pte/one";
	CHECK(option_selects("pte/one") && option_selects("tlb/x") && !option_selects("pte/two") &&
		      !option_selects("hw/one"),
	      "else what a pattern matches");
}

static const char *const names[] = {"pte/one", "tlb/stale", "walk/x"};

static const char *name_of(unsigned i)
{
	return names[i];
}

#define NAMES "# valid: run=pte/one\n# valid: run=tlb/stale\n# valid: run=walk/x\n"

static bool patterns_refused(const char *run)
{
	fresh();
	options.run = run;
	return PANICS(option_check_patterns(name_of, 3));
}

static void test_bad_patterns(void)
{
	char text[40];

	CHECK(!patterns_refused("pte/*,walk/x,tlb/stale"), "each selects one");
	CHECK(!patterns_refused(NULL), "or there are none");
	PRINTED("", "then nothing is said");
	CHECK(patterns_refused("pte/*,tlb/stal") &&
		      panic_says("run=tlb/stal matches no scenario, did you mean run=tlb/stale? "
				 "The list has all valid names"),
	      "one that selects none: the one that was meant");
	PRINTED(NAMES, "after all of them");
	CHECK(patterns_refused("stale") && panic_says("did you mean run=tlb/stale?"),
	      "even without its group");
	snprintf(text, sizeof(text), "%s,x", old_name("pte/nowait-flush"));
	CHECK(patterns_refused(text) && panic_names("run=%s is called run=pte/nowait-flush today",
						    "pte/nowait-flush"),
	      "one that was renamed");
	PRINTED("", "without the list");
	CHECK(patterns_refused("nothing-like-it,pte/one") &&
		      panic_says("run=nothing-like-it matches no scenario; the list has all valid "
				 "names"),
	      "one that is near to none");
	PRINTED(NAMES, "after the list");
	CHECK(patterns_refused(
		      "1234567890123456789012345678901234567890123456789012345678901234") &&
		      panic_says(
			      "run=12345678901234567890123456789012345678901234567890123456789012"
			      "3 matches"),
	      "a long one is cut at 63");
	CHECK(!strcmp(without_group("a/b/c"), "b/c") && !strcmp(without_group("abc"), "abc"),
	      "a name without its group");
}

static const char *const findings[] = {"F-001", NULL, "F-002"};

static const char *finding_of(unsigned i)
{
	return findings[i];
}

static bool known_refused(const char *known)
{
	fresh();
	options.known = known;
	return PANICS(option_check_known(finding_of, 3));
}

static void test_known(void)
{
	CHECK(!known_refused(NULL) && !known_refused("F-002,F-001"), "each is a finding");
	PRINTED("", "then nothing is said");
	CHECK(option_knows("F-001") && option_knows("F-002") && !option_knows("F-00") &&
		      !option_knows(NULL),
	      "and these are known");
	CHECK(known_refused("F-001,F-003,x") &&
		      panic_says("known=F-003 names a finding that no scenario shows"),
	      "one that is none is named");
	PRINTED("# valid: known=F-001\n# valid: known=F-002\n", "after those that there are");
	CHECK(known_refused("1234567890123456789012345678901234567890123456789012345678901234") &&
		      panic_says(
			      "known=1234567890123456789012345678901234567890123456789012345678901"
			      "23 names"),
	      "a long one is cut at 63");
}

int main(void)
{
	CHECK(sets_nothing_else(at_boot), "what holds without a word");
	test_values_kept();
	test_numbers();
	test_flags();
	test_lab_words();
	test_plants();
	test_guards();
	test_choices();
	test_modes_asked();
	test_patterns();
	test_bad_patterns();
	test_known();
	return tap_done();
}
