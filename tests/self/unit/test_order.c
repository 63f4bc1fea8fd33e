/* SPDX-License-Identifier: MIT */
/* Tests the memory models of arch/model, operation by operation, for waiting stores, for stores
 * reaching memory, and for older values still visible to loads. */
#include <string.h>

#include "arch/model/cpu.h"
#include "arch/model/order.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

#define A 0x10000ul

static u64 word[4] __aligned(32);

static struct model_cpu *fresh(enum memory_model model)
{
	machine_reset();
	memory_model = model;
	model_limit = NULL;
	memset(word, 0, sizeof(word));
	return &model_cpu[0];
}

/* --- memory ----------------------------------------------------------------------------------- */

static void bytes_of_memory(void)
{
	fresh(MEMORY_SC);
	memory_store((u64)word, 8, 0x1122334455667788);
	CHECK(memory_load((u64)word, 8) == 0x1122334455667788, "a word");
	CHECK(memory_load((u64)word, 4) == 0x55667788, "its low half");
	CHECK(memory_load((u64)word + 4, 4) == 0x11223344, "its high half");
	CHECK(memory_load((u64)word + 1, 1) == 0x77, "a byte");
	memory_store((u64)word + 2, 2, 0xaaaabbbb);
	CHECK(word[0] == 0x11223344bbbb7788 && !word[1], "two bytes, and nothing beside them");
	memory_store((u64)word, 24, 7);
	CHECK(word[0] == 7 && word[1] == 7 && word[2] == 7 && !word[3], "a fill, word by word");
}

/* --- store buffers ---------------------------------------------------------------------------- */

static void add(struct model_cpu *cpu, u64 address, unsigned size, u64 value, bool release)
{
	store_add(cpu, (struct buffered){.address = address,
					 .size = (u16)size,
					 .value = value,
					 .release = release});
}

static void order_of_stores(void)
{
	struct model_cpu *cpu = fresh(MEMORY_TSO);

	add(cpu, A, 4, 1, false);
	add(cpu, A + 8, 4, 2, false);
	CHECK(store_can_commit(cpu, 0) && !store_can_commit(cpu, 1), "tso: first in, first out");
	cpu = fresh(MEMORY_PSO);
	add(cpu, A, 4, 1, false);
	add(cpu, A + 4, 4, 2, false);
	add(cpu, A, 8, 3, false);
	CHECK(store_can_commit(cpu, 1) && !store_can_commit(cpu, 2),
	      "pso: overlapping ones in order");
	add(cpu, A + 16, 4, 4, true);
	add(cpu, A + 24, 4, 5, false);
	CHECK(!store_can_commit(cpu, 3) && store_can_commit(cpu, 4),
	      "a release waits, what is behind it does not");
	op_barrier(cpu, MODEL_WMB);
	add(cpu, A + 32, 4, 6, false);
	CHECK(!store_can_commit(cpu, 5) && cpu->buffer[5].epoch == 1, "a write barrier separates");
}

static void stores_arrive(void)
{
	struct model_cpu *cpu = fresh(MEMORY_PSO);

	add(cpu, (u64)word, 4, 1, false);
	op_barrier(cpu, MODEL_WMB);
	op_barrier(cpu, MODEL_WMB);
	CHECK(cpu->epoch == 1, "two barriers in a row are one");
	add(cpu, (u64)word + 8, 8, 2, false);
	model_cpu[1].waiting = true;
	store_commit(cpu, 0);
	CHECK(word[0] == 1 && !word[1] && cpu->nr_buffered == 1 && cpu->buffer[0].value == 2,
	      "the first arrives");
	CHECK(!cpu->buffer[0].epoch && !cpu->epoch && !cpu->buffer[1].address,
	      "and leaves nothing behind");
	CHECK(model_cpu[1].news && !model_cpu[2].news && !cpu->news, "news for who waits");
	model_cpu[1].news = false;
	store_commit(cpu, 0);
	CHECK(word[1] == 2 && !cpu->nr_buffered && model_cpu[1].news, "the last");
	model_cpu[1].news = false;
	add(cpu, (u64)word + 8, 8, 2, false);
	store_commit(cpu, 0);
	CHECK(!model_cpu[1].news, "the same value again is no news");
	cpu->buffer[0] = (struct buffered){
		.address = (u64)word + 8, .size = 8, .value = 12, .change = CHANGE_OR};
	CHECK(store_result(&cpu->buffer[0]) == 14, "bits are set when it arrives");
	cpu->buffer[0].change = CHANGE_AND;
	CHECK(!store_result(&cpu->buffer[0]), "or kept");
}

static void own_stores(void)
{
	struct model_cpu *cpu = fresh(MEMORY_TSO);
	const struct buffered *own;

	add(cpu, A, 4, 0x11223344, false);
	add(cpu, A + PAGE_SIZE, PAGE_SIZE, 0xaabbccdd11223344, false);
	CHECK(!store_own(cpu, A + 4, 4) && !store_own(cpu, A - 4, 4), "none beside it");
	own = store_own(cpu, A, 4);
	CHECK(own && store_can_forward(own, A, 4) && store_forward(own, A, 4) == 0x11223344,
	      "its own");
	own = store_own(cpu, A, 8);
	CHECK(own && !store_can_forward(own, A, 8), "a wider load waits");
	own = store_own(cpu, A + 2, 2);
	CHECK(own && !store_can_forward(own, A + 2, 2), "a narrower one too");
	own = store_own(cpu, A + PAGE_SIZE + 12, 4);
	CHECK(own && store_can_forward(own, A + PAGE_SIZE + 12, 4) &&
		      store_forward(own, A + PAGE_SIZE + 12, 4) == 0xaabbccdd &&
		      store_forward(own, A + PAGE_SIZE + 8, 8) == 0xaabbccdd11223344 &&
		      store_forward(own, A + PAGE_SIZE + 1, 1) == 0x33,
	      "a fill gives any part of it");
	add(cpu, A, 4, 5, false);
	CHECK(store_own(cpu, A, 4)->value == 5, "the newest");
	cpu->buffer[2].change = CHANGE_OR;
	CHECK(!store_can_forward(&cpu->buffer[2], A, 4), "bits that are set later give nothing");
	cpu->nr_buffered = 0;
	for (unsigned i = 0; i < MODEL_BUFFER; i++)
		add(cpu, A + 8 * i, 4, i, false);
	CHECK(!model_limit && cpu->nr_buffered == MODEL_BUFFER, "a buffer takes MODEL_BUFFER");
	add(cpu, A, 4, 1, false);
	CHECK(model_limit && strstr(model_limit, "MODEL_BUFFER"), "and says so when it is full");
}

/* --- older values ----------------------------------------------------------------------------- */

static void older_values(void)
{
	struct model_cpu *cpu = fresh(MEMORY_WEAK);

	old_add(cpu, A + 8, 1);
	old_add(cpu, A, 2);
	old_add(cpu, A + 8, 3);
	old_add(cpu, A + 16, 4);
	CHECK(cpu->nr_old == 4 && cpu->old[0].value == 2 && cpu->old[1].value == 1 &&
		      cpu->old[2].value == 3 && cpu->old[3].value == 4,
	      "by address, then by age");
	CHECK(old_count(cpu, A + 8) == 2 && old_count(cpu, A + 12) == 0, "counted");
	CHECK(old_take(cpu, A + 8, 2) == 1 && old_count(cpu, A + 8) == 2, "the oldest");
	CHECK(old_take(cpu, A + 8, 1) == 3 && old_count(cpu, A + 8) == 1,
	      "and the one before that is out of sight after a newer one");
	old_forget(cpu, A + 8, 8);
	CHECK(cpu->nr_old == 2 && !old_count(cpu, A + 8) && old_count(cpu, A + 16) == 1 &&
		      !cpu->old[2].address,
	      "forgotten, and nothing beside it");
	old_forget(cpu, A + 3, 1);
	CHECK(cpu->nr_old == 1, "by a byte of it");
	old_forget(cpu, A + 12, 4);
	CHECK(cpu->nr_old == 1, "not by the word before it");
	old_forget_all(cpu);
	CHECK(!cpu->nr_old && !cpu->old[0].address, "all");
	for (unsigned i = 0; i < MODEL_OLD; i++)
		old_add(cpu, A + 4 * i, i);
	CHECK(!model_limit && cpu->nr_old == MODEL_OLD, "there is room for MODEL_OLD");
	old_add(cpu, A, 1);
	CHECK(model_limit && strstr(model_limit, "MODEL_OLD"), "and no more");
}

static unsigned widths; /* widths of the CPU's loads, for each of two halves */

static unsigned loads_in(unsigned cpu, u64 address)
{
	return cpu != 1 ? 0 : address == (u64)word ? widths >> 4 : widths & 15;
}

static void remembered(void)
{
	static const struct {
		unsigned widths, nr;
		u64 value;
	} table[] = {
		{0x00, 0, 0}, {0x80, 1, 0x100000002}, {0x40, 1, 2}, {0x04, 0, 0}, {0x44, 1, 2}};

	model_remembers = loads_in;
	for (unsigned i = 0; i < ARRAY_SIZE(table); i++) {
		struct model_cpu *cpu = fresh(MEMORY_WEAK);

		widths = table[i].widths;
		word[0] = 0x100000002;
		reach_memory(cpu, (u64)word, 4, 3);
		CHECK(word[0] == 0x100000003 && model_cpu[1].nr_old == table[i].nr &&
			      model_cpu[1].old[0].value == table[i].value && !model_cpu[2].nr_old &&
			      !cpu->nr_old,
		      "loads in widths 0x%x remember %u values", widths, table[i].nr);
	}
	widths = 0x04;
	fresh(MEMORY_WEAK);
	word[0] = 0x100000002;
	reach_memory(&model_cpu[0], (u64)word + 4, 4, 3);
	CHECK(model_cpu[1].nr_old == 1 && model_cpu[1].old[0].address == (u64)word + 4 &&
		      model_cpu[1].old[0].value == 1,
	      "the high half");
	reach_memory(&model_cpu[1], (u64)word + 4, 4, 4);
	CHECK(!model_cpu[1].nr_old, "a store of its own puts older ones out of sight");
	fresh(MEMORY_PSO);
	reach_memory(&model_cpu[0], (u64)word + 4, 4, 3);
	CHECK(!model_cpu[1].nr_old, "pso has none");
	model_remembers = NULL;
}

/* --- operations ------------------------------------------------------------------------------- */

static void at_once(void)
{
	static const struct {
		enum model_rmw kind;
		u64 value, expected, now;
	} table[] = {{RMW_XCHG, 9, 0, 9}, {RMW_CMPXCHG, 9, 12, 9}, {RMW_CMPXCHG, 9, 11, 12},
		     {RMW_ADD, 3, 0, 15}, {RMW_OR, 3, 0, 15},	   {RMW_AND, 6, 0, 4}};

	for (unsigned i = 0; i < ARRAY_SIZE(table); i++) {
		fresh(MEMORY_SC);
		word[0] = 12;
		CHECK(model_rmw(word, 8, table[i].kind, table[i].value, table[i].expected,
				MODEL_FULL) == 12 &&
			      word[0] == table[i].now,
		      "read-modify-write %u: %u", table[i].kind, (unsigned)word[0]);
	}
	fresh(MEMORY_SC);
	model_barrier(MODEL_MB);
	model_barrier(MODEL_RMB);
	model_barrier(MODEL_RMB);
	CHECK(model_barriers[MODEL_MB] == 1 && model_barriers[MODEL_RMB] == 2 &&
		      !model_barriers[MODEL_WMB],
	      "barriers are on record");
	record_reset();
	CHECK(!model_barriers[MODEL_MB] && !model_barriers[MODEL_RMB], "until a reset");
}

static void when_enabled(void)
{
	struct model_cpu *cpu = fresh(MEMORY_TSO);

	CHECK(!op_enabled(cpu), "a CPU that is done does nothing");
	add(cpu, A, 4, 1, false);
	cpu->op = (struct op){.kind = OP_MB};
	CHECK(!op_enabled(cpu), "a full barrier waits");
	cpu->op = (struct op){.kind = OP_RMW, .address = A + 8, .size = 4, .order = MODEL_FULL};
	CHECK(!op_enabled(cpu), "so does an exchange");
	cpu->op.order = MODEL_RELAXED;
	CHECK(op_enabled(cpu), "not one that returns nothing");
	cpu->op = (struct op){.kind = OP_READ, .address = A, .size = 4};
	CHECK(op_enabled(cpu), "a load finds the CPU's own store");
	cpu->op.size = 8;
	CHECK(!op_enabled(cpu), "or waits for it");
	cpu->op.address = A + 8;
	CHECK(op_enabled(cpu), "not for another");
	cpu->op = (struct op){.kind = OP_WAIT};
	CHECK(!op_enabled(cpu), "a spin waits for news");
	cpu->news = true;
	CHECK(op_enabled(cpu), "and has some");
	op_perform(cpu, 0);
	CHECK(!cpu->news, "which it has then seen");
	cpu->nr_old = 1;
	CHECK(op_enabled(cpu), "older values that are left are news as well");
	cpu->nr_old = 0;
	cpu->op = (struct op){.kind = OP_IPI, .target = 2, .value = IPI_CALL};
	op_perform(cpu, 0);
	CHECK(model_pending(2, IPI_CALL) && !model_pending(1, IPI_CALL) &&
		      !model_pending(2, IPI_WAKE),
	      "an interrupt is on its way");
}

static void reads_older(void)
{
	struct model_cpu *cpu = fresh(MEMORY_WEAK);

	word[0] = 0x55;
	old_add(cpu, (u64)word, 0x1122);
	old_add(cpu, (u64)word, 0x3344);
	cpu->op = (struct op){.kind = OP_READ, .address = (u64)word, .size = 4};
	CHECK(op_ways(cpu) == 3, "three ways to load");
	cpu->op.address++;
	cpu->op.size = 1;
	CHECK(op_ways(cpu) == 3, "a byte as well");
	op_perform(cpu, 1);
	CHECK(cpu->op.result == 0x33 && cpu->nr_old == 1, "its byte of the newest older one");
	cpu->waiting = true;
	cpu->op = (struct op){.kind = OP_READ, .address = (u64)word, .size = 4};
	op_perform(cpu, 1);
	CHECK(cpu->op.result == 0x3344 && cpu->news, "the same again, and a spin looks again");
	op_perform(cpu, 0);
	CHECK(cpu->op.result == 0x55 && !cpu->nr_old, "then memory, and nothing older any more");
	cpu->op.order = MODEL_FULL;
	old_add(cpu, (u64)word, 1);
	CHECK(op_ways(cpu) == 1, "the hardware's own load has one way");
	CHECK(op_fence_matters(cpu, MODEL_RMB) && !op_fence_matters(cpu, MODEL_WMB),
	      "a read barrier would matter");
	op_barrier(cpu, MODEL_WMB);
	CHECK(cpu->nr_old == 1, "a write barrier leaves older values");
	op_barrier(cpu, MODEL_RMB);
	CHECK(!cpu->nr_old, "a read barrier none");
	add(cpu, A, 4, 1, false);
	CHECK(op_fence_matters(cpu, MODEL_WMB) && !op_fence_matters(cpu, MODEL_RMB),
	      "then a write barrier would");
	memory_model = MEMORY_TSO;
	CHECK(!op_fence_matters(cpu, MODEL_WMB), "but not under tso");
}

static void quietly(void)
{
	struct model_cpu *cpu = fresh(MEMORY_TSO);
	struct op op = {.kind = OP_READ, .address = A, .size = 4};

	add(cpu, A, 4, 7, false);
	CHECK(op_quietly(cpu, &op) && op.result == 7, "a load finds its own store");
	op.size = 8;
	CHECK(!op_quietly(cpu, &op), "a wider one cannot");
	op = (struct op){.kind = OP_WRITE, .address = A, .size = 4, .value = 1};
	CHECK(!op_quietly(cpu, &op), "a store behind its own cannot");
	op = (struct op){.kind = OP_RMW, .address = (u64)word, .size = 8, .order = MODEL_FULL};
	CHECK(!op_quietly(cpu, &op), "a full barrier cannot");
	add(cpu, (u64)model_frame(2) + PAGE_SIZE - 4, 4, 3, false);
	op = (struct op){.kind = OP_FILL, .address = (u64)model_frame(2), .value = 9};
	CHECK(!op_quietly(cpu, &op) && !memory_load((u64)model_frame(2), 8),
	      "nor a fill with a store of its own to the page on its way");
	op.address = (u64)model_frame(3);
	CHECK(op_quietly(cpu, &op) && memory_load((u64)model_frame(3), 8) == 9,
	      "but one of another page");
	store_commit(cpu, 1);
	op = (struct op){.kind = OP_WRITE, .address = (u64)word, .size = 8, .value = 5};
	CHECK(op_quietly(cpu, &op) && word[0] == 5 && cpu->nr_buffered == 1,
	      "another store reaches memory at once");
	old_add(cpu, A, 1);
	op = (struct op){.kind = OP_READ, .address = (u64)word, .size = 8, .order = MODEL_RELEASE};
	CHECK(op_quietly(cpu, &op) && op.result == 5 && cpu->nr_old == 1,
	      "a release forgets nothing");
	op.order = MODEL_ACQUIRE;
	CHECK(op_quietly(cpu, &op) && !cpu->nr_old, "an acquire all");
	cpu->nr_buffered = 0;
	old_add(cpu, A, 1);
	op.order = MODEL_FULL;
	CHECK(op_quietly(cpu, &op) && !cpu->nr_old, "what has full order too");
}

int main(void)
{
	bytes_of_memory();
	order_of_stores();
	stores_arrive();
	own_stores();
	older_values();
	remembered();
	at_once();
	when_enabled();
	reads_older();
	quietly();
	memory_model = MEMORY_SC;
	return tap_done();
}
