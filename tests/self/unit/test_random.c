/* SPDX-License-Identifier: MIT */
/* Tests the numbers of a seed in kernel/random.h, computed by other programs, because every later
 * version must repeat a log with its seed. */
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
