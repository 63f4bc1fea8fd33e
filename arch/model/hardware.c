/* SPDX-License-Identifier: MIT */
/* The hardware's own accesses to whole entries in memory itself, inside an operation. */
#include "arch/model/order.h"
#include "arch/model/walker.h"

void (*model_note)(const struct model_cpu *cpu, const struct op *op);

entry_t hardware_read(struct model_cpu *cpu, entry_t *ep)
{
	struct op op = {
		.kind = OP_READ, .address = (u64)ep, .size = sizeof(*ep), .order = MODEL_FULL};

	if (model_note)
		model_note(cpu, &op);
	return entry_from_value(memory_load(op.address, op.size));
}

u64 hardware_rmw(struct model_cpu *cpu, entry_t *ep, enum model_rmw rmw, u64 value)
{
	struct op op = {.kind = OP_RMW,
			.address = (u64)ep,
			.size = sizeof(*ep),
			.rmw = rmw,
			.value = value,
			.order = MODEL_FULL};

	if (model_note)
		model_note(cpu, &op);
	rmw_now(cpu, &op);
	return op.result;
}
