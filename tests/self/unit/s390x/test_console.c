/* SPDX-License-Identifier: MIT */
/* Tests arch/s390x/console.c for the chosen console, and for lines or pieces made of bytes. */
#include "tests/self/unit/s390x/fake.h"

#include "arch/s390x/console.c"

static u32 machine_has;

u32 sclp_consoles(void)
{
	return machine_has;
}

bool sclp_write_ascii(const char *bytes, size_t n)
{
	record("ascii %zu: %c..%c", n, bytes[0], bytes[n - 1]);
	return true;
}

bool sclp_write_line(const char *bytes, size_t n)
{
	record("line %zu: %.*s", n, n < 8 ? (int)n : 8, bytes);
	return true;
}

/* The record after "x\n" was written to the console selected by a value. */
static bool selects(u32 has, const char *option, bool taken, const char *expected)
{
	machine_has = has;
	console = taken ? SCLP_ASCII : SCLP_NONE; /* until now */
	if (!option)
		console_early_init();
	else if (console_select(option) != taken)
		return false;
	console_write("x\n", 2);
	return recorded(expected);
}

#define BOTH	(BIT(SCLP_ASCII) | BIT(SCLP_LINE))
#define A_ASCII "ascii 2: x..\n "
#define A_LINE	"line 1: x "

static void test_selection(void)
{
	CHECK(selects(BOTH, NULL, true, A_ASCII), "at first: the terminal, if there is one");
	CHECK(selects(BIT(SCLP_LINE), NULL, true, A_LINE), "else the operator's console");
	CHECK(selects(0, NULL, true, ""), "else none");
	CHECK(selects(BOTH, "sclp", true, A_ASCII) && selects(BIT(SCLP_LINE), "sclp", true, A_LINE),
	      "sclp: the best that there is");
	CHECK(selects(BOTH, "ascii", true, A_ASCII) && selects(BOTH, "line", true, A_LINE),
	      "ascii, line: that one");
	CHECK(selects(BIT(SCLP_LINE), "ascii", false, "") &&
		      selects(BIT(SCLP_ASCII), "line", false, "") && selects(0, "sclp", false, ""),
	      "refused if the machine has none such");
	CHECK(selects(BOTH, "none", true, ""), "none: nothing is written");
	CHECK(selects(BOTH, "serial", false, ""), "another value: refused");
	CHECK(!strcmp(console_names, "=sclp|ascii|line|none"), "the valid values");
	CHECK(!console_stop_asked(), "nobody can ask to stop");
}

static void test_ascii(void)
{
	static char bytes[2 * SCLP_WRITE_MAX + 1];

	memset(bytes, 'm', sizeof(bytes));
	bytes[0] = 'a';
	bytes[SCLP_WRITE_MAX - 1] = 'b';
	bytes[SCLP_WRITE_MAX] = 'c';
	bytes[2 * SCLP_WRITE_MAX - 1] = 'd';
	bytes[2 * SCLP_WRITE_MAX] = 'e';
	console = SCLP_ASCII;
	console_write(bytes, 0);
	EXPECT("", "no byte: no request");
	console_write(bytes, SCLP_WRITE_MAX);
	EXPECT("ascii 3072: a..b ", "as many bytes as fit: one request");
	console_write(bytes, sizeof(bytes));
	EXPECT("ascii 3072: a..b ascii 3072: c..d ascii 1: e..e ", "more: in pieces");
}

static void test_lines(void)
{
	static char bytes[LINE_MAX + 2];

	memset(bytes, 'm', sizeof(bytes));
	console = SCLP_LINE;
	console_write("one\ntwo\n\nthr", 12);
	EXPECT("line 3: one line 3: two line 0: \n", "each line by itself, an empty one too");
	console_write("ee\n", 3);
	EXPECT("line 5: three ", "the rest of a line waits for its end");
	console_write(bytes, LINE_MAX - 1);
	EXPECT("", "one that is nearly too long waits");
	console_write("\n", 1);
	EXPECT("line 1151: mmmmmmmm ", "and is written at its end");
	console_write(bytes, LINE_MAX);
	EXPECT("line 1152: mmmmmmmm ", "one that fills the buffer is written");
	console_write("x\n", 2);
	EXPECT("line 1: x ", "its rest is a line of its own");
	CHECK(LINE_MAX == PRINTK_LINE, "the buffer has a whole line of printk()");
}

int main(void)
{
	test_selection();
	test_ascii();
	test_lines();
	return tap_done();
}
