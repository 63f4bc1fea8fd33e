/* SPDX-License-Identifier: MIT */
/* Knows the scenarios of hw/ the others build on, and records the broken ones. */
#include "tests/lab/basis.h"

#include "kernel/printk.h"
#include "kernel/string.h"
#include "tests/lab/options.h"

/* If nothing relies on a scenario of hw/, it is not here. One of another port is never broken. */
static const struct {
	const char *scenarios, *basis;
} builds_on[] = {
	{"*", "hw/atomic-count"},
	{"*", "hw/ipi"},
	{"*", "hw/permissions"},
	{"*", "hw/protection"},
	{"pte/*", "hw/one-access"},
	{"pte/*", "hw/cmpxchg8b"},
	{"pte/*-high", "hw/above-4G"},
	{"pte/dirty-lost", "hw/ad-atomic"},
	{"pte/mkinvalid-dirty", "hw/ad-atomic"},
	{"pte/set-order-walk", "hw/torn-walker"},
	{"tlb/*", "hw/effective-invalidation"},
	{"tlb/*", "hw/many-translations"},
	{"tlb/*", "hw/broadcast"},
	{"tlb/*", "hw/invalidate-done"},
	{"tlb/nap*", "hw/idle"},
	{"tlb/pdpte", "hw/pdpte"},
};

static bool broken[ARRAY_SIZE(builds_on)];

void basis_broke(const struct scenario *scenario)
{
	for (unsigned i = 0; i < ARRAY_SIZE(builds_on); i++)
		broken[i] |= !strcmp(builds_on[i].basis, scenario->name);
}

bool basis_is_planted(const struct scenario *scenario)
{
	return options.broken && !strcmp(options.broken, scenario->name);
}

static bool is_among(const char *scenarios, const struct scenario *scenario)
{
	return strncmp(scenario->name, "hw/", 3) &&
	       pattern_match(scenarios, strlen(scenarios), scenario->name);
}

const char *broken_basis(const struct scenario *scenario)
{
	static char reason[80];

	for (unsigned i = 0; i < ARRAY_SIZE(builds_on); i++) {
		if (!broken[i] || !is_among(builds_on[i].scenarios, scenario))
			continue;
		snprintk(reason, sizeof(reason), "builds on %s, which this machine breaks",
			 builds_on[i].basis);
		return reason;
	}
	return NULL;
}
