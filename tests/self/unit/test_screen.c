/* SPDX-License-Identifier: MIT */
/* Tests the way from the lines of a log to the pages on a screen of characters, in
 * kernel/dashboard/facts.c, dashboard.c and verdict_pages.c. */
#include "drivers/font.h"
#include "tests/self/unit/dashboard_log.h"

/* Returns the number of cells with that background. */
static unsigned painted(enum colour background)
{
	unsigned n = 0;

	for (unsigned row = 1; row + 1 < rows; row++)
		for (unsigned col = 0; col < cols; col++)
			n += shown[row][col].c == ' ' && shown[row][col].ink >> 4 == background;
	return n;
}

/* Returns the number of pixels in the glyphs of a text. */
static unsigned pixels(const char *text)
{
	unsigned n = 0;

	for (; *text; text++)
		for (unsigned i = 0; i < FONT_ROWS; i++)
			n += (unsigned)__builtin_popcount(font_glyph(*text)[i]);
	return n;
}

static void test_running(void)
{
	static const char *const log[] = {HEAD, HELD, CAUGHT, "# ev=progress done=2 of=3 eta=4",
					  NULL};

	attach(80, 25);
	feed(log);
	dashboard_draw(&facts, 9);
	CHECK(row_has(0, "Zapwalk 0.1") && row_has(0, "abc123") && row_has(0, "0:00:09"),
	      "title: version, git id, time");
	CHECK(has("Some CPU 9000") && has("0x000306a9") && has("Acme 1.2") && has("Acme Box") &&
		      has("6143 MiB") && has("guard.x=off"),
	      "machine, firmware, memory, options");
	CHECK(has("3 of 3 run") && has("2 of 3") && has("about 0:00:02 left"),
	      "CPUs, progress, time left: 4 s, 2 s ago");
	CHECK(has("0 FAILED") && has("1 rules held") && has("1 faults caught"), "counts");
	CHECK(has(">pte/torn-read") && has("half of each") && has("none so far"),
	      "the latest scenario, the last witness, no failure");
	CHECK(row_has(24, "No disk driver"), "that no disk is touched");
}

static void test_warnings(void)
{
	static const char *const one[] = {
		HEAD, HELD, "# ev=warning what=\"stray interrupt: vector 0x20 on CPU 1\" times=1",
		DONE("pass"), NULL};
	static const char *const two[] = {HEAD,
					  HELD,
					  "# ev=warning what=\"first of all\"",
					  "# ev=warning what=\"second\"",
					  DONE("pass"),
					  NULL};

	attach(80, 25);
	feed(one);
	page(0);
	CHECK(has("vector 0x20 on CPU 1") && !has("more, in the serial log"),
	      "a warning stands on the page of a pass");
	last_page();
	CHECK(has("vector 0x20 on CPU 1"), "and on the page for a report");
	attach(80, 25);
	feed(two);
	page(0);
	CHECK(has("first of all (and 1 more, in the serial log)"),
	      "of several the first, and how many more");
}

static void test_pass(void)
{
	static const char *const log[] = {HEAD, HELD, CAUGHT, DONE("pass"), NULL};

	attach(80, 25);
	feed(log);
	page(0);
	CHECK(painted(GREEN) == 2 * pixels("PASS"), "PASS in large letters");
	CHECK(has("1 rules held, and 1 deliberate faults were caught, on 3 CPUs"), "and why");
	last_page();
	CHECK(has("abc123") && has("0x000306a9") && has("Acme 1.2") && has("6143 MiB") &&
		      has("seed 0x1234") && has("PASS") && has("2 passed, 1 failed"),
	      "report: version, CPU, firmware, memory, seed, verdict");
	CHECK(!painted(RED) && !has("Rule"), "nothing red, no witness");
}

static void test_fail(void)
{
	static const char *const log[] = {HEAD, HELD, WITNESS, FAILED, DONE("fail"), NULL};

	attach(80, 25);
	feed(log);
	dashboard_draw(&facts, 9);
	CHECK(has("1 FAILED") && has("tlb/stale choreo") && has("an old one"),
	      "the first failure stays on the screen");
	page(0);
	CHECK(painted(RED) == 2 * pixels("FAIL") && has("tlb/stale choreo: an old one"),
	      "FAIL, and the first failure in words");
	page(1);
	CHECK(has("clear_done") && has("0x77") && has("zap:12") && has("CPU 0 writer"),
	      "its witness, step by step");
	last_page();
	CHECK(has("tlb/stale choreo: an old one") && has("no old frame") && has("0:clear_done"),
	      "report: first failure, rule, witness");
}

/* More than 64 GiB, most of it out of this CPU's reach. */
static void test_memory(void)
{
	static const char *const log[] = {HEAD,
					  "# ev=boot version=0.1 git=abc123 port=x86 protocol=multiboot2 loader=\"GRUB 2\" mem_mib=1572563 reachable_mib=63986",
					  HELD, DONE("pass"), NULL};

	attach(80, 25);
	feed(log);
	dashboard_draw(&facts, 9);
	CHECK(has("63986 of 1572563 MiB") && has("by GRUB 2, multiboot2"), "while it runs");
	page(0);
	CHECK(has("63986 of 1572563 MiB") && has("CPUs ran"), "with the verdict");
	last_page();
	CHECK(has("63986 of 1572563 MiB"),
	      "and in the report: memory, and what this CPU can address");
}

static void test_later_failure(void)
{
	static const char *const log[] = {
		HEAD,
		WITNESS,
		FAILED,
		"# ev=witness n=4 scenario=pte/other guard=none rule=\"another\" saw=\"more\"",
		"# ev=cell n=4 scenario=pte/other mode=choreo guard=none result=violated reason=\"more\"",
		DONE("fail"),
		NULL};

	attach(80, 25);
	feed(log);
	CHECK(!strcmp(facts.fault, "tlb/stale choreo") && !strcmp(facts.rule, "no old frame") &&
		      facts.failed == 2,
	      "a later failure is counted, the first one stays");
}

static void test_incomplete(void)
{
	static const char *const log[] = {HEAD,
					  "# ev=cpu n=2 hw=2 state=silent",
					  "# ev=cell n=1 scenario=pte/torn-read mode=choreo guard=present_recheck result=not_observed reason=\"x\"",
					  "not ok 1 - x86/pte/torn-read # TODO not observed: 1",
					  DONE("incomplete"),
					  NULL};

	attach(80, 25);
	feed(log);
	page(0);
	CHECK(painted(BROWN) == pixels("INCOMPLETE"), "INCOMPLETE fits on 80 columns");
	CHECK(has("CPUs silent: 1") && has("unnoticed: 1"), "and says why");
	dashboard_draw(&facts, 9);
	CHECK(has("2 of 3 run"), "a silent CPU does not count as running");
}

/* The ends of docs/commands.md besides passes and failures. */
static void test_other_ends(void)
{
	static const char *const shown_nothing[] = {
		HEAD,
		"# ev=cell n=1 scenario=a/b mode=choreo guard=none result=skipped reason=\"needs 2 CPUs\"",
		"ok 1 - x86/a/b choreo # SKIP needs 2 CPUs",
		"# ev=done status=nothing_shown passed=0 failed=0 skipped=1 known=0 seconds=1",
		NULL};
	static const char *const not_run[] = {HEAD, "Bail out! unknown option 'runn=pte'",
					      DONE("not_run"), NULL};
	static const char *const missing[] = {HEAD,
					      "# ev=missing what=\"no choreo variant was shown\"",
					      DONE("incomplete"), NULL};

	attach(80, 25);
	feed(shown_nothing);
	page(0);
	CHECK(painted(BROWN) == pixels("NOTHING") && has("NOTHING SHOWN"),
	      "NOTHING SHOWN: what fits in large letters, and all of it in the title");
	CHECK(has("All 1 points were skipped, the first because: needs 2 CPUs"), "and why");
	last_page();
	CHECK(has("NOTHING SHOWN") && has("needs 2 CPUs"), "and in the report");
	attach(128, 48);
	feed(shown_nothing);
	page(0);
	CHECK(painted(BROWN) == pixels("NOTHING SHOWN"), "a wide screen has room for it");
	attach(80, 25);
	feed(not_run);
	page(0);
	CHECK(painted(BROWN) == pixels("NOT RUN") && has("unknown option 'runn=pte'"),
	      "NOT RUN, and the option");
	feed(missing);
	page(0);
	CHECK(has("no choreo variant was shown"), "INCOMPLETE: what is missing");
}

static void test_crash(void)
{
	static const char *const log[] = {
		HEAD,
		HELD,
		"# ev=panic cpu=1 running=\"x\" seed=0x1 reason=\"lost its way\"",
		"# eip=deadbeef",
		"Bail out! lost its way (CPU 1)",
		DONE("fail"),
		NULL};

	attach(80, 25);
	feed(log);
	page(0);
	CHECK(painted(RED) == 2 * pixels("FAIL") && has("lost its way (CPU 1)"), "the reason");
	page(1);
	CHECK(has("eip=deadbeef") && has("Why the machine stopped"), "the screen of the panic");
}

static void test_wrong_option(void)
{
	static const char *const log[] = {
		HEAD,
		"# valid: run=<group/name or pattern with *>,...",
		"# valid: seconds=<of all stress together>",
		"Bail out! unknown option 'sekonds=5' on the command line",
		DONE("not_run"),
		NULL};

	attach(80, 25);
	feed(log);
	page(0);
	CHECK(painted(BROWN) && has("sekonds=5") && has("seconds=<of all") && has("run=<group"),
	      "NOT RUN: the wrong option, and the right ones below it");
	page(1);
	CHECK(has("What is valid") && has("seconds=<of all"), "a page of their own");
	for (unsigned n = 0; n < dashboard_pages(&facts); n++) {
		page(n);
		CHECK(!has("Why the machine stopped"), "page %u: a wrong option is no crash", n);
	}
}

static void test_microcode(void)
{
	static const char *const told[] = {
		HEAD, "# ev=machine cpu=\"x\" signature=0x1 microcode=0x000000f4 firmware=\"a\"",
		DONE("pass"), NULL};
	static const char *const not_told[] = {HEAD, DONE("pass"), NULL};

	attach(80, 25);
	feed(told);
	last_page();
	CHECK(has("Microcode") && has("0x000000f4"), "the microcode's revision is in the report");
	feed(not_told);
	last_page();
	CHECK(has("unknown"), "or that the CPU does not tell it");
}

int main(void)
{
	test_running();
	test_warnings();
	test_pass();
	test_fail();
	test_memory();
	test_later_failure();
	test_incomplete();
	test_other_ends();
	test_crash();
	test_wrong_option();
	test_microcode();
	return tap_done();
}
