/* SPDX-License-Identifier: MIT */
/* tests/lab/basis.c: which rows show nothing on a machine that breaks a row of hw/. */
#include "tests/lab/basis.c"

#include <string.h>

#include "tests/self/unit/tap.h"

struct options options;

static const char *blocked_by(const char *row)
{
	const struct scenario scenario = {.name = row};

	return broken_basis(&scenario);
}

static void breaks(const char *row)
{
	const struct scenario scenario = {.name = row};

	memset(broken, 0, sizeof(broken));
	basis_broke(&scenario);
}

/* For each row of hw/, rows that rely on it, and rows that do not. */
static const struct {
	const char *row;
	const char *rely[4], *others[4];
} bases[] = {
	{"hw/atomic-count", {"pte/torn-read", "tlb/stale", "walk/re-read", "hwx/y"}, {"hw/ipi"}},
	{"hw/ipi", {"gup/recheck", "space/two-faults"}, {"hw/atomic-count", "hw/idle"}},
	{"hw/permissions", {"walk/upgrade", "tlb/nap"}, {"hw/protection"}},
	{"hw/protection", {"gup/recheck", "pte/aba-refault"}, {"hw/permissions"}},
	{"hw/one-access",
	 {"pte/torn-read", "pte/set-order-walk"},
	 {"tlb/stale", "gup/recheck", "hw/pte"}},
	{"hw/cmpxchg8b", {"pte/aba-refault"}, {"tlb/stale", "walk/limit"}},
	{"hw/above-4G", {"pte/aba-refault-high"}, {"pte/aba-refault", "gup/recheck-high"}},
	{"hw/ad-atomic",
	 {"pte/dirty-lost", "pte/mkinvalid-dirty"},
	 {"pte/mkinvalid", "pte/dirty-lost2"}},
	{"hw/torn-walker", {"pte/set-order-walk"}, {"pte/set-order"}},
	{"hw/effective-invalidation",
	 {"tlb/stale", "tlb/pdpte"},
	 {"pte/aba-refault", "walk/limit"}},
	{"hw/many-translations", {"tlb/switch"}, {"pte/aba-refault"}},
	{"hw/broadcast", {"tlb/attach"}, {"walk/limit"}},
	{"hw/invalidate-done", {"tlb/asid"}, {"gup/recheck"}},
	{"hw/idle", {"tlb/nap", "tlb/nap-two"}, {"tlb/stale"}},
	{"hw/pdpte", {"tlb/pdpte"}, {"tlb/stale", "tlb/pdpte-two"}},
};

static void test_table(void)
{
	for (unsigned i = 0; i < ARRAY_SIZE(bases); i++) {
		char expected[100] = "builds on ";

		breaks(bases[i].row);
		strcat(strcat(expected, bases[i].row), ", which this machine breaks");
		for (unsigned j = 0; j < 4 && bases[i].rely[j]; j++)
			CHECK(!strcmp(blocked_by(bases[i].rely[j]) ?: "", expected),
			      "%s relies on %s", bases[i].rely[j], bases[i].row);
		for (unsigned j = 0; j < 4 && bases[i].others[j]; j++)
			CHECK(!blocked_by(bases[i].others[j]), "%s does not rely on %s",
			      bases[i].others[j], bases[i].row);
	}
}

static void test_several(void)
{
	const struct scenario first = {.name = "hw/broadcast"}, second = {.name = "hw/ipi"},
			      none = {.name = "hw/msi"};

	breaks("hw/nothing");
	CHECK(!blocked_by("tlb/stale"), "nothing is broken");
	basis_broke(&first);
	basis_broke(&none);
	basis_broke(&second);
	CHECK(!strcmp(blocked_by("tlb/stale"), "builds on hw/ipi, which this machine breaks"),
	      "of two broken ones the first of the table is named");
	CHECK(!strcmp(blocked_by("pte/zap-order"), "builds on hw/ipi, which this machine breaks"),
	      "and each stays broken");
}

static void test_planted(void)
{
	const struct scenario ipi = {.name = "hw/ipi"};

	options.broken = NULL;
	CHECK(!basis_is_planted(&ipi), "no row is counted as violated");
	options.broken = "hw/ipi";
	CHECK(basis_is_planted(&ipi), "the one that lab.broken= names is");
	options.broken = "hw/ipi-masked";
	CHECK(!basis_is_planted(&ipi), "and not its neighbour");
}

int main(void)
{
	test_table();
	test_several();
	test_planted();
	return tap_done();
}
