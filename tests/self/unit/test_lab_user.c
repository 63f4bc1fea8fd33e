/* SPDX-License-Identifier: MIT */
/* tests/lab/user.c and tests/program/code_page.c: what a bad access leaves of a role, who is told,
 * how a spin is stopped, and what the code page is in a space. */
#include "tests/self/unit/whole_lab.h"

#include "tests/self/unit/printed.h"

#define GOOD (TESTED_VA + 2 * PAGE_SIZE) /* anonymous */
#define HOLE (TESTED_VA + 3 * PAGE_SIZE)

static struct scenario scenario;
static const struct cell holds = {.off = NR_GUARDS};
static u32 got[12];
static struct role_end end, at_once;
static bool ended, other_ended;

static enum verdict judge(struct variant *of)
{
	ended = role_ended(of, 0, &end);
	if (of->nr_roles > 1) {
		struct role_end ignored;

		other_ended = role_ended(of, 1, &ignored);
	}
	return HELD;
}

static bool setup(struct variant *of)
{
	return !is_error(do_mmap(&of->mm, GOOD, PAGE_SIZE, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED));
}

static void begin(void (*first)(struct variant *of), void (*second)(struct variant *of))
{
	fresh();
	printed_reset();
	memset(got, 0, sizeof(got));
	run_seed = 1;
	scenario =
		(struct scenario){.name = "space/one",
				  .programs = true,
				  .roles = {{"first", first}, {second ? "second" : NULL, second}},
				  .setup = setup,
				  .judge = judge};
}

static void after_a_bad_one(struct variant *of)
{
	user_store(GOOD, 5);
	got[0] = user_xchg(GOOD, 6);
	got[1] = user_load(GOOD);
	got[2] = user_spin(GOOD, 5);
	got[3] = user_load(HOLE + 4);
	got[4] = user_load(GOOD);
	got[5] = user_xchg(GOOD, 7);
	got[6] = user_spin(GOOD, 6);
	got[7] = user_spin(GOOD, 0);
	user_store(GOOD, 8);
	user_call(GOOD);
	got[8] = role_ended(of, 0, &at_once);
	role_restart(of);
	got[9] = user_load(GOOD);
}

static void test_end(void)
{
	struct outcome outcome;

	begin(after_a_bad_one, NULL);
	outcome = variant_run(&v, &scenario, &holds, MODE_PROBE);
	CHECK(outcome.verdict == HELD && !outcome.complaint, "the run goes on, and nothing leaks");
	CHECK(got[0] == 5 && got[1] == 6 && got[2] == 6, "good accesses");
	CHECK(!got[3] && !got[4] && !got[5] && !got[6] && !got[7],
	      "from the bad one on each returns 0");
	CHECK(got[8] && at_once.access == ACCESS_LOAD && at_once.address == HOLE + 4 &&
		      at_once.cause == FAULT_USER,
	      "which is on record");
	CHECK(got[9] == 6 && !ended, "a new program finds that nothing was stored");
	PRINTED("# ev=role-ended role=first access=load address=0x4c4 cause=user,absent\n",
		"one line tells");
}

static void bad_load(struct variant *of)
{
	(void)of;
	user_load(HOLE);
}

static void bad_call(struct variant *of)
{
	(void)of;
	user_store(GOOD, USER_ILLEGAL_WORD);
	user_call(GOOD);
}

static void bad_spin(struct variant *of)
{
	(void)of;
	got[0] = user_spin(HOLE, 0);
	got[1] = irqs_enabled();
	user_xchg(HOLE, 1);
}

static void good_store(struct variant *of)
{
	(void)of;
	user_store(GOOD, 1);
}

static void test_kinds(void)
{
	begin(bad_call, NULL);
	variant_run(&v, &scenario, &holds, MODE_PROBE);
	CHECK(ended && end.access == ACCESS_CALL && end.address == GOOD, "a call");
	PRINTED("# ev=role-ended role=first access=call address=0x480 cause=protection,user,exec\n",
		"of a page without execute");
	begin(bad_spin, good_store);
	variant_run(&v, &scenario, &holds, MODE_PROBE);
	CHECK(ended && !other_ended && end.access == ACCESS_SPIN && !got[0] && got[1],
	      "a spin; interrupts are on again; another role's program goes on");
	PRINTED("# ev=role-ended role=first access=spin address=0x4c0 cause=user,absent\n",
		"told once");
}

/* Only a fault without a reason of its own found nothing. s390x has FAULT_RESERVED alone. */
static void test_causes(void)
{
	static const struct {
		u32 cause;
		const char *text;
	} causes[] = {
		{FAULT_USER, "user,absent"},
		{FAULT_USER | FAULT_WRITE, "write,user,absent"},
		{FAULT_USER | FAULT_EXEC, "user,exec,absent"},
		{FAULT_USER | FAULT_PROTECTION, "protection,user"},
		{FAULT_USER | FAULT_RESERVED, "user,reserved"},
		{FAULT_USER | FAULT_LIMIT, "user,limit"},
		{FAULT_USER | FAULT_ILLEGAL, "user,illegal"},
		{0, "absent"},
	};

	for (unsigned i = 0; i < ARRAY_SIZE(causes); i++) {
		char text[80];

		fault_cause_text(causes[i].cause, text, sizeof(text));
		CHECK(!strcmp(text, causes[i].text), "cause 0x%x: %s", causes[i].cause, text);
	}
}

/* Rounds of one variant. */
static void test_again(void)
{
	begin(bad_load, NULL);
	variant_begin(&v, &scenario, &holds, MODE_STRESS);
	for (unsigned round = 0; round < 3; round++) {
		model_switch_cpu(v.cpu[0]);
		mm_switch(&v.mm);
		v.scenario->roles[0].run(&v);
		user_stop(&v, 0);
		CHECK(role_ended(&v, 0, &end) && user_spin(GOOD, 0) == 0 && this_cpu()->user_stop,
		      "round %u ends and stops the role", round);
		mm_switch(NULL);
		model_switch_cpu(0);
		CHECK(!variant_again(&v), "nothing leaks");
		CHECK(!role_ended(&v, 0, &end) && !cpus[v.cpu[0]].user_stop,
		      "the next begins anew");
	}
	CHECK(!variant_end(&v), "nor at the end");
	PRINTED("", "stress tells nothing");
}

static void spin_for_ever(struct variant *of)
{
	user_store(GOOD, 3);
	got[0] = user_spin(GOOD, 3);
	got[1] = user_spin(GOOD, 4);
	got[2] = this_cpu()->user_spins;
	lab_meet_last(of);
}

static void stop_it(struct variant *of)
{
	while (user_load(GOOD) != 3)
		cpu_relax();
	user_stop(of, 0);
	got[3] = cpus[of->cpu[0]].user_stop;
	lab_meet_last(of);
	user_store(GOOD, 4);
	got[4] = user_spin(GOOD, 5);
}

static void test_stop(void)
{
	begin(spin_for_ever, stop_it);
	CHECK(!variant_run(&v, &scenario, &holds, MODE_PROBE).complaint, "a spin that is stopped");
	CHECK(got[0] == 3 && got[3], "ends with the word that it had");
	CHECK(got[1] == 4, "and the one behind it ends before its first load");
	CHECK(!got[2] && got[4] == 4, "nobody is left spinning, and others are not stopped");
}

static void test_code_page(void)
{
	struct mm other;
	u32 frames, base;
	pte_t pte;

	begin(good_store, NULL);
	frames = zone_free_frames();
	user_code_take();
	user_code_take();
	CHECK(zone_free_frames() == frames - 1, "one frame, taken once");
	base = page_count(code_page);
	variant_begin(&v, &scenario, &holds, MODE_PROBE);
	pte = *pte_lookup(&v.mm, USER_CODE);
	CHECK(entry_pfn(pte) == page_to_pfn(code_page) && pte_access_permitted(pte, false) &&
		      !pte_access_permitted(pte, true) &&
		      entry_same(pte, mk_pte(entry_pfn(pte), PTE_USER | PTE_EXEC | PTE_YOUNG)),
	      "a program's space has it, to read and to execute, and not to write");
	CHECK(page_count(code_page) == base + 1, "with a reference of its own");
	CHECK(!memcmp(page_map(entry_pfn(pte), WINDOW_A), user_code,
		      (size_t)(user_code_end - user_code)) &&
		      ((u32 *)page_map(entry_pfn(pte), WINDOW_A))[PAGE_SIZE / 4 - 1] ==
			      USER_RETURN_WORD,
	      "the routines, and what returns at once");
	CHECK(!variant_end(&v) && page_count(code_page) == base,
	      "which goes with the space, and nothing leaks");
	scenario.programs = false;
	variant_begin(&v, &scenario, &holds, MODE_PROBE);
	CHECK(!pte_lookup(&v.mm, USER_CODE), "another's space has it not");
	CHECK(PANICS(user_load(GOOD)) &&
		      panic_says("user_load() in a scenario that does not say .programs"),
	      "nor can its roles make accesses");
	CHECK(!variant_end(&v), "nor leaks anything");
	CHECK(mm_create(&other), "a space");
	while (alloc_page(ZONE_DIRECT))
		;
	CHECK(!user_map_code(&other) && page_count(code_page) == base,
	      "out of memory: no mapping, and no reference is left");
}

int main(void)
{
	test_end();
	test_kinds();
	test_causes();
	test_again();
	test_stop();
	test_code_page();
	return tap_done();
}
