/* SPDX-License-Identifier: MIT */
/* Tests the reasons of tests/lab/skip.c and needs.c not to run a cell. */
#include "tests/self/unit/cell_lab.h"

static bool skipped(const struct cell *cell, const char *reason)
{
	return is(cell_skip_reason(&scenario, cell), reason);
}

static void test_cpus(void)
{
	fresh();
	CHECK(skipped(&holds, NULL), "as many CPUs as roles");
	cpus_online = 1;
	CHECK(skipped(&holds, "needs 2 CPUs"), "one too few");
	scenario.roles[2] = scenario.roles[0];
	cpus_online = 6;
	CHECK(skipped(&holds, "needs 3 CPUs"), "for three");
	scenario.roles[3] = scenario.roles[0];
	CHECK(skipped(&holds, "needs 4 CPUs"), "for four");
	cpus_online = 15;
	CHECK(skipped(&holds, NULL), "four are enough");
	scenario.roles[1] = scenario.roles[2] = scenario.roles[3] = (struct role){0};
	scenario.needs = NEED_ALL_CPUS;
	cpus_online = 3;
	CHECK(skipped(&holds, NULL), "a row of all CPUs needs two");
	cpus_online = 1;
	CHECK(skipped(&holds, "needs 2 CPUs"), "and not one");
}

/* With the capability as it is said, the row is skipped with that reason; the other way it is
 * not. */
#define NEEDS(need, capability, value, reason)                                                     \
	do {                                                                                       \
		struct cell cell_ = holds;                                                         \
                                                                                                   \
		fresh();                                                                           \
		cap.hw_walker = (need) != NEED_SOFT_TLB;                                           \
		cell_.needs = (need);                                                              \
		cap.capability = (value);                                                          \
		CHECK(skipped(&cell_, reason), "needed of a cell: %s", reason);                    \
		scenario.needs = (need);                                                           \
		CHECK(skipped(&holds, reason), "of a scenario: %s", reason);                       \
		cap.capability = !(value);                                                         \
		if (cap.broadcast)                                                                 \
			options.choice[CHOICE_flush] = VALUE_flush_nowait;                         \
		CHECK(skipped(&holds, NULL), "and not where the port is otherwise");               \
		cap.capability = (value);                                                          \
		scenario.needs = 0;                                                                \
		options.choice[CHOICE_flush] = VALUE_flush_nowait;                                 \
		CHECK(skipped(&holds, NULL), "nor where it is not needed");                        \
	} while (0)

static void test_needs(void)
{
	NEEDS(NEED_SPLIT, split, false, "not observable here: an entry is read in one access");
	NEEDS(NEED_NOWAIT, nowait, false, "not observable here: every flush waits for walkers");
	NEEDS(NEED_ATOMIC64, atomic64, false,
	      "not observable here: no access reads an entry of two words whole");
	NEEDS(NEED_HW_AD, hw_ad, false,
	      "not observable here: only the lock's holder writes entries");
	NEEDS(NEED_SOFT_TLB, hw_walker, true, "not observable here: hardware fills the TLB");
	NEEDS(NEED_ASIDS, asids, false,
	      "not observable here: what a space left in the TLB is never taken for another's");
	NEEDS(NEED_IPI_FLUSH, broadcast, true,
	      "not observable here: an entry is cleared by the instruction that flushes it everywhere");
	NEEDS(NEED_BROADCAST, broadcast, false,
	      "not observable here: no instruction reaches another CPU's TLB");
	NEEDS(NEED_FOLDING, folding, false, "not observable here: every space has the same levels");
	NEEDS(NEED_STATIC, folding, true, "not observable here: levels are folded at run time");
	NEEDS(NEED_NAP, nap, false, "not observable here: a CPU that waits does not sleep");
	NEEDS(NEED_TOP_CACHE, top_tables, false,
	      "not observable here: no CPU of the port keeps top-level entries in registers");
	fresh();
	cap.top_tables = true;
	scenario.needs = NEED_TOP_CACHE;
	top_cached = false;
	CHECK(skipped(&holds, "not observable here: the machine reads top-level entries on every walk, see hw/pdpte"),
	      "a machine that keeps none");
	scenario.needs = 0;
	CHECK(skipped(&holds, NULL), "where it does not matter");
}

static void test_high_ram(void)
{
	fresh();
	scenario.needs = NEED_HIGH_RAM;
	CHECK(skipped(&holds, NULL), "RAM above 4 GiB that is distinct");
	high_ram = "there is none";
	CHECK(skipped(&holds, "there is none"), "or why it is not");
	options.safe = true;
	CHECK(skipped(&holds, "safe: no frames above 4 GiB"), "and safe does not ask");
	scenario.needs = 0;
	CHECK(skipped(&holds, NULL), "where it does not matter");
}

static void test_conflicts(void)
{
	static const struct cell two = {.off = NR_GUARDS,
					.values = {[CHOICE_pte_read] = VALUE_pte_read_recheck,
						   [CHOICE_zap] = VALUE_zap_atomic}};

	fresh();
	options.choice[CHOICE_zap] = VALUE_zap_split;
	CHECK(skipped(&split, NULL) && skipped(&holds, NULL),
	      "the same choice, or none of the cell's");
	CHECK(skipped(&two,
		      "this variant is about choice.zap=atomic; with zap=split: run=pte/a,pte/b"),
	      "another one: which rows hold with it, of the same group");
	scenario.name = "tlb/x";
	CHECK(skipped(&two, "this variant is about choice.zap=atomic; with zap=split: run=tlb/a"),
	      "of another group");
	scenario.name = "mm/x";
	CHECK(skipped(&two, "this variant is about choice.zap=atomic; with zap=split: run=pte/a"),
	      "or the first of all if the group has none");
	CHECK(is(cell_skip_reason(&pte_b, &two),
		 "this variant is about choice.zap=atomic; with zap=split: run=pte/a"),
	      "itself is none of them");
	scenario.name = "hw/x";
	options.choice[CHOICE_zap] = VALUE_zap_atomic;
	CHECK(skipped(&split,
		      "this variant is about choice.zap=split; with zap=atomic: run=hw/a,hw/z"),
	      "a group of two letters");
	scenario.name = "pte/one";
	options.choice[CHOICE_zap] = VALUE_NONE;
	options.choice[CHOICE_pte_read] = VALUE_pte_read_seq;
	CHECK(skipped(&two, "this variant is about choice.pte_read=recheck; with pte_read=seq: run=pte/b"),
	      "the first value that is otherwise, and only rows that hold");
	options.choice[CHOICE_zap] = VALUE_zap_atomic;
	CHECK(skipped(&two, "this variant is about choice.pte_read=recheck"),
	      "none if each of those chooses otherwise itself");
}

static void test_other_reasons(void)
{
	fresh();
	cap.broadcast = true;
	options.choice[CHOICE_flush] = VALUE_flush_sync;
	CHECK(skipped(&holds, "not observable here: no flush waits for walkers"),
	      "flush=sync where flushes are broadcast");
	CHECK(skipped(&(struct cell){.off = NR_GUARDS, .values = {[CHOICE_zap] = VALUE_zap_split}},
		      "not observable here: no flush waits for walkers"),
	      "whatever else the cell chooses");
	options.choice[CHOICE_flush] = VALUE_flush_nowait;
	CHECK(skipped(&holds, NULL), "not flush=nowait");
	cap.broadcast = false;
	options.idle_role = 0;
	CHECK(skipped(&holds, NULL), "an idle role");
	scenario.mode = MODE_PROBE;
	CHECK(skipped(&holds, "no overlap: no role of a probe can be left idle"), "not of a probe");
	scenario.roles_meet = true;
	CHECK(skipped(&holds, "no overlap: the roles meet, so none can be left idle"),
	      "nor where they meet");
	options.idle_role = MAX_ROLES;
	CHECK(skipped(&holds, NULL), "which is nothing without an idle one");
	options.guard_off[GUARD_shootdown] = 1;
	CHECK(skipped(&holds, NULL) && skipped(&broken, NULL),
	      "a guard off, the same as the cell's");
	options.guard_off[NR_GUARDS - 1] = 1;
	CHECK(skipped(&holds, NULL) && skipped(&broken, "another guard is off on the command line"),
	      "or another one");
	options.guard_off[NR_GUARDS - 1] = 0;
	options.guard_off[0] = 1;
	CHECK(skipped(&broken, "another guard is off on the command line"), "the first of all too");
}

int main(void)
{
	fresh();
	sort_scenarios();
	test_cpus();
	test_needs();
	test_high_ram();
	test_conflicts();
	test_other_reasons();
	return tap_done();
}
