/* SPDX-License-Identifier: MIT */
/* Every access, barrier and event of the protocol passes through here. */
#include "arch/model/machine.h"
#include "arch/model/model.h"

bool (*model_submit)(struct op *op);

u64 model_perform(struct op *op)
{
	if (!model_submit || !model_submit(op))
		op_at_once(op);
	return op->result;
}

#define OP(...) ((struct op){__VA_ARGS__, .pc = __builtin_return_address(0)})

uint64_t model_read(const volatile void *p, unsigned size, enum model_order order)
{
	return model_perform(&OP(OP_READ, .address = (u64)p, .size = (u8)size, .order = order));
}

/* The size of the object is unknown, so the page around it stands for the object. */
uint64_t model_read_pointer(const volatile void *p, enum model_order order)
{
	struct op op = OP(OP_READ, .address = (u64)p, .size = sizeof(void *), .order = order);
	u64 value = model_perform(&op);

	old_forget(&model_cpu[cpu_id()], ALIGN_DOWN(value, PAGE_SIZE), PAGE_SIZE);
	return value;
}

void model_write(volatile void *p, unsigned size, uint64_t value, enum model_order order)
{
	model_perform(
		&OP(OP_WRITE, .address = (u64)p, .size = (u8)size, .value = value, .order = order));
}

uint64_t model_rmw(volatile void *p, unsigned size, enum model_rmw kind, uint64_t value,
		   uint64_t expected, enum model_order order)
{
	return model_perform(&OP(OP_RMW, .address = (u64)p, .size = (u8)size, .rmw = kind,
				 .value = value, .expected = expected, .order = order));
}

void model_fill(void *p, u64 pattern)
{
	model_perform(&OP(OP_FILL, .address = (u64)p, .value = pattern));
}

/* Only a full barrier has to wait. The others change what this CPU's later accesses may do, and
 * those of an interrupt's handler, so each has its place between two interrupts. */
void model_barrier(enum model_barrier kind)
{
	record_barrier(kind);
	if (kind == MODEL_MB && model_cpu[cpu_id()].nr_buffered)
		model_perform(&OP(OP_MB));
	else
		model_perform(&OP(OP_FENCE, .value = kind));
}

void model_wait(u32 kind)
{
	model_perform(&OP(OP_WAIT, .value = kind));
}

void model_event(unsigned point, u64 value)
{
	model_perform(&OP(OP_EVENT, .point = (u8)point, .value = value));
}
