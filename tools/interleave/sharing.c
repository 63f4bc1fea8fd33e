/* SPDX-License-Identifier: MIT */
/* Keeps the users of each word, and decides by them if an operation needs a place in the order. */
#include "tools/interleave/sharing.h"

#include <string.h>

#include "kernel/hooks/race.h"
#include "kernel/printk.h"
#include "tools/interleave/coroutine.h"
#include "tools/interleave/explored.h"

#define LEVELS	 4u
#define HARDWARE (LEVELS - 1)

/* One bit for CPU * LEVELS + the number of interrupts it is inside of. HARDWARE is its walker, and
 * does not see the CPU's own stores before they reach memory. */
struct users {
	u16 reads, writes;
	u16 narrow, wide; /* reads that may give an old value, of 32 bits and less, and of 64 */
};

struct word {
	struct users now, frozen;
};

static struct word words[MAX_WORDS];
static u8 events[MODEL_CPUS][NR_RACES];
static u8 interrupted[MODEL_CPUS], may_interrupt[MODEL_CPUS]; /* one bit for each enum ipi */
static bool whole, all, grew;

void (*sharing_marked)(u64 address, unsigned size, bool write, u16 who);

void sharing_reset(bool everything)
{
	if ((size_t)(__stop_explored_state - __start_explored_state) / 4 > MAX_WORDS)
		panic("the state's data has more than MAX_WORDS, %u, words", MAX_WORDS);
	memset(words, 0, sizeof(words));
	memset(events, 0, sizeof(events));
	memset(interrupted, 0, sizeof(interrupted));
	whole = everything;
	sharing_freeze();
}

void sharing_freeze(void)
{
	for (unsigned i = 0; i < MAX_WORDS; i++)
		words[i].frozen = words[i].now;
	memcpy(may_interrupt, interrupted, sizeof(may_interrupt));
	grew = false;
}

bool sharing_grew(void)
{
	return grew;
}

void sharing_all(bool on)
{
	all = on;
}

/* Returns NULL for a local variable of the explorer's, because it is not part of the state. */
static struct word *word_at(u64 address)
{
	u64 offset = address - (u64)__start_explored_state;

	return offset < (u64)(__stop_explored_state - __start_explored_state) ? &words[offset / 4]
									      : NULL;
}

static void learn(struct users *users, const struct op *op, u16 me)
{
	bool reads = op->kind == OP_READ || op->kind == OP_RMW;

	users->reads |= reads ? me : 0;
	users->writes |= op->kind != OP_READ ? me : 0;
	if (op->kind != OP_READ || op->order == MODEL_FULL || op->inside)
		return;
	users->narrow |= op->size < 8 ? me : 0;
	users->wide |= op->size == 8 ? me : 0;
}

/* Another CPU can tell a read if it writes the word, and a write if it reads or writes it. */
static bool others_can_tell(const struct users *users, const struct op *op, u16 me)
{
	u16 who = users->writes | (op->kind != OP_READ ? users->reads : 0);

	return who & ~me;
}

static bool is_news(const struct word *word)
{
	u16 who = word->now.reads | word->now.writes;

	return who & (who - 1) && memcmp(&word->now, &word->frozen, sizeof(word->now));
}

static bool note(struct word *word, const struct op *op, u16 me)
{
	learn(&word->now, op, me);
	grew |= is_news(word);
	return others_can_tell(&word->frozen, op, me);
}

/* Not part of the state. A value written there, or read from another CPU's stack, would belong to
 * another state. */
static void outside_state(unsigned cpu, const struct op *op)
{
	int owner = coroutine_at(op->address);

	if (owner < 0 ? op->kind != OP_READ : owner != (int)cpu)
		model_limit = "a marked access to what is not part of the state: see EXPLORED";
}

static bool note_all(unsigned cpu, unsigned level, const struct op *op)
{
	unsigned size = op->kind == OP_FILL ? PAGE_SIZE : op->size;
	bool shared = false;

	for (unsigned i = 0; i < size; i += 4) {
		struct word *word = word_at(op->address + i);

		if (!word) {
			outside_state(cpu, op);
			return false;
		}
		shared |= note(word, op, BIT(cpu * LEVELS + level));
	}
	if (sharing_marked)
		sharing_marked(op->address, size, op->kind != OP_READ, BIT(cpu * LEVELS + level));
	return shared || whole || all;
}

static unsigned number_of(const struct model_cpu *cpu)
{
	return (unsigned)(cpu - model_cpu);
}

u16 sharing_me(const struct model_cpu *cpu)
{
	return BIT(number_of(cpu) * LEVELS + cpu->level);
}

void sharing_note(const struct model_cpu *cpu, const struct op *op)
{
	note_all(number_of(cpu), HARDWARE, op);
}

/* An interrupt can come right now. */
static bool may_be_interrupted(const struct model_cpu *cpu)
{
	u8 by = may_interrupt[number_of(cpu)];

	return (by & BIT(IPI_SHOOTDOWN_NOWAIT) && !cpu->in_nmi) ||
	       (by & ~BIT(IPI_SHOOTDOWN_NOWAIT) && !cpu->irqs_off);
}

/* Handlers may load older values before it, but not after it. */
static bool is_fence(const struct model_cpu *cpu, const struct op *op)
{
	return (op->order == MODEL_ACQUIRE || op->order == MODEL_FULL) && cpu->nr_old &&
	       may_be_interrupted(cpu);
}

void sharing_address(vaddr_t va)
{
	if (!model_filling)
		return;
	for (unsigned i = 0; i < model_nr_filled; i++)
		if (model_filled[i] == va)
			return;
	if (!room_for(&room_filled, model_nr_filled + 1))
		return;
	model_filled[model_nr_filled++] = va;
	grew = true;
}

bool sharing_visible(const struct model_cpu *cpu, const struct op *op)
{
	bool shared;

	switch (op->kind) {
	case OP_READ:
	case OP_WRITE:
	case OP_RMW:
	case OP_FILL:
		assert(cpu->level < HARDWARE);
		shared = note_all(number_of(cpu), cpu->level, op);
		return shared || is_fence(cpu, op);
	case OP_IPI:
		interrupted[op->target] |= BIT(op->value);
		grew |= interrupted[op->target] != may_interrupt[op->target];
		return true;
	case OP_IRQ_OFF:
		return all || may_interrupt[number_of(cpu)] & ~BIT(IPI_SHOOTDOWN_NOWAIT);
	case OP_FENCE:
		return op_fence_matters(cpu, (enum model_barrier)op->value) &&
		       (all || may_be_interrupted(cpu));
	case OP_WALK:
		sharing_address(ALIGN_DOWN(op->address, PAGE_SIZE));
		return true;
	case OP_ROOT:
	case OP_TLB_WRITE:
		return all || model_filling || may_be_interrupted(cpu);
	case OP_FLUSH:
		/* A local flush commutes with a handler's flushes and loads of the root, but not
		 * with hardware filling the TLB. */
		return model_filling;
	default:
		return true;
	}
}

unsigned sharing_remembers(unsigned cpu, u64 address)
{
	struct word *word = word_at(address);
	u16 mine = (BIT(LEVELS) - 1) << cpu * LEVELS;

	if (!word)
		return 0;
	if (word->frozen.narrow & mine && word->frozen.wide & mine)
		model_limit = "a CPU loads a word in two widths: its old values would not agree";
	return word->frozen.wide & mine ? 8 : word->frozen.narrow & mine ? 4 : 0;
}

bool sharing_event(unsigned role, unsigned point, unsigned nth)
{
	if (events[role][point] >= nth)
		return false;
	events[role][point] = (u8)nth;
	return grew = true;
}

unsigned sharing_events_wanted(unsigned role, unsigned point)
{
	return events[role][point];
}
