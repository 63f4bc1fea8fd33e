/* SPDX-License-Identifier: MIT */
/* arch/mips/page.c: each word of the page, and none beside it. arch/mips/shift.c, each distance. */
#include "arch/mips/page.c"
#define __ashldi3 mips_ashldi3 /* the host's compiler has these names too */
#define __lshrdi3 mips_lshrdi3
#include "arch/mips/shift.c"

#include "tests/self/unit/mips/host.h"

static u32 memory[3][1024];

static bool neighbours_untouched(void)
{
	for (unsigned i = 0; i < 1024; i++)
		if (memory[0][i] != 7 || memory[2][i] != 7)
			return false;
	return true;
}

static bool page_is(u32 value)
{
	for (unsigned i = 0; i < 1024; i++)
		if (memory[1][i] != value)
			return false;
	return true;
}

static void test_pages(void)
{
	for (unsigned i = 0; i < 1024; i++)
		memory[0][i] = memory[2][i] = 7;
	fill_page(memory[1], 0xdeadbeef);
	CHECK(page_is(0xdeadbeef) && neighbours_untouched(), "fill_page()");
	clear_page(memory[1]);
	CHECK(page_is(0) && neighbours_untouched(), "clear_page()");
}

static void test_shifts(u64 value)
{
	bool left = true, right = true;

	for (int n = 0; n < 64; n++) {
		left = left && mips_ashldi3(value, n) == value << n;
		right = right && mips_lshrdi3(value, n) == value >> n;
	}
	CHECK(left && right, "%llx: shifted by 0 to 63, both ways", (unsigned long long)value);
}

int main(void)
{
	test_pages();
	test_shifts(0x8123456789abcdef);
	test_shifts(0xffffffffffffffff);
	test_shifts(0x0000000180000001);
	return tap_done();
}
