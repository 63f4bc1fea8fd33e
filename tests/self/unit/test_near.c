/* SPDX-License-Identifier: MIT */
/* Tests kernel/near.c. */
#include "kernel/near.h"

#include <string.h>

#include "tests/self/unit/tap.h"

static const char *guess(const char *said, const char *one, const char *other)
{
	struct near near;

	near_begin(&near, said, strlen(said));
	near_offer(&near, one);
	near_offer(&near, other);
	return near.best ? near.best : "";
}

static void near_to(const char *said, const char *expected)
{
	const char *found = guess(said, "present_recheck", "read_present_first");

	CHECK(!strcmp(found, expected), "%s: %s", said, *found ? found : "like none");
}

static void parts(void)
{
	struct near near;

	near_begin(&near, "torn-raed,tlb/*", 9);
	near_offer(&near, "pte/torn-read");
	CHECK(!near.best, "a name with a group is not near to one without");
	near_offer_part(&near, "pte/torn-read", "torn-read");
	CHECK(near.best && !strcmp(near.best, "pte/torn-read"), "its part is");
}

/* Returns today's name, or "" if it is no old name. */
static const char *renamed(const char *said, size_t length)
{
	struct near near;

	near_begin(&near, said, length);
	return near_renamed(&near) ?: "";
}

static void test_said(void)
{
	struct near near;
	char text[200];

	memset(text, 'n', sizeof(text));
	near_begin(&near, text, sizeof(text));
	CHECK(strlen(near.said) == sizeof(near.said) - 1 && !near.best, "what was said is cut");
	near_begin(&near, "abc", 99);
	CHECK(!strcmp(near.said, "abc"), "or ends where it ends");
	near_begin(&near, "abcdef", 3);
	CHECK(!strcmp(near.said, "abc"), "or where its part does");
	near_offer(&near, "abd");
	near_offer(&near, "abe");
	near_offer(&near, "bc");
	near_begin(&near, "xabcdef", 7);
	near_offer(&near, "xabcdeg");
	near_offer(&near, "abcdef");
	CHECK(!strcmp(near.best, "xabcdeg"), "a letter too many is as far as a wrong one");
	near_begin(&near, "abc", 3);
	near_offer(&near, "abd");
	near_offer(&near, "abe");
	CHECK(!strcmp(near.best, "abd"), "of two that are equally near the first one is kept");
}

int main(void)
{
	test_said();
	CHECK(!strcmp(renamed("low_recheck", 11), "present_recheck"), "the first old name");
	CHECK(!strcmp(renamed("pte/nosync-flush,tlb/*", 16), "pte/nowait-flush"), "a scenario's");
	CHECK(!strcmp(renamed("walk/table-free-nosync", 22), "walk/table-free-nowait"),
	      "the last one");
	CHECK(!*renamed("present_recheck", 15) && !*renamed("", 0) && !*renamed("nosync2", 7),
	      "others are no old names");
	near_to("present_recheck", "present_recheck");
	near_to("present_rechek", "present_recheck");
	near_to("present_rechekc", "present_recheck");
	near_to("rpesent_rechekc", "");
	near_to("read_present_frist", "read_present_first");
	near_to("", "");
	CHECK(!strcmp(guess("zp", "zap", "run"), "zap"), "one letter of two");
	CHECK(!strcmp(guess("zaap", "zap", "zooop"), "zap"), "one letter too many");
	CHECK(!strcmp(guess("xxstale", "stale", ""), "stale"), "two too many, at the beginning");
	CHECK(!strcmp(guess("sstalee", "stale", ""), "stale"), "one at each end");
	CHECK(!*guess("xsxtxale", "stale", ""), "three are no slip of the pen");
	CHECK(!*guess("z", "zap", "run"), "not more letters than half of them");
	CHECK(!strcmp(guess("stale", "stales", "stale"), "stale"), "the nearer one wins");
	CHECK(!strcmp(guess("stale", "stale", "stales"), "stale"), "whichever comes first");
	CHECK(!*guess("a-name-that-is-longer-than-forty-letters-1",
		      "a-name-that-is-longer-than-forty-letters-2", ""),
	      "a longer name is near to none");
	CHECK(!strcmp(guess("a-name-of-as-many-as-just-forty-letters1",
			    "a-name-of-as-many-as-just-forty-letters2", ""),
		      "a-name-of-as-many-as-just-forty-letters2"),
	      "one of forty letters is");
	parts();
	return tap_done();
}
