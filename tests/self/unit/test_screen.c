/* SPDX-License-Identifier: MIT */
/* Tests the way from the lines of a log to the pages on a screen of characters, in
 * kernel/dashboard/facts.c, dashboard.c and verdict_pages.c. */
#include <stdio.h>
#include <string.h>

#include "drivers/font.h"
#include "drivers/screen.h"
#include "kernel/dashboard/dashboard.h"
#include "tests/self/unit/tap.h"

static struct cell_shown shown[SCREEN_ROWS_MAX][SCREEN_COLS_MAX];
static unsigned cols, rows, outside;
static struct facts facts;

static void put(unsigned col, unsigned row, struct cell_shown cell)
{
	if (col >= cols || row >= rows)
		outside++;
	else
		shown[row][col] = cell;
}

static void attach(unsigned width, unsigned height)
{
	static struct surface surface;

	cols = width;
	rows = height;
	surface = (struct surface){width, height, put};
	memset(shown, 0, sizeof(shown));
	screen_attach(&surface);
}

static void feed(const char *const *lines)
{
	memset(&facts, 0, sizeof(facts));
	for (; *lines; lines++)
		facts_take(&facts, *lines, 7);
}

static bool row_has(unsigned row, const char *text)
{
	char line[SCREEN_COLS_MAX + 1];

	for (unsigned col = 0; col < cols; col++)
		line[col] = shown[row][col].c;
	line[cols] = 0;
	return strstr(line, text);
}

static bool has(const char *text)
{
	for (unsigned row = 0; row < rows; row++)
		if (row_has(row, text))
			return true;
	return false;
}

static void page(unsigned n)
{
	dashboard_draw_page(&facts, n, 10);
}

static void last_page(void)
{
	page(dashboard_pages(&facts) - 1);
}

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

#define HEAD                                                                                       \
	"TAP version 13",                                                                          \
		"# ev=boot version=0.1 git=abc123 port=x86 protocol=multiboot2 loader=\"GRUB 2\" " \
		"mem_mib=6143 reachable_mib=6143",                                                 \
		"# ev=cmdline text=\"strict guard.x=off\"",                                        \
		"# ev=machine cpu=\"Some CPU 9000\" signature=0x000306a9 firmware=\"Acme 1.2 "     \
		"01/02/2020, BIOS\" product=\"Acme Box\"",                                         \
		"# ev=firmware apic=xapic tables=acpi at=0x1 cpus=3 usable=3 ignored=0",           \
		"# ev=cpu n=1 hw=1 state=online", "# ev=cpu n=2 hw=2 state=online",                \
		"# ev=lab seed=0x1234 cpus=3 guards=live passes=1 seconds=5", "1..3"
#define HELD                                                                                       \
	"# ev=cell n=1 scenario=hw/ipi mode=probe guard=none choices=- result=held ms=1.0 "        \
	"tries=1 evidence=\"fine\"",                                                               \
		"ok 1 - x86/hw/ipi probe"
#define CAUGHT                                                                                     \
	"# ev=cell n=2 scenario=pte/torn-read mode=choreo guard=present_recheck choices=- "            \
	"result=caught ms=1.0 tries=1 evidence=\"half of each\"",                                  \
		"ok 2 - x86/pte/torn-read choreo guard.present_recheck=off"
#define WITNESS                                                                                    \
	"# ev=witness n=3 scenario=tlb/stale guard=none rule=\"no old frame\" saw=\"an old one\" " \
	"see=\"SDM\"",                                                                             \
		"# ev=step n=1 cpu=0 role=writer at=zap:12 do=clear_done value=0x77"
#define FAILED                                                                                     \
	"# ev=cell n=3 scenario=tlb/stale mode=choreo guard=none choices=- result=violated "       \
	"ms=1.0 tries=1 reason=\"an old one\"",                                                    \
		"not ok 3 - x86/tlb/stale choreo"
#define DONE(status) "# ev=done status=" status " passed=2 failed=1 skipped=4 known=5 seconds=6.700"

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
					  "# ev=boot version=0.1 git=abc123 port=x86 "
					  "protocol=multiboot2 loader=\"GRUB 2\" "
					  "mem_mib=1572563 reachable_mib=63986",
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
		"# ev=cell n=4 scenario=pte/other mode=choreo guard=none result=violated "
		"reason=\"more\"",
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
					  "# ev=cell n=1 scenario=pte/torn-read mode=choreo "
					  "guard=present_recheck result=not_observed reason=\"x\"",
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
		"# ev=cell n=1 scenario=a/b mode=choreo guard=none result=skipped "
		"reason=\"needs 2 CPUs\"",
		"ok 1 - x86/a/b choreo # SKIP needs 2 CPUs",
		"# ev=done status=nothing_shown passed=0 failed=0 skipped=1 known=0 seconds=1",
		NULL};
	static const char *const not_run[] = {HEAD, "Bail out! unknown option 'runn=pte'",
					      DONE("not_run"), NULL};
	static const char *const missing[] = {HEAD, "# ev=missing what=\"no choreo variant was shown\"",
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

static void take(const char *line)
{
	facts_take(&facts, line, 7);
}

/* Counts, the running row, and the letters of this pass follow the pass. */
static void test_soak(void)
{
	static const char *const log[] = {HEAD,	   LAB_SOAK(""), HELD,
					  CAUGHT,  PASS("1"),    NULL};
	u8 fresh, old;

	attach(80, 25);
	feed(log);
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
		HEAD,
		LAB_SOAK(""),
		HELD,
		CAUGHT,
		PASS("1"),
		AGAIN("2", "1", "hw/ipi", "violated", "reason=\"it was lost\""),
		/* The second pass was a short one, and has no line of its own. */
		AGAIN("3", "1", "hw/ipi", "held", "evidence=\"fine\""),
		AGAIN("3", "2", "pte/torn-read", "broken", "reason=\"a leak\""),
		PASS("3"),
		AGAIN("4", "1", "hw/ipi", "violated", "reason=\"it was lost\""),
		AGAIN("4", "99", "hw/ipi", "violated", "reason=\"of no row\""),
		"# ev=ended pass=4 why=\"a key was pressed\"",
		DONE("fail"),
		NULL};

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

#define LONG_FIRMWARE                                                                              \
	"American Megatrends International, LLC. MB52.88Z.0088.B06.0906031930 09/13/2021, UEFI "   \
	"x64"
#define BRAND "Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz "

/* Names of real firmware are whole on the report, and elsewhere cut with a mark. */
static void test_names(void)
{
	static const char *const log[] = {
		HEAD,
		"# ev=machine cpu=\"" BRAND "\" signature=0x00050657 firmware=\"" LONG_FIRMWARE
		"\" product=\"Micro-Star International Co., Ltd. MS-7C37\"",
		DONE("pass"), NULL};

	attach(80, 25);
	feed(log);
	CHECK(!strcmp(facts.firmware, LONG_FIRMWARE), "the name is kept whole");
	dashboard_draw(&facts, 9);
	CHECK(has("American Megatrends International, LLC.") && row_has(3, "... ") &&
		      has("Ltd. MS-7C37") && !has("UEFI x64"),
	      "no room: cut, with a mark");
	CHECK(has(BRAND "   sig 0x00050657"), "the longest CPU's name and its signature");
	last_page();
	CHECK(row_has(5, "American Megatrends International, LLC. ") &&
		      row_has(6, " MB52.88Z.0088.B06.0906031930 09/13/2021, UEFI x64") &&
		      !has("..."),
	      "room on two rows: whole");
	attach(128, 50);
	dashboard_draw(&facts, 9);
	CHECK(has(LONG_FIRMWARE) && !has("..."), "a wider screen: whole");
}

static void test_long_names(void)
{
	static struct facts f;
	static const char *const name = "group/a-scenario-whose-name-is-rather-long-as-names-go";
	char line[200];

	for (unsigned n = 0; n < 3; n++) {
		snprintf(line, sizeof(line),
			 "# ev=cell n=%u scenario=%s mode=probe guard=none choices=- result=held "
			 "ms=1.0 tries=1 evidence=\"fine\"",
			 n + 1, name);
		facts_take(&f, line, 0);
	}
	CHECK(f.nr_scenarios == 1 && !strcmp(f.scenario[0].name, name) &&
		      !strcmp(f.scenario[0].marks, "hhh"),
	      "a long name is not cut: %u lines, %s, %s", f.nr_scenarios, f.scenario[0].name,
	      f.scenario[0].marks);
}

#define LONGEST "group/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static void test_marks_of_cuts(void)
{
	static const char *const log[] = {
		HEAD,
		"# ev=machine cpu=\"x\" signature=0xxxxxxxxxxxxx firmware=\"BIOS\"",
		"# ev=lab seed=0x1 cpus=3 guards=live passes=0 seconds=5",
		"# ev=cell n=1 scenario=" LONGEST " mode=choreo guard=none choices=- "
		"result=held evidence=\"x\"",
		"# ev=cmdline text=\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbb"
		"bbbbbbbbbbbbbb  \"",
		NULL};

	attach(80, 25);
	feed(log);
	dashboard_draw(&facts, 9);
	CHECK(has("xxx...") && !row_has(5, "..."), "a field is marked where it is cut, only there");
}

/* Lines that no kernel prints, on screens of many sizes. */
static void test_hostile(void)
{
	static const unsigned sizes[][2] = {{80, 25}, {100, 37}, {120, 33}, {128, 64}, {200, 90}};
	char line[1200], filler[1000];

	outside = 0;
	memset(filler, 'x', sizeof(filler));
	for (unsigned s = 0; s < ARRAY_SIZE(sizes); s++) {
		attach(sizes[s][0], sizes[s][1]);
		memset(&facts, 0, sizeof(facts));
		for (unsigned i = 0; i < 3000; i++) {
			snprintf(line, sizeof(line),
				 "# ev=%s n=%u scenario=%s%u mode=%.*s guard=%.*s result=%s "
				 "reason=\"%.*s\"",
				 i % 3 ? i % 7 ? "cell" : "again" : "witness", i * 77777u,
				 "group/long-name-", i % 300, (int)(i % 90), filler,
				 (int)(i % 200), filler,
				 i % 5 ? "held" : "bad", (int)(i % 900), filler);
			facts_take(&facts, line, i);
			facts_take(&facts, "# ev=step n=", i);
			facts_take(&facts, "# ev=cpu n=4000000000 state=", i);
			facts_take(&facts, "# ev=progress done=9 of=0 eta=99999", i);
			if (i % 500 == 499)
				facts_take(&facts, "# ev=pass n=4294967295", i);
			if (i % 500 == 250)
				facts_take(&facts, "# ev=progress done=4294967295 of=1", i);
			if (i % 100 == 0)
				dashboard_draw(&facts, i);
		}
		facts_take(&facts, "Bail out! ", 0);
		for (unsigned i = 0; i < dashboard_pages(&facts); i++)
			page(i);
	}
	screen_text(SCREEN_COLS_MAX - 2, SCREEN_ROWS_MAX - 1, 9, 0, "over the edge");
	screen_text(0, SCREEN_ROWS_MAX, 9, 0, "below");
	screen_flush();
	CHECK(!outside, "3000 odd lines: nothing is drawn outside");
	facts_take(&facts, "# ev=", 0);
	facts_take(&facts, "", 0);
	facts_take(&facts, "# ev=cmdline text=\"", 0);
	CHECK(!facts.options[0], "an open quote");
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
	test_soak();
	test_soak_minutes();
	test_soak_failures();
	test_many_failures();
	test_wrong_option();
	test_microcode();
	test_names();
	test_long_names();
	test_marks_of_cuts();
	test_hostile();
	return tap_done();
}
