/* SPDX-License-Identifier: MIT */
/* Tests the screen of a soak with its many passes, and the pages of many failures, in
 * kernel/dashboard/facts.c. */
#include "tests/self/unit/dashboard_log.h"

#define LAB_SOAK(more) "# ev=lab seed=0x1 cpus=3 guards=live passes=0 seconds=5" more
#define PASS(n)                                                                                    \
	"# ev=pass n=" n " of=0 passed=2 failed=0 skipped=0 known=0 rounds=99 overlaps=88 "        \
	"seconds=3"
#define AGAIN(pass, n, name, result, rest)                                                         \
	"# ev=again pass=" pass " n=" n " scenario=" name                                          \
	" mode=choreo guard=none choices=zap=split result=" result " ms=1.0 tries=1 " rest

/* Returns the brightness of a scenario's first letter, or 0 if it is not shown. */
static u8 ink_of_mark(const char *name)
{
	for (unsigned row = 0; row < rows; row++) {
		unsigned i = 0;

		while (name[i] && shown[row][1 + i].c == name[i])
			i++;
		if (!name[i])
			return shown[row][26].ink;
	}
	return 0;
}

/* Counts, the running row, and the letters of this pass follow the pass. */
static void test_soak(void)
{
	static const char *const log[] = {HEAD, LAB_SOAK(""), HELD, CAUGHT, PASS("1"), NULL};
	u8 fresh, old;

	attach(80, 25);
	feed(log);
	dashboard_draw(&facts, 8); /* finds out how many scenarios the next one has room for */
	dashboard_draw(&facts, 9);
	fresh = ink_of_mark("hw/ipi");
	CHECK(has("pass 2, until a key") && has("1: 2 passed, 0 failed"), "pass, its counts");
	CHECK(has("1 rules held   1 faults caught"), "all of the pass that is over");
	take("# ev=progress done=0 of=2 eta=9");
	dashboard_draw(&facts, 9);
	old = ink_of_mark("hw/ipi");
	CHECK(has("0 rules held   0 faults caught") && has("hw/ipi probe"),
	      "a new pass: counts begin anew, and its first row runs");
	CHECK(fresh && old && fresh != old, "its letters are those of the pass before");
	take("# ev=progress done=1 of=2 eta=5");
	dashboard_draw(&facts, 9);
	CHECK(has("1 rules held   0 faults caught") && has("pte/torn-read choreo"),
	      "one row further: counts, and what runs now");
	CHECK(ink_of_mark("hw/ipi") == fresh && ink_of_mark("pte/torn-read") == old,
	      "letters of this pass and of the one before are told apart");
	take(AGAIN("2", "2", "pte/torn-read", "skipped", "reason=\"not observed\""));
	take("# ev=progress done=2 of=2 eta=0");
	dashboard_draw(&facts, 9);
	CHECK(has("1 rules held   0 faults caught   1 skipped") &&
		      ink_of_mark("pte/torn-read") != old,
	      "a row that came to something else is counted so");
}

static void test_soak_minutes(void)
{
	static const char *const log[] = {HEAD, LAB_SOAK(" minutes=90"), NULL};

	attach(80, 25);
	feed(log);
	dashboard_draw(&facts, 9);
	CHECK(has("pass 1, until a key or 90 minutes"), "minutes= is told");
}

/* A row that failed once has failed, however often it holds afterwards. */
static void test_soak_failures(void)
{
	static const char *const log[] = {
		HEAD, LAB_SOAK(""), HELD, CAUGHT, PASS("1"),
		AGAIN("2", "1", "hw/ipi", "violated", "reason=\"it was lost\""),
		/* The second pass was a short one, and has no line of its own. */
		AGAIN("3", "1", "hw/ipi", "held", "evidence=\"fine\""),
		AGAIN("3", "2", "pte/torn-read", "broken", "reason=\"a leak\""), PASS("3"),
		AGAIN("4", "1", "hw/ipi", "violated", "reason=\"it was lost\""),
		AGAIN("4", "99", "hw/ipi", "violated", "reason=\"of no row\""),
		"# ev=ended pass=4 why=\"a key was pressed\"", DONE("fail"), NULL};

	attach(80, 25);
	feed(log);
	CHECK(facts.failed == 2 && facts.nr_failures == 2, "two rows failed, one of them twice");
	CHECK(facts.scenario[0].marks[0] == 'F', "the letter stays");
	page(0);
	CHECK(has("hw/ipi choreo zap=split: it was lost") && has("a key was pressed, in pass 4"),
	      "the first one, and what ended the soak");
	page(1);
	CHECK(has("Every failure: 2") && has("pass 2: hw/ipi choreo zap=split") &&
		      has("it was lost") && has("pass 3: pte/torn-read choreo") && has("a leak"),
	      "a page with every failure, and the pass of each");
	last_page();
	CHECK(has("2 variants, on pages 2 to 2"), "the report says where they are");
}

static void fail_row(unsigned n)
{
	char line[200];

	snprintf(line, sizeof(line),
		 "# ev=cell n=%u scenario=group/row-%u mode=choreo guard=none choices=- "
		 "result=violated ms=1.0 tries=1 reason=\"reason %u\"",
		 n, n, n);
	take(line);
}

/* Needs as many pages as there are. */
static void test_many_failures(void)
{
	static const char *const log[] = {HEAD, NULL};
	char what[40];

	attach(80, 25);
	feed(log);
	for (unsigned n = 1; n <= FACTS_FAILURES + 3; n++)
		fail_row(n);
	take(DONE("fail"));
	for (unsigned n = 1; n <= FACTS_FAILURES; n++) {
		snprintf(what, sizeof(what), "pass 1: group/row-%u choreo", n);
		page(1 + (n - 1) / 7);
		if (!has(what))
			break;
	}
	CHECK(has("pass 1: group/row-256 choreo"), "each of %u failures has its place: %s",
	      FACTS_FAILURES, what);
	CHECK(has("and 3 more, in the serial log") && has("Every failure: 259"),
	      "more than that are counted");
}

int main(void)
{
	test_soak();
	test_soak_minutes();
	test_soak_failures();
	test_many_failures();
	return tap_done();
}
