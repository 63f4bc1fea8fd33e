/* SPDX-License-Identifier: MIT */
/*
 * The marked accesses, barriers and interrupts of a piece of code, in order, as one text: "W x=1; mb;
 * IPI 2.1". R and W are plain, Ra acquires, Wr releases, X is an exchange, a compare-exchange or the
 * like, with "f" if it has full order. Only accesses to what has a name are in it.
 */
#pragma once

#include <stdio.h>
#include <string.h>

#include "arch/model/machine.h"
#include "arch/model/model.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

#define STEP_NAMES 24u

static struct {
	u64 at;
	const char *name;
} step_name[STEP_NAMES];
static unsigned nr_step_names;
static char step_text[1024];
static size_t step_used;
static unsigned step_barriers[NR_MODEL_BARRIERS];

static void step_note(const char *format, const char *name, unsigned long long value)
{
	step_used += (size_t)snprintf(step_text + step_used, sizeof(step_text) - step_used,
				      step_used ? "; " : "%s", "");
	step_used += (size_t)snprintf(step_text + step_used, sizeof(step_text) - step_used, format,
				      name, value);
}

/* Barriers are not always operations of the model; it counts them. */
static void step_note_barriers(void)
{
	static const char *const name[NR_MODEL_BARRIERS] = {
		[MODEL_MB] = "mb", [MODEL_RMB] = "rmb", [MODEL_WMB] = "wmb"};

	for (unsigned i = 0; i < NR_MODEL_BARRIERS; i++)
		for (; step_barriers[i] < model_barriers[i]; step_barriers[i]++)
			step_note("%s", name[i], 0);
}

static const char *step_name_of(u64 at)
{
	for (unsigned i = 0; i < nr_step_names; i++)
		if (step_name[i].at == at)
			return step_name[i].name;
	return NULL;
}

static bool step_see(struct op *op)
{
	const char *name = step_name_of(op->address);
	static const char *const rmw[] = {[RMW_XCHG] = "xchg",
					  [RMW_CMPXCHG] = "cmpxchg",
					  [RMW_ADD] = "add",
					  [RMW_OR] = "or",
					  [RMW_AND] = "and"};
	char format[32];

	step_note_barriers();
	if (op->kind == OP_IPI) {
		snprintf(format, sizeof(format), "IPI%%s %u.%%llu", op->target);
		step_note(format, "", op->value);
	}
	if (!name)
		return false;
	if (op->kind == OP_READ)
		step_note(op->order == MODEL_ACQUIRE ? "Ra %s" : "R %s", name, 0);
	else if (op->kind == OP_WRITE)
		step_note(op->order == MODEL_RELEASE ? "Wr %s=%llx" : "W %s=%llx", name, op->value);
	else if (op->kind == OP_RMW) {
		snprintf(format, sizeof(format), "X%s %%s %s %%llx",
			 op->order == MODEL_FULL ? "f" : "", rmw[op->rmw]);
		step_note(format, name, op->value);
	}
	return false;
}

#define NAME_STEP(variable, what)                                                                  \
	(step_name[nr_step_names].at = (u64) & (variable), step_name[nr_step_names++].name = (what))

/* A fresh machine of which nothing has a name. */
static inline void steps_reset(void)
{
	machine_reset();
	nr_step_names = 0;
}

static inline void steps_begin(void)
{
	memcpy(step_barriers, model_barriers, sizeof(step_barriers));
	step_used = 0;
	step_text[0] = 0;
	model_submit = step_see;
}

static inline bool steps_were(const char *expected)
{
	bool same;

	step_note_barriers();
	model_submit = NULL;
	same = !strcmp(step_text, expected);
	if (!same)
		printf("# steps were: %s\n", step_text);
	return same;
}

/* What the statement does, exactly. */
#define STEPS(statement, expected, ...)                                                            \
	do {                                                                                       \
		steps_begin();                                                                     \
		statement;                                                                         \
		CHECK(steps_were(expected), __VA_ARGS__);                                          \
	} while (0)
