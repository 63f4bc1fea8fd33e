/* SPDX-License-Identifier: MIT */
/* tools/interleave/sharing.c: which operations need a place in the order, kind by kind, and what
 * is news. */
#include "tools/interleave/sharing.h"

#include "kernel/hooks/race.h"
#include "tests/self/unit/engine/explored.h"
#include "tools/interleave/coroutine.h"

static struct model_cpu *const cpu0 = &model_cpu[0], *const cpu1 = &model_cpu[1],
			       *const cpu2 = &model_cpu[2];

static void begin(bool whole)
{
	nr_parts = 3;
	lab_reset(3);
	model_limit = NULL;
	model_filling = false;
	model_nr_filled = 0;
	memory_model = MEMORY_WEAK;
	sharing_reset(whole);
}

static struct op access_of(enum op_kind kind, const void *p, unsigned size)
{
	return (struct op){.kind = (u8)kind, .address = (u64)p, .size = (u8)size};
}

static bool visible(struct model_cpu *cpu, enum op_kind kind, const void *p, unsigned size)
{
	struct op op = access_of(kind, p, size);

	return sharing_visible(cpu, &op);
}

static bool is_step(struct model_cpu *cpu, struct op op)
{
	return sharing_visible(cpu, &op);
}

/* --- accesses --------------------------------------------------------------------------------- */

static void test_two_cpus(void)
{
	begin(false);
	CHECK(!visible(cpu0, OP_READ, &CELL(0), 4) && !visible(cpu0, OP_WRITE, &CELL(0), 4) &&
		      !sharing_grew(),
	      "a CPU's own word is no news");
	CHECK(!visible(cpu1, OP_READ, &CELL(0), 4) && sharing_grew(),
	      "another's look at it is, but counts from the next freeze on");
	sharing_freeze();
	CHECK(!sharing_grew(), "which takes note of it");
	CHECK(visible(cpu1, OP_READ, &CELL(0), 4) && visible(cpu0, OP_WRITE, &CELL(0), 4),
	      "others can tell when it is written, and when they read it");
	CHECK(!visible(cpu0, OP_READ, &CELL(0), 4) && !sharing_grew(),
	      "but not when its only writer reads it");
	CHECK(visible(cpu0, OP_RMW, &CELL(0), 4) && !sharing_grew(), "a read-modify-write writes");
	CHECK(visible(cpu1, OP_RMW, &CELL(0), 4) && sharing_grew(), "a second writer is news");
	sharing_freeze();
	CHECK(visible(cpu0, OP_READ, &CELL(0), 4), "and now the first can tell when it reads");
	CHECK(!visible(cpu0, OP_READ, &word[0][1], 4) && !visible(cpu0, OP_WRITE, &word[0][15], 4),
	      "words beside it are others");
	begin(false);
	visible(cpu0, OP_READ, &CELL(1), 4);
	visible(cpu1, OP_READ, &CELL(1), 4);
	sharing_freeze();
	CHECK(!visible(cpu0, OP_READ, &CELL(1), 4) && !visible(cpu1, OP_READ, &CELL(1), 4),
	      "nobody can tell when a word is read that nobody writes");
	CHECK(visible(cpu1, OP_WRITE, &CELL(1), 4), "but when it is written by one of its readers");
	begin(false);
	visible(cpu0, OP_WRITE, &CELL(1), 4);
	visible(cpu1, OP_WRITE, &CELL(1), 4);
	sharing_freeze();
	CHECK(visible(cpu0, OP_WRITE, &CELL(1), 4) && visible(cpu2, OP_READ, &CELL(1), 4),
	      "of two stores which came last is to be seen");
	begin(false);
	CHECK(!visible(cpu0, OP_READ, &CELL(1), 4) && !sharing_grew(), "a reset forgets");
}

static void test_levels(void)
{
	struct op look = access_of(OP_READ, &CELL(2), 4);

	begin(false);
	visible(cpu0, OP_WRITE, &CELL(0), 4);
	cpu0->level = 1;
	visible(cpu0, OP_READ, &CELL(0), 4);
	CHECK(sharing_grew(), "a handler is another than the code that it interrupts");
	sharing_freeze();
	CHECK(visible(cpu0, OP_READ, &CELL(0), 4), "and can tell");
	cpu0->level = 0;
	CHECK(visible(cpu0, OP_WRITE, &CELL(0), 4), "as the code can");
	CHECK(sharing_me(cpu0) == BIT(0) && sharing_me(cpu1) == BIT(4) &&
		      sharing_me(&model_cpu[3]) == BIT(12),
	      "four bits a CPU");
	cpu1->level = 2;
	CHECK(sharing_me(cpu1) == BIT(6), "one for each level");
	begin(false);
	visible(cpu1, OP_WRITE, &CELL(2), 4);
	sharing_note(cpu1, &look);
	CHECK(sharing_grew(), "so is a CPU's hardware");
	sharing_freeze();
	CHECK(visible(cpu1, OP_WRITE, &CELL(2), 4), "which can tell");
}

static void test_sizes(void)
{
	begin(false);
	visible(cpu0, OP_WRITE, &word[3][2], 8);
	visible(cpu1, OP_READ, &word[3][3], 4);
	CHECK(sharing_grew(), "eight bytes are two words");
	sharing_freeze();
	visible(cpu1, OP_READ, &word[3][1], 4);
	visible(cpu1, OP_READ, &word[3][4], 4);
	CHECK(!sharing_grew(), "and no third");
	CHECK(visible(cpu0, OP_WRITE, &word[3][2], 8) && visible(cpu0, OP_WRITE, &word[3][3], 4) &&
		      !visible(cpu0, OP_WRITE, &word[3][2], 4),
	      "of which one is shared");
	begin(false);
	visible(cpu0, OP_FILL, word[4], 0);
	visible(cpu1, OP_READ, &word[4][15], 2);
	visible(cpu1, OP_READ, &word[5][0], 2);
	sharing_freeze();
	CHECK(visible(cpu0, OP_FILL, word[4], 0) && visible(cpu0, OP_WRITE, &word[4][15], 1),
	      "a fill is all words of its page");
	begin(false);
	visible(cpu0, OP_FILL, word[4], 0);
	visible(cpu1, OP_WRITE, &word[5][0], 4);
	CHECK(!sharing_grew(), "and no word behind it");
	visible(cpu1, OP_WRITE, &word[4][0], 4);
	CHECK(sharing_grew(), "but its first");
}

static void test_everything(void)
{
	begin(true);
	CHECK(visible(cpu0, OP_READ, &CELL(0), 4) && !sharing_grew(),
	      "whole: each access has its place");
	begin(false);
	sharing_all(true);
	CHECK(visible(cpu0, OP_READ, &CELL(0), 4) && visible(cpu1, OP_WRITE, &CELL(1), 4),
	      "so it has while finding out");
	sharing_all(false);
	CHECK(!visible(cpu0, OP_READ, &CELL(0), 4), "and not afterwards");
}

static void test_outside(void)
{
	static u32 mine;
	u8 *low;

	begin(false);
	CHECK(!visible(cpu0, OP_READ, &mine, 4) && !model_limit,
	      "what is no part of the state may be read");
	CHECK(!visible(cpu0, OP_WRITE, &mine, 4) && model_limit &&
		      !strcmp(model_limit,
			      "a marked access to what is not part of the state: see EXPLORED"),
	      "but not written");
	coroutine_window(1, &low);
	model_limit = NULL;
	CHECK(!visible(cpu1, OP_WRITE, low, 4) && !visible(cpu1, OP_READ, low, 4) && !model_limit,
	      "a CPU's own stack is its own");
	visible(cpu0, OP_READ, low, 4);
	CHECK(model_limit, "and nobody else's");
	coroutine_window(0, &low);
	model_limit = NULL;
	CHECK(!visible(cpu0, OP_WRITE, low, 4) && !model_limit, "also that of CPU 0");
	visible(cpu1, OP_READ, low, 4);
	CHECK(model_limit, "which is nobody else's either");
	coroutine_window(1, &low);
	sharing_all(true);
	model_limit = NULL;
	CHECK(!visible(cpu1, OP_WRITE, low, 4), "never a step");
	sharing_all(false);
	model_limit = NULL;
	visible(cpu0, OP_WRITE, __start_explored_state, 4);
	visible(cpu0, OP_WRITE, (void *)((u64)__stop_explored_state - 4), 4);
	CHECK(!model_limit, "the state's first and last words are part of it");
	visible(cpu0, OP_WRITE, __stop_explored_state, 4);
	CHECK(model_limit, "and what stands behind is not");
	model_limit = NULL;
	visible(cpu0, OP_WRITE, (void *)((u64)__start_explored_state - 4), 4);
	CHECK(model_limit, "nor what stands before");
	model_limit = NULL;
}

/* --- everything else -------------------------------------------------------------------------- */

static bool sends(unsigned to, enum ipi ipi)
{
	return is_step(cpu0, (struct op){.kind = OP_IPI, .target = (u8)to, .value = ipi});
}

static bool irq_off(struct model_cpu *cpu)
{
	return is_step(cpu, (struct op){.kind = OP_IRQ_OFF});
}

static void test_interrupts(void)
{
	struct op root = {.kind = OP_ROOT}, tlb = {.kind = OP_TLB_WRITE},
		  flush = {.kind = OP_FLUSH};

	begin(false);
	CHECK(!irq_off(cpu1) && !is_step(cpu1, root) && !is_step(cpu1, tlb),
	      "without interrupts there is no last moment for one");
	CHECK(sends(1, IPI_SHOOTDOWN_NOWAIT) && sharing_grew(), "to send one is a step, and news");
	sharing_freeze();
	CHECK(sends(1, IPI_SHOOTDOWN_NOWAIT) && !sharing_grew(), "once");
	CHECK(!irq_off(cpu1), "interrupts off do not hold an NMI back");
	CHECK(is_step(cpu1, root) && is_step(cpu1, tlb) && !is_step(cpu0, root),
	      "but it comes before or after a load of the root, on its CPU");
	cpu1->irqs_off = true;
	CHECK(is_step(cpu1, root), "also with interrupts off");
	cpu1->in_nmi = true;
	CHECK(!is_step(cpu1, root) && !is_step(cpu1, tlb), "not inside another NMI");
	begin(false);
	sends(2, IPI_CALL);
	sharing_freeze();
	CHECK(irq_off(cpu2) && !irq_off(cpu1), "an interrupt has a last moment, on its CPU");
	CHECK(is_step(cpu2, root), "and comes before or after a load of the root");
	cpu2->in_nmi = true;
	CHECK(is_step(cpu2, root), "with interrupts on");
	cpu2->irqs_off = true;
	CHECK(!is_step(cpu2, root) && irq_off(cpu2), "not with interrupts off");
	CHECK(sends(2, IPI_WAKE) && sharing_grew(), "another kind is news again");
	begin(false);
	CHECK(!irq_off(cpu2) && !is_step(cpu2, root), "a reset forgets them");
	sharing_all(true);
	CHECK(irq_off(cpu2) && is_step(cpu2, root) && is_step(cpu2, tlb) && !is_step(cpu2, flush),
	      "while finding out they are steps");
	sharing_all(false);
	model_filling = true;
	CHECK(is_step(cpu2, root) && is_step(cpu2, tlb) && is_step(cpu2, flush) && !irq_off(cpu2),
	      "hardware that fills by itself can tell of roots and flushes");
	model_filling = false;
}

static void test_fences(void)
{
	struct op mb = {.kind = OP_FENCE, .value = MODEL_MB},
		  rmb = {.kind = OP_FENCE, .value = MODEL_RMB},
		  wmb = {.kind = OP_FENCE, .value = MODEL_WMB};
	struct op acquire = access_of(OP_READ, &CELL(6), 4);

	acquire.order = MODEL_ACQUIRE;
	begin(false);
	sends(0, IPI_CALL);
	sharing_freeze();
	CHECK(!is_step(cpu0, mb) && !is_step(cpu0, wmb) && !is_step(cpu0, acquire),
	      "a barrier that changes nothing is no step");
	cpu0->nr_old = 1;
	CHECK(is_step(cpu0, mb) && is_step(cpu0, rmb) && !is_step(cpu0, wmb),
	      "one that takes older values away is one");
	CHECK(is_step(cpu0, acquire), "so is an acquire");
	acquire.order = MODEL_FULL;
	CHECK(is_step(cpu0, acquire), "or a full order");
	acquire.order = MODEL_RELEASE;
	CHECK(!is_step(cpu0, acquire), "no release");
	acquire.order = MODEL_RELAXED;
	CHECK(!is_step(cpu0, acquire), "nor what has no order");
	acquire.order = MODEL_ACQUIRE;
	cpu0->irqs_off = true;
	CHECK(!is_step(cpu0, mb) && !is_step(cpu0, acquire), "nor any while no interrupt can come");
	sharing_all(true);
	CHECK(is_step(cpu0, mb) && !is_step(cpu0, wmb),
	      "while finding out only that which changes something");
	sharing_all(false);
}

static void test_other_kinds(void)
{
	static const u8 always[] = {OP_NONE, OP_MB, OP_BROADCAST, OP_WAIT, OP_EVENT, OP_WALK};

	begin(false);
	for (unsigned i = 0; i < ARRAY_SIZE(always); i++)
		CHECK(is_step(cpu0, (struct op){.kind = always[i]}), "kind %u is always a step",
		      always[i]);
	CHECK(!sharing_grew(), "and no news");
}

/* --- what else is learnt ---------------------------------------------------------------------- */

static void test_addresses(void)
{
	begin(false);
	sharing_address(PAGE_SIZE);
	CHECK(!model_nr_filled && !sharing_grew(), "hardware that does not fill has no addresses");
	model_filling = true;
	is_step(cpu0, (struct op){.kind = OP_WALK, .address = PAGE_SIZE + 5});
	CHECK(model_nr_filled == 1 && model_filled[0] == PAGE_SIZE && sharing_grew(),
	      "else the pages that roles use, which are news");
	sharing_freeze();
	sharing_address(PAGE_SIZE);
	CHECK(model_nr_filled == 1 && !sharing_grew(), "once each");
	for (unsigned i = 2; i <= MODEL_FILLED; i++)
		sharing_address(i * PAGE_SIZE);
	CHECK(model_nr_filled == MODEL_FILLED &&
		      model_filled[MODEL_FILLED - 1] == MODEL_FILLED * PAGE_SIZE && !model_limit,
	      "as many as there is room for");
	sharing_address(2 * PAGE_SIZE);
	CHECK(!model_limit, "the last of them again");
	sharing_address(9 * PAGE_SIZE);
	CHECK(model_nr_filled == MODEL_FILLED && model_limit &&
		      !strcmp(model_limit, "more addresses than MODEL_FILLED"),
	      "one more is an end of the model");
	model_filling = false;
	model_limit = NULL;
}

static void test_events(void)
{
	begin(false);
	CHECK(!sharing_events_wanted(1, RACE_role_done), "no judge has asked");
	CHECK(sharing_event(1, RACE_role_done, 2) && sharing_grew(),
	      "one asks for the second of a kind");
	CHECK(sharing_events_wanted(1, RACE_role_done) == 2 &&
		      !sharing_events_wanted(0, RACE_role_done) &&
		      !sharing_events_wanted(1, RACE_role_start),
	      "so both are wanted, of that role and kind");
	sharing_freeze();
	CHECK(!sharing_event(1, RACE_role_done, 2) && !sharing_event(1, RACE_role_done, 1) &&
		      !sharing_grew(),
	      "what is known is no news");
	CHECK(sharing_event(1, RACE_role_done, 3) && sharing_grew(), "a later one is");
	begin(false);
	CHECK(!sharing_events_wanted(1, RACE_role_done), "a reset forgets");
}

static void test_remembers(void)
{
	struct op narrow = access_of(OP_READ, &word[6][2], 4),
		  wide = access_of(OP_READ, &word[6][4], 8),
		  full = access_of(OP_READ, &word[6][8], 4),
		  inside = access_of(OP_READ, &word[6][9], 4);

	full.order = MODEL_FULL;
	inside.inside = true;
	begin(false);
	is_step(cpu1, narrow);
	is_step(cpu1, wide);
	is_step(cpu1, full);
	is_step(cpu1, inside);
	visible(cpu1, OP_WRITE, &word[6][10], 4);
	visible(cpu1, OP_READ, &word[6][11], 1);
	CHECK(!sharing_remembers(1, (u64)&word[6][2]), "nothing before the freeze");
	sharing_freeze();
	CHECK(sharing_remembers(1, (u64)&word[6][2]) == 4 &&
		      sharing_remembers(1, (u64)&word[6][11]) == 4,
	      "a load of 32 bits or less");
	CHECK(sharing_remembers(1, (u64)&word[6][4]) == 8 &&
		      sharing_remembers(1, (u64)&word[6][5]) == 8,
	      "one of 64, in both words");
	CHECK(!sharing_remembers(0, (u64)&word[6][2]) && !sharing_remembers(2, (u64)&word[6][4]),
	      "nobody else's");
	CHECK(!sharing_remembers(1, (u64)&word[6][8]) && !sharing_remembers(1, (u64)&word[6][9]) &&
		      !sharing_remembers(1, (u64)&word[6][10]),
	      "none that has full order, is inside an instruction, or a store");
	CHECK(!sharing_remembers(1, (u64)&narrow), "nothing that is no part of the state");
	cpu1->level = 2;
	is_step(cpu1, access_of(OP_READ, &word[6][12], 4));
	sharing_freeze();
	CHECK(sharing_remembers(1, (u64)&word[6][12]) == 4 && !model_limit,
	      "a handler's is the CPU's");
	is_step(cpu1, access_of(OP_READ, &word[6][12], 8));
	sharing_freeze();
	sharing_remembers(1, (u64)&word[6][13]);
	CHECK(!model_limit, "a word in one width");
	CHECK(sharing_remembers(1, (u64)&word[6][12]) == 8 && model_limit &&
		      !strcmp(model_limit,
			      "a CPU loads a word in two widths: its old values would not agree"),
	      "or two, which is an end of the model");
	model_limit = NULL;
}

int main(void)
{
	test_two_cpus();
	test_levels();
	test_sizes();
	test_everything();
	test_outside();
	test_interrupts();
	test_fences();
	test_other_kinds();
	test_addresses();
	test_events();
	test_remembers();
	return tap_done();
}
