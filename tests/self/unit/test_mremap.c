/* SPDX-License-Identifier: MIT */
/* mm/space/mremap.c, mm/table/move.c: each result and error, and the moved entries. */

/* Linux's numbers. One that differs from ours in kernel/errno.h is refused as defined twice. */
#include <errno.h>

#include <asm/caps.h>

#include "arch/model/machine.h"
#include "tests/self/unit/maps.h"

#define TO (MREMAP_MAYMOVE | MREMAP_FIXED)

static vaddr_t remap(unsigned page, unsigned pages, unsigned new_pages, u32 flags)
{
	return do_mremap(&mm, AT(page), PAGES(pages), PAGES(new_pages), flags, 0);
}

static vaddr_t remap_to(unsigned page, unsigned pages, unsigned new_pages, unsigned to)
{
	return do_mremap(&mm, AT(page), PAGES(pages), PAGES(new_pages), TO, AT(to));
}

static void test_in_place(void)
{
	fresh();
	map(0, 4, RW);
	map(6, 1, PROT_READ);
	IS(remap(0, 4, 4, 0), AT(0), "the same length");
	IS(remap(0, 4, 2, 0), AT(0), "a shorter one");
	MAPS("[0 2 rw-] [6 7 r--]", "takes the rest away");
	IS(do_mremap(&mm, AT(0), PAGES(1) + 1, PAGES(3) - 1, 0, 0), AT(0),
	   "a longer one, both rounded up");
	MAPS("[0 3 rw-] [6 7 r--]", "and room behind: it grows");
	IS(remap(2, 1, 4, 0), AT(2), "the end of a mapping grows as well");
	MAPS("[0 6 rw-] [6 7 r--]", "up to the next one");
	IS(remap(0, 6, 7, 0), -ENOMEM, "but not further");
	IS(remap(1, 2, 3, 0), -ENOMEM, "a part within a mapping does not grow at all");
	IS(remap(0, 4, 2, MREMAP_MAYMOVE), AT(0), "a shorter range never moves");
	MAPS("[0 2 rw-] [4 6 rw-] [6 7 r--]", "unless it is told to");
	IS(remap(0, 2, 3, MREMAP_MAYMOVE), AT(0), "nor one with room behind");
	map(3, 1, RW);
	MAPS("[0 6 rw-] [6 7 r--]", "neighbours alike are one");
	IS(remap(4, 9, 1, 0), AT(4), "a range made shorter may have holes");
	MAPS("[0 5 rw-]", "and other mappings, and they go");
	IS(remap(4, 9, 9, 0), AT(4), "one that stays as it is may as well");
}

static void test_moves(void)
{
	fresh();
	map(0, 2, RW);
	map(2, 1, PROT_READ);
	map(5, 1, PROT_EXEC);
	IS(remap(0, 2, 3, MREMAP_MAYMOVE), AT(6), "without room it moves to the lowest gap");
	MAPS("[2 3 r--] [5 6 --x] [6 9 rw-]", "and leaves the old place");
	IS(remap(7, 1, 2, MREMAP_MAYMOVE), AT(0), "a part from the middle moves");
	MAPS("[0 2 rw-] [2 3 r--] [5 6 --x] [6 7 rw-] [8 9 rw-]", "out of it");
	IS(remap_to(0, 2, 1, 9), AT(9), "to where it is told, and shorter");
	MAPS("[2 3 r--] [5 6 --x] [6 7 rw-] [8 9 rw-] [9 10 rw-]",
	     "beside a neighbour with other numbers it stands alone");
	IS(remap_to(9, 1, 1, 7), AT(7), "back to its place");
	MAPS("[2 3 r--] [5 6 --x] [6 9 rw-]", "it joins neighbours alike");
	IS(remap_to(7, 2, 3, 4), AT(4), "or longer, over others");
	MAPS("[2 3 r--] [4 7 rw-]", "and they go");
	IS(remap_to(4, 3, 3, 1), AT(1), "downwards, right up to the old range");
	MAPS("[1 4 rw-]", "over another one");
	map(4, 1, PROT_READ);
	map(6, 2, PROT_READ);
	IS(remap_to(3, 7, 1, 10), AT(10), "the part given up may have holes and other mappings");
	MAPS("[1 3 rw-] [10 11 rw-]", "and goes");
	IS(remap_to(1, 2, 2, 3), AT(3), "upwards, right from the end of the old range");
	MAPS("[3 5 rw-] [10 11 rw-]", "as a whole");
}

static void test_errors(void)
{
	fresh();
	map(0, 2, RW);
	map(2, 1, PROT_READ);
	IS(do_mremap(&mm, AT(0) + 1, PAGES(1), PAGES(2), 0, 0), -EINVAL, "within a page");
	IS(remap(0, 1, 0, 0), -EINVAL, "no new length");
	IS(do_mremap(&mm, AT(0), PAGES(1), (size_t)-1, 0, 0), -EINVAL, "one that wraps");
	IS(remap(0, 1, 1, 4), -EINVAL, "MREMAP_DONTUNMAP, not known here");
	IS(remap(0, 1, 1, MREMAP_FIXED), -EINVAL, "MREMAP_FIXED alone");
	IS(remap(0, 0, 1, MREMAP_MAYMOVE), -EINVAL, "no old length: nothing here is shared");
	IS(remap_to(0, 0, 1, 9), -EINVAL, "to a fixed address as well");
	IS(do_mremap(&mm, AT(0), PAGES(1), PAGES(1), TO, AT(9) + 1), -EINVAL, "to within a page");
	IS(do_mremap(&mm, AT(0), PAGES(2), PAGES(2), TO, space_end - PAGE_SIZE), -EINVAL,
	   "to partly beyond user space");
	IS(do_mremap(&mm, AT(0), PAGES(2), PAGES(2), TO, (vaddr_t)-PAGE_SIZE), -EINVAL,
	   "to a range that wraps");
	IS(remap_to(0, 2, 2, 1), -EINVAL, "to a range over the old one");
	IS(remap_to(1, 1, 2, 0), -EINVAL, "from below");
	IS(remap_to(0, 1, 1, 0), -EINVAL, "to the same one");
	IS(do_mremap(&mm, AT(0), (size_t)-PAGE_SIZE, PAGES(1), 0, 0), -EINVAL,
	   "shorter, and the old end wraps");
	IS(do_mremap(&mm, AT(0), (size_t)-PAGE_SIZE, (size_t)-PAGES(2), 0, 0), -EINVAL,
	   "and the new one as well");
	IS(do_mremap(&mm, AT(0), space_end, PAGES(1), 0, 0), -EINVAL, "or is beyond user space");
	IS(remap(3, 1, 2, MREMAP_MAYMOVE), -EFAULT, "a hole");
	IS(remap(3, 2, 1, 0), -EFAULT, "also if it becomes shorter");
	IS(do_mremap(&mm, space_end, PAGES(1), PAGES(1), 0, 0), -EFAULT, "beyond user space");
	IS(remap(1, 2, 3, MREMAP_MAYMOVE), -EFAULT, "longer, of two mappings");
	IS(remap(2, 2, 3, MREMAP_MAYMOVE), -EFAULT, "or of one and a hole");
	IS(remap_to(1, 2, 2, 9), -EFAULT, "moved, of two mappings");
	IS(remap_to(1, 3, 2, 9), -EFAULT, "shorter, and still of two");
	IS(do_mremap(&mm, AT(0), (size_t)-PAGES(2), (size_t)-PAGE_SIZE, 0, 0), -EFAULT,
	   "longer, and both ends wrap");
	IS(do_mremap(&mm, AT(0), PAGES(2), space_end, MREMAP_MAYMOVE, 0), -ENOMEM,
	   "more than there is");
	IS(do_mremap(&mm, AT(2), PAGES(1), (size_t)-PAGE_SIZE, 0, 0), -ENOMEM,
	   "or an end that wraps");
	IS(do_mremap(&mm, AT(0), PAGES(1), PAGES(1), TO, MIN - PAGE_SIZE), -EPERM,
	   "to below the least address");
	MAPS("[0 2 rw-] [2 3 r--]", "and none of them did anything");
	IS(do_mremap(&mm, AT(2), PAGES(1), space_end - AT(2), 0, 0), AT(2), "all there is");
}

static void test_special(void)
{
	struct vma_change change = {.kind = VMA_MAP,
				    .start = AT(4),
				    .end = AT(5),
				    .flags = VM_SPECIAL | VM_READ | VM_EXEC};

	fresh();
	map(0, 4, RW);
	assert(!vma_prepare(&mm, &change));
	vma_commit(&mm, &change);
	map(5, 2, RW);
	IS(remap(4, 1, 1, 0), -EPERM, "the code page");
	IS(remap_to(4, 1, 1, 9), -EPERM, "moved");
	IS(remap(3, 3, 1, 0), -EPERM, "a range with it that becomes shorter");
	IS(remap_to(3, 3, 1, 9), -EPERM, "and moves");
	IS(remap_to(0, 2, 2, 3), -EPERM, "one that moves over it");
	IS(remap(3, 1, 2, 0), -ENOMEM, "or grows up to it");
	MAPS("[0 4 rw-] [4 5 r-x] [5 7 rw-]", "nothing was done");
}

/* A mapping of three pages, and as many of one page as leave room for one more. */
static void test_room(void)
{
	fresh();
	map(0, 3, RW);
	for (unsigned i = 1; i < VMAS_MAX - 1; i++)
		assert(map(2 + 2 * i, 1, RW) == AT(2 + 2 * i));
	IS(remap_to(1, 1, 1, 28), -ENOMEM, "a split and a new one are one too many");
	IS(mm.nr_vmas, VMAS_MAX - 1, "nothing was done");
	IS(remap_to(2, 1, 1, 29), AT(29), "the end of a mapping is one more");
	IS(remap_to(1, 1, 1, 28), AT(28), "and one that joins it is none");
	IS(remap(28, 2, 3, 0), AT(28), "nor is a longer one");
	IS(remap_to(29, 1, 1, 1), -ENOMEM, "but a split is");
	IS(mm.nr_vmas, VMAS_MAX, "and nothing was done");
	IS(remap(28, 3, 1, 0), AT(28), "a shorter one is none");
}

/* --- entries -------------------------------------------------------------------------------- */

static struct page *page;

static pte_t entry(unsigned at)
{
	pte_t *ptep = pte_lookup(&mm, AT(at));

	return ptep ? entry_read(ptep) : PTE_NONE;
}

/* A mapping over two tables. The space is loaded here and on CPU 1. The first page has a frame
 * above 4 GiB. */
static void two_tables(void)
{
	fresh();
	map(0, 6, RW);
	page = map_frame(&mm, AT(0), ZONE_HIGH);
	mm_switch(&mm);
	load_on(1, &mm);
}

static void test_entries(void)
{
	pte_t dirty, clean, old, swap = mk_swap(1, 2);

	two_tables();
	clean = mk_pte(page_to_pfn(new_frame(ZONE_HIGH)), PTE_USER | PTE_YOUNG);
	old = mk_pte(page_to_pfn(new_frame(ZONE_HIGH)), PTE_USER | PTE_WRITE);
	dirty = entry(0);
	assert(pte_dirty(dirty) && pte_access_permitted(dirty, true));
	assert(mm_establish(&mm, AT(1), clean) && mm_establish(&mm, AT(5), old) &&
	       mm_establish(&mm, AT(4), swap));
	IS(remap_to(0, 6, 7, 9), AT(9), "six pages of two tables, to parts of three");
	CHECK(entry_same(entry(9), dirty) && page_count(page) == 1, "a dirty entry");
	CHECK(entry_same(entry(10), clean), "a clean and read-only one");
	CHECK(entry_same(entry(14), old), "and one that was not used have all their bits");
	CHECK(entry_same(entry(13), swap), "so has a swap entry");
	CHECK(entry_none(entry(11)) && entry_none(entry(15)), "empty slots are empty");
	CHECK(!pte_lookup(&mm, AT(0)) && !pte_lookup(&mm, AT(5)), "and the old tables are gone");
}

static void test_untouched(void)
{
	two_tables();
	IS(remap_to(0, 6, 6, 12), AT(12), "six pages of one table, as the other is missing");
	CHECK(entry_pfn(entry(12)) == page_to_pfn(page) && !pte_lookup(&mm, AT(16)),
	      "need one at the new place as well");
}

/* A neighbour keeps the old table. The mapping at the new place is replaced, with its page. */
static void test_replaced(void)
{
	struct page *other, *neighbour;

	two_tables();
	map(8, 3, PROT_READ);
	other = map_frame(&mm, AT(9), ZONE_DIRECT);
	neighbour = map_frame(&mm, AT(1), ZONE_DIRECT);
	get_page(other);
	IS(remap_to(0, 1, 1, 9), AT(9), "over a mapped page");
	CHECK(page_count(other) == 1 && entry_pfn(entry(9)) == page_to_pfn(page),
	      "which is released");
	CHECK(entry_none(entry(0)) && entry_pfn(entry(1)) == page_to_pfn(neighbour),
	      "the neighbour stays");
	get_page(neighbour);
	IS(remap_to(0, 2, 1, 6), -EFAULT, "(nothing is mapped there any more)");
	IS(remap_to(1, 5, 1, 6), AT(6), "moved and made shorter");
	CHECK(page_count(neighbour) == 2 && entry_pfn(entry(6)) == page_to_pfn(neighbour),
	      "the page that is left has its reference");
	IS(remap_to(6, 1, 2, 0), AT(0), "moved and made longer");
	map_frame(&mm, AT(1), ZONE_DIRECT);
	IS(remap(0, 2, 1, 0), AT(0), "shorter where it is");
	CHECK(page_count(neighbour) == 2 && entry_none(entry(1)), "only what is left stays");
}

/* Without memory for the mappings. The new range lies in two tables, and only the second one has a
 * mapping that can use it. */
static void test_tables_stay(void)
{
	struct page *taken[MODEL_FRAMES];
	unsigned n = 0;
	u32 free_frames;

	fresh();
	map(0, 4, RW);
	map(9, 1, PROT_READ);
	page = map_frame(&mm, AT(0), ZONE_HIGH);
	free_frames = frames_without_list();
	while ((taken[n] = alloc_page(ZONE_DIRECT)))
		n++;
	put_page(taken[--n]);
	put_page(taken[--n]);
	IS(remap_to(0, 4, 4, 7), -ENOMEM, "no memory for the mappings");
	MAPS("[0 4 rw-] [9 10 r--]", "which are as they were");
	CHECK(entry_pfn(entry(0)) == page_to_pfn(page) && !pte_lookup(&mm, AT(7)),
	      "nothing has moved, and a table that nobody can use is gone");
	CHECK(pte_lookup(&mm, AT(9)), "the other one stays");
	while (n--)
		put_page(taken[n]);
	IS(do_munmap(&mm, AT(9), PAGES(1)), 0, "with its mapping");
	CHECK(!pte_lookup(&mm, AT(9)) && frames_without_list() == free_frames, "it goes as well");
}

/* --- locks and flush ------------------------------------------------------------------------ */

static pte_t *old_slot, *new_slot;
static unsigned under_locks, unlocked;

/* The gather has flushed and both locks are still held, or neither is any more. */
static void look_at_locks(const struct race_site *site, u64 value)
{
	bool old = READ_ONCE(pte_lockptr(old_slot)->owner);
	bool new = READ_ONCE(pte_lockptr(new_slot)->owner);

	(void)value;
	if (site->point == RACE_gather_released && old && new)
		under_locks = model_flushes[1].count;
	unlocked += site->point == RACE_move_unlocked && !old && !new;
}

static unsigned moved_flushes(unsigned to)
{
	unsigned flushes;
	vaddr_t va;

	two_tables();
	map_frame(&mm, AT(1), ZONE_DIRECT);
	assert(pte_alloc(&mm, AT(to)));
	old_slot = pte_lookup(&mm, AT(0));
	new_slot = pte_lookup(&mm, AT(to));
	under_locks = unlocked = 0;
	flushes = model_flushes[1].count;
	race_hook = look_at_locks;
	va = remap_to(0, 1, 1, to);
	race_hook = NULL;
	assert(va == AT(to));
	under_locks -= under_locks ? flushes : 0;
	return model_flushes[1].count - flushes;
}

/* The ranges lie in one table of four entries (page 0 is the first of one), or in two. */
static void test_locks(void)
{
	static const struct {
		unsigned to;
		const char *what;
	} place[] = {{3, "within a table"}, {9, "to another table"}};

	for (unsigned i = 0; i < ARRAY_SIZE(place); i++) {
		unsigned flushes = moved_flushes(place[i].to);

		CHECK(unlocked == 1 && !cpus[0].locks_held, "%s: no lock is left", place[i].what);
		if (CAP_BROADCAST_FLUSH)
			continue;
		CHECK(flushes == 1 && under_locks == 1 && model_flushes[1].start == AT(0) &&
			      model_flushes[1].end == AT(1),
		      "%s: CPU 1 has flushed the old address before a lock dropped", place[i].what);
	}
	two_tables();
	CHECK(remap_to(2, 2, 2, 9) == AT(9) && !model_flushes[1].count, "nothing moved: no flush");
	protect_page_range(&mm, AT(0), AT(1), PTE_USER);
	model_flushes[1].count = 0;
	assert(remap_to(0, 1, 1, 11) == AT(11));
	CHECK(CAP_BROADCAST_FLUSH || model_flushes[1].count, "a read-only page is flushed as well");
}

static void test_no_flush(void)
{
	unsigned flushes;

	two_tables();
	map_frame(&mm, AT(1), ZONE_DIRECT);
	flushes = model_flushes[1].count;
	GUARD_OFF(move_flush);
	CHECK(remap_to(0, 1, 1, 9) == AT(9) && model_flushes[1].count == flushes,
	      "move_flush off: none either");
	CHECK(entry_pfn(entry(9)) == page_to_pfn(page), "but the page moves");
}

/* The hardware of CPU 1 marks the entry after it was read, and before it is taken or invalid. */
static bool mark_late(struct op *op)
{
	bool taken = op->kind == OP_RMW && op->rmw == RMW_XCHG && op->address == (u64)old_slot;

	if (taken || op->kind == OP_BROADCAST)
		old_slot->word[PRESENT_WORD] |= MODEL_D;
	return false;
}

static void test_marks(void)
{
	fresh();
	map(0, 2, RW);
	page = new_frame(ZONE_DIRECT);
	assert(mm_establish(&mm, AT(0),
			    mk_pte(page_to_pfn(page), PTE_USER | PTE_WRITE | PTE_YOUNG)));
	load_on(1, &mm);
	old_slot = pte_lookup(&mm, AT(0));
	model_submit = mark_late;
	remap_to(0, 1, 1, 9);
	model_submit = NULL;
	CHECK(pte_dirty(entry(9)) && pte_access_permitted(entry(9), true),
	      "a mark made at the last moment moves as well");
}

int main(void)
{
	test_in_place();
	test_moves();
	test_errors();
	test_special();
	test_room();
	test_entries();
	test_untouched();
	test_replaced();
	test_tables_stay();
	test_locks();
	test_no_flush();
	test_marks();
	return tap_done();
}
