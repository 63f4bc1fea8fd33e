/* SPDX-License-Identifier: MIT */
/*
 * The marked accesses, barriers and interrupts of a piece of code, in order, as one text such as "W
 * x=1; mb; IPI 2.1". R and W are plain, Ra acquires, Wr releases. X is an exchange, a
 * compare-exchange or the like, with "f" if it has full order. Only accesses to named data are in
 * it. "root", "flush" and "broadcast" are the TLB's. Race points are in it if race_hook is
 * step_see_race.
 */
#pragma once

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <asm/irq.h>

#include "arch/model/machine.h"
#include "arch/model/model.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

#define STEP_NAMES 48u

static struct {
	u64 at;
	const char *name;
} step_name[STEP_NAMES];
static unsigned nr_step_names;
static char step_text[2048];
static size_t step_used;
static unsigned step_barriers[NR_MODEL_BARRIERS];

static void step_note(const char *format, ...) __printf(1, 2);

static void step_note(const char *format, ...)
{
	va_list args;

	step_used += (size_t)snprintf(step_text + step_used, sizeof(step_text) - step_used, "%s",
				      step_used ? "; " : "");
	va_start(args, format);
	step_used += (size_t)vsnprintf(step_text + step_used, sizeof(step_text) - step_used, format,
				       args);
	va_end(args);
}

/* Barriers are not always operations of the model, but the model counts them. */
static void step_note_barriers(void)
{
	static const char *const name[NR_MODEL_BARRIERS] = {
		[MODEL_MB] = "mb", [MODEL_RMB] = "rmb", [MODEL_WMB] = "wmb"};

	for (unsigned i = 0; i < NR_MODEL_BARRIERS; i++)
		for (; step_barriers[i] < model_barriers[i]; step_barriers[i]++)
			step_note("%s", name[i]);
}

static const char *step_name_of(u64 at)
{
	for (unsigned i = 0; i < nr_step_names; i++)
		if (step_name[i].at == at)
			return step_name[i].name;
	return NULL;
}

/* Returns the value's name, if it has one. */
static const char *step_value(u64 value)
{
	static char text[2][20];
	static unsigned n;
	const char *name = step_name_of(value);

	if (name)
		return name;
	n = !n;
	snprintf(text[n], sizeof(text[n]), "%llx", (unsigned long long)value);
	return text[n];
}

static void step_note_access(const struct op *op, const char *name)
{
	static const char *const rmw[] = {[RMW_XCHG] = "xchg",
					  [RMW_CMPXCHG] = "cmpxchg",
					  [RMW_ADD] = "add",
					  [RMW_OR] = "or",
					  [RMW_AND] = "and"};

	if (op->kind == OP_READ)
		step_note("R%s %s", op->order == MODEL_ACQUIRE ? "a" : "", name);
	else if (op->kind == OP_WRITE)
		step_note("W%s %s=%s", op->order == MODEL_RELEASE ? "r" : "", name,
			  step_value(op->value));
	else if (op->kind == OP_RMW)
		step_note("X%s %s %s %s", op->order == MODEL_FULL ? "f" : "", name, rmw[op->rmw],
			  step_value(op->size == 4 ? (u32)op->value : op->value));
}

static bool step_see(struct op *op)
{
	const char *name = step_name_of(op->address);

	if (op->kind == OP_MB || op->kind == OP_FENCE)
		return false; /* it is counted as well */
	step_note_barriers();
	if (op->kind == OP_IPI)
		step_note("IPI %u.%llu", op->target, (unsigned long long)op->value);
	else if (op->kind == OP_ROOT)
		step_note("root %s", step_value(op->address));
	else if (op->kind == OP_FLUSH)
		step_note("flush %llx %llx", (unsigned long long)op->value,
			  (unsigned long long)op->expected);
	else if (op->kind == OP_BROADCAST)
		step_note("broadcast %s", op->address ? step_value(op->address) : "all");
	else if (name)
		step_note_access(op, name);
	return false;
}

/* A race point is "@name value", with "+" behind it if interrupts are on. Its own two barriers are
 * not in the text. */
static inline void step_see_race(const struct race_site *site, u64 value)
{
	step_barriers[MODEL_MB]++;
	step_note_barriers();
	step_barriers[MODEL_MB]++;
	step_note("@%s%s %s", race_name[site->point], irqs_enabled() ? "+" : "", step_value(value));
}

#define NAME_VALUE(value, what)                                                                    \
	(step_name[nr_step_names].at = (u64)(value), step_name[nr_step_names++].name = (what))
#define NAME_STEP(variable, what) NAME_VALUE(&(variable), what)

/* Makes a fresh machine without names. */
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

/* True if the steps of the statement are exactly these. */
#define STEPS(statement, expected, ...)                                                            \
	do {                                                                                       \
		steps_begin();                                                                     \
		statement;                                                                         \
		CHECK(steps_were(expected), __VA_ARGS__);                                          \
	} while (0)
