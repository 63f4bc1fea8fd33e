/* SPDX-License-Identifier: MIT */
/* How an operation takes place under each memory model (arch/model/machine.h). */
#include <string.h>

#include "arch/model/machine.h"

enum memory_model memory_model;
const char *model_limit;
unsigned (*model_remembers)(unsigned cpu, u64 address);

/* --- memory ----------------------------------------------------------------------------------- */

static u64 memory_read(u64 address, unsigned size)
{
	u64 value = 0;

	memcpy(&value, (const void *)address, size);
	return value;
}

static void memory_write(u64 address, unsigned size, u64 value)
{
	if (size <= sizeof(value)) {
		memcpy((void *)address, &value, size);
		return;
	}
	for (unsigned i = 0; i < size; i += sizeof(value))
		memcpy((void *)(address + i), &value, sizeof(value));
}

static u64 changed(u64 was, enum model_rmw kind, u64 value, u64 expected)
{
	switch (kind) {
	case RMW_XCHG:
		return value;
	case RMW_CMPXCHG:
		return was == expected ? value : was;
	case RMW_ADD:
		return was + value;
	case RMW_OR:
		return was | value;
	case RMW_AND:
		return was & value;
	}
	return was;
}

void op_at_once(struct op *op)
{
	switch (op->kind) {
	case OP_READ:
		op->result = memory_read(op->address, op->size);
		break;
	case OP_WRITE:
		memory_write(op->address, op->size, op->value);
		break;
	case OP_RMW:
		op->result = memory_read(op->address, op->size);
		memory_write(op->address, op->size,
			     changed(op->result, op->rmw, op->value, op->expected));
		break;
	case OP_FILL:
		memory_write(op->address, PAGE_SIZE, op->value);
		break;
	case OP_BROADCAST:
		if (CAP_BROADCAST_FLUSH)
			tlb_broadcast(&model_cpu[cpu_id()], op);
		break;
	case OP_WALK:
		tlb_walk(&model_cpu[cpu_id()], op);
		break;
	default:
		break;
	}
}

/* --- what is out of date but not out of sight ------------------------------------------------- */

static bool overlap(u64 a, unsigned a_size, u64 b, unsigned b_size)
{
	return a < b + b_size && b < a + a_size;
}

static void old_remove(struct model_cpu *cpu, unsigned n, unsigned count)
{
	cpu->nr_old -= count;
	memmove(cpu->old + n, cpu->old + n + count, (cpu->nr_old - n) * sizeof(*cpu->old));
	memset(cpu->old + cpu->nr_old, 0, count * sizeof(*cpu->old));
}

void old_forget(struct model_cpu *cpu, u64 address, unsigned size)
{
	unsigned from = 0, to;

	while (from < cpu->nr_old && cpu->old[from].address < (address & ~3ull))
		from++;
	for (to = from; to < cpu->nr_old && cpu->old[to].address < address + size;)
		to++;
	if (to > from)
		old_remove(cpu, from, to - from);
}

static void old_forget_all(struct model_cpu *cpu)
{
	old_remove(cpu, 0, cpu->nr_old);
}

static void old_add(struct model_cpu *cpu, u64 address, u64 value)
{
	unsigned at = cpu->nr_old;

	if (cpu->nr_old == MODEL_OLD) {
		model_limit = "more overwritten values than MODEL_OLD";
		return;
	}
	while (at && cpu->old[at - 1].address > address)
		at--;
	memmove(cpu->old + at + 1, cpu->old + at, (cpu->nr_old - at) * sizeof(*cpu->old));
	cpu->old[at] = (struct old_word){.address = address, .value = value};
	cpu->nr_old++;
}

static unsigned old_count(const struct model_cpu *cpu, u64 address)
{
	unsigned n = 0;

	for (unsigned i = 0; i < cpu->nr_old; i++)
		n += cpu->old[i].address == address;
	return n;
}

/* The way-th value back (1: the newest of the overwritten ones); older ones are out of sight then.
 */
static u64 old_take(struct model_cpu *cpu, u64 address, unsigned way)
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

/* --- stores ------------------------------------------------------------------------------------
 */

/* What was there stays in sight of a CPU that may still load it, in the width in which it loads. */
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

static void reach_memory(struct model_cpu *by, u64 address, unsigned size, u64 value)
{
	for (unsigned i = 0; i < size; i += sizeof(u64)) {
		u64 base = (address + i) & ~7ull, was = memory_read(base, sizeof(was));

		memory_write(address + i, size < sizeof(u64) ? size : sizeof(u64), value);
		if (memory_read(base, sizeof(was)) != was)
			tell_others(by, base, was, memory_read(base, sizeof(was)));
	}
	old_forget(by, address, size);
}

static void store(struct model_cpu *cpu, struct buffered what)
{
	if (cpu->nr_buffered == MODEL_BUFFER) {
		model_limit = "a store buffer is full: more stores on their way than MODEL_BUFFER";
		return;
	}
	what.epoch = cpu->epoch;
	cpu->buffer[cpu->nr_buffered++] = what;
}

static u64 changed_by(const struct buffered *what)
{
	u64 was = memory_read(what->address, what->size <= 8 ? what->size : 8);

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

/* Only differences between epochs mean anything. */
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
	reach_memory(cpu, what.address, what.size, changed_by(&what));
}

/* The newest store of the CPU itself to these bytes; NULL: none. */
static const struct buffered *own_store(const struct model_cpu *cpu, u64 address, unsigned size)
{
	for (unsigned i = cpu->nr_buffered; i--;)
		if (overlap(cpu->buffer[i].address, cpu->buffer[i].size, address, size))
			return &cpu->buffer[i];
	return NULL;
}

static bool can_forward(const struct buffered *what, u64 address, unsigned size)
{
	if (what->change != CHANGE_STORE)
		return false;
	if (what->size > sizeof(u64))
		return true;
	return what->address == address && what->size == size;
}

static u64 forward(const struct buffered *what, u64 address, unsigned size)
{
	u64 value = what->value >> (what->size > sizeof(u64) ? address % 8 * 8 : 0);

	return size == 8 ? value : value & ((1ull << size * 8) - 1);
}

/* --- operations ---------------------------------------------------------------------------------
 */

void op_barrier(struct model_cpu *cpu, enum model_barrier kind)
{
	if (kind != MODEL_RMB && cpu->nr_buffered && memory_model >= MEMORY_PSO &&
	    cpu->buffer[cpu->nr_buffered - 1].epoch == cpu->epoch)
		cpu->epoch++;
	if (kind != MODEL_WMB)
		old_forget_all(cpu);
}

static u64 old_address(const struct op *op)
{
	return op->address & (op->size == 8 ? ~7ull : ~3ull);
}

/* A CPU is between the translation and the access of one instruction. */
static bool somebody_is_inside(void)
{
	for (unsigned n = 0; n < MODEL_CPUS; n++)
		if (model_cpu[n].op.inside)
			return true;
	return false;
}

bool op_enabled(const struct model_cpu *cpu)
{
	const struct op *op = &cpu->op;
	const struct buffered *own;

	switch (op->kind) {
	case OP_NONE:
		return false;
	case OP_READ:
		own = own_store(cpu, op->address, op->size);
		if (op->order == MODEL_FULL)
			return !cpu->nr_buffered;
		return !own || can_forward(own, op->address, op->size);
	case OP_RMW:
		return op->order != MODEL_FULL || !cpu->nr_buffered;
	case OP_BROADCAST:
		return !cpu->nr_buffered && !somebody_is_inside();
	case OP_MB:
		return !cpu->nr_buffered;
	case OP_WRITE:
		return !op->inside || !cpu->nr_buffered;
	case OP_WAIT:
		return cpu->news || cpu->nr_old;
	default:
		return true;
	}
}

unsigned op_ways(const struct model_cpu *cpu)
{
	const struct op *op = &cpu->op;

	if (op->kind == OP_CHOOSE)
		return (unsigned)op->value;
	if (op->kind == OP_READ && op->order != MODEL_FULL &&
	    !own_store(cpu, op->address, op->size))
		return 1 + old_count(cpu, old_address(op));
	return 1;
}

static void read_op(struct model_cpu *cpu, struct op *op, unsigned way)
{
	const struct buffered *own = own_store(cpu, op->address, op->size);
	u64 at = old_address(op);

	if (own) {
		op->result = forward(own, op->address, op->size);
	} else if (way) {
		cpu->news = cpu->waiting; /* who spins will see a newer one some time */
		op->result = old_take(cpu, at, way);
		if (op->size < 4)
			op->result =
				op->result >> op->address % 4 * 8 & ((1ull << op->size * 8) - 1);
	} else {
		op->result = memory_read(op->address, op->size);
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
	if (memory_model == MEMORY_SC || op->inside)
		reach_memory(cpu, what.address, what.size, changed_by(&what));
	else
		store(cpu, what);
}

void rmw_now(struct model_cpu *cpu, struct op *op)
{
	op->result = memory_read(op->address, op->size);
	reach_memory(cpu, op->address, op->size,
		     changed(op->result, op->rmw, op->value, op->expected));
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

/* What the CPU does later comes after it. A release orders only itself, and nobody can tell. */
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
	own = own_store(cpu, op->address, op->kind == OP_FILL ? PAGE_SIZE : op->size);
	if (op->order == MODEL_FULL ||
	    (own && (op->kind != OP_READ || !can_forward(own, op->address, op->size))))
		return false;
	if (own)
		op->result = forward(own, op->address, op->size);
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
	case OP_IRQ_OFF:
		cpu->irqs_off = true;
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
	case OP_CHOOSE:
		op->result = way;
		break;
	default:
		break;
	}
}
