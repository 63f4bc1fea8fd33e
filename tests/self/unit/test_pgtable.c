/* SPDX-License-Identifier: MIT */
/* Tests mm/table/pgtable.h and mm/table/lockless.h on one slot, and the way from level to level. */
#include "mm/table/lockless.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/swap_entries.h"
#include "tests/self/unit/tap.h"

#define ALL 0xffffffffffffffffull

static const u64 values[] = {
	ALL,
	ALL & ~1ull,
	1,
	1ull << 63 | 1,
	0xffffffff00000001ull,
	0x00000000ffffffffull,
	0x100000041,
	0x41,
	0xdeadbeef12345679,
	2,
};

/* A slot in a table's frame, so that a reader may look for the table's sequence count. */
static pte_t *new_slot(void)
{
	struct page *page;

	machine_reset();
	page = new_frame(ZONE_DIRECT);
	clear_page(page_map(page_to_pfn(page), WINDOW_A));
	return page_map(page_to_pfn(page), WINDOW_A);
}

static void test_values(void)
{
	for (unsigned i = 0; i < ARRAY_SIZE(values); i++) {
		pte_t *slot = new_slot(), value = entry_from_value(values[i]);
		bool good;

		set_pte(slot, value);
		good = entry_same(entry_read(slot), value) && entry_value(slot[0]) == values[i] &&
		       entry_none(slot[1]) && entry_same(ptep_get_and_clear(slot), value) &&
		       entry_none(entry_read(slot));
		CHECK(good, "0x%llx: set, read, cleared, its neighbour untouched",
		      (unsigned long long)values[i]);
		set_pte(slot, value);
		CHOOSE(zap, split);
		CHECK(entry_same(ptep_get_and_clear(slot), value) && entry_none(entry_read(slot)),
		      "0x%llx: the same with zap=split", (unsigned long long)values[i]);
		set_pte(slot, value);
		pmdp_get_and_clear(slot);
		CHECK(entry_same(*slot, PMD_NONE), "0x%llx: a pmd leaves an empty pmd",
		      (unsigned long long)values[i]);
	}
}

static void test_lockless_values(void)
{
	static const u8 choices[] = {VALUE_pte_read_recheck, VALUE_pte_read_atomic64,
				     VALUE_pte_read_seq, VALUE_pte_read_locked,
				     VALUE_pte_read_twice};
	struct mm mm;

	for (unsigned c = 0; c < ARRAY_SIZE(choices); c++) {
		pte_t *slot = new_slot();
		bool good = mm_create(&mm);

		mm_switch(&mm);
		choice_value[CHOICE_pte_read] = choices[c];
		for (unsigned i = 0; i < ARRAY_SIZE(values); i++) {
			pte_t value = entry_from_value(values[i]);

			set_pte(slot, value);
			good = good && entry_same(ptep_get_lockless(slot), value) &&
			       entry_same(upper_get_lockless(slot), value);
		}
		CHECK(good, "pte_read=%s returns what was stored", value_info[choices[c]].value);
	}
}

/* Memory at a race point, as another CPU sees it. */
static struct {
	pte_t *slot;
	enum race_point point;
	pte_t seen;
	unsigned times;
} look;

static void look_hook(const struct race_site *site, u64 value)
{
	(void)value;
	if (site->point != look.point)
		return;
	look.seen = *look.slot;
	look.times++;
}

static void look_at(pte_t *slot, enum race_point point)
{
	look.slot = slot;
	look.point = point;
	look.times = 0;
	race_hook = look_hook;
}

static void test_order(void)
{
	pte_t value = entry_from_value(ALL), *slot = new_slot();

	look_at(slot, RACE_set_between_halves);
	set_pte(slot, value);
	CHECK(look.times == CAP_SPLIT_ENTRIES, "set: a point between the halves if there are two");
	CHECK(!look.times ||
		      (!look.seen.word[PRESENT_WORD] && look.seen.word[OTHER_WORD] == (u32)ALL),
	      "set: between them only the other half is there");

	look_at(slot, RACE_clear_between_halves);
	CHOOSE(zap, split);
	ptep_get_and_clear(slot);
	CHECK(look.times == CAP_SPLIT_ENTRIES,
	      "clear: a point between the halves if there are two");
	CHECK(!look.times ||
		      (!look.seen.word[PRESENT_WORD] && look.seen.word[OTHER_WORD] == (u32)ALL),
	      "clear: between them only the other half is left");

	slot = new_slot();
	GUARD_OFF(set_present_last);
	look_at(slot, RACE_set_between_halves);
	set_pte(slot, value);
	CHECK(!look.times || entry_present(look.seen),
	      "guard set_present_last off: present too early");
}

static u32 sequence;

static void sequence_hook(const struct race_site *site, u64 value)
{
	(void)value;
	if (site->point == RACE_set_between_halves || site->point == RACE_clear_between_halves)
		sequence = *entry_seq(look.slot);
}

/* With pte_read=seq a reader learns of each change while it is made, and after it. */
static void test_sequence(void)
{
	pte_t *slot = new_slot();

	CHOOSE(pte_read, seq);
	CHOOSE(zap, split);
	look.slot = slot;
	race_hook = sequence_hook;
	sequence = 1;
	set_pte(slot, entry_from_value(ALL));
	CHECK(sequence == 1 && *entry_seq(slot) == 2, "set: the count is odd, and even afterwards");
	sequence = 3;
	ptep_get_and_clear(slot);
	CHECK(sequence == 3 && *entry_seq(slot) == 4,
	      "clear: the count is odd, and even afterwards");
}

static unsigned barriers_of_set(pte_t *slot)
{
	unsigned before = model_barriers[MODEL_WMB];

	set_pte(slot, entry_from_value(ALL));
	return model_barriers[MODEL_WMB] - before;
}

static unsigned barriers_of_clear(pte_t *slot)
{
	unsigned before = model_barriers[MODEL_WMB];

	ptep_get_and_clear(slot);
	return model_barriers[MODEL_WMB] - before;
}

static unsigned barriers_of_read(pte_t *slot)
{
	unsigned before = model_barriers[MODEL_RMB];

	ptep_get_lockless(slot);
	return model_barriers[MODEL_RMB] - before;
}

static void test_barriers(void)
{
	pte_t *slot = new_slot();

	CHECK(barriers_of_set(slot) == CAP_SPLIT_ENTRIES,
	      "set: a write barrier between two halves");
	CHECK(barriers_of_read(slot) == 2 * CAP_SPLIT_ENTRIES,
	      "read: a read barrier between two reads");
	CHECK(barriers_of_clear(slot) == 0, "zap=atomic needs none");
	CHOOSE(zap, split);
	CHECK(barriers_of_clear(slot) == 0, "nor does zap=split: the exchange is one");
	GUARD_OFF(set_wmb);
	GUARD_OFF(read_rmb);
	CHECK(barriers_of_set(slot) == 0, "set_wmb off takes it away");
	CHECK(barriers_of_read(slot) == CAP_SPLIT_ENTRIES, "read_rmb off takes the first one away");
	GUARD_OFF(recheck_rmb);
	CHECK(barriers_of_read(slot) == 0, "recheck_rmb off the other");
}

static void test_level_end(void)
{
	static const struct {
		vaddr_t va, end;
		unsigned shift;
		bool folded;
		vaddr_t expected;
	} rows[] = {
		{0, 0x100, 6, false, 0x40},	    {0x3f, 0x100, 6, false, 0x40},
		{0x40, 0x100, 6, false, 0x80},	    {0xc0, 0x100, 6, false, 0x100},
		{0xc0, 0xe0, 6, false, 0xe0},	    {0, 0x100, 6, true, 0x100},
		{0x400, 0x10000, 10, false, 0x800}, {~0x7ful, 0, 6, false, ~0x3ful},
		{~0x3ful, 0, 6, false, 0}, /* the last page ends at the end of all addresses */
		{~0x3ful, 0, 10, false, 0},	    {0x40, 0, 6, true, 0},
	};

	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++)
		CHECK(level_end(rows[i].va, rows[i].end, rows[i].shift, rows[i].folded) ==
			      rows[i].expected,
		      "level_end row %u: 0x%lx of 0x%lx", i, rows[i].va, rows[i].end);
}

/* One step down, by pointer and by value, for every index. If folded, the pointer comes back. */
#define TEST_OFFSET(level, upper, make_value, folds, shift)                                        \
	do {                                                                                       \
		upper##_t *slot = new_slot(), value = (make_value);                                \
		level##_t *table = phys_to_virt(entry_table_pa(value));                            \
		bool good = true;                                                                  \
                                                                                                   \
		*slot = value;                                                                     \
		for (unsigned i = 0; i < 16; i++) {                                                \
			vaddr_t va = (vaddr_t)i << (shift) | 0x15;                                 \
			level##_t *expected = (folds) ? slot : table + i % PTRS_PER_PTE;           \
                                                                                                   \
			good = good && level##_offset(slot, va) == expected &&                     \
			       level##_offset_lockless(slot, value, va) == expected;               \
		}                                                                                  \
		*slot = ENTRY_NONE;                                                                \
		good = good && ((folds) || level##_offset_lockless(slot, value, 0) == table);      \
		CHECK(good, #level "_offset of 0x%llx: %s",                                        \
		      (unsigned long long)entry_value(value),                                      \
		      (folds) ? "the same slot" : "followed, by value");                           \
	} while (0)

static void test_offsets(void)
{
	TEST_OFFSET(pte, pmd, mk_pmd(3), false, PAGE_SHIFT);
	TEST_OFFSET(pmd, pud, mk_pud(3), false, PMD_SHIFT);
	TEST_OFFSET(pud, p4d, mk_p4d(3), PUD_FOLDED, PUD_SHIFT);
	TEST_OFFSET(p4d, pgd, mk_pgd(3), P4D_FOLDED, P4D_SHIFT);
	if (!CAP_DYNAMIC_FOLDING)
		return;
	/* The entry is of a lower level, in place of a table of the upper one, because the space
	 * has fewer levels. */
	TEST_OFFSET(p4d, pgd, mk_p4d(3), true, P4D_SHIFT);
	TEST_OFFSET(p4d, pgd, mk_pmd(3), true, P4D_SHIFT);
	TEST_OFFSET(pud, p4d, mk_pud(3), true, PUD_SHIFT);
	TEST_OFFSET(pud, p4d, mk_pmd(3), true, PUD_SHIFT);
	TEST_OFFSET(pmd, pud, mk_pmd(3), true, PMD_SHIFT);
	TEST_OFFSET(p4d, pgd, P4D_NONE, true, P4D_SHIFT);
	TEST_OFFSET(pmd, pud, PMD_NONE, true, PMD_SHIFT);
}

int main(void)
{
	test_values();
	test_lockless_values();
	test_order();
	test_sequence();
	test_barriers();
	test_level_end();
	test_offsets();
	CHECK(!swap_entries_wrong(), "swap entries: %s", swap_entries_wrong() ?: "each slot has one");
	return tap_done();
}
