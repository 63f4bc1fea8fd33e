/* SPDX-License-Identifier: MIT */
/* Rows for tests of the cells' choices and skips, on a port with capabilities set by the test. */
#pragma once
#include <stdio.h>
#include <string.h>

#include "tests/lab/high_ram.h"
#include "tests/lab/lab.h"
#include "tests/lab/top_cache.h"

static struct {
	bool split, nowait, atomic64, hw_ad, hw_walker, asids, broadcast, folding, nap, top_tables;
} cap;
#undef CAP_SPLIT_ENTRIES
#undef CAP_NOWAIT_FLUSH
#undef CAP_ATOMIC64
#undef CAP_HW_AD
#undef CAP_HW_WALKER
#undef CAP_ASIDS
#undef CAP_BROADCAST_FLUSH
#undef CAP_DYNAMIC_FOLDING
#undef CAP_NAP
#undef PREALLOCATED_PMDS
#define CAP_SPLIT_ENTRIES   cap.split
#define CAP_NOWAIT_FLUSH    cap.nowait
#define CAP_ATOMIC64	    cap.atomic64
#define CAP_HW_AD	    cap.hw_ad
#define CAP_HW_WALKER	    cap.hw_walker
#define CAP_ASIDS	    cap.asids
#define CAP_BROADCAST_FLUSH cap.broadcast
#define CAP_DYNAMIC_FOLDING cap.folding
#define CAP_NAP		    cap.nap
#define PREALLOCATED_PMDS   cap.top_tables

static u8 defaults[NR_CHOICES];
#define choice_default defaults

#include "tests/lab/cell.c"

#undef choice_default
#include "tests/lab/registry.c"
#include "tests/lab/skip.c"
#include "tests/lab/needs.c"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

struct options options;

static const char *high_ram, *unsound;
static bool top_cached;

const char *high_ram_problem(void)
{
	return high_ram;
}

bool top_entries_cached(void)
{
	return top_cached;
}

void scenario_check(const struct scenario *s, char *problem, size_t size)
{
	snprintf(problem, size, "%s",
		 unsound && !strcmp(unsound, s->name ? s->name : "?") ? "why" : "");
}

static void run(struct variant *v)
{
	(void)v;
}

static inline void act(struct variant *v)
{
	v->nr_frames++;
}

static const struct cell holds = {.off = NR_GUARDS},
			 split = {.off = NR_GUARDS, .values = {[CHOICE_zap] = VALUE_zap_split}},
			 broken = {.expect = EXPECT_BREAKS,
				   .off = GUARD_shootdown,
				   .values = {[CHOICE_flush] = VALUE_flush_nowait}};

#define MADE_UP(identifier, its_name, ...)                                                         \
	SCENARIO(identifier) = {.name = its_name,                                                  \
				.mode = MODE_CHOREO,                                               \
				.roles = {{"walker", run}, {"writer", run}},                       \
				__VA_ARGS__}
/* Not in their order. */
MADE_UP(walk_a, "walk/a", .nr_cells = 1,
	.cells = {{.off = NR_GUARDS, .values = {[CHOICE_zap] = VALUE_zap_split}}});
MADE_UP(pte_b, "pte/b", .nr_cells = 2,
	.cells = {
		{.off = NR_GUARDS},
		{.off = NR_GUARDS,
		 .values = {
			 [CHOICE_pte_read] = VALUE_pte_read_seq, [CHOICE_zap] = VALUE_zap_split}}});
MADE_UP(gup_a, "gup/a", .nr_cells = 1, .cells = {{.off = NR_GUARDS}});
MADE_UP(hw_z, "hw/z", .nr_cells = 1,
	.cells = {{.off = NR_GUARDS, .values = {[CHOICE_zap] = VALUE_zap_atomic}}});
MADE_UP(hw_other, "hw-/a", .nr_cells = 1, .cells = {{.off = NR_GUARDS}});
MADE_UP(pt_other, "ptx/a", .nr_cells = 1,
	.cells = {{.off = NR_GUARDS, .values = {[CHOICE_zap] = VALUE_zap_split}}});
MADE_UP(pte_a, "pte/a", .nr_cells = 2,
	.cells = {{.off = NR_GUARDS, .values = {[CHOICE_zap] = VALUE_zap_split}},
		  {.expect = EXPECT_HISTORICAL,
		   .off = NR_GUARDS,
		   .values = {[CHOICE_pte_read] = VALUE_pte_read_seq}}});
MADE_UP(hw_a, "hw/a", .nr_cells = 1,
	.cells = {{.off = NR_GUARDS, .values = {[CHOICE_zap] = VALUE_zap_atomic}}});
MADE_UP(tlb_a, "tlb/a", .nr_cells = 1,
	.cells = {{.off = NR_GUARDS, .values = {[CHOICE_zap] = VALUE_zap_split}}});

static struct scenario scenario;

static inline void fresh(void)
{
	machine_reset();
	options = (struct options){.idle_role = MAX_ROLES};
	high_ram = unsound = NULL;
	top_cached = true;
	memset(&cap, 0, sizeof(cap));
	memcpy(defaults, choice_default, sizeof(defaults));
	cap.split = cap.nowait = cap.atomic64 = cap.hw_ad = cap.hw_walker = true;
	scenario = (struct scenario){.name = "pte/one",
				     .mode = MODE_CHOREO,
				     .roles = {{"walker", run}, {"writer", run}}};
}

static inline bool is(const char *text, const char *expected)
{
	bool same = text && expected ? !strcmp(text, expected) : text == expected;

	if (!same)
		printf("# it was <%s>\n", text ? text : "nothing");
	return same;
}
