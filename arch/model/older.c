/* SPDX-License-Identifier: MIT */
/* MEMORY_WEAK, with values that are out of date but still in a CPU's sight. */
#include <string.h>

#include "arch/model/order.h"

bool model_outside;

static void old_remove(struct model_cpu *cpu, unsigned n, unsigned count)
{
	cpu->nr_old -= count;
	memmove(cpu->old + n, cpu->old + n + count, (cpu->nr_old - n) * sizeof(*cpu->old));
	memset(cpu->old + cpu->nr_old, 0, count * sizeof(*cpu->old));
}

void old_forget(struct model_cpu *cpu, u64 address, unsigned size)
{
	unsigned from = 0, to;

	if (model_outside)
		return;
	while (from < cpu->nr_old && cpu->old[from].address < (address & ~3ull))
		from++;
	for (to = from; to < cpu->nr_old && cpu->old[to].address < address + size;)
		to++;
	if (to > from)
		old_remove(cpu, from, to - from);
}

void old_forget_all(struct model_cpu *cpu)
{
	if (model_outside)
		return;
	old_remove(cpu, 0, cpu->nr_old);
}

void old_add(struct model_cpu *cpu, u64 address, u64 value)
{
	unsigned at = cpu->nr_old;

	if (!room_for(&room_old, cpu->nr_old + 1u))
		return;
	while (at && cpu->old[at - 1].address > address)
		at--;
	memmove(cpu->old + at + 1, cpu->old + at, (cpu->nr_old - at) * sizeof(*cpu->old));
	cpu->old[at] = (struct old_word){.address = address, .value = value};
	cpu->nr_old++;
}

unsigned old_count(const struct model_cpu *cpu, u64 address)
{
	unsigned n = 0;

	for (unsigned i = 0; i < cpu->nr_old; i++)
		n += cpu->old[i].address == address;
	return n;
}

/*
 * Returns the way-th value back, where 1 is the newest overwritten one. Puts older ones out of
 * sight.
 */
u64 old_take(struct model_cpu *cpu, u64 address, unsigned way)
{
	unsigned first = 0, at;

	while (cpu->old[first].address != address)
		first++;
	at = first + old_count(cpu, address) - way;
	if (at > first) {
		old_remove(cpu, first, at - first);
		at = first;
	}
	return cpu->old[at].value;
}
