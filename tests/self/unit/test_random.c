/* SPDX-License-Identifier: MIT */
/* kernel/random.h: the numbers of a seed, because a log that names one is to be played again by
 * every later version. Expected ones are computed by other programs. */
#include "kernel/random.h"

#include "tests/self/unit/tap.h"

int main(void)
{
	struct random one = {1}, other = {0xdeadbeef};

	CHECK(random_stream(1, 0).state == 0x85efe535 && random_stream(1, 1).state == 0x3b22d6f0,
	      "a seed has a stream for each number");
	CHECK(random_stream(0x12345678, 7).state == 0x6cbc8842, "another seed has others");
	CHECK(random_stream(0, 0).state == 1, "no stream begins with 0, where it would stay");
	CHECK(random_next(&one) == 0x42021 && random_next(&one) == 0x4080601 &&
		      random_next(&one) == 0x9dcca8c5 && random_next(&one) == 0x1255994f,
	      "xorshift32 with 13, 17 and 5");
	CHECK(random_below(&other, 10) == 1 && random_below(&other, 10) == 2 &&
		      random_below(&other, 10) == 0 && other.state == 0xba8c2458,
	      "below a bound: the rest of a division");
	return tap_done();
}
