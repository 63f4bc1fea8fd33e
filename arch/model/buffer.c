/* SPDX-License-Identifier: MIT */
/* Stores on their way to memory, and how they get there. */
#include <string.h>

#include "arch/model/order.h"

enum memory_model memory_model;
const char *const memory_model_name[NR_MEMORY_MODELS] = {
	[MEMORY_SC] = "sc", [MEMORY_TSO] = "tso", [MEMORY_PSO] = "pso", [MEMORY_WEAK] = "weak"};
unsigned (*model_remembers)(unsigned cpu, u64 address);

u64 memory_load(u64 address, unsigned size)
{
	u64 value = 0;

	memcpy(&value, (const void *)address, size);
	return value;
}

void memory_store(u64 address, unsigned size, u64 value)
{
	if (size <= sizeof(value)) {
		memcpy((void *)address, &value, size);
		return;
	}
	for (unsigned i = 0; i < size; i += sizeof(value))
		memcpy((void *)(address + i), &value, sizeof(value));
}

static bool overlap(u64 a, unsigned a_size, u64 b, unsigned b_size)
{
	return a < b + b_size && b < a + a_size;
}

/* Keeps the old value for each CPU that may still load it, in the width of the CPU's loads. */
static void remember(unsigned cpu, u64 address, u64 was, u64 now)
{
	for (unsigned half = 0; half < 2; half++) {
		unsigned width = model_remembers(cpu, address + 4 * half);

		if (width == 8 && !half)
			old_add(&model_cpu[cpu], address, was);
		else if (width == 4 && (u32)(was >> 32 * half) != (u32)(now >> 32 * half))
			old_add(&model_cpu[cpu], address + 4 * half, (u32)(was >> 32 * half));
	}
}

/* Memory at this multiple of 8 has changed. */
static void tell_others(const struct model_cpu *by, u64 address, u64 was, u64 now)
{
	for (unsigned n = 0; n < MODEL_CPUS; n++) {
		if (&model_cpu[n] == by)
			continue;
		model_cpu[n].news = model_cpu[n].waiting;
		if (memory_model == MEMORY_WEAK && model_remembers)
			remember(n, address, was, now);
	}
}

void reach_memory(struct model_cpu *by, u64 address, unsigned size, u64 value)
{
	for (unsigned i = 0; i < size; i += sizeof(u64)) {
		u64 base = (address + i) & ~7ull, was = memory_load(base, sizeof(was));

		memory_store(address + i, size < sizeof(u64) ? size : sizeof(u64), value);
		if (memory_load(base, sizeof(was)) != was)
			tell_others(by, base, was, memory_load(base, sizeof(was)));
	}
	old_forget(by, address, size);
}

u64 rmw_result(const struct op *op, u64 was)
{
	switch ((enum model_rmw)op->rmw) {
	case RMW_XCHG:
		return op->value;
	case RMW_CMPXCHG:
		return was == op->expected ? op->value : was;
	case RMW_ADD:
		return was + op->value;
	case RMW_OR:
		return was | op->value;
	case RMW_AND:
		return was & op->value;
	}
	return was;
}

void rmw_now(struct model_cpu *cpu, struct op *op)
{
	op->result = memory_load(op->address, op->size);
	reach_memory(cpu, op->address, op->size, rmw_result(op, op->result));
}

bool store_starts_epoch(const struct model_cpu *cpu, enum model_barrier kind)
{
	return kind != MODEL_RMB && cpu->nr_buffered && memory_model >= MEMORY_PSO &&
	       cpu->buffer[cpu->nr_buffered - 1].epoch == cpu->epoch;
}

void store_add(struct model_cpu *cpu, struct buffered what)
{
	if (!room_for(&room_buffer, cpu->nr_buffered + 1u))
		return;
	what.epoch = cpu->epoch;
	cpu->buffer[cpu->nr_buffered++] = what;
}

u64 store_result(const struct buffered *what)
{
	u64 was = memory_load(what->address, what->size <= 8 ? what->size : 8);

	return what->change == CHANGE_OR    ? was | what->value
	       : what->change == CHANGE_AND ? was & what->value
					    : what->value;
}

bool store_can_commit(const struct model_cpu *cpu, unsigned n)
{
	const struct buffered *what = &cpu->buffer[n];

	if (memory_model == MEMORY_TSO || what->release)
		return n == 0;
	for (unsigned i = 0; i < n; i++)
		if (cpu->buffer[i].epoch < what->epoch ||
		    overlap(cpu->buffer[i].address, cpu->buffer[i].size, what->address, what->size))
			return false;
	return true;
}

/* Only differences between epochs mean anything, so they can be counted anew. */
static void count_epochs_anew(struct model_cpu *cpu)
{
	u16 first = cpu->nr_buffered ? cpu->buffer[0].epoch : cpu->epoch;

	cpu->epoch -= first;
	for (unsigned i = 0; i < cpu->nr_buffered; i++)
		cpu->buffer[i].epoch -= first;
}

void store_commit(struct model_cpu *cpu, unsigned n)
{
	struct buffered what = cpu->buffer[n];

	cpu->nr_buffered--;
	memmove(cpu->buffer + n, cpu->buffer + n + 1,
		(cpu->nr_buffered - n) * sizeof(*cpu->buffer));
	memset(cpu->buffer + cpu->nr_buffered, 0, sizeof(*cpu->buffer));
	count_epochs_anew(cpu);
	reach_memory(cpu, what.address, what.size, store_result(&what));
}

/* Returns the newest store of the CPU itself to these bytes, or NULL if there is none. */
const struct buffered *store_own(const struct model_cpu *cpu, u64 address, unsigned size)
{
	for (unsigned i = cpu->nr_buffered; i--;)
		if (overlap(cpu->buffer[i].address, cpu->buffer[i].size, address, size))
			return &cpu->buffer[i];
	return NULL;
}

bool store_can_forward(const struct buffered *what, u64 address, unsigned size)
{
	if (what->change != CHANGE_STORE)
		return false;
	if (what->size > sizeof(u64))
		return true;
	return what->address == address && what->size == size;
}

u64 store_forward(const struct buffered *what, u64 address, unsigned size)
{
	u64 value = what->value >> (what->size > sizeof(u64) ? address % 8 * 8 : 0);

	return size == 8 ? value : value & ((1ull << size * 8) - 1);
}
