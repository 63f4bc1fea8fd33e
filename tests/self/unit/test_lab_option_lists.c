/* SPDX-License-Identifier: MIT */
/* Tests the options that name a guard, a choice, a scenario, a finding or a plant, and the
 * answer to a wrong name, in tests/lab/options.c, run_options.c and plant.c. */
#include "tests/self/unit/options_lab.h"

static void test_plants(void)
{
	static char expected[16384];

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
		      panic_says("bad value in option 'lab.plant=ordre', did you mean lab.plant=order? The list has all valid ones"),
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
		      panic_says(
			      "bad value in option 'lab.plant=nothing-like-it'; the list has all valid ones"),
	      "and one that is near to none");
	CHECK(PANICS(parse("lab.plant=irqs")) && panic_says("bad value in option 'lab.plant=irqs'"),
	      "one of the explorer's is none here");
	fresh();
	plant_choose(PLANTS_EXPLORER, "irqs");
	CHECK(planted(PLANT_irqs), "but there");
}

#define GUARDS_LIST                                                                                \
	({                                                                                         \
		static char list_[16384];                                                          \
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
		      panic_says("unknown guard in option 'guard.shotdown', did you mean guard.shootdown=off? The list has all valid options"),
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
		static char list_[16384];                                                          \
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
		      panic_says("unknown choice in option 'choice.zapp=splat', did you mean choice.zap=split? The list has all valid options"),
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
		      panic_says("run=tlb/stal matches no scenario, did you mean run=tlb/stale? The list has all valid names"),
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
		      panic_says("run=nothing-like-it matches no scenario; the list has all valid names"),
	      "one that is near to none");
	PRINTED(NAMES, "after the list");
	CHECK(patterns_refused(
		      "1234567890123456789012345678901234567890123456789012345678901234") &&
		      panic_says(
			      "run=123456789012345678901234567890123456789012345678901234567890123 matches"),
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
			      "known=123456789012345678901234567890123456789012345678901234567890123 names"),
	      "a long one is cut at 63");
}

int main(void)
{
	test_plants();
	test_guards();
	test_choices();
	test_patterns();
	test_bad_patterns();
	test_known();
	return tap_done();
}
