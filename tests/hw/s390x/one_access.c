/* SPDX-License-Identifier: MIT */
/* The control of the group pte/. An entry is one word, read and written in one access, so no reader
 * ever gets half of one value and half of another. Here this is tested and not assumed. */
#include <asm/clock.h>

#include "tests/hw/slot.h"

#define READS_MOST 200000u
#define NS_MOST	   200000000ull
#define NS_LATE	   2000000000ull
#define LEAST	   16u /* changes of the value between two reads */

enum {
	READER,
	WRITER,
};

static struct {
	bool over;    /* shared, set when the reader has ended */
	u32 progress; /* shared, its reads */
	u32 changes, torn;
	u64 value;
} found;

/* Every bit differs. Both are invalid, so no CPU translates by them. */
static entry_t value_of(bool odd)
{
	u64 all = ~0ul, mask = S390_PAGE_INVALID;

	return entry_from_value((odd ? all : 0) | mask);
}

static bool setup(struct variant *v)
{
	found = (typeof(found)){.over = false};
	entry_write_word(v->ptep, PRESENT_WORD, value_of(false).word[PRESENT_WORD]);
	return true;
}

static void write(struct variant *v)
{
	struct lab_patience patience = {0};
	bool odd = false;

	if (!lab_meet(v))
		return;
	while (lab_go_on(&patience, &found.over, &found.progress)) {
		odd = !odd;
		entry_write_word(v->ptep, PRESENT_WORD, value_of(odd).word[PRESENT_WORD]);
	}
	entry_write_word(v->ptep, PRESENT_WORD, PTE_NONE.word[PRESENT_WORD]);
}

/* Takes longer if the host rarely runs both CPUs. */
static bool goes_on(u32 n, u64 ns)
{
	return found.changes < LEAST ? ns < NS_LATE : n < READS_MOST && ns < NS_MOST;
}

static void read(struct variant *v)
{
	u64 start = clock_ns();
	entry_t last = value_of(false);

	if (!lab_meet(v))
		return;
	for (u32 n = 0; goes_on(n, clock_ns() - start); n++) {
		entry_t e = entry_read_atomic(v->ptep);

		found.changes += !entry_same(e, last);
		last = e;
		WRITE_ONCE(found.progress, n);
		if (entry_same(e, value_of(false)) || entry_same(e, value_of(true)))
			continue;
		found.torn++;
		found.value = entry_value(e);
	}
	WRITE_ONCE(found.over, true);
}

static enum verdict judge(struct variant *v)
{
	if (found.torn) {
		lab_saw(v, "%u of %u reads were torn: 0x%llx was never stored", found.torn,
			found.progress, (unsigned long long)found.value);
		return VIOLATED;
	}
	lab_counted(v, found.changes);
	lab_evidence(v, "%u reads, the value changed between them %u times, none was torn",
		     found.progress, found.changes);
	return HELD;
}

SCENARIO(one_access) = {
	.name = "hw/one-access",
	.rule = "an entry is read and written in one access, so no reader sees half of "
		"a value",
	.reference = "Principles of Operation, chapter 5, \"Block-Concurrent References\"",
	.mode = MODE_PROBE,
	.least = {AT_LEAST_MET(LEAST, "changes of the value between two reads")},
	.roles = {{"reader", read}, {"writer", write}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
