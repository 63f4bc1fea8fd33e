/* SPDX-License-Identifier: MIT */
/* tests/lab/judge.c: what is asked beside the scenario's own judge, and how much it takes to
 * hold. */
#include <string.h>

#include "tests/lab/judge.c"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

static enum plant_id plant;
static struct variant v;
static enum verdict says;
static u32 counts[MAX_LEAST];
static unsigned nr_counts, idle_role, writer, trace_lost, asked_step, asked_alternative;
static bool overlapped, blocked_once, complete;

bool planted(enum plant_id id)
{
	return id == plant;
}

bool trace_overlapped(void)
{
	return overlapped;
}

bool trace_blocked(void)
{
	return blocked_once;
}

bool trace_took_part(unsigned role)
{
	return role != idle_role;
}

const struct trace_entry *trace_entries(unsigned *nr, unsigned *lost)
{
	*nr = 1;
	*lost = trace_lost;
	return NULL;
}

/* The writer, if there is one, wrote frame 0xabc while it was free. */
unsigned lab_when(unsigned role, enum race_point point, unsigned nth)
{
	return role == writer && point == RACE_page_written_free && nth == 1 ? 7 : 0;
}

u64 lab_value_at(unsigned position)
{
	return position == 7 ? 0xabc : 0;
}

bool choreo_released_by(unsigned step, unsigned alternative)
{
	asked_step = step;
	asked_alternative = alternative;
	return complete;
}

bool choreo_complete(void)
{
	return complete;
}

static enum verdict judge(struct variant *of)
{
	for (unsigned i = 0; i < nr_counts; i++)
		lab_counted(of, counts[i]);
	return says;
}

static struct scenario scenario = {.roles = {{.name = "walker"}, {.name = "writer"}},
				   .judge = judge};

static void fresh(enum lab_mode mode)
{
	machine_reset();
	plant = NR_PLANTS;
	says = HELD;
	nr_counts = trace_lost = 0;
	idle_role = writer = MAX_ROLES;
	memset(scenario.least, 0, sizeof(scenario.least));
	v = (struct variant){.scenario = &scenario, .mode = mode, .nr_roles = 2};
	strcpy(v.saw, "as it was");
}

static void test_words(void)
{
	static char text[300] = {[0 ... 298] = 'x'};

	fresh(MODE_CHOREO);
	lab_saw(&v, "%u %s", 7, "frames");
	lab_evidence(&v, "%u of %u", 1, 2);
	CHECK(!strcmp(v.saw, "7 frames") && !strcmp(v.evidence, "1 of 2"), "the judges' words");
	lab_saw(&v, "%s", text);
	lab_evidence(&v, "%s", text);
	CHECK(strlen(v.saw) == 199 && strlen(v.evidence) == 199, "are cut where there is no room");
}

static void test_script(void)
{
	static const enum lab_mode free_running[] = {MODE_STRESS, MODE_EXPLORED, MODE_REPLAY},
				   scripted[] = {MODE_PROBE, MODE_CHOREO};

	for (unsigned i = 0; i < ARRAY_SIZE(scripted); i++) {
		fresh(scripted[i]);
		overlapped = blocked_once = !(complete = true);
		CHECK(lab_released_by(&v, 3, 1) && asked_step == 3 && asked_alternative == 1,
		      "a scripted variant: as the script says");
		CHECK(lab_script_complete(&v), "and it is complete as that says");
		trace_lost = 1;
		CHECK(!lab_script_complete(&v), "if nothing of the record was lost");
		trace_lost = 0;
		overlapped = blocked_once = !(complete = false);
		CHECK(!lab_released_by(&v, 3, 1) && !lab_released_by(&v, 3, 0) &&
			      !lab_script_complete(&v),
		      "or not");
	}
	for (unsigned i = 0; i < ARRAY_SIZE(free_running); i++) {
		fresh(free_running[i]);
		complete = blocked_once = !(overlapped = true);
		CHECK(lab_released_by(&v, 3, 0) && !lab_released_by(&v, 3, 1) &&
			      lab_script_complete(&v),
		      "without a script an overlap is a release");
		complete = overlapped = !(blocked_once = true);
		CHECK(!lab_released_by(&v, 3, 0) && lab_released_by(&v, 3, 1) &&
			      lab_released_by(&v, 3, 2) && !lab_script_complete(&v),
		      "and a wait one by the other alternatives");
	}
}

static bool judged(enum verdict verdict, const char *saw)
{
	enum verdict found = lab_judge(&v);

	return found == verdict && !strcmp(v.saw, saw);
}

static void test_own_verdict(void)
{
	static const enum verdict all[] = {HELD, VIOLATED, NO_EVIDENCE, NO_OVERLAP};

	for (unsigned i = 0; i < ARRAY_SIZE(all); i++) {
		fresh(MODE_CHOREO);
		says = all[i];
		CHECK(judged(all[i], "as it was") && !v.outcome, "the scenario's own verdict: %u",
		      i);
		fresh(MODE_CHOREO);
		says = all[i];
		plant = PLANT_evidence;
		CHECK(judged(all[i] == HELD ? NO_EVIDENCE : all[i], "as it was"),
		      "lab.plant=evidence: where it held there is none");
		fresh(MODE_CHOREO);
		says = all[i];
		plant = PLANT_accusation;
		CHECK(all[i] == HELD ? judged(VIOLATED, "nothing: lab.plant=accusation says so")
				     : judged(all[i], "as it was"),
		      "lab.plant=accusation: where it held it is violated");
	}
}

static void test_parts(void)
{
	fresh(MODE_CHOREO);
	idle_role = 1;
	CHECK(judged(NO_EVIDENCE, "role writer did nothing"), "a role did nothing");
	fresh(MODE_STRESS);
	idle_role = 0;
	says = VIOLATED;
	CHECK(judged(NO_EVIDENCE, "role walker did nothing"), "so nothing was shown");
	fresh(MODE_CHOREO);
	idle_role = 2;
	CHECK(judged(HELD, "as it was"), "but not one that there is not");
	fresh(MODE_PROBE);
	idle_role = 1;
	CHECK(judged(HELD, "as it was"), "and not a probe's");
}

static void test_written(void)
{
	for (unsigned role = 0; role < 2; role++) {
		fresh(MODE_CHOREO);
		writer = role;
		idle_role = 1;
		CHECK(judged(VIOLATED, "frame 0xabc was written while it was free") &&
			      !strcmp(v.outcome, "free frame written"),
		      "role %u found a free frame written: violated, whatever else", role);
	}
	fresh(MODE_CHOREO);
	writer = 2;
	CHECK(judged(HELD, "as it was") && !v.outcome, "a CPU that plays no role does not count");
	fresh(MODE_CHOREO);
	writer = 0;
	says = VIOLATED;
	CHECK(judged(VIOLATED, "as it was") && !v.outcome, "what the judge saw is said first");
}

static void least(unsigned i, u32 count, const char *of, bool by_chance)
{
	scenario.least[i] = (struct least){.count = count, .of = of, .by_chance = by_chance};
}

static bool with_counts(u32 a, u32 b, u32 c, enum verdict verdict, const char *saw)
{
	counts[0] = a;
	counts[1] = b;
	counts[2] = c;
	strcpy(v.saw, "as it was");
	return judged(verdict, saw);
}

static void test_least(void)
{
	fresh(MODE_PROBE);
	least(0, 5, "loads", false);
	least(1, 2, "meetings", true);
	least(2, 1, "stores", false);
	nr_counts = 3;
	CHECK(with_counts(5, 2, 1, HELD, "as it was"), "as much as it takes, of each");
	CHECK(with_counts(4, 0, 0, NO_EVIDENCE, "thin evidence: 4 loads, and 5 are the least"),
	      "less than that, of the first");
	CHECK(with_counts(9, 1, 0, NO_OVERLAP,
			  "hardly any overlap: 1 meetings, and 2 are the least"),
	      "or of what the host decides");
	CHECK(with_counts(5, 3, 0, NO_EVIDENCE, "thin evidence: 0 stores, and 1 are the least"),
	      "or of the last");
	says = VIOLATED;
	CHECK(with_counts(0, 0, 0, VIOLATED, "as it was"), "what broke needs no evidence");
	says = HELD;
	nr_counts = 2;
	counts[0] = counts[1] = 5;
	CHECK(PANICS(lab_judge(&v)), "a judge that counts less than is listed is none");
	fresh(MODE_PROBE);
	least(0, 5, "loads", false);
	nr_counts = 2;
	counts[0] = 5;
	CHECK(PANICS(lab_judge(&v)), "nor is one that counts more");
	fresh(MODE_PROBE);
	for (unsigned i = 0; i < MAX_LEAST; i++)
		least(i, 1, "loads", false);
	v.nr_counted = MAX_LEAST;
	CHECK(PANICS(lab_counted(&v, 1)), "even if the list is full");
}

int main(void)
{
	test_words();
	test_script();
	test_own_verdict();
	test_parts();
	test_written();
	test_least();
	return tap_done();
}
