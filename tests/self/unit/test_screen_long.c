/* SPDX-License-Identifier: MIT */
/* Tests kernel/dashboard/ with names longer than their room, and with lines that no kernel
 * prints. */
#include "tests/self/unit/dashboard_log.h"

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
			 "# ev=cell n=%u scenario=%s mode=probe guard=none choices=- result=held ms=1.0 tries=1 evidence=\"fine\"",
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
		"# ev=cell n=1 scenario=" LONGEST " mode=choreo guard=none choices=- result=held evidence=\"x\"",
		"# ev=cmdline text=\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbb  \"",
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
				 "# ev=%s n=%u scenario=%s%u mode=%.*s guard=%.*s result=%s reason=\"%.*s\"",
				 i % 3 ? i % 7 ? "cell" : "again" : "witness", i * 77777u,
				 "group/long-name-", i % 300, (int)(i % 90), filler, (int)(i % 200),
				 filler, i % 5 ? "held" : "bad", (int)(i % 900), filler);
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
	test_names();
	test_long_names();
	test_marks_of_cuts();
	test_hostile();
	return tap_done();
}
