/* SPDX-License-Identifier: MIT */
/* How an operation takes place under each memory model (arch/model/machine.h). enabled.c says when
 * it may. */
#include "arch/model/order.h"

/* Concerns only the CPU itself and the handlers of its interrupts. */
static void op_alone(struct model_cpu *cpu, const struct op *op)
{
	switch (op->kind) {
	case OP_FENCE:
		op_barrier(cpu, (enum model_barrier)op->value);
		break;
	case OP_ROOT:
		tlb_load_root(cpu, op);
		break;
	case OP_TLB_WRITE:
		tlb_write(cpu, op);
		break;
	case OP_FLUSH:
		tlb_flush(cpu, op);
		break;
	case OP_IRQ_OFF:
		cpu->irqs_off = true;
		break;
	default:
		break;
	}
}

void op_at_once(struct op *op)
{
	switch (op->kind) {
	case OP_READ:
		op->result = memory_load(op->address, op->size);
		break;
	case OP_WRITE:
		memory_store(op->address, op->size, op->value);
		break;
	case OP_RMW:
		op->result = memory_load(op->address, op->size);
		memory_store(op->address, op->size, rmw_result(op, op->result));
		break;
	case OP_FILL:
		memory_store(op->address, PAGE_SIZE, op->value);
		break;
	case OP_BROADCAST:
		if (CAP_BROADCAST_FLUSH)
			tlb_broadcast(&model_cpu[cpu_id()], op);
		break;
	case OP_WALK:
		tlb_walk(&model_cpu[cpu_id()], op);
		break;
	default:
		op_alone(&model_cpu[cpu_id()], op);
	}
}

void op_barrier(struct model_cpu *cpu, enum model_barrier kind)
{
	if (store_starts_epoch(cpu, kind))
		cpu->epoch++;
	if (kind != MODEL_WMB)
		old_forget_all(cpu);
}

static void read_op(struct model_cpu *cpu, struct op *op, unsigned way)
{
	const struct buffered *own = store_own(cpu, op->address, op->size);
	u64 at = old_address(op->address, op->size);

	if (own) {
		op->result = store_forward(own, op->address, op->size);
	} else if (way) {
		cpu->news = cpu->waiting; /* a spinning CPU will see a newer value some time */
		op->result = old_take(cpu, at, way);
		if (op->size < 4)
			op->result =
				op->result >> op->address % 4 * 8 & ((1ull << op->size * 8) - 1);
	} else {
		op->result = memory_load(op->address, op->size);
		old_forget(cpu, op->address, op->size);
	}
	if (op->order != MODEL_RELAXED)
		old_forget_all(cpu);
}

static void write_op(struct model_cpu *cpu, const struct op *op)
{
	static const u8 change[] = {[RMW_OR] = CHANGE_OR, [RMW_AND] = CHANGE_AND};
	struct buffered what = {.address = op->address,
				.value = op->value,
				.size = op->size,
				.release = op->order == MODEL_RELEASE};

	if (op->kind == OP_FILL)
		what.size = PAGE_SIZE;
	if (op->kind == OP_RMW)
		what.change = change[op->rmw];
	if (op->inside)
		what.page = (u16)op->expected;
	if (memory_model == MEMORY_SC)
		reach_memory(cpu, what.address, what.size, store_result(&what));
	else
		store_add(cpu, what);
}

static void rmw_op(struct model_cpu *cpu, struct op *op)
{
	if (op->order != MODEL_FULL) {
		write_op(cpu, op);
		return;
	}
	rmw_now(cpu, op);
	old_forget_all(cpu);
}

/* The CPU's later accesses come after it. A release orders only itself, and no CPU can tell. */
static void op_orders(struct model_cpu *cpu, enum model_order order)
{
	if (order == MODEL_ACQUIRE || order == MODEL_FULL)
		old_forget_all(cpu);
}

bool op_quietly(struct model_cpu *cpu, struct op *op)
{
	const struct buffered *own;

	if (op->kind > OP_FILL || !cpu->nr_buffered) {
		op_at_once(op);
		op_orders(cpu, op->order);
		return true;
	}
	own = store_own(cpu, op->address, op->kind == OP_FILL ? PAGE_SIZE : op->size);
	if (op->order == MODEL_FULL ||
	    (own && (op->kind != OP_READ || !store_can_forward(own, op->address, op->size))))
		return false;
	if (own)
		op->result = store_forward(own, op->address, op->size);
	else
		op_at_once(op);
	op_orders(cpu, op->order);
	return true;
}

void op_perform(struct model_cpu *cpu, unsigned way)
{
	struct op *op = &cpu->op;

	switch (op->kind) {
	case OP_READ:
		read_op(cpu, op, way);
		break;
	case OP_WRITE:
	case OP_FILL:
		write_op(cpu, op);
		break;
	case OP_RMW:
		rmw_op(cpu, op);
		break;
	case OP_MB:
		op_barrier(cpu, MODEL_MB);
		break;
	case OP_IPI:
		model_cpu[op->target].pending |= BIT(op->value);
		break;
	case OP_BROADCAST:
		if (CAP_BROADCAST_FLUSH)
			tlb_broadcast(cpu, op);
		op_barrier(cpu, MODEL_MB);
		break;
	case OP_WALK:
		tlb_walk(cpu, op);
		break;
	case OP_WAIT:
		cpu->news = false;
		break;
	default:
		op_alone(cpu, op);
	}
}
