/* SPDX-License-Identifier: MIT */
/* The items of a schedule, noted while a counterexample is followed. */
#include "tools/interleave/journal.h"

#include <asm/page.h>

#include <stdlib.h>
#include <string.h>

#include "kernel/printk.h"
#include "tools/interleave/cpus.h"
#include "tools/interleave/events.h"
#include "tools/interleave/sharing.h"

#define MAX_POINTS 4096u /* besides the steps */

static struct journal journal;
static unsigned last_step[MODEL_CPUS];
static struct item *walking; /* the step under way */

static struct item *add(unsigned cpu, enum item_kind kind)
{
	struct item *item = &journal.items[journal.nr++];

	*item = (struct item){.kind = kind,
			      .cpu = (u8)cpu,
			      .level = model_cpu[cpu].level,
			      .irqs_off = model_cpu[cpu].irqs_off};
	return item;
}

static void add_access(struct item *item, const struct op *op)
{
	assert(item->nr_accesses < MAX_ACCESSES);
	item->access[item->nr_accesses++] = (struct accessed){
		.address = op->address,
		.size = op->kind == OP_FILL ? PAGE_SIZE : op->size,
		.write = op->kind != OP_READ,
	};
}

/* The hardware's own accesses, inside a step. */
static void note(const struct model_cpu *cpu, const struct op *op)
{
	sharing_note(cpu, op);
	if (walking)
		add_access(walking, op);
}

static void pass(unsigned cpu, unsigned point)
{
	struct item *item = add(cpu, ITEM_POINT);

	item->point = (u8)point;
	item->step = last_step[cpu];
}

static void follow(struct transition step, unsigned number)
{
	const struct op *op = &model_cpu[step.cpu].op;
	struct item *item;

	journal.ops[number - 1] = *op;
	assert(step.kind != STEP_COMMIT);
	item = add(step.cpu, step.kind == STEP_RUN ? ITEM_STEP : ITEM_INTERRUPT);
	item->step = last_step[step.cpu] = number;
	if (step.kind == STEP_INTERRUPT) {
		item->level++;
		item->ipi = step.n;
	} else {
		item->op = op->kind;
		if (op->kind <= OP_FILL)
			add_access(item, op);
	}
	if (item->op == OP_IPI) {
		item->target = op->target;
		item->ipi = (u8)op->value;
		item->irqs_off = model_cpu[op->target].irqs_off;
	}
	walking = item->op == OP_WALK || item->op == OP_BROADCAST ? item : NULL;
	cpus_apply(step);
	item->found = cpus_performed().result;
	walking = NULL;
}

struct journal journal_of(const struct exploration *what, const struct result *result)
{
	journal = (struct journal){
		.items = calloc(result->nr_path + MAX_POINTS, sizeof(*journal.items)),
		.ops = calloc(result->nr_path + 1, sizeof(*journal.ops)),
	};
	assert(journal.items && journal.ops);
	memset(last_step, 0, sizeof(last_step));
	lab_passed = pass;
	cpus_begin(what);
	model_note = note;
	for (unsigned i = 0; i < result->nr_path; i++) {
		assert(journal.nr + 64 < result->nr_path + MAX_POINTS);
		follow(result->path[i], i + 1);
	}
	lab_passed = NULL;
	model_note = sharing_note;
	return journal;
}
