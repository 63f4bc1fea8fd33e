/* SPDX-License-Identifier: MIT */
/* tools/interleave/cpus.c, state.c and coroutine.c: what can happen next in a state, listed
 * whole, and that a state is as it was when it is loaded again. */
#include <asm/irq.h>
#include <asm/tlb.h>
#include <asm/trap.h>

#include "kernel/smp/percpu.h"
#include "kernel/wait/wait.h"
#include "mm/mm.h"
#include "mm/table/pgtable.h"
#include "mm/table/table.h"
#include "tests/self/unit/engine/explored.h"
#include "tools/interleave/coroutine.h"
#include "tools/interleave/sharing.h"
#include "tools/interleave/state.h"

#define MAX 64u

static struct exploration what;

static void begin(enum memory_model model, part_t *a, part_t *b)
{
	what = exploration_of(model, a, b, NULL);
	sharing_reset(true);
	cpus_begin(&what);
}

/* "0r0 1c1 ": CPU, kind and n of each step. */
static const char *steps(void)
{
	static const char kind[] = {
		[STEP_RUN] = 'r', [STEP_COMMIT] = 'c', [STEP_INTERRUPT] = 'i', [STEP_FILL] = 'f'};
	static char text[8 * MAX];
	struct transition all[MAX_TRANSITIONS];
	unsigned nr = cpus_steps(all, MAX_TRANSITIONS), used = 0;

	text[0] = 0;
	for (unsigned i = 0; i < nr; i++)
		used += (unsigned)snprintf(text + used, sizeof(text) - used, "%s%u%c%u",
					   i ? " " : "", all[i].cpu, kind[all[i].kind], all[i].n);
	return text;
}

static bool can(const char *expected)
{
	const char *text = steps();

	if (strcmp(text, expected))
		printf("# can: %s\n", text);
	return !strcmp(text, expected);
}

static void apply(unsigned cpu, enum step_kind kind, unsigned n)
{
	cpus_apply((struct transition){(u8)cpu, (u8)kind, (u8)n});
}

/* --- what can happen -------------------------------------------------------------------------- */

static void three_stores(void)
{
	WRITE_ONCE(CELL(0), 1);
	WRITE_ONCE(CELL(1), 1);
	smp_wmb();
	WRITE_ONCE(CELL(2), 1);
	smp_mb();
	WRITE_ONCE(CELL(3), 1);
}

static void nothing(void)
{
}

static void test_stores(void)
{
	begin(MEMORY_SC, three_stores, nothing);
	CHECK(can("0r0") && !cpus_over() && cpus_quiet() && !cpus_inside(),
	      "a CPU before its first store");
	apply(0, STEP_RUN, 0);
	CHECK(word[0][0] == 1 && cpus_quiet(), "sc: it is in memory at once");
	CHECK(cpus_performed().kind == OP_WRITE && cpus_performed().address == (u64)&CELL(0),
	      "which was the step");
	begin(MEMORY_TSO, three_stores, nothing);
	apply(0, STEP_RUN, 0);
	CHECK(!word[0][0] && !cpus_quiet() && can("0r0 0c0"), "tso: it is on its way");
	apply(0, STEP_RUN, 0);
	CHECK(can("0r0 0c0"), "two are, of which the first may arrive");
	begin(MEMORY_PSO, three_stores, nothing);
	apply(0, STEP_RUN, 0);
	apply(0, STEP_RUN, 0);
	CHECK(can("0r0 0c0 0c1"), "pso: either");
	apply(0, STEP_RUN, 0);
	CHECK(can("0c0 0c1"), "not the third, behind smp_wmb(), and smp_mb() waits for all");
	apply(0, STEP_COMMIT, 1);
	CHECK(word[1][0] == 1 && !word[0][0] && can("0c0"), "the second overtakes the first");
	apply(0, STEP_COMMIT, 0);
	CHECK(can("0c0"), "then comes the third");
	apply(0, STEP_COMMIT, 0);
	CHECK(cpus_quiet() && can("0r0") && model_cpu[0].op.kind == OP_MB, "then the barrier");
	apply(0, STEP_RUN, 0);
	CHECK(can("0r0"), "and the store behind it");
	apply(0, STEP_RUN, 0);
	CHECK(can("0c0") && cpus_over() && !cpus_quiet(), "a part is over before its stores are");
	apply(0, STEP_COMMIT, 0);
	CHECK(can("") && cpus_over() && cpus_quiet(), "and then all is");
	CHECK(cpus_took_part(0) && !cpus_took_part(1), "one of the two took part");
	model_cpu[2].nr_buffered = 1;
	model_cpu[2].op.kind = OP_READ;
	CHECK(cpus_quiet() && cpus_over() && can(""),
	      "what is no CPU of this exploration is not asked");
}

static void store_one(void)
{
	WRITE_ONCE(CELL(0), 1);
}

static void two_looks(void)
{
	found[2] = READ_ONCE(CELL(0));
	found[3] = READ_ONCE(CELL(0));
}

static void test_ways(void)
{
	what = exploration_of(MEMORY_WEAK, store_one, two_looks, NULL);
	explored(&what); /* from here on the readers of the word are known */
	cpus_begin(&what);
	CHECK(can("0r0 1r0"), "weak: nothing is old yet");
	apply(0, STEP_RUN, 0);
	apply(0, STEP_COMMIT, 0);
	CHECK(can("1r0 1r1"), "the word as it is, or as it was");
	apply(1, STEP_RUN, 1);
	CHECK(found[2] == 0 && can("1r0 1r1"), "as it was, and so it may stay");
	apply(1, STEP_RUN, 0);
	CHECK(found[3] == 1 && can("") && cpus_over(), "then as it is");
	cpus_begin(&what);
	apply(0, STEP_RUN, 0);
	apply(0, STEP_COMMIT, 0);
	apply(1, STEP_RUN, 0);
	CHECK(found[2] == 1 && can("1r0"), "once seen it is never older");
}

static unsigned woken;

static void wake(void)
{
	woken++;
	WRITE_ONCE(CELL(4), 1);
}

static void setup_wake(const void *context)
{
	explored_setup(context);
	model_wake_hook = wake;
	woken = 0;
}

static void send_wake(void)
{
	ipi_send(1, IPI_WAKE);
}

static void irqs_off_and_on(void)
{
	irq_disable();
	WRITE_ONCE(CELL(5), 1);
	irq_enable();
	WRITE_ONCE(CELL(5), 2);
}

static void test_interrupts(void)
{
	what = exploration_of(MEMORY_SC, send_wake, irqs_off_and_on, NULL);
	what.setup = setup_wake;
	sharing_reset(true);
	sharing_all(true);
	cpus_begin(&what);
	CHECK(can("0r0 1r0") && model_cpu[1].op.kind == OP_IRQ_OFF,
	      "the last moment for an interrupt is a step");
	apply(0, STEP_RUN, 0);
	CHECK(can("1r0 1i3") && !cpus_over() && !woken,
	      "an interrupt may come from its sending on");
	apply(1, STEP_RUN, 0);
	CHECK(can("1r0"), "not while they are off");
	apply(1, STEP_RUN, 0);
	CHECK(can("1r0 1i3"), "and again from when they are on");
	apply(1, STEP_INTERRUPT, IPI_WAKE);
	CHECK(woken == 1 && can("1r0") && model_cpu[1].level == 1 &&
		      model_cpu[1].op.address == (u64)&CELL(4),
	      "it stands inside the handler");
	apply(1, STEP_RUN, 0);
	CHECK(can("1r0") && !model_cpu[1].level && word[4][0] == 1 && model_cpu[1].op.value == 2,
	      "and behind it where it was");
	apply(1, STEP_RUN, 0);
	CHECK(can("") && cpus_over() && word[5][0] == 2, "to its end");
	cpus_begin(&what);
	for (unsigned i = 0; i < 3; i++)
		apply(1, STEP_RUN, 0);
	apply(0, STEP_RUN, 0);
	CHECK(can("1i3") && cpus_over(), "also to a CPU whose part is over");
	apply(1, STEP_INTERRUPT, IPI_WAKE);
	CHECK(can("1r0") && !cpus_over(), "which is not over while it is inside");
	sharing_all(false);
}

static void send_nmis(void)
{
	ipi_send(1, IPI_SHOOTDOWN_NOWAIT);
	ipi_send(1, IPI_SHOOTDOWN_NOWAIT);
}

static void irqs_off(void)
{
	irq_disable();
	WRITE_ONCE(CELL(5), 1);
}

/* CPU 0 has asked CPU 1 for a flush. */
static void setup_nmi(const void *context)
{
	explored_setup(context);
	cpus[1].shootdown_pending = BIT(0);
}

static void test_nmis(void)
{
	what = exploration_of(MEMORY_SC, send_nmis, irqs_off, NULL);
	what.setup = setup_nmi;
	sharing_reset(true);
	sharing_all(true);
	cpus_begin(&what);
	apply(1, STEP_RUN, 0);
	apply(0, STEP_RUN, 0);
	CHECK(can("0r0 1r0 1i1") && !model_cpu[1].in_nmi, "an NMI comes with interrupts off");
	apply(1, STEP_INTERRUPT, IPI_SHOOTDOWN_NOWAIT);
	CHECK(model_cpu[1].in_nmi && can("0r0 1r0"), "its handler stands before its first step");
	apply(0, STEP_RUN, 0);
	CHECK(model_cpu[1].pending == BIT(IPI_SHOOTDOWN_NOWAIT) && can("1r0"),
	      "a second one waits for its end");
	while (model_cpu[1].level)
		apply(1, STEP_RUN, 0);
	CHECK(!model_cpu[1].in_nmi && can("1r0 1i1"), "and may come then");
	CHECK(model_cpu[1].irqs_off, "interrupts are off as they were");
	sharing_all(false);
}

static void wait_for_word(void)
{
	wait_until(READ_ONCE(CELL(0)) == 2, WAIT_GRACE, 0);
}

static void store_two(void)
{
	WRITE_ONCE(CELL(0), 1);
	WRITE_ONCE(CELL(0), 2);
}

static void test_waits(void)
{
	char text[200];

	begin(MEMORY_SC, wait_for_word, store_two);
	CHECK(can("0r0 1r0"), "a wait looks");
	apply(0, STEP_RUN, 0);
	CHECK(can("1r0") && model_cpu[0].op.kind == OP_WAIT,
	      "and goes on when something has changed");
	cpus_describe_stuck(text, sizeof(text));
	CHECK(!strcmp(text, "nobody can go on: CPU 0 waits for grace;"), "in words: %s", text);
	apply(1, STEP_RUN, 0);
	CHECK(can("0r0 1r0"), "it has");
	apply(0, STEP_RUN, 0);
	apply(0, STEP_RUN, 0);
	CHECK(can("1r0"), "not to what it waits for");
	apply(1, STEP_RUN, 0);
	apply(0, STEP_RUN, 0);
	apply(0, STEP_RUN, 0);
	CHECK(can("") && cpus_over() && !model_cpu[0].waiting && !model_cpu[0].news, "now it has");
}

/* --- states ----------------------------------------------------------------------------------- */

static u8 big[1000] EXPLORED;

static void test_states(void)
{
	bool fresh = false;
	u32 first, second, third;

	begin(MEMORY_SC, store_two, two_looks);
	memset(big, 1, sizeof(big));
	states_reset(2);
	first = state_save(&fresh);
	CHECK(first == 0 && fresh, "the first state");
	CHECK(state_save(&fresh) == 0 && !fresh, "is the same if nothing has happened");
	big[999] = 2;
	second = state_save(&fresh);
	CHECK(second == 1 && fresh, "another, by its last byte");
	big[999] = 1;
	CHECK(state_save(&fresh) == 0 && !fresh, "back again");
	apply(0, STEP_RUN, 0);
	third = state_save(&fresh);
	CHECK(third == 2 && fresh && word[0][0] == 1, "a third, after a step");
	state_load(second);
	CHECK(big[999] == 2 && !word[0][0] && can("0r0 1r0"), "each as it was");
	CHECK(state_save(&fresh) == second && !fresh, "which is the one that was loaded");
	state_load(third);
	CHECK(big[999] == 1 && word[0][0] == 1, "and so the other");
	apply(0, STEP_RUN, 0);
	CHECK(word[0][0] == 2 && can("1r0"), "its CPU goes on from where it stood");
	state_load(first);
	apply(1, STEP_RUN, 0);
	apply(0, STEP_RUN, 0);
	state_save(&fresh);
	CHECK(fresh, "another way to go");
	state_load(first);
	apply(0, STEP_RUN, 0);
	CHECK(state_save(&fresh) == third && !fresh, "the same way comes to the same state");
	memset(big, 9, sizeof(big));
	word[0][0] = 7;
	state_spoiled();
	state_load(third);
	CHECK(big[0] == 1 && big[500] == 1 && word[0][0] == 1, "what was spoiled is mended");
	big[3] = 4;
	state_spoiled();
	CHECK(state_save(&fresh) > third && fresh, "or is another state");
	CHECK(states_bytes() > 0 && states_bytes() < 100000,
	      "with equal pieces kept once: %zu bytes", states_bytes());
	states_reset(2);
	CHECK(states_bytes() == 0 && state_save(&fresh) == 0 && fresh, "a reset forgets");
}

static void deep(void)
{
	volatile u8 local[600];

	local[0] = local[599] = 7;
	WRITE_ONCE(CELL(0), local[0]);
	WRITE_ONCE(CELL(1), local[599]);
}

/* Stale data on a stack, below its live part, makes no new states. */
static void test_stacks(void)
{
	u8 *low, *other;
	bool fresh;
	size_t live, before;

	begin(MEMORY_SC, deep, nothing);
	live = coroutine_window(0, &low);
	coroutine_window(1, &other);
	CHECK(live > 600 && live < STACK_WINDOW, "a part's stack: %zu bytes", live);
	CHECK(coroutine_at((u64)low) == 0 && coroutine_at((u64)other) == 1 &&
		      coroutine_at((u64)big) == -1,
	      "whose an address is");
	CHECK(coroutine_at((u64)low + STACK_WINDOW) == 1 &&
		      coroutine_at((u64)low + STACK_WINDOW - 1) == 0,
	      "to its top");
	coroutines_that_ran();
	states_reset(2);
	state_save(&fresh);
	low[0] = 1;
	low[STACK_WINDOW - live - 1] = 1;
	apply(0, STEP_RUN, 0);
	CHECK(coroutines_that_ran() == BIT(0), "one has run");
	CHECK(coroutines_that_ran() == 0, "since then none");
	before = coroutine_window(0, &low);
	state_spoiled();
	state_save(&fresh);
	CHECK(fresh && !low[0] && !low[STACK_WINDOW - before - 1], "what is dead is zero");
	low[STACK_WINDOW - before] ^= 1;
	state_spoiled();
	state_save(&fresh);
	CHECK(fresh, "what is live counts");
	low[STACK_WINDOW - before] ^= 1;
	state_spoiled();
	state_save(&fresh);
	CHECK(!fresh, "and nothing else");
}

/* The hardware may read the first entry on the way to each of two addresses. */
static void test_fills(void)
{
	const vaddr_t second = (vaddr_t)1 << PGDIR_SHIFT;
	static struct mm mm;

	begin(MEMORY_SC, deep, nothing);
	if (!mm_create(&mm))
		abort();
	pte_alloc(&mm, 0);
	pte_alloc(&mm, second);
	model_cpu[0].root = virt_to_phys(mm.pgd);
	model_filling = true;
	model_nr_filled = 2;
	model_filled[0] = 0;
	model_filled[1] = second;
	CHECK(can("0r0 0f4 0f12"), "a fill for each address");
	apply(0, STEP_FILL, 12);
	CHECK(model_cpu[0].halfway[1].table[2] && !model_cpu[0].halfway[0].table[2],
	      "each goes its own way");
	CHECK(can("0r0 0f4 0f11"), "and goes on from there");
	model_nr_filled = 0;
	model_filling = false;
}

int main(void)
{
	test_stores();
	test_ways();
	test_interrupts();
	test_nmis();
	test_waits();
	test_states();
	test_stacks();
	test_fills();
	free(result.path);
	return tap_done();
}
