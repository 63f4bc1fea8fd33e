/* SPDX-License-Identifier: MIT */
/*
 * Tests kernel/dashboard/ on every page of several runs, whole, with its colours, on screens of
 * different sizes. tests/self/unit/drawn/pages.txt has the expected pages. If pages were changed on
 * purpose, read build/unit/pages.txt, and put it in the place of that file.
 *
 * Behind a row are the colours that are not plain, "first column-last column:colours in
 * hexadecimal, as VGA's attributes: background, then foreground".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/dashboard/dashboard.h"
#include "kernel/dashboard/draw.h"
#include "kernel/smp/percpu.h"
#include "tests/self/unit/shown.h"
#include "tests/self/unit/tap.h"

#define EXPECTED "tests/self/unit/drawn/pages.txt"
#define DRAWN	 "build/unit/pages.txt"

static struct facts facts;
static char *drawn;
static size_t drawn_size;
static FILE *out;

static void write_row(unsigned row)
{
	char text[SCREEN_COLS_MAX + 1];
	unsigned end = cols;

	row_text(row, text);
	while (end && text[end - 1] == ' ')
		end--;
	fprintf(out, "%.*s|", (int)end, text);
	for (unsigned from = 0, to; from < cols; from = to) {
		for (to = from; to < cols && shown[row][to].ink == shown[row][from].ink;)
			to++;
		if (shown[row][from].ink != PLAIN)
			fprintf(out, " %u-%u:%02x", from, to - 1, shown[row][from].ink);
	}
	fputc('\n', out);
}

static void write_screen(const char *what)
{
	fprintf(out, "=== %s, %ux%u\n", what, cols, rows);
	for (unsigned row = 0; row < rows; row++)
		write_row(row);
}

static void take(const char *line, u32 now)
{
	facts_take(&facts, line, now);
}

static void begin(const char *passes)
{
	char lab[100];

	memset(&facts, 0, sizeof(facts));
	take("TAP version 13", 0);
	take("# ev=boot version=0.1 git=abc123 port=x86 protocol=multiboot2 loader=\"GRUB 2\" mem_mib=6143 reachable_mib=4096",
	     0);
	take("# ev=cmdline text=\"strict guard.present_recheck=off and more words than have room on one row of a small screen\"",
	     0);
	take("# ev=machine cpu=\"Some CPU 9000 of a long name\" signature=0x000306a9 "
	     "microcode=0x1f firmware=\"Acme 1.2 01/02/2020, BIOS\" product=\"Acme Box\"",
	     0);
	take("# ev=firmware apic=xapic tables=acpi at=0x1 cpus=4 usable=4 ignored=1", 0);
	take("# ev=cpu n=1 hw=1 state=online", 0);
	take("# ev=cpu n=2 hw=2 state=silent", 0);
	take("# ev=cpu n=3 hw=3 state=unused", 0);
	snprintf(lab, sizeof(lab), "# ev=lab seed=0x1234 cpus=2 guards=live %s seconds=5", passes);
	take(lab, 0);
	take("1..60", 0);
}

static void row_of(unsigned n, const char *guard, const char *result)
{
	char line[300];

	snprintf(line, sizeof(line),
		 "# ev=cell n=%u scenario=group/row-%u mode=choreo guard=%s choices=- result=%s "
		 "ms=1.0 tries=1 evidence=\"what was seen of %u\" reason=\"what was wrong with %u, "
		 "in more words than one row of the screen has room for, so they are wrapped\"",
		 n, n / 2, guard, result, n, n);
	take(line, n);
	snprintf(line, sizeof(line), "%s %u - x86/group/row-%u choreo",
		 !strcmp(result, "violated") ? "not ok" : "ok", n, n / 2);
	take(line, n);
}

static void some_rows(unsigned nr, bool fail)
{
	static const char *const results[] = {"held",	 "caught", "masked",
					      "skipped", "known",  "not_observed",
					      "held",	 "caught", "violated"};

	for (unsigned n = 1; n <= nr; n++) {
		const char *result = results[n % ARRAY_SIZE(results)];

		if (!strcmp(result, "violated") && !fail)
			result = "held";
		if (!strcmp(result, "violated") && n == 8) {
			take("# ev=witness n=8 scenario=group/row-4 guard=none rule=\"no old frame "
			     "is read after the ack, whatever comes in between, on any CPU\" "
			     "saw=\"an old one\" see=\"SDM\"",
			     n);
			for (unsigned i = 1; i < 40; i++) {
				char step[120];

				snprintf(
					step, sizeof(step),
					"# ev=step n=%u cpu=%u role=writer at=zap:%u do=clear_done value=0x%x",
					i, i % 2, i + 10, i);
				take(step, n);
			}
		}
		row_of(n, n % 2 ? "none" : "shootdown", result);
	}
}

static void done(const char *status)
{
	char line[120];

	snprintf(line, sizeof(line),
		 "# ev=done status=%s passed=30 failed=2 skipped=4 known=5 seconds=6.700", status);
	take(line, 100);
}

static void all_pages(const char *what)
{
	for (unsigned page = 0; page < dashboard_pages(&facts); page++) {
		char title[100];

		dashboard_draw_page(&facts, page, 10 + page);
		snprintf(title, sizeof(title), "%s, page %u", what, page + 1);
		write_screen(title);
	}
}

static void running(void)
{
	begin("passes=1");
	some_rows(5, false);
	take("# ev=progress done=5 of=60 eta=3700", 5);
	memset(cpus, 0, sizeof(cpus));
	dashboard_draw(&facts, 9);
	cpus[1].walk_seq++;
	dashboard_draw(&facts, 10);
	cpus[0].wait.spins++;
	cpus[1].walk_seq++;
	dashboard_draw(&facts, 4000);
	write_screen("a run, of which an eta has passed");
	some_rows(60, true);
	take("# ev=progress done=60 of=60 eta=10", 61);
	dashboard_draw(&facts, 61);
	write_screen("a run with failures");
}

static void soaking(void)
{
	static const char *const passes[] = {"passes=0", "passes=0 minutes=90", "passes=3"};

	for (unsigned i = 0; i < ARRAY_SIZE(passes); i++) {
		begin(passes[i]);
		take("# ev=progress done=0 of=20 eta=90", 0);
		some_rows(10, false);
		take("# ev=pass n=0 of=0 passed=9 failed=0 skipped=1 known=0 rounds=99 overlaps=88 ms=1500",
		     11);
		take("# ev=progress done=3 of=20 eta=80", 12);
		row_of(2, "none", "held");
		dashboard_draw(&facts, 13);
		write_screen(passes[i]);
	}
	take("# ev=again pass=1 n=9 scenario=group/row-4 mode=choreo guard=none result=violated reason=\"later\"",
	     14);
	take("# ev=ended pass=1 why=\"a key was pressed\"", 15);
	done("fail");
	all_pages("a soak that failed");
}

static void passed(void)
{
	begin("passes=1");
	some_rows(20, false);
	take("# ev=warning what=\"something odd\"", 1);
	done("pass");
	all_pages("passed");
}

static void failed(void)
{
	begin("passes=1");
	some_rows(60, true);
	take("# ev=warning what=\"something odd\"", 1);
	take("# ev=warning what=\"something else\"", 1);
	done("fail");
	all_pages("failed");
}

static void others(void)
{
	begin("passes=1");
	some_rows(20, false);
	done("incomplete");
	dashboard_draw_page(&facts, 0, 10);
	write_screen("incomplete");
	begin("passes=1");
	row_of(1, "none", "skipped");
	done("nothing_shown");
	dashboard_draw_page(&facts, 0, 10);
	write_screen("nothing shown");
	begin("passes=1");
	take("Bail out! no PAE", 1);
	done("cannot_start");
	dashboard_draw_page(&facts, 0, 10);
	write_screen("cannot start");
	begin("passes=1");
	take("# ev=missing what=\"no choreo row was shown\"", 1);
	done("incomplete");
	dashboard_draw_page(&facts, 0, 10);
	write_screen("something is missing");
}

static void crashed(void)
{
	begin("passes=1");
	some_rows(4, false);
	take("# ev=panic cpu=1 running=\"x\" seed=0x1 reason=\"lost its way\"", 5);
	for (unsigned i = 0; i < 50; i++) {
		char line[60];

		snprintf(line, sizeof(line), "# ev=frame n=%u cpu=1 pc=0xc0%04x", i, i);
		take(line, 5);
	}
	take("Bail out! lost its way (CPU 1, x, seed 0x1)", 5);
	done("fail");
	all_pages("crashed");
}

static void wrong_word(void)
{
	begin("passes=1");
	for (unsigned i = 0; i < 60; i++) {
		char line[120];

		snprintf(line, sizeof(line), "# valid: word%u=%s", i,
			 i % 7 ? "<n>" : "<a form of which half a row has no room, as it is long>");
		take(line, 0);
	}
	take("# valid: run=<group/name or a pattern with *>|pass|fail|and a lot of others that one "
	     "row has no room for|more|and more|and still more of it",
	     0);
	take("Bail out! unknown word 'runn=pte' on the command line, did you mean run=<...>?", 0);
	done("not_run");
	all_pages("a wrong word");
}

/* Shows the first different line. */
static void compare(const char *expected)
{
	const char *a = drawn, *b = expected;
	unsigned line = 1;

	while (*a && *a == *b) {
		line += *a == '\n';
		a++;
		b++;
	}
	if (*a == *b) {
		CHECK(true, "the pages are those of " EXPECTED);
		return;
	}
	while (a > drawn && a[-1] != '\n') {
		a--;
		b--;
	}
	CHECK(false, "line %u of " EXPECTED " is drawn otherwise", line);
	printf("# drawn:    %.*s\n# expected: %.*s\n", (int)strcspn(a, "\n"), a,
	       (int)strcspn(b, "\n"), b);
}

static char *read_file(const char *name)
{
	static char text[1 << 20];
	FILE *file = fopen(name, "r");

	if (!file)
		return NULL;
	text[fread(text, 1, sizeof(text) - 1, file)] = 0;
	fclose(file);
	return text;
}

int main(void)
{
	const char *expected = read_file(EXPECTED);
	FILE *file;

	out = open_memstream(&drawn, &drawn_size);
	fprintf(out, "# SPDX-License-Identifier: MIT\n");
	attach(80, 25);
	running();
	soaking();
	passed();
	failed();
	others();
	crashed();
	wrong_word();
	attach(128, 37);
	running();
	failed();
	fclose(out);
	file = fopen(DRAWN, "w");
	if (file) {
		fwrite(drawn, 1, drawn_size, file);
		fclose(file);
	}
	CHECK(!outside, "nothing is drawn where the screen has no cell");
	if (CHECK(expected, "there is " EXPECTED))
		compare(expected);
	return tap_done();
}
