/* SPDX-License-Identifier: MIT */
/* The lock for readers and a writer, by itself. A role changes two words together under the lock,
 * so another role under the lock finds both alike. */
#include "kernel/wait/rwlock.h"
#include "kernel/wait/spinlock.h"
#include "tests/lab/lab.h"
#include "tools/interleave/explored.h"

/* Of v->value: */
enum {
	ONE,
	TWO,
	RETURNED, /* a reader is out, a word without the lock's protection */
};

/* Of v->flag: */
enum {
	SEEN_APART, /* somebody found the two words unlike each other */
	TOOK_PART,  /* the reader by read_trylock() got in */
};

static struct rwlock lock EXPLORED; /* shared, and so is the next one */
static struct spinlock inner EXPLORED;

/* --- inside the lock --- */

static void look(struct variant *v)
{
	u32 one = READ_ONCE(v->value[ONE]);

	if (READ_ONCE(v->value[TWO]) != one)
		WRITE_ONCE(v->flag[SEEN_APART], true);
}

static void change(struct variant *v)
{
	WRITE_ONCE(v->value[ONE], READ_ONCE(v->value[ONE]) + 1);
	WRITE_ONCE(v->value[TWO], READ_ONCE(v->value[TWO]) + 1);
}

static void read_and_look(struct variant *v)
{
	read_lock(&lock);
	look(v);
	read_unlock(&lock);
}

/* Only where no other role reads, because readers do not keep each other out. */
static void read_and_change(struct variant *v)
{
	read_lock(&lock);
	change(v);
	read_unlock(&lock);
}

static void try_and_change(struct variant *v)
{
	if (!read_trylock(&lock))
		return;
	change(v);
	v->flag[TOOK_PART] = true;
	read_unlock(&lock);
}

static void write_and_look(struct variant *v)
{
	write_lock(&lock);
	look(v);
	write_unlock(&lock);
}

static void write_and_change(struct variant *v)
{
	write_lock(&lock);
	change(v);
	write_unlock(&lock);
}

/* A reader is inside, and another one asks for the lock. A writer in between closes the circle. */
static void read_then_inner(struct variant *v)
{
	read_lock(&lock);
	spin_lock(&inner);
	look(v);
	spin_unlock(&inner);
	read_unlock(&lock);
}

static void inner_then_read(struct variant *v)
{
	spin_lock(&inner);
	read_and_look(v);
	spin_unlock(&inner);
}

/* --- the judges --- */

static enum verdict judge_words(struct variant *v, u32 changes)
{
	if (v->flag[SEEN_APART]) {
		lab_saw(v, "a CPU inside the lock found a change of another CPU half done");
		return VIOLATED;
	}
	if (v->value[ONE] != changes || v->value[TWO] != changes || lock.readers || lock.writer) {
		lab_saw(v, "%u changes came to %u and %u, and the lock is left to 0x%x, %u",
			changes, v->value[ONE], v->value[TWO], lock.readers, lock.writer);
		return VIOLATED;
	}
	return HELD;
}

static enum verdict judge_no_change(struct variant *v)
{
	return judge_words(v, 0);
}

static enum verdict judge_one_change(struct variant *v)
{
	return judge_words(v, 1);
}

static enum verdict judge_two_changes(struct variant *v)
{
	return judge_words(v, 2);
}

static enum verdict judge_try(struct variant *v)
{
	return judge_words(v, v->flag[TOOK_PART]);
}

#define ROW                                                                                        \
	.reference = "Linux down_read(), down_write(): acquire; up_read(), up_write(): release",   \
	.mode = MODE_EXPLORED

SCENARIO(rwlock_writer) = {
	ROW,
	.name = "explore/rwlock-writer",
	.rule = "a reader finds a writer's work undone or done",
	.roles = {{"reader", read_and_look}, {"writer", write_and_change}},
	CELLS(HOLDS(), BREAKS(read_lock_mb, FROM(TSO)), BREAKS(unlock_release, FROM(PSO)),
	      BREAKS(read_lock_acquire, FROM(WEAK))),
	.judge = judge_one_change,
};

SCENARIO(rwlock_reader) = {
	ROW,
	.name = "explore/rwlock-reader",
	.rule = "a writer finds a reader's work undone or done",
	.roles = {{"reader", read_and_change}, {"writer", write_and_look}},
	CELLS(HOLDS(), BREAKS(read_lock_mb, FROM(TSO)), BREAKS(unlock_release, FROM(PSO)),
	      BREAKS(write_lock_acquire, FROM(WEAK))),
	.judge = judge_one_change,
};

SCENARIO(rwlock_two_writers) = {
	ROW,
	.name = "explore/rwlock-two-writers",
	.rule = "writers come one after the other",
	.roles = {{"first", write_and_change}, {"second", write_and_change}},
	CELLS(HOLDS(), BREAKS(unlock_release, FROM(PSO))),
	.judge = judge_two_changes,
};

SCENARIO(rwlock_try) = {
	ROW,
	.name = "explore/rwlock-try",
	.rule = "a reader that only tries is in alone, or leaves nothing behind",
	.roles = {{"reader", try_and_change}, {"writer", write_and_look}},
	CELLS(HOLDS(), BREAKS(read_lock_mb, FROM(TSO)), BREAKS(unlock_release, FROM(PSO))),
	.judge = judge_try,
};

SCENARIO(rwlock_circle) = {
	ROW,
	.name = "explore/rwlock-circle",
	.rule = "readers, a writer and the owner of another lock do not wait in a circle",
	.roles = {{"outer", read_then_inner},
		  {"inner", inner_then_read},
		  {"writer", write_and_change}},
	CELLS(HISTORICAL("two readers take another lock in two orders", BY(DEADLOCK))),
	.judge = judge_one_change,
};

SCENARIO(rwlock_readers) = {
	ROW,
	.name = "explore/rwlock-readers",
	.rule = "without a writer readers do not wait for each other",
	.roles = {{"outer", read_then_inner}, {"inner", inner_then_read}},
	CELLS(HOLDS()),
	.judge = judge_no_change,
};
