/* SPDX-License-Identifier: MIT */
/* The CPUs as coroutines, their next steps, and how a step is taken. */
#include "tools/interleave/cpus.h"

#include <stdlib.h>
#include <string.h>

#include "arch/model/model.h"
#include "kernel/printk.h"
#include "kernel/wait/wait.h"
#include "tools/interleave/coroutine.h"
#include "tools/interleave/explored.h"
#include "tools/interleave/sharing.h"
#include "tools/interleave/stop.h"

static const struct exploration *explored;
static unsigned nr_cpus;
static struct transition now; /* the resumed CPU's transition */
static struct op performed;   /* the last one */
static bool inside;	      /* a CPU's part is running, not the explorer */
static u32 quiet_run;	      /* operations since the CPU last stood before a step */
static bool took_part[MODEL_CPUS] EXPLORED;

#define QUIET_MOST 100000u /* no part has so many operations in a row without a step */

enum op_kind cpus_dropped;

bool cpus_inside(void)
{
	return inside;
}

static bool is_dropped(const struct op *op)
{
	return cpus_dropped != OP_NONE && op->kind == cpus_dropped;
}

/*
 * A broken variant may follow a pointer before it was stored. The CPU stops then, not the explorer.
 */
static void check_pointer(const struct op *op)
{
	bool memory = op->kind == OP_READ || op->kind == OP_WRITE || op->kind == OP_RMW ||
		      op->kind == OP_FILL;

	if (memory && op->address < PAGE_SIZE)
		panic("access through a null pointer, at address 0x%llx",
		      (unsigned long long)op->address);
}

/* Runs on the CPU's own stack, and yields here until the operation has taken place. */
static bool submit(struct op *op)
{
	struct model_cpu *cpu = &model_cpu[cpu_id()];

	if (!inside)
		return false;
	check_pointer(op);
	took_part[cpu_id()] |= !cpu->level && op->kind != OP_NONE && op->kind != OP_EVENT;
	if ((!sharing_visible(cpu, op) || is_dropped(op)) && op_quietly(cpu, op)) {
		if (++quiet_run > QUIET_MOST)
			panic("it spins, and nobody else changes what it looks at");
		return true;
	}
	for (;;) {
		cpu->op = *op;
		coroutine_yield();
		if (now.kind == STEP_RUN)
			break;
		model_interrupt(now.n); /* may yield itself, and change `now` */
		cpu->news = cpu->waiting;
	}
	op->result = cpu->op.result;
	op->value = cpu->op.value;
	op->expected = cpu->op.expected;
	return true;
}

bool cpus_took_part(unsigned cpu)
{
	return took_part[cpu];
}

static void part(unsigned cpu)
{
	struct op none = {.kind = OP_NONE};

	explored->run(cpu);
	submit(&none);
	abort();
}

static void resume(unsigned cpu)
{
	model_switch_cpu(cpu);
	quiet_run = 0;
	inside = true;
	stop_part = coroutine_yield;
	coroutine_resume(cpu);
	stop_part = NULL;
	inside = false;
	model_switch_cpu(0);
}

void cpus_go_on(void)
{
	model_submit = submit;
	model_remembers = sharing_remembers;
	model_note = sharing_note;
	model_concurrent = true;
}

void cpus_rest(void)
{
	model_submit = NULL;
	model_note = NULL;
	model_concurrent = false;
}

void cpus_begin(const struct exploration *what)
{
	explored = what;
	nr_cpus = what->cpus;
	stop_words = NULL;
	model_limit = NULL;
	cpus_rest();
	what->setup(what->context);
	cpus_go_on();
	for (unsigned cpu = 0; cpu < nr_cpus; cpu++) {
		coroutine_create(cpu, part);
		now = (struct transition){.kind = STEP_RUN};
		resume(cpu);
	}
}

static void add(struct transition *steps, unsigned *nr, unsigned cpu, unsigned kind, unsigned n)
{
	assert(*nr < MAX_TRANSITIONS);
	steps[(*nr)++] = (struct transition){(u8)cpu, (u8)kind, (u8)n};
}

static void add_fills(struct transition *steps, unsigned *nr, unsigned cpu)
{
	for (unsigned i = 0; i < model_nr_filled; i++)
		for (unsigned level = 1; level <= MODEL_UPPERS + 1; level++)
			if (fill_possible(&model_cpu[cpu], i, level))
				add(steps, nr, cpu, STEP_FILL, FILL_OF(i, level));
}

static void fill(struct transition step)
{
	struct model_cpu *cpu = &model_cpu[step.cpu];
	unsigned address = step.n >> 3, level = step.n & 7;
	pfn_t table = fill_step(cpu, address, level);

	if (explored->filled_from)
		stop_words = explored->filled_from(step.cpu, table);
	/* From here on the hardware may also read in the table reached now. */
	if (explored->filled_from && !stop_words && level > 1)
		stop_words =
			explored->filled_from(step.cpu, cpu->halfway[address].table[level - 2] - 1);
}

unsigned cpus_steps(struct transition *steps, unsigned max)
{
	unsigned nr = 0;

	(void)max;
	for (unsigned n = 0; n < nr_cpus; n++) {
		const struct model_cpu *cpu = &model_cpu[n];

		for (unsigned way = 0; op_enabled(cpu) && way < op_ways(cpu); way++)
			add(steps, &nr, n, STEP_RUN, way);
		for (unsigned ipi = 0; ipi < NR_IPIS; ipi++)
			if (!cpu->op.inside && model_deliverable(n, ipi))
				add(steps, &nr, n, STEP_INTERRUPT, ipi);
		for (unsigned i = 0; i < cpu->nr_buffered; i++)
			if (store_can_commit(cpu, i))
				add(steps, &nr, n, STEP_COMMIT, i);
	}
	/* No CPU waits for the hardware's own steps, so they are no way out of a deadlock. */
	for (unsigned n = 0; model_filling && nr && n < nr_cpus; n++)
		add_fills(steps, &nr, n);
	return nr;
}

void cpus_apply(struct transition step)
{
	struct model_cpu *cpu = &model_cpu[step.cpu];

	now = step;
	if (step.kind == STEP_COMMIT) {
		store_commit(cpu, step.n);
		return;
	}
	if (step.kind == STEP_FILL) {
		fill(step);
		return;
	}
	if (step.kind == STEP_RUN)
		op_perform(cpu, step.n);
	performed = cpu->op;
	resume(step.cpu);
}

struct op cpus_performed(void)
{
	return performed;
}

bool cpus_over(void)
{
	for (unsigned n = 0; n < nr_cpus; n++)
		if (model_cpu[n].op.kind != OP_NONE || model_cpu[n].level)
			return false;
	return true;
}

bool cpus_quiet(void)
{
	for (unsigned n = 0; n < nr_cpus; n++)
		if (model_cpu[n].nr_buffered)
			return false;
	return true;
}

void cpus_describe_stuck(char *text, size_t size)
{
	int used = scnprintk(text, size, "nobody can go on:");

	for (unsigned n = 0; n < nr_cpus; n++) {
		const struct op *op = &model_cpu[n].op;

		if (op->kind == OP_WAIT)
			used += scnprintk(text + used, size - (size_t)used,
					  " CPU %u waits for %s%s;", n, wait_kind_name[op->value],
					  model_cpu[n].irqs_off ? ", interrupts off" : "");
	}
}
