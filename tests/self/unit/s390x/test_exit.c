/* SPDX-License-Identifier: MIT */
/* Tests arch/s390x/exit.c and features.c for the machine's end, and for the facilities it needs. */
#include "tests/self/unit/s390x/fake.h"

#include "arch/s390x/exit.c"
#include "arch/s390x/features.c"

void stop_all_others(void)
{
	record("others stop");
}

/* STORE FACILITY LIST numbers bits from the left. */
static void facility(unsigned n)
{
	fake.facilities[n / 64] |= 1ul << (63 - n % 64);
}

static bool starts(bool idte, bool stckf_, bool iep)
{
	fake_reset();
	memset(fake.facilities, 0, sizeof(fake.facilities));
	for (unsigned n = 0; n < 256; n++)
		if (n != 3 && n != 25 && n != 130)
			facility(n); /* none of these matters */
	if (idte)
		facility(3);
	if (stckf_)
		facility(25);
	if (iep)
		facility(130);
	s390_features.iep = !iep;
	return !ENDS(s390_features_init());
}

/* The first and the last facility of a doubleword, alone. */
static void test_numbers(void)
{
	static const unsigned numbers[] = {0, 63, 64, 127, 128, 191, 192, 255};
	bool good = true;

	for (unsigned i = 0; i < ARRAY_SIZE(numbers); i++) {
		fake_reset();
		facility(numbers[i]);
		for (unsigned n = 0; n < 256; n++)
			good = good && has(fake.facilities, n) == (n == numbers[i]);
	}
	CHECK(good, "facilities are counted from the left, 64 a doubleword");
}

int main(void)
{
	CHECK(exit_select("halt") && !exit_select("hal") && !exit_select("isa-debug"),
	      "exit=halt, and no other");
	CHECK(!strcmp(exit_methods, "=halt"), "the valid value");
	CHECK(ENDS(machine_exit(0)), "a pass ends the machine");
	EXPECT("others stop psw 0x2000180000000 0xfff ",
	       "after the others: a disabled wait that QEMU takes for the end of a guest");
	CHECK(ENDS(machine_exit(1)), "another status ends it too");
	EXPECT("others stop psw 0x2000180000000 0xbad ", "by a wait that QEMU takes for a crash");

	test_numbers();
	CHECK(starts(true, true, true) && s390_page_nx() == 0x100,
	      "a CPU with execution protection: entries have the bit");
	EXPECT("stfle 4 ", "it says 256 facilities");
	CHECK(starts(true, true, false) && s390_page_nx() == 0, "one without: they have not");
	record_clear();
	CHECK(!starts(false, true, true), "no IDTE: refused");
	EXPECT("stfle 4 refused: this CPU has no IDTE (facility 3): a z990 or newer is needed ",
	       "and why");
	CHECK(!starts(true, false, true), "no STORE CLOCK FAST: refused");
	EXPECT("stfle 4 refused: this CPU has no STORE CLOCK FAST (facility 25): a z9 or newer is needed ",
	       "and why");
	return tap_done();
}
