/* SPDX-License-Identifier: MIT */
/* Tests migrate_page(): what moves, what stays, and what becomes of entries meanwhile. */
#include "mm/space/migrate.h"
#include "mm/page/swap.h"
#include "mm/space/page_out.h"
#include "mm/table/swap_entry.h"
#include "tests/self/unit/files.h"

#define WORD 0x316au

static struct mm child;
static struct page *page; /* of AT(1), in both spaces */
static u32 baseline;	  /* free frames before a migration */

static void store(struct mm *of, unsigned at, u32 word)
{
	while (!is_mapped(of, at) || !writable(of, at))
		assert(touch(of, at, FAULT_WRITE) == VM_FAULT_DONE);
	fill_page(word_at(of, at), word);
}

static bool has(struct mm *of, unsigned at, u32 word)
{
	return is_mapped(of, at) && entry_present(*pte_lookup(of, AT(at))) &&
	       word_at(of, at)[0] == word && word_at(of, at)[PAGE_SIZE / 4 - 1] == word;
}

static pte_t entry_of(struct mm *of, unsigned at)
{
	return *pte_lookup(of, AT(at));
}

/* A page of one space, or of two. */
static void begin(bool shared)
{
	race_hook = NULL;
	fresh();
	mm_switch(&mm);
	map(0, 4, RW);
	store(&mm, 1, WORD);
	if (shared)
		assert(!dup_mm(&child, &mm));
	page = page_at(&mm, 1);
	baseline = zone_free_frames();
}

static void end_child(void)
{
	mm_destroy(&child);
}

static bool nothing_left(void)
{
	return zone_free_frames() == baseline && !this_cpu()->locks_held && !mm.mmap_lock.readers &&
	       !mm.family->lock.owner;
}

static void test_one(void)
{
	begin(false);
	load_on(1, &mm);
	unsigned flushes = model_flushes[1].count;

	CHECK(!migrate_page(&mm, AT(1) + 5, false) && page_at(&mm, 1) != page && has(&mm, 1, WORD),
	      "a page moves with its words");
	CHECK(CAP_BROADCAST_FLUSH || model_flushes[1].count == flushes + 1, "with a flush");
	CHECK(!page_count(page) && page_count(page_at(&mm, 1)) == 1 && nothing_left(),
	      "its old frame is free, and nothing else has changed");
	CHECK(writable(&mm, 1) && pte_dirty(entry_of(&mm, 1)), "its entry can be stored to");
	CHECK(page_at(&mm, 1)->object == mm.family && !page_out(&mm, AT(1)),
	      "and the reverse map finds it");
}

static void test_shared(void)
{
	begin(true);
	CHECK(!migrate_page(&child, AT(1), false) && page_at(&mm, 1) != page &&
		      page_at(&mm, 1) == page_at(&child, 1) && has(&mm, 1, WORD),
	      "a page of two spaces moves in both");
	CHECK(page_count(page_at(&mm, 1)) == 2 && !page_count(page) && nothing_left(),
	      "with a reference for each");
	CHECK(!writable(&mm, 1) && !writable(&child, 1), "and can be stored to in none");
	store(&child, 1, 7);
	CHECK(has(&mm, 1, WORD) && has(&child, 1, 7), "a store still goes to a copy");
	end_child();
}

static void test_errors(void)
{
	begin(false);
	CHECK(migrate_page(&mm, AT(9), false) == -EFAULT, "a hole");
	CHECK(migrate_page(&mm, AT(2), false) == -EFAULT, "a page that was never touched");
	touch(&mm, 2, 0);
	CHECK(migrate_page(&mm, AT(2), false) == -EFAULT, "the zero page");
	get_page(page);
	CHECK(migrate_page(&mm, AT(1), false) == -EAGAIN && page_at(&mm, 1) == page &&
		      has(&mm, 1, WORD) && writable(&mm, 1) && page_count(page) == 2,
	      "a page with another user stays, with all rights");
	put_page(page);
	CHECK(nothing_left(), "nothing is left behind");
	with_file(2);
	map_file(0, 2, RW, SHARED, 0);
	touch(&mm, 0, FAULT_WRITE);
	CHECK(migrate_page(&mm, AT(0), false) == -EINVAL, "a page of a file");
	begin(true);
	assert(!page_out(&mm, AT(1)) && touch(&mm, 1, 0) == VM_FAULT_DONE);
	page = page_at(&mm, 1);
	CHECK(migrate_page(&mm, AT(1), false) == -EAGAIN && page_at(&mm, 1) == page &&
		      has(&mm, 1, WORD),
	      "a page that another space has in swap");
	end_child();
}

static void test_copy_of_file(void)
{
	with_file(2);
	map_file(0, 2, RW, PRIVATE, 1);
	touch(&mm, 0, FAULT_WRITE);
	page = page_at(&mm, 0);
	CHECK(!migrate_page(&mm, AT(0), false) && page_at(&mm, 0) != page && !page_count(page),
	      "a copy in a private mapping of a file moves");
}

static long migrate_it(void)
{
	return migrate_page(&mm, AT(1), false);
}

static void test_no_memory(void)
{
	bool was_short;

	begin(true);
	CHECK(call_short(migrate_it, FRAMES_LEFT, 0, &was_short) == -ENOMEM && was_short &&
		      page_at(&mm, 1) == page && has(&child, 1, WORD) && nothing_left(),
	      "without a frame it stays in both spaces");
	end_child();
}

static void test_longterm(void)
{
	begin(true);
	CHECK(!migrate_page(&mm, AT(1), true) && page_at(&mm, 1) == page,
	      "a frame that may be kept for long is kept");
	page_forbid_longterm(page, true);
	for (pfn_t pfn = zones[ZONE_DIRECT].start; pfn_to_page(pfn) != page; pfn++)
		page_forbid_longterm(pfn_to_page(pfn), !page_count(pfn_to_page(pfn)));
	CHECK(!migrate_page(&mm, AT(1), true) && page_at(&child, 1) != page &&
		      page_allows_longterm(page_at(&mm, 1)) && has(&child, 1, WORD) &&
		      nothing_left(),
	      "a page moves out of a frame that may not, into one that may");
	CHECK(!page_allows_longterm(page), "and the frame keeps its mark");
	page = page_at(&mm, 1);
	for (pfn_t pfn = 0; pfn < zones[ZONE_DIRECT].nr; pfn++)
		page_forbid_longterm(&zones[ZONE_DIRECT].pages[pfn], true);
	CHECK(migrate_page(&mm, AT(1), true) == -ENOMEM && page_at(&mm, 1) == page &&
		      has(&child, 1, WORD) && nothing_left(),
	      "with no such frame left it stays, and every frame is given back");
	CHECK(!migrate_page(&mm, AT(1), false) && page_at(&mm, 1) != page,
	      "but may move to any other");
	for (pfn_t pfn = 0; pfn < zones[ZONE_DIRECT].nr; pfn++)
		page_forbid_longterm(&zones[ZONE_DIRECT].pages[pfn], false);
	end_child();
}

/* --- while the page is on its way ------------------------------------------------------------ */

static void (*meanwhile)(void);
static struct mm grandchild;

static void at_point(const struct race_site *site, u64 value)
{
	(void)value;
	if (site->point != RACE_migrate_unmapped)
		return;
	race_hook = NULL;
	meanwhile();
}

/* This CPU stands in for another one, which holds no lock. The mmap lock of `mm` is held for
 * reading all the time, so what needs it for writing is done to the child. */
static int migrate_and(void (*what)(void))
{
	u32 held = this_cpu()->locks_held;
	int error;

	meanwhile = what;
	race_hook = at_point;
	error = migrate_page(&mm, AT(1), false);
	this_cpu()->locks_held = held;
	return error;
}

static void as_another(void (*what)(void))
{
	u32 held = this_cpu()->locks_held;

	this_cpu()->locks_held = 0;
	what();
	this_cpu()->locks_held = held;
}

static void is_there(void)
{
	pte_t pte = entry_of(&child, 1);

	CHECK(pte_is_migration(pte) && !pte_is_swap(pte) && pte_migration_cpu(pte) == cpu_id() &&
		      migration_is_under_way(pte),
	      "on its way, each entry names the CPU that moves the page");
	CHECK(page_count(page) == 1, "and has no reference");
}

static void zap(void)
{
	zap_page_range(&child, AT(1), AT(2));
}

static void no_rights(void)
{
	do_mprotect(&child, AT(1), PAGE_SIZE, PROT_NONE);
}

static void rights_and_back(void)
{
	no_rights();
	do_mprotect(&child, AT(1), PAGE_SIZE, RW);
}

static void move(void)
{
	do_mremap(&child, AT(1), PAGES(1), PAGES(1), MREMAP_MAYMOVE | MREMAP_FIXED, AT(9));
}

static void fork_child(void)
{
	assert(!dup_mm(&grandchild, &child));
}

static void do_zap(void)
{
	as_another(zap);
}

static void do_no_rights(void)
{
	as_another(no_rights);
}

static void do_rights_and_back(void)
{
	as_another(rights_and_back);
}

static void do_move(void)
{
	as_another(move);
}

static void do_fork(void)
{
	as_another(fork_child);
}

static void test_meanwhile(void)
{
	begin(true);
	CHECK(!migrate_and(is_there) &&
		      !migration_is_under_way(mk_migration_pte(cpu_id(), PTE_NONE)),
	      "afterwards the CPU moves none");
	end_child();
	begin(true);
	CHECK(!migrate_and(do_zap) && entry_none(entry_of(&child, 1)) && has(&mm, 1, WORD) &&
		      page_count(page_at(&mm, 1)) == 1,
	      "a zap clears the entry for good");
	end_child();
	begin(true);
	CHECK(!migrate_and(do_no_rights) && has(&child, 1, WORD) &&
		      !pte_access_permitted(entry_of(&child, 1), false) &&
		      pte_access_permitted(entry_of(&mm, 1), false),
	      "a right taken meanwhile does not come back");
	end_child();
	begin(true);
	CHECK(!migrate_and(do_rights_and_back) &&
		      pte_access_permitted(entry_of(&child, 1), false) && !writable(&child, 1),
	      "and one given back does, but not the one to store to a shared page");
	end_child();
	begin(true);
	CHECK(!migrate_and(do_move) && has(&child, 9, WORD) &&
		      page_at(&child, 9) == page_at(&mm, 1),
	      "an entry that moves is found at its new place");
	end_child();
	begin(true);
	CHECK(!migrate_and(do_fork) && has(&grandchild, 1, WORD) &&
		      page_at(&grandchild, 1) == page_at(&mm, 1) &&
		      page_count(page_at(&mm, 1)) == 3,
	      "and so is one that fork has copied");
	mm_destroy(&grandchild);
	end_child();
}

/* The mmap lock keeps fork out while a page of one space moves, so this is made by hand. */
static void test_fork_of_writable(void)
{
	begin(false);
	pte_t *ptep = pte_lookup(&mm, AT(1));
	pte_t pte = *ptep, way = mk_migration_pte(cpu_id(), pte);

	set_pte(ptep, way);
	assert(!dup_mm(&child, &mm));
	CHECK(pte_access_permitted(migration_restored(way, 9), true) && pte_is_migration(*ptep) &&
		      pte_is_migration(entry_of(&child, 1)) &&
		      !pte_access_permitted(migration_restored(*ptep, 9), true) &&
		      !pte_access_permitted(migration_restored(entry_of(&child, 1), 9), true),
	      "fork leaves a page on its way writable in no space");
	set_pte(ptep, pte);
	end_child();
}

static void test_rights(void)
{
	begin(false);
	pte_t pte = mk_pte(7, PTE_USER | PTE_WRITE | PTE_DIRTY | PTE_YOUNG);
	pte_t way = mk_migration_pte(MAX_CPUS - 1, pte);

	CHECK(pte_is_migration(way) && !entry_present(way) &&
		      pte_migration_cpu(way) == MAX_CPUS - 1,
	      "the last CPU has its entry");
	CHECK(!pte_is_migration(mk_swap_pte(SWAP_SLOTS - 1)) && !pte_is_migration(PTE_NONE) &&
		      !pte_is_migration(pte),
	      "which is no slot's, not empty and not present");
	for (unsigned cpu = 0; cpu < MAX_CPUS; cpu++)
		for (unsigned word = 0; word < ENTRY_WORDS; word++) {
			pte_t half = PTE_NONE;

			half.word[word] = mk_migration_pte(cpu, PTE_NONE).word[word];
			if (entry_none(half) || entry_present(half))
				CHECK(false, "CPU %u: half an entry looks like an empty slot", cpu);
		}
	CHECK(pte_access_permitted(migration_restored(way, 9), true) &&
		      entry_pfn(migration_restored(way, 9)) == 9 &&
		      pte_dirty(migration_restored(way, 9)),
	      "the right to store comes back");
	CHECK(!pte_access_permitted(migration_restored(migration_wrprotect(way), 9), true) &&
		      pte_access_permitted(migration_restored(migration_wrprotect(way), 9), false),
	      "unless it was taken");
	CHECK(!pte_access_permitted(migration_restored(migration_modify(way, 0, true), 9), false),
	      "as all can be");
	CHECK(pte_exec(migration_restored(migration_modify(way, PTE_USER | PTE_EXEC, false), 9)) &&
		      !pte_access_permitted(
			      migration_restored(migration_modify(way, PTE_USER, false), 9), true),
	      "and the one to execute can be given");
}

int main(void)
{
	test_one();
	test_shared();
	test_errors();
	test_copy_of_file();
	test_no_memory();
	test_longterm();
	test_meanwhile();
	test_fork_of_writable();
	test_rights();
	return tap_done();
}
