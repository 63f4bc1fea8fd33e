/* SPDX-License-Identifier: MIT */
/* tools/interleave/lab.c, events.c, justified.c and quiet.c: a cell's guards and events, the class
 * of each end, and each reason for which the second judge and the oracles wait or speak. */
#include <asm/irq.h>

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch/model/model.h"
#include "kernel/hooks/guard.h"
#include "kernel/hooks/inject.h"
#include "kernel/hooks/race.h"
#include "mm/page/page.h"
#include "mm/table/pgtable.h"
#include "tests/lab/options.h"
#include "tests/self/unit/tap.h"
#include "tools/interleave/coroutine.h"
#include "tools/interleave/cpus.h"
#include "tools/interleave/events.h"
#include "tools/interleave/justified.h"
#include "tools/interleave/lab.h"
#include "tools/interleave/search.h"
#include "tools/interleave/sharing.h"
#include "tools/interleave/stop.h"

/* The numbers of v->value. */
enum {
	FIRST,	/* shared */
	SECOND, /* shared */
	SETUP,	/* guards as seen by the setup */
	ROLE,	/* and a role */
	COMES,	/* positions of events */
	LATER,
};

static enum {
	RIGHT,
	NO_SIGHT,
	WRONG,
	IRQS_OFF,
	LEAK,
} does;

static void store(struct variant *v)
{
	v->value[ROLE] = (guard(ipi_mb) ? 0 : 1) + (guard(shootdown_wait) ? 0 : 2);
	WRITE_ONCE(v->value[FIRST], 1);
	if (does == IRQS_OFF)
		irq_disable();
	if (does == LEAK)
		alloc_page(ZONE_DIRECT);
	race_value(role_probe, 5);
}

static void look(struct variant *v)
{
	READ_ONCE(v->value[FIRST]);
	race_value(role_probe, 6);
	race_value(role_probe, 7);
}

static bool setup(struct variant *v)
{
	v->value[SETUP] = !guard(ipi_mb);
	return true;
}

static bool asks; /* for events */

static enum verdict judge(struct variant *v)
{
	if (asks) {
		v->value[COMES] = lab_when(0, RACE_role_probe, 1);
		v->value[LATER] = lab_when(1, RACE_role_probe, 2);
		if (v->value[COMES] > v->value[LATER]) {
			lab_saw(v, "%u comes after %u", (unsigned)lab_value_at(v->value[COMES]),
				(unsigned)lab_value_at(v->value[LATER]));
			return VIOLATED;
		}
	}
	lab_saw(v, "guards %u, %u", v->value[SETUP], v->value[ROLE]);
	return does == WRONG ? VIOLATED : does == NO_SIGHT ? NO_EVIDENCE : HELD;
}

static const struct scenario scenario = {
	.name = "test/lab",
	.rule = "none",
	.reference = "none",
	.mode = MODE_EXPLORED,
	.roles = {{"storer", store}, {"looker", look}},
	.setup = setup,
	.judge = judge,
	CELLS(HOLDS(), BREAKS(ipi_mb)),
};

static struct result result;

static void explored(unsigned cell, unsigned what)
{
	struct exploration exploration;

	does = what;
	memory_model = MEMORY_SC;
	free(result.path);
	variant_prepare(&scenario, &scenario.cells[cell]);
	exploration = lab_exploration(10000);
	result = explore(&exploration);
}

static bool broke(enum breach breach, const char *words)
{
	bool good = result.ending == END_VIOLATED && result.breach == breach &&
		    !strcmp(result.what, words);

	if (!good)
		printf("# ending %u, breach %u: %s\n", result.ending, result.breach, result.what);
	return good;
}

static void test_classes(void)
{
	explored(0, RIGHT);
	CHECK(result.ending == END_HOLDS && result.ends && result.end[CLASS_HELD] == result.ends &&
		      result.interleavings == 2,
	      "all ends hold: a store and a load in two orders");
	explored(0, NO_SIGHT);
	CHECK(result.ending == END_HOLDS && result.end[CLASS_NO_EVIDENCE] == result.ends &&
		      !result.end[CLASS_HELD],
	      "ends that show nothing");
	explored(0, WRONG);
	CHECK(broke(BREACH_JUDGE, "guards 0, 0"), "the judge's words");
	explored(0, IRQS_OFF);
	CHECK(broke(BREACH_COMPLAINT, "a role ended with interrupts off"),
	      "a role that leaves interrupts off");
	explored(0, LEAK);
	CHECK(broke(BREACH_COMPLAINT, "frames leaked"), "one that leaves a frame");
}

static void test_guards(void)
{
	explored(1, WRONG);
	CHECK(broke(BREACH_JUDGE, "guards 0, 1"),
	      "the cell's guard is off for roles, not for the setup");
	options.guard_off[GUARD_shootdown_wait] = true;
	explored(1, WRONG);
	CHECK(broke(BREACH_JUDGE, "guards 0, 3"), "and those of the command line");
	options.stuck_guards = true;
	explored(1, WRONG);
	CHECK(broke(BREACH_JUDGE, "guards 0, 0"), "none, if they are stuck");
	options.stuck_guards = false;
	options.guard_off[GUARD_shootdown_wait] = false;
}

static unsigned passed[2][NR_RACES];

static void pass(unsigned cpu, unsigned point)
{
	passed[cpu][point]++;
}

static void test_events(void)
{
	struct exploration exploration;

	asks = true;
	explored(0, RIGHT);
	CHECK(broke(BREACH_JUDGE, "5 comes after 7"),
	      "events in an order that breaks the rule, with their values");
	CHECK(result.rounds == 1, "the random runs' judge has asked for them before");
	/* one role's event and the other's second, with the store and the load */
	CHECK(result.nr_path == 5, "each is a step that the path shows: %u", result.nr_path);
	asks = false;
	does = RIGHT;
	variant_prepare(&scenario, &scenario.cells[0]);
	exploration = lab_exploration(10000);
	sharing_reset(true);
	lab_passed = pass;
	cpus_begin(&exploration);
	for (struct transition step[MAX_TRANSITIONS]; cpus_steps(step, MAX_TRANSITIONS);)
		cpus_apply(step[0]);
	lab_passed = NULL;
	CHECK(passed[0][RACE_role_start] == 1 && passed[0][RACE_role_probe] == 1 &&
		      passed[0][RACE_role_done] == 1 && passed[1][RACE_role_probe] == 2,
	      "each point that a role passes is told");
	CHECK(cpus_took_part(0) && cpus_took_part(1), "of those who took part");
}

/* --- the second judge ------------------------------------------------------------------------- */

static pte_t good;
static struct translation stale;
static struct exploration exploration;
static enum breach breach;

/* Two CPUs of the mask are at rest, the second with a translation not justified by its entry. */
static void rest(void)
{
	variant_prepare(&scenario, &scenario.cells[0]);
	exploration = lab_exploration(10000);
	sharing_reset(true);
	cpus_begin(&exploration);
	good = mk_pte(20, PTE_USER | PTE_WRITE | PTE_YOUNG | PTE_DIRTY);
	stale = (struct translation){.valid = true, .va = variant.va, .pte = mk_pte(21, PTE_USER)};
	*variant.ptep = good;
	model_cpu[1].tlb[3] = stale;
}

#define STALE                                                                                      \
	"nobody owes a flush, and the TLB of CPU 1 has a translation of 0x1000 that its entry does not justify"
#define WAY                                                                                        \
	"nobody owes a flush, and CPU 1 has cached a way to 0x1000 that the tables do not go any more"

static bool problem_is(const char *words)
{
	const char *found = exploration.invariant(&breach);
	bool same = words ? found && !strcmp(found, words) : !found;

	if (!same)
		printf("# %s\n", found ? found : "none");
	return same;
}

static void test_owed(void)
{
	rest();
	CHECK(problem_is(STALE), "a translation that its entry does not justify");
	model_cpu[0].nr_buffered = 1;
	CHECK(problem_is(NULL), "nothing is said while a store is on its way");
	model_cpu[0].nr_buffered = 0;
	variant.mm.page_table_lock.owner++;
	CHECK(problem_is(NULL), "or the lock is held");
	variant.mm.page_table_lock.owner = 0;
	variant.mm.flush_pending = 1;
	CHECK(problem_is(NULL), "a flush is owed");
	variant.mm.flush_pending = 0;
	variant.mm.clearers = 1;
	CHECK(problem_is(NULL), "somebody clears entries");
	variant.mm.clearers = 0;
	model_cpu[1].level = 1;
	CHECK(problem_is(NULL), "or the last CPU is inside a handler");
	model_cpu[1].level = 0;
	model_cpu[0].level = 1;
	CHECK(problem_is(NULL), "or the first");
	model_cpu[0].level = 0;
	CHECK(problem_is(STALE), "all that past, it is");
	variant.mm.cpumask &= ~BIT(1);
	CHECK(problem_is(NULL), "not of a CPU that nobody has to ask");
	variant.mm.cpumask |= BIT(1);
	model_cpu[1].tlb[3].pte = good;
	CHECK(problem_is(NULL), "nor of a translation that is justified");
}

/* The child has the variant's tables and its CPU. */
static void test_child(void)
{
	struct process *process = &variant.process[3];

	rest();
	process->mm = variant.mm;
	process->state = PROCESS_BEGUN;
	variant.mm.cpumask = 0;
	CHECK(problem_is(STALE), "a translation of a child that its entry does not justify");
	process->mm.page_table_lock.owner++;
	CHECK(problem_is(NULL), "nothing is said while the lock of its space is held");
	process->mm.page_table_lock.owner = 0;
	process->mm.tables = PFN_NONE;
	CHECK(problem_is(NULL), "nor is it when its space has ended");
	process->mm.tables = variant.mm.tables;
	process->state = PROCESS_GONE;
	CHECK(problem_is(NULL), "or the process is over");
	process->state = PROCESS_BEGUN;
	variant.process[2].state = PROCESS_FORKING;
	CHECK(problem_is(NULL), "or another fork is under way");
	variant.process[2].state = PROCESS_NONE;
	CHECK(problem_is(STALE), "all that past, it is");
}

#define OUTSIDE "the entry of 0x1000 lies in no mapping"

/* The entry was made by hand, and the space has no mapping. */
static void test_oracles(void)
{
	struct scenario programs = scenario;
	struct model_cpu *cpu = &model_cpu[0];

	rest();
	model_cpu[1].tlb[3].valid = false;
	CHECK(problem_is(NULL), "a space without programs");
	programs.programs = true;
	variant.scenario = &programs;
	cpu->nr_old = 1;
	cpu->old[0].address = (u64)variant.ptep;
	breach = BREACH_TLB;
	CHECK(problem_is(OUTSIDE) && breach == BREACH_COMPLAINT, "of programs: a complaint");
	CHECK(cpu->nr_old == 1, "and no CPU has seen anything by that look");
	variant.mm.page_table_lock.owner++;
	CHECK(problem_is(NULL), "nothing is said while the lock is held");
	variant.mm.page_table_lock.owner = 0;
	model_cpu[1].nr_buffered = 1;
	CHECK(problem_is(NULL), "or a store is on its way");
	model_cpu[1].nr_buffered = 0;
	model_cpu[1].tlb[3] = stale;
	breach = BREACH_TLB;
	CHECK(problem_is(STALE) && breach == BREACH_TLB, "the second judge speaks first");
	old_forget(cpu, (u64)variant.ptep, sizeof(pte_t));
	CHECK(!cpu->nr_old, "a load of its own is seen");
}

static void test_ways(void)
{
	rest();
	model_cpu[1].tlb[3].valid = false;
	model_nr_filled = 1;
	model_filled[0] = variant.va;
	model_cpu[1].halfway[0].table[0] = 19;
	CHECK(problem_is(NULL), "hardware that does not fill has no ways");
	model_filling = true;
	CHECK(problem_is(WAY), "a way that the tables do not go");
	variant.mm.cpu_attach_mask &= ~BIT(1);
	CHECK(problem_is(NULL), "not of a CPU that has left the space");
	variant.mm.cpu_attach_mask |= BIT(1);
	model_cpu[1].halfway[0].table[0] = 0;
	CHECK(problem_is(NULL), "nor one that it has not begun");
	model_filling = false;
}

#define WALKS "the hardware of CPU 1 walks frame 0x5, which "

static bool fill_is(const char *words)
{
	const char *found = justified_fill(1, 5);
	bool same = words ? found && !strcmp(found, words) : !found;

	if (!same)
		printf("# %s\n", found ? found : "fine");
	return same;
}

static void test_fills(void)
{
	struct page *page = pfn_to_page(5);
	struct buffered *way = &model_cpu[0].buffer[0];
	struct op change = {
		.kind = OP_WRITE, .address = (u64)&page->count, .size = sizeof(page->count)};

	rest();
	sharing_reset(false);
	page->count = 1;
	CHECK(fill_is(NULL), "a table that is in use");
	sharing_freeze();
	CHECK(sharing_visible(&model_cpu[0], &change),
	      "whoever changes its count does so in a step");
	page->count = 0;
	CHECK(fill_is(WALKS "is free"), "one that is free");
	model_cpu[0].nr_buffered = 1;
	*way = (struct buffered){
		.address = (u64)&page->count, .size = sizeof(page->count), .value = 1};
	CHECK(fill_is(NULL), "or has its count on the way");
	way->size = PAGE_SIZE;
	CHECK(fill_is(WALKS "is free"), "that is no count");
	page->count = 1;
	CHECK(fill_is(NULL), "a table in use again");
	way->address = (u64)model_frame(5);
	CHECK(fill_is(WALKS "is not empty yet: its table was linked too early"),
	      "whose emptiness is on its way");
	way->address += PAGE_SIZE;
	CHECK(fill_is(NULL), "not another's");
	way->address -= PAGE_SIZE;
	way->size = 8;
	CHECK(fill_is(NULL), "or a word of it");
	way->size = PAGE_SIZE;
	model_cpu[1].buffer[2] = *way;
	model_cpu[0].nr_buffered = 0;
	model_cpu[1].nr_buffered = 2;
	CHECK(fill_is(NULL), "or what is past");
	model_cpu[1].nr_buffered = 3;
	CHECK(fill_is(WALKS "is not empty yet: its table was linked too early"),
	      "any CPU's, any store");
	model_cpu[1].nr_buffered = 0;
}

/* --- what there is room for, and how it begins ------------------------------------------------ */

static void test_limits(void)
{
	variant_prepare(&scenario, &scenario.cells[0]);
	exploration = lab_exploration(77);
	CHECK(exploration.max_states == 77 && exploration.cpus == 2 && !exploration.whole &&
		      !exploration.blind &&
		      exploration.breach[CLASS_COMPLAINT] == BREACH_COMPLAINT &&
		      exploration.breach[CLASS_VIOLATED] == BREACH_JUDGE,
	      "what explore() is told");
	lab_reset(2);
	CHECK(!exploration.limit(), "frames are left");
	room_frames.size = MODEL_FRAMES - zones[ZONE_DIRECT].nr_free - 1;
	CHECK(exploration.limit() && !strcmp(exploration.limit(),
					     "all frames of a zone are taken: see MODEL_FRAMES"),
	      "no more than must be");
	room_frames.size++;
	CHECK(!exploration.limit(), "one more");
	room_frames.size = MODEL_FRAMES - 1;
	zones[ZONE_HIGH].nr_free = 0;
	CHECK(exploration.limit(), "of each zone");
	lab_reset(2);
	CHECK(zones[ZONE_DIRECT].nr_free == MODEL_FRAMES - 1 &&
		      zones[ZONE_HIGH].nr_free == MODEL_FRAMES,
	      "a reset frees all but frame 0");
}

/* --- rooms ------------------------------------------------------------------------------------ */

static void test_rooms(void)
{
	struct room room = {"too many sheep", 2, 0};

	model_limit = NULL;
	CHECK(room_for(&room, 1) && room_for(&room, 2) && !model_limit, "there is room for two");
	CHECK(room_for(&room, 1) && room.most == 2, "and the most ever asked for is on record");
	CHECK(!room_for(&room, 3) && !strcmp(model_limit, "too many sheep") && room.most == 3,
	      "there is none for a third, and the limit is named");
	lab_reset(2);
	model_limit = NULL;
	CHECK(alloc_pages(ZONE_DIRECT, 8) && !model_limit, "frames in a row");
	inject_oom_number = 1000;
	CHECK(!alloc_pages(ZONE_DIRECT, 2 * MODEL_FRAMES) && !model_limit,
	      "too many of them are no limit where a frame was planted not to be had");
	inject_oom_number = 0;
	CHECK(!alloc_pages(ZONE_DIRECT, 2 * MODEL_FRAMES) && strstr(model_limit, "MODEL_FRAMES"),
	      "and elsewhere they are: the machine would have more");
	model_limit = NULL;
}

static jmp_buf stopped;

static void stop_here(void)
{
	longjmp(stopped, 1);
}

static bool setup_badly(struct variant *v)
{
	return does == LEAK && alloc_pages(ZONE_HIGH, 2 * MODEL_FRAMES) && v;
}

static bool stops(unsigned what, const char *words)
{
	struct scenario bad = scenario;

	bad.setup = setup_badly;
	does = what;
	variant_prepare(&bad, &bad.cells[0]);
	exploration = lab_exploration(1);
	model_limit = stop_words = NULL;
	stop_part = stop_here;
	if (!setjmp(stopped))
		exploration.setup(NULL);
	stop_part = NULL;
	model_limit = NULL;
	return stop_words && strstr(stop_words, words);
}

static void test_setup(void)
{
	CHECK(stops(RIGHT, "the setup of test/lab failed: no limit of the model was reached"),
	      "a setup that fails");
	CHECK(stops(LEAK, "the setup of test/lab failed: no frames in a row are left"),
	      "for want of frames");
	stop_words = NULL;
}

int main(void)
{
	test_classes();
	test_guards();
	test_events();
	test_owed();
	test_child();
	test_oracles();
	test_ways();
	test_fills();
	test_limits();
	test_rooms();
	test_setup();
	free(result.path);
	return tap_done();
}
