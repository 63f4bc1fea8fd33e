/* SPDX-License-Identifier: MIT */
/* kernel/string.c beside the C library's, and its parsers. */
#include "tests/self/unit/own_names.h"

#include "kernel/compiler.h"
#include "kernel/random.h"
#include "kernel/string.h"
#include "tests/self/unit/tap.h"

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

static void test_memory(void)
{
	struct random random = random_stream(1, 1);
	u8 from[40], ours[40], theirs[40];
	bool good = true;

	for (unsigned round = 0; round < 5000; round++) {
		u32 n = random_below(&random, 20), a = random_below(&random, 20),
		    b = random_below(&random, 20);

		for (unsigned i = 0; i < sizeof(from); i++)
			from[i] = ours[i] = theirs[i] = (u8)(random_next(&random) & 3);
		good = good && memcpy(ours + a, from + b, n) == ours + a;
		__builtin_memcpy(theirs + a, from + b, n);
		good = good && memmove(ours + a, ours + b, n) == ours + a;
		__builtin_memmove(theirs + a, theirs + b, n);
		good = good && memset(ours + b, 0x1a5, n / 4) == ours + b;
		__builtin_memset(theirs + b, 0x1a5, n / 4);
		good = good && !__builtin_memcmp(ours, theirs, sizeof(ours));
		good = good && sign(memcmp(ours, from, n)) == sign(__builtin_memcmp(ours, from, n));
	}
	CHECK(good, "memcpy, memmove (overlaps too), memset, memcmp");
}

static void test_strings(void)
{
	static const char *const words[] = {"",	 "a",	 "ab",	   "abc",    "abd",
					    "b", "\xff", "ab\xff", "guard.x"};
	bool good = true;

	for (unsigned i = 0; i < ARRAY_SIZE(words); i++) {
		good = good && strlen(words[i]) == __builtin_strlen(words[i]);
		for (unsigned j = 0; j < ARRAY_SIZE(words); j++) {
			const char *a = words[i], *b = words[j];

			good = good && sign(strcmp(a, b)) == sign(__builtin_strcmp(a, b));
			for (unsigned n = 0; n < 5; n++)
				good = good &&
				       sign(strncmp(a, b, n)) == sign(__builtin_strncmp(a, b, n));
		}
	}
	CHECK(good, "strlen, strcmp, strncmp, on bytes above 127 too");
}

static void test_parse_u32(void)
{
	static const struct {
		const char *text;
		bool good;
		u32 value;
	} rows[] = {
		{"0", true, 0},
		{"7", true, 7},
		{"0042", true, 42},
		{"4294967295", true, ~0u},
		{"4294967296", false, 0},
		{"42949672950", false, 0},
		{"0x0", true, 0},
		{"0xDeadBeef", true, 0xdeadbeef},
		{"0xABCDEF", true, 0xabcdef},
		{"0xabcdef", true, 0xabcdef},
		{"0xG", false, 0},
		{"0x@", false, 0},
		{"0x`", false, 0},
		{"0x:", false, 0},
		{"0x/", false, 0},
		{"0Xff", true, 255},
		{"0xffffffff", true, ~0u},
		{"0x100000000", false, 0},
		{"0x", false, 0},
		{"", false, 0},
		{"-1", false, 0},
		{"+1", false, 0},
		{" 1", false, 0},
		{"1 ", false, 0},
		{"1x", false, 0},
		{"0xg", false, 0},
		{"a", false, 0},
		{"1.5", false, 0},
	};

	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
		u32 value = 12345;
		bool good = parse_u32(rows[i].text, &value);

		CHECK(good == rows[i].good && value == (good ? rows[i].value : 12345u),
		      "parse_u32 \"%s\": %s", rows[i].text,
		      rows[i].good ? "a number" : "none, value untouched");
	}
}

static void test_pattern(void)
{
	static const struct {
		const char *pattern, *text;
		bool match;
	} rows[] = {
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"*", "pte/torn", true},
		{"pte/*", "pte/torn", true},
		{"pte/*", "tlb/stale", false},
		{"pte/*", "pte/", true},
		{"*torn", "pte/torn", true},
		{"*torn", "pte/torn-read", false},
		{"p*t*n", "pte/torn", true},
		{"p*x*n", "pte/torn", false},
		{"a*b*c", "aXbbXbc", true},
		{"**", "x", true},
		{"a", "a", true},
		{"a", "b", false},
		{"a", "ab", false},
		{"ab", "a", false},
		{"*a*", "bab", true},
		{"a*a", "a", false},
		{"?", "a", false},
		{"*ab", "aab", true},
	};

	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++)
		CHECK(pattern_match(rows[i].pattern, strlen(rows[i].pattern), rows[i].text) ==
			      rows[i].match,
		      "pattern \"%s\" %s \"%s\"", rows[i].pattern,
		      rows[i].match ? "matches" : "does not match", rows[i].text);
	CHECK(pattern_match("pte/*,tlb/*", 5, "pte/x") && !pattern_match("pte/*,tlb/*", 5, "tlb/x"),
	      "only `length` characters are the pattern");
}

int main(void)
{
	test_memory();
	test_strings();
	test_parse_u32();
	test_pattern();
	return tap_done();
}
