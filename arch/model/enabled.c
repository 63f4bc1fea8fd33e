/* SPDX-License-Identifier: MIT */
/* Which operations can take place now, and in how many ways (arch/model/machine.h). */
#include "arch/model/order.h"

/* Returns true if the CPU still uses a translation of [start, end). It is then between the
 * translation and the access of one instruction, or a store through one is on its way. */
static bool uses_translation(const struct model_cpu *cpu, vaddr_t start, vaddr_t end)
{
	if (cpu->op.inside)
		return true;
	for (unsigned i = 0; i < cpu->nr_buffered; i++) {
		u16 page = cpu->buffer[i].page;

		if (page && (page - 1ul) * PAGE_SIZE - start < end - start)
			return true;
	}
	return false;
}

/* A broadcast ends only after every CPU has completed its accesses through the translations taken
 * away (z/Architecture Principles of Operation, INVALIDATE PAGE TABLE ENTRY). */
static bool can_broadcast(const struct op *op)
{
	for (unsigned n = 0; n < MODEL_CPUS; n++)
		if (uses_translation(&model_cpu[n], op->value, op->expected))
			return false;
	return true;
}

bool op_enabled(const struct model_cpu *cpu)
{
	const struct op *op = &cpu->op;
	const struct buffered *own;

	switch (op->kind) {
	case OP_NONE:
		return false;
	case OP_READ:
		own = store_own(cpu, op->address, op->size);
		if (op->order == MODEL_FULL)
			return !cpu->nr_buffered;
		return !own || store_can_forward(own, op->address, op->size);
	case OP_RMW:
		return op->order != MODEL_FULL || !cpu->nr_buffered;
	case OP_BROADCAST:
		return !cpu->nr_buffered && can_broadcast(op);
	case OP_MB:
		return !cpu->nr_buffered;
	case OP_WAIT:
		return cpu->news || cpu->nr_old;
	default:
		return true;
	}
}

unsigned op_ways(const struct model_cpu *cpu)
{
	const struct op *op = &cpu->op;

	if (op->kind == OP_READ && op->order != MODEL_FULL &&
	    !store_own(cpu, op->address, op->size))
		return 1 + old_count(cpu, old_address(op->address, op->size));
	return 1;
}

bool op_fence_matters(const struct model_cpu *cpu, enum model_barrier kind)
{
	return store_starts_epoch(cpu, kind) || (kind != MODEL_WMB && cpu->nr_old);
}
