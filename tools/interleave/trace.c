/* SPDX-License-Identifier: MIT */
/* The steps of a path in words. */
#include "tools/interleave/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/hooks/race.h"
#include "kernel/printk.h"
#include "kernel/wait/wait.h"
#include "tools/interleave/cpus.h"
#include "tools/interleave/place.h"
#include "tools/interleave/site.h"

static const char *const ipi_name[NR_IPIS] = {
	[IPI_SHOOTDOWN] = "shootdown",
	[IPI_SHOOTDOWN_NOWAIT] = "nowait NMI",
	[IPI_CALL] = "call",
	[IPI_WAKE] = "wake",
};

static void say_access(const char *verb, const struct op *op, char *text, size_t size)
{
	char place[80];

	place_name(op->address, op->size, place, sizeof(place));
	snprintf(text, size, "%s %s", verb, place);
}

static const char *const rmw_verb[] = {[RMW_XCHG] = "exchange",
				       [RMW_CMPXCHG] = "compare and exchange",
				       [RMW_ADD] = "add to",
				       [RMW_OR] = "set bits in",
				       [RMW_AND] = "keep bits of"};

static void say_run(const struct op *op, char *text, size_t size)
{
	static const char *const order[] = {[MODEL_RELAXED] = "",
					    [MODEL_ACQUIRE] = " (acquire)",
					    [MODEL_RELEASE] = " (release)",
					    [MODEL_FULL] = ""};

	switch (op->kind) {
	case OP_READ:
		say_access(op->inside ? "hardware loads" : "read", op, text, size);
		break;
	case OP_WRITE:
		say_access(op->inside ? "hardware stores" : "write", op, text, size);
		break;
	case OP_RMW:
		say_access(rmw_verb[op->rmw], op, text, size);
		break;
	case OP_FILL:
		say_access("fill", op, text, size);
		break;
	case OP_IPI:
		snprintf(text, size, "send %s to CPU %u", ipi_name[op->value], op->target);
		break;
	case OP_IRQ_OFF:
		snprintf(text, size, "interrupts off");
		break;
	case OP_BROADCAST:
		snprintf(text, size, "invalidate on every CPU 0x%llx",
			 (unsigned long long)op->value);
		break;
	case OP_WALK:
		snprintf(text, size, "hardware translates 0x%llx", (unsigned long long)op->address);
		break;
	case OP_ROOT:
		snprintf(text, size,
			 op->address == ~0ull ? "leave the root" : "load the root 0x%llx",
			 (unsigned long long)op->address);
		break;
	case OP_TLB_WRITE:
		snprintf(text, size, "write the TLB at 0x%llx", (unsigned long long)op->address);
		break;
	case OP_FLUSH:
		snprintf(text, size, "flush 0x%llx", (unsigned long long)op->value);
		break;
	case OP_WAIT:
		snprintf(text, size, "wait for %s: look again", wait_kind_name[op->value]);
		break;
	case OP_EVENT:
		snprintf(text, size, "%s", race_name[op->point]);
		break;
	default:
		snprintf(text, size, "barrier");
	}
	strncat(text, order[op->order], size - strlen(text) - 1);
}

/* Writes the old value if the result does not tell it. */
static void say_note(const struct op *before, const struct op *after, bool old, char *text,
		     size_t size)
{
	text[0] = 0;
	if (before->kind == OP_READ && old)
		snprintf(text, size, "an older value");
	if (before->kind != OP_RMW || before->order != MODEL_FULL)
		return;
	snprintf(text, size, "it was 0x%llx%s", (unsigned long long)after->result,
		 before->rmw == RMW_CMPXCHG && after->result != before->expected
			 ? ", not what was expected: unchanged"
			 : "");
}

/* Does the operation have a value to print? */
static bool has_value(const struct op *op)
{
	return op->kind != OP_IRQ_OFF && op->kind != OP_IPI && op->kind != OP_MB &&
	       op->kind != OP_BROADCAST && op->kind != OP_WAIT && op->kind != OP_FENCE &&
	       op->kind != OP_ROOT && op->kind != OP_TLB_WRITE && op->kind != OP_FLUSH;
}

static u64 value_of(const struct op *before, const struct op *after)
{
	switch (before->kind) {
	case OP_WRITE:
	case OP_RMW:
	case OP_FILL:
		return before->value;
	case OP_WALK:
		return after->result ? after->expected : 0;
	case OP_EVENT:
		return before->value;
	default:
		return after->result;
	}
}

/* Writes the contents of the CPU's store buffer, oldest first. */
static void say_buffer(const struct model_cpu *cpu, char *text, size_t size)
{
	static const char *const change[] = {
		[CHANGE_STORE] = "=", [CHANGE_OR] = "|=", [CHANGE_AND] = "&="};
	int used = 0;

	text[0] = 0;
	for (unsigned i = 0; i < cpu->nr_buffered && used < (int)size - 60; i++) {
		const struct buffered *store = &cpu->buffer[i];
		char place[60];

		place_name(store->address, store->size, place, sizeof(place));
		used += snprintf(text + used, size - (size_t)used, "%s%s %s 0x%llx", i ? ", " : "",
				 place, change[store->change], (unsigned long long)store->value);
	}
}

static const struct site nowhere = {.text = "-"};

static void print_step(unsigned n, struct transition step, const char *role,
		       const struct site *site, const char *text, const char *value,
		       const char *note)
{
	char buffer[400];

	say_buffer(&model_cpu[step.cpu], buffer, sizeof(buffer));
	printk("# ev=step n=%u cpu=%u role=%s at=%s do=\"%s\"%s%s%s%s%s%s%s%s%s%s\n", n, step.cpu,
	       role, site->text, text, value[0] ? " value=" : "", value,
	       buffer[0] ? " buffer=\"" : "", buffer, buffer[0] ? "\"" : "",
	       note[0] ? " note=\"" : "", note, note[0] ? "\"" : "", site->file[0] ? " file=" : "",
	       site->file);
}

static void trace_commit(unsigned n, struct transition step, const char *role)
{
	struct buffered what = model_cpu[step.cpu].buffer[step.n];
	char text[120], place[80], value[32];

	place_name(what.address, what.size, place, sizeof(place));
	snprintf(text, sizeof(text), "reaches memory: %s", place);
	snprintf(value, sizeof(value), "0x%llx", (unsigned long long)what.value);
	cpus_apply(step);
	print_step(n, step, role, &nowhere, text, value, "");
}

static void trace_interrupt(unsigned n, struct transition step, const char *role)
{
	char text[80];

	snprintf(text, sizeof(text), "takes the %s interrupt", ipi_name[step.n]);
	cpus_apply(step);
	print_step(n, step, role, &nowhere, text, "", "");
}

static void trace_fill(unsigned n, struct transition step, const char *role)
{
	char text[80];

	snprintf(text, sizeof(text), "its hardware by itself reads level %u for 0x%lx", step.n & 7u,
		 model_filled[step.n >> 3]);
	cpus_apply(step);
	print_step(n, step, role, &nowhere, text, "", "");
}

static void trace_run(unsigned n, struct transition step, const char *role)
{
	struct model_cpu *cpu = &model_cpu[step.cpu];
	struct op before = cpu->op, after;
	char text[160], value[32] = "", note[80];
	struct site site;

	site_find(before.pc, &site);
	say_run(&before, text, sizeof(text));
	cpus_apply(step);
	after = cpus_performed();
	if (has_value(&before))
		snprintf(value, sizeof(value), "0x%llx",
			 (unsigned long long)value_of(&before, &after));
	say_note(&before, &after, step.n, note, sizeof(note));
	print_step(n, step, role, &site, text, value, note);
}

void trace_say(const struct op *op, char *text, size_t size)
{
	struct site site;
	char what[120];

	say_run(op, what, sizeof(what));
	site_find(op->pc, &site);
	snprintf(text, size, "%s at %s", what, site.text);
}

void trace_path(const struct exploration *what, const struct result *result,
		const char *(*role)(unsigned cpu))
{
	cpus_begin(what);
	for (unsigned i = 0; i < result->nr_path; i++) {
		struct transition step = result->path[i];

		if (step.kind == STEP_COMMIT)
			trace_commit(i + 1, step, role(step.cpu));
		else if (step.kind == STEP_FILL)
			trace_fill(i + 1, step, role(step.cpu));
		else if (step.kind == STEP_INTERRUPT)
			trace_interrupt(i + 1, step, role(step.cpu));
		else
			trace_run(i + 1, step, role(step.cpu));
	}
}
