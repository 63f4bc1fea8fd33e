/* SPDX-License-Identifier: MIT */
/* Tests asm/pgtable.h, asm/page.h and arch/s390x/page.c for each bit of an entry, at every level
 * (Principles of Operation, chapter 3, "Dynamic Address Translation"), and for filled pages. */
#include "tests/self/unit/s390x/fake.h"

#include "arch/s390x/page.c"
#include "tests/self/unit/swap_entries.h"

u8 choice_value[NR_CHOICES];
static u64 nx;

u64 s390_page_nx(void)
{
	return nx;
}

static entry_t e(u64 value)
{
	return entry_from_value(value);
}

static bool is(entry_t entry, u64 value)
{
	return entry_value(entry) == value;
}

/* 0x41f: invalid, and all of software's bits. */
static void test_changes(void)
{
	entry_t all = e(0x1234501f);

	nx = 0x100;
	CHECK(pte_young(e(8)) && !pte_young(e(~8ul)) && !pte_exec(e(0x100)) &&
		      pte_exec(e(~0x100ul)),
	      "young and executable are found");
	CHECK(is(pte_wrprotect(all), 0x1234521d) && is(pte_mkwrite(e(0x1234521d)), 0x1234501f) &&
		      is(pte_mkwrite(e(0x1234520d)), 0x1234520f),
	      "the right to store goes and comes; a clean entry stays protected");
	CHECK(is(pte_mkclean(all), 0x1234520f) && is(pte_mkold(all), 0x12345417),
	      "clean: protected; old: invalid");
	CHECK(is(pte_mark(e(0x12345607), false), 0x1234520f) &&
		      is(pte_mark(e(0x12345607), true), 0x1234501f) &&
		      is(pte_mark(e(0x12345605), false), 0x1234520d),
	      "a mark takes back what asked for it");
	CHECK(is(pte_modify(all, 0), 0x12345719) && is(pte_modify(all, PTE_USER), 0x1234531d) &&
		      is(pte_modify(e(0x12345719), PTE_USER | PTE_WRITE | PTE_EXEC), 0x1234501f) &&
		      is(pte_modify(e(0x12345401), PTE_USER | PTE_WRITE), 0x12345707),
	      "rights are replaced, marks stay; without PTE_USER it is invalid");
	nx = 0;
	CHECK(is(pte_modify(all, PTE_USER), 0x1234521d),
	      "without execution protection no bit for it");
}

static void test_leaves(void)
{
	nx = 0x100;
	CHECK(is(mk_pte(0x12345, 0), 0x12345000 | 0x701),
	      "no permission: present, protected, no code; invalid until it is young");
	CHECK(is(mk_pte(0x12345, PTE_WRITE), 0x12345000 | 0x703),
	      "writable: protected until it is dirty");
	CHECK(is(mk_pte(0x12345, PTE_WRITE | PTE_DIRTY), 0x12345000 | 0x513), "and then not");
	CHECK(is(mk_pte(0x12345, PTE_USER), 0x12345000 | 0x705), "the user's");
	CHECK(is(mk_pte(0x12345, PTE_EXEC), 0x12345000 | 0x601), "executable");
	CHECK(is(mk_pte(0x12345, PTE_YOUNG), 0x12345000 | 0x309), "young: valid");
	CHECK(is(mk_pte(0x12345, PTE_DIRTY), 0x12345000 | 0x711), "dirty, not writable: protected");
	CHECK(is(mk_pte(0xffffffff, 0x1f), 0xffffffff000 | 0x1f), "all of it, in the last frame");
	nx = 0;
	CHECK(is(mk_pte(1, 0), 0x1601), "a CPU without execution protection: its bit is 0");
	CHECK(pte_dirty(e(0x10)) && !pte_dirty(e(~0x10ul)), "dirty is found");
	CHECK(is(pte_mkinvalid(e(0x12345203)), 0x1234560b), "invalid: still present for software");
	CHECK(is(pte_mkinvalid(e(0)), 0x409), "one that was not present looks as if it were");
	CHECK(!entry_same(pte_mkinvalid(pte_mkold(e(0x1234500f))), pte_mkold(e(0x1234500f))),
	      "one that only is not young is another");
	CHECK(pte_access_permitted(e(0x005), false) && !pte_access_permitted(e(0x004), false) &&
		      !pte_access_permitted(e(0x001), false) &&
		      !pte_access_permitted(e(0x003), false),
	      "a read wants present, the user's");
	CHECK(pte_access_permitted(e(0x007), true) && !pte_access_permitted(e(0x005), true) &&
		      !pte_access_permitted(e(0x006), true) &&
		      !pte_access_permitted(e(0x003), true),
	      "a write writable as well");
	CHECK(is(mk_swap(0x7f, 0), 0x4fe) && is(mk_swap(0x80, 0), 0x400) &&
		      is(mk_swap(1, 0), 0x402),
	      "swap: a type of 7 bits from bit 1 on, invalid");
	CHECK(is(mk_swap(0, 0xffffffff), 0xffffffff400), "and an offset from bit 12 on");
	test_changes();
	CHECK(S390_PAGE_PROTECT == 0x200 && S390_PAGE_NX == 0x100 && S390_PAGE_INVALID == 0x400 &&
		      S390_PAGE_WRITE == 2 && S390_PAGE_USER == 4 && S390_PAGE_YOUNG == 8 &&
		      S390_PAGE_DIRTY == 0x10 && S390_PRESENT == 1,
	      "each bit is one of its own");
	CHECK(is(PTE_NONE, 0x400) && is(ENTRY_NONE, 0x400), "an empty slot: invalid");
}

static void test_states(void)
{
	CHECK(entry_present(e(1)) && !entry_present(e(~1ul)), "present: bit 0");
	CHECK(entry_none(e(0x400)) && !entry_none(e(0x402)) && !entry_none(e(0x401)) &&
		      !entry_none(e(0)),
	      "none: nothing but invalid, of a page");
	for (u64 type = 0; type < 4; type++)
		CHECK(entry_none(e(type << 2 | 0x20)) && !entry_none(e(type << 2)) &&
			      !entry_none(e(type << 2 | 0x21)) && !entry_none(e(type << 2 | 0x60)),
		      "of a table of type %lu", type);
	CHECK(entry_same(e(5), e(5)) && !entry_same(e(5), e(4)), "same");
	CHECK(is(entry_without_ad(e(~0ul)), ~0ul), "hardware writes to none");
	CHECK(entry_pfn(e(0x12345fff)) == 0x12345 &&
		      entry_table_pa(e(0xabcde12345fff)) == 0xabcde12345000,
	      "frame and table");
	CHECK(!entry_leaf(e(~0ul)), "no large pages");
}

static void test_tables(void)
{
	static const unsigned shifts[] = {20, 31, 42, 53};

	CHECK(is(PMD_NONE, 0x20) && is(PUD_NONE, 0x24) && is(P4D_NONE, 0x28),
	      "empty: type, invalid");
	CHECK(is(mk_pmd(0x12), 0x12001), "to a page table: present");
	CHECK(is(mk_pud(0x12), 0x12007) && is(mk_p4d(0x12), 0x1200b) &&
		      is(mk_pgd(0xffffffff), 0xffffffff00f),
	      "to others: type, whole length");
	for (unsigned type = 0; type < 4; type++) {
		pgd_t table = e(type << 2 | 0x20 | 0x5000);

		CHECK(table_type_bits(type) == type << 2 && entry_type(e(~0ul & ~0xcul)) == 0 &&
			      entry_type(table) == type,
		      "type %u is bits 2 and 3", type);
		CHECK(table_shift(type) == shifts[type] && pgd_shift(&table) == shifts[type] &&
			      entry_shift(table, 1) == shifts[type],
		      "and its entries map 2^%u each", shifts[type]);
		CHECK(user_end(&table) == (type < 3 ? 2048ul << shifts[type] : -4096ul),
		      "all of it");
		CHECK(entry_folds_pmd(table) == (type < 1) &&
			      entry_folds_pud(table) == (type < 2) &&
			      entry_folds_p4d(table) == (type < 3),
		      "levels above it are folded");
		CHECK(is(root_above_none(&table), (type + 1) << 2 | 0x20) &&
			      is(mk_root_above(&table, 3), 0x3003 | (type + 1) << 2),
		      "a table on top is of the next type");
	}
	CHECK(table_frames(PTE_NONE) == 1 && table_frames(PMD_NONE) == 4 &&
		      table_frames(P4D_NONE) == 4,
	      "a page table has a frame, others four");
	CHECK(PGDIR_SHIFT == 53 && P4D_SHIFT == 42 && PUD_SHIFT == 31 && PMD_SHIFT == 20 &&
		      PTRS_PER_PGD == 2048 && PTRS_PER_P4D == 2048 && PTRS_PER_PUD == 2048 &&
		      PTRS_PER_PMD == 2048 && PTRS_PER_PTE == 256,
	      "sizes");
	CHECK(!P4D_FOLDED && !PUD_FOLDED && !PMD_FOLDED && !PREALLOCATED_PMDS && ENTRY_WORDS == 1 &&
		      !PRESENT_WORD && !OTHER_WORD && !SWAP_OTHER_WORD,
	      "nothing is folded for the compiler, an entry is one word");
}

static void test_roots(void)
{
	static const struct {
		u8 levels;
		u64 none;
	} roots[] = {{VALUE_levels_two, 0x20},
		     {VALUE_levels_three, 0x24},
		     {VALUE_levels_four, 0x28},
		     {VALUE_levels_five, 0x2c}};

	for (unsigned i = 0; i < ARRAY_SIZE(roots); i++) {
		choice_value[CHOICE_levels] = roots[i].levels;
		CHECK(is(ROOT_NONE, roots[i].none), "choice.levels: %u", i + 2);
	}
}

static void test_accesses(void)
{
	entry_t slot = e(0x12345203);

	CHECK(is(entry_read_atomic(&slot), 0x12345203) && entry_read_word(&slot, 0) == 0x12345203,
	      "read");
	CHECK(is(ptep_mkinvalid(&slot), 0x1234560b) && is(slot, 0x1234560b),
	      "made invalid where it is");
	entry_write_word(&slot, 0, 7);
	CHECK(is(slot, 7), "written");
	pgd_init_kernel(&slot);
	CHECK(is(slot, 7), "nothing of the kernel's comes into a user's table");
}

/* Page sizes and addresses. */
static void test_pages(void)
{
	static u64 page[512 + 2], other[512 + 2];
	bool good = true;

	CHECK(PAGE_SIZE == 4096 && KERNEL_BASE == 0x10000 && DIRECT_MAP_MAX == 0x8000000 &&
		      KERNEL_WINDOWS == 0x10000000000,
	      "a page has 4 KiB; the image, the map, the windows");
	CHECK(phys_to_virt(0x5000) == (void *)0x5000 && virt_to_phys((void *)0x5000) == 0x5000,
	      "1:1");
	fill_page(page + 1, 0x12345678);
	for (unsigned i = 1; i <= 512; i++)
		good = good && page[i] == 0x1234567812345678;
	CHECK(good && !page[0] && !page[513], "a page is filled, and no more");
	for (unsigned i = 1; i <= 512; i++)
		page[i] = i;
	other[0] = other[513] = 5;
	clear_page(other + 1);
	for (unsigned i = 1; i <= 512; i++)
		good = good && !other[i];
	CHECK(good && other[0] == 5 && other[513] == 5, "a page is cleared");
	CHECK(ENDS(entry_exchange_failed((entry_t *)0x40)),
	      "an exchange that never succeeds: panic");
	EXPECT("panic: the entry at 0x40 was another one at each of 10000000 compare-exchanges in a row ",
	       "and what it was");
	CHECK(ENDS(compare_and_swap_failed((u32 *)0x44)), "a word that never stays: panic");
	EXPECT("panic: the word at 0x44 was another one at each of 10000000 COMPARE AND SWAPs in a row ",
	       "and what it was");
}

int main(void)
{
	test_leaves();
	test_states();
	test_tables();
	test_roots();
	test_accesses();
	test_pages();
	CHECK(!swap_entries_wrong(), "swap entries: %s", swap_entries_wrong() ?: "each slot has one");
	return tap_done();
}
