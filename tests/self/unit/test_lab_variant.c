/* SPDX-License-Identifier: MIT */
/* Tests the world of a role at its beginning in tests/lab/variant.c, the rest after its end, and
 * the lab's complaints. */
#include <string.h>

#include "tests/self/unit/whole_lab.h"

/* The roles' findings. */
static struct {
	unsigned runs, on_cpu[MAX_ROLES];
	bool loaded, guards_right, choices_right, mapped, recorded;
	u32 tag;
} seen;
static u8 expected_off;
static bool entry_written, frame_lost, reference_taken;

static bool only_off(u8 guard)
{
	for (unsigned id = 0; id < NR_GUARDS; id++)
		if (guard_off[id] != (id == guard))
			return false;
	return true;
}

static void look_around(struct variant *of, unsigned role)
{
	seen.runs++;
	seen.on_cpu[role] = cpu_id();
	seen.loaded &= this_cpu()->mm == &of->mm;
	seen.guards_right &= only_off(expected_off);
	seen.choices_right &= !memcmp(choice_value, of->choice, sizeof(choice_value));
	seen.recorded &= race_recording();
	race_point(role_middle);
}

static void walk(struct variant *of)
{
	look_around(of, 0);
	seen.mapped &= lab_load_tag(of->va, &seen.tag);
	of->seen = lab_walk(of);
	lab_meet_last(of);
}

static void write(struct variant *of)
{
	look_around(of, 1);
	lab_meet_last(of);
	lab_zap(of);
	if (frame_lost)
		alloc_page(ZONE_DIRECT);
	if (reference_taken)
		get_page(of->a);
}

static bool setup(struct variant *of)
{
	of->a = lab_frame(of, ZONE_DIRECT);
	lab_establish(of, lab_entry(of->a));
	return of->a;
}

static enum verdict judge(struct variant *of)
{
	lab_evidence(of, "tag %s", seen.tag == lab_tag(page_to_pfn(of->a)) ? "right" : "wrong");
	return HELD;
}

static const struct step one_step[] = {STEP(1, role_middle)};

static struct scenario scenario = {.name = "pte/one",
				   .roles = {{"walker", walk}, {"writer", write}},
				   .setup = setup,
				   .judge = judge};
static const struct cell holds = {.off = NR_GUARDS},
			 off = {.expect = EXPECT_BREAKS,
				.off = GUARD_flush_before_free,
				.values = {[CHOICE_zap] = VALUE_zap_split}},
			 historical = {.expect = EXPECT_HISTORICAL,
				       .off = NR_GUARDS,
				       .values = {[CHOICE_zap] = VALUE_zap_split}};

static void begin(void)
{
	fresh();
	memset(&seen, 0, sizeof(seen));
	seen.loaded = seen.guards_right = seen.choices_right = seen.mapped = seen.recorded = true;
	expected_off = NR_GUARDS;
	entry_written = frame_lost = reference_taken = false;
	scenario.needs = 0;
	scenario.script = (struct script)STEPS(one_step);
	v.slot = 99;
}

static bool guards_and_choices_are_back(void)
{
	return only_off(NR_GUARDS) && !memcmp(choice_value, choice_default, sizeof(choice_value));
}

static struct outcome run(const struct cell *cell, enum lab_mode mode)
{
	u32 before = zone_free_frames();
	struct outcome outcome = variant_run(&v, &scenario, cell, mode);

	CHECK(guards_and_choices_are_back() && !race_recording() && !this_cpu()->mm,
	      "behind it guards are on, choices the default, nothing recorded or loaded");
	if (!frame_lost && planted_id == NR_PLANTS && !reference_taken)
		CHECK(zone_free_frames() == before, "and no frame is missing");
	return outcome;
}

static bool complains(const char *complaint)
{
	struct outcome outcome = run(&holds, MODE_CHOREO);

	return complaint ? outcome.complaint && !strcmp(outcome.complaint, complaint)
			 : !outcome.complaint;
}

static void test_run(void)
{
	struct outcome outcome;

	begin();
	model_clock_step = 1000000;
	outcome = run(&holds, MODE_CHOREO);
	CHECK(outcome.verdict == HELD && !outcome.complaint && !strcmp(v.evidence, "tag right"),
	      "the judge's verdict, and no complaint");
	CHECK(outcome.us && outcome.us % 1000 == 0 && outcome.us < 100000, "its time: %u us",
	      outcome.us);
	CHECK(seen.runs == 2 && v.nr_roles == 2 && seen.on_cpu[0] == v.cpu[0] &&
		      seen.on_cpu[1] == v.cpu[1] && v.cpu[1] == (v.cpu[0] + 1) % 4,
	      "each role has run once, on its CPU, one beside the other");
	CHECK(seen.loaded && seen.guards_right && seen.choices_right && seen.mapped &&
		      seen.recorded,
	      "with the space loaded, the cell's guards and choices, and what setup mapped");
	CHECK(entry_same(v.seen, lab_entry(v.a)), "which it walked to");
	CHECK(v.scenario == &scenario && v.cell == &holds && v.mode == MODE_CHOREO &&
		      v.script.steps == one_step && v.script.nr == 1 && !v.slot &&
		      v.va == TESTED_VA,
	      "the variant is the cell's, at the first slot");
	begin();
	expected_off = GUARD_flush_before_free;
	outcome = run(&off, MODE_CHOREO);
	CHECK(seen.guards_right && v.choice[CHOICE_zap] == VALUE_zap_split && seen.choices_right,
	      "a cell's guard is off, and its choice taken");
	begin();
	options.guard_off[GUARD_zap_present_first] = 1;
	expected_off = GUARD_zap_present_first;
	run(&holds, MODE_CHOREO);
	CHECK(seen.guards_right, "one of the command line's is off too");
	begin();
	options.stuck_guards = true;
	run(&off, MODE_CHOREO);
	CHECK(seen.guards_right && v.choice[CHOICE_zap] == VALUE_zap_split,
	      "lab.guards=stuck: none is");
	run(&historical, MODE_CHOREO);
	CHECK(v.choice[CHOICE_zap] == choice_default[CHOICE_zap],
	      "and an algorithm that fails is stuck at what is right");
	options.stuck_guards = false;
	run(&historical, MODE_CHOREO);
	CHECK(v.choice[CHOICE_zap] == VALUE_zap_split, "which else it is not");
	begin();
	run(&holds, MODE_REPLAY);
	CHECK(v.script.steps == replayed && v.script.nr == 1, "a replay has its own script");
}

static void test_idle(void)
{
	begin();
	options.idle_role = 1;
	scenario.roles[0].run = write; /* alone it would wait for the other at its meeting */
	options.all_idle = true;
	CHECK(run(&holds, MODE_CHOREO).verdict == NO_EVIDENCE && !seen.runs &&
		      !strcmp(v.saw, "role walker did nothing"),
	      "idle roles do nothing");
	scenario.roles[0].run = walk;
	CHECK(!lab_when(0, RACE_role_done, 1) && lab_when(0, RACE_role_start, 1),
	      "and are never done, though they begin");
	begin();
	run(&holds, MODE_CHOREO);
	CHECK(lab_when(0, RACE_role_done, 1) && lab_when(1, RACE_role_done, 1), "others are");
}

static void test_complaints(void)
{
	static const struct step circle[] = {
		STEP(0, role_middle, REACHED(1, role_done)),
		STEP(1, role_middle, REACHED(0, role_done)),
	};
	static const struct {
		enum plant_id plant;
		const char *complaint;
	} rows[] = {
		{NR_PLANTS, NULL},
		{PLANT_leak, "frames leaked"},
		{PLANT_reference, "a frame of the arena has a reference too many or too few"},
		{PLANT_arena, "a frame of the arena was written"},
		{PLANT_scrub, "a free frame was written"},
		{PLANT_walkers, "hardware and software walker do not reach the same frame"},
		{PLANT_order, "the trace is out of order"},
	};

	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
		begin();
		planted_id = rows[i].plant;
		CHECK(complains(rows[i].complaint), "the lab complains: %s",
		      rows[i].complaint ? rows[i].complaint : "not at all");
	}
	begin();
	planted_id = PLANT_scrub;
	CHECK(!run(&off, MODE_CHOREO).complaint, "a cell that must break may write a free frame");
	begin();
	frame_lost = true;
	CHECK(complains("frames leaked"), "a role that loses a frame");
	begin();
	reference_taken = true;
	CHECK(complains("a frame of the arena has a reference too many or too few"),
	      "or keeps a reference");
	begin();
	options.revive = true;
	CHECK(complains("an entry came back after it was taken and flushed"),
	      "an entry that comes back");
	begin();
	scenario.script = (struct script)STEPS(circle);
	CHECK(complains("the script stopped: walker is held at role_middle, writer is held at role_middle"),
	      "a script that stops");
	begin();
	planted_id = PLANT_poison;
	CHECK(run(&holds, MODE_CHOREO).verdict == VIOLATED, "lab.plant=poison is violated");
}

/* A CPU may keep frames that were never handed out, and gives them back before those in use. */
static void test_scrub(void)
{
	struct page *used, *fresh_one;

	begin();
	used = alloc_page(ZONE_DIRECT);
	fresh_one = alloc_page(ZONE_DIRECT);
	put_page(used);
	put_page(fresh_one);
	pcp_drain_all();
	fresh_one->generation = 0;
	*(u32 *)page_map(page_to_pfn(used), WINDOW_A) = 0;
	CHECK(pfn_to_page(zones[ZONE_DIRECT].free) == fresh_one && frames_scrub(),
	      "a damaged frame is found behind a fresh one");
	CHECK(pfn_to_page(zones[ZONE_DIRECT].free) == used && !frames_scrub(),
	      "it is mended, and comes first from now on");
}

static void test_deadlock(void)
{
	begin();
	options.deadlock = true;
	CHECK(complains(NULL) && seen.runs == 2, "lab.deadlock=1 is for probes");
	begin();
	options.deadlock = true;
	wait_abandoned = 0;
	CHECK(!strcmp(run(&holds, MODE_PROBE).complaint, "deadlock: CPUs waited for each other") &&
		      seen.runs == 1 && !wait_abandoned,
	      "there the last role waits for the first, instead of its part");
}

/* By the header, neighbours beginning anywhere. */
static void test_cast(void)
{
	struct random casting = random_stream(7, 0);
	static const u8 online[] = {0, 1, 3};
	bool right = true;
	unsigned first[3] = {0};

	begin();
	run_seed = 7;
	cpus_online = 11;
	v = (struct variant){.scenario = &scenario, .nr_roles = 2};
	for (unsigned i = 0; i < 50; i++) {
		unsigned skip = random_below(&casting, 3);

		cast_roles(&v);
		right &= v.cpu[0] == online[skip] && v.cpu[1] == online[(skip + 1) % 3];
		first[skip]++;
	}
	CHECK(right && first[0] && first[1] && first[2], "each CPU that is online is the first");
	scenario.needs = NEED_ALL_CPUS;
	v.nr_roles = 3;
	for (unsigned i = 0; i < 5; i++) {
		cast_roles(&v);
		right &= v.cpu[0] == 0 && v.cpu[1] == 1 && v.cpu[2] == 3;
	}
	CHECK(right, "of a row of all CPUs the boot CPU is");
	scenario.needs = 0;
}

static void test_again(void)
{
	unsigned slot = 64;
	bool right = true;

	begin();
	run_seed = 1;
	variant_begin(&v, &scenario, &holds, MODE_STRESS);
	CHECK(v.va == TESTED_VA && v.nr_frames == 2 && v.nr_legal == 1 && v.ptep &&
		      entry_same(entry_read(v.ptep), lab_entry(v.a)) && v.frames[1] == v.a,
	      "the first round: anchor and frame, the frame mapped");
	CHECK(page_count(v.frames[0]) == 2 && page_count(v.a) == 2, "each with a reference more");
	v.b = v.decoy = v.a;
	v.value[7] = v.flag[7] = 1;
	v.value[0] = v.flag[0] = 1;
	v.outcome = "x";
	v.seen = lab_entry(v.a);
	for (unsigned i = 0; i < 130; i++) {
		const char *complaint = variant_again(&v);

		slot = 64 + (i + 1) % 64;
		right &= !complaint && v.slot == slot && v.va == TESTED_VA + slot * PAGE_SIZE &&
			 v.nr_frames == 2 && v.nr_legal == 1 && entry_none(v.seen) && !v.outcome &&
			 !v.b && !v.decoy && !v.value[0] && !v.value[7] && !v.flag[0] && !v.flag[7];
	}
	CHECK(right, "each round has the next of 64 slots, and everything anew");
	CHECK(model_flushes[3].start == 0 && model_flushes[3].end == ~(vaddr_t)0,
	      "every CPU flushed all");
	get_page(v.a);
	CHECK(!strcmp(variant_again(&v),
		      "a frame of the arena has a reference too many or too few"),
	      "what is wrong with the round's frames is said");
	lab_zap(&v);
	options.revive = true;
	CHECK(!strcmp(variant_again(&v), REVIVED), "an entry that came back goes before that");
	options.revive = false;
	frames_watch();
	variant_again(&v);
	CHECK(!frames_damaged(), "no free frame is written");
	planted_id = PLANT_damage;
	variant_again(&v);
	CHECK(frames_damaged(), "but with lab.plant=damage");
	planted_id = NR_PLANTS;
	fresh();
	variant_begin(&v, &scenario, &off, MODE_STRESS);
	CHECK(guard_off[GUARD_flush_before_free], "the cell's guard is off");
	CHECK(PANICS(variant_again(&v)), "with which the lab does not tidy up");
	variant_guards(&v, false);
	CHECK(only_off(NR_GUARDS) && v.choice[CHOICE_zap] == choice_value[CHOICE_zap],
	      "all of them on, choices as they are");
	variant_guards(&v, true);
	CHECK(only_off(GUARD_flush_before_free), "and the cell's again");
}

int main(void)
{
	test_cast(); /* from the seed on */
	test_run();
	test_idle();
	test_complaints();
	test_scrub();
	test_deadlock();
	test_again();
	return tap_done();
}
