/* SPDX-License-Identifier: MIT */
/* Tests mremap() of mappings of files: the list of the file, its lock, and calls by chance. */
#include "tests/self/unit/files.h"

#define TO (MREMAP_MAYMOVE | MREMAP_FIXED)

static long remap(unsigned page, unsigned pages, unsigned new_pages, u32 flags)
{
	return (long)do_mremap(&mm, AT(page), PAGES(pages), PAGES(new_pages), flags, 0);
}

static long remap_to(unsigned page, unsigned pages, unsigned new_pages, unsigned to)
{
	return (long)do_mremap(&mm, AT(page), PAGES(pages), PAGES(new_pages), TO, AT(to));
}

/* Each record has a reference, as the test or the space has, and no promise and no lock is left. */
static bool is_object_settled(const struct object *object)
{
	return object->references == 1 + object->nr_mappings && !object->nr_promised &&
	       !object->lock.owner;
}

static bool is_settled(void)
{
	return is_object_settled(&file->object) && (!mm.family || is_object_settled(mm.family)) &&
	       !cpus[0].locks_held;
}

/* --- places --------------------------------------------------------------------------------- */

static void test_places(void)
{
	with_file(8);
	map_file(0, 4, RW, SHARED, 1);
	remap_to(1, 2, 2, 9);
	ARE("0-1@1 3-4@4 9-11@2", "m0-1@1 m3-4@4 m9-11@2", "the middle moves");
	remap_to(9, 2, 2, 1);
	ARE("0-4@1", "m0-1@1 m3-4@4 m1-3@2", "and back, into its place in the file");
	remap_to(0, 4, 4, 9);
	ARE("9-13@1", "m9-13@1", "as a whole it has one record");
	remap(9, 4, 10, 0);
	ARE("9-19@1", "m9-13@1 m13-19@5", "it grows beyond the end of the file");
	remap(9, 10, 1, 0);
	ARE("9-10@1", "m9-10@1", "and becomes shorter");
	map(10, 1, RW);
	remap(9, 1, 3, MREMAP_MAYMOVE);
	ARE("0-3@1 10-11@10-", "m0-3@1", "without room it moves, and is longer there");
	remap_to(10, 1, 1, 1);
	ARE("0-1@1 1-2@10- 2-3@3", "m0-1@1 m2-3@3", "memory without a file cuts it in two");
	CHECK(is_settled(), "nothing is promised any more");
}

static void test_two_cuts(void)
{
	with_file(8);
	map_file(0, 8, RW, SHARED, 0);
	remap_to(2, 1, 1, 5);
	ARE("0-2@0 3-5@3 5-6@2 6-8@6", "m0-2@0 m6-8@6 m3-5@3 m5-6@2",
	    "a record is cut at the old place and at the new one");
	CHECK(is_settled(), "with three promises");
	with_file(8);
	map_file(0, 6, RW, SHARED, 0);
	remap_to(1, 3, 1, 10);
	ARE("0-1@0 4-6@4 10-11@1", "m0-1@0 m4-6@4 m10-11@1", "the part given up cuts it");
	CHECK(is_settled(), "with two promises");
	with_file(8);
	map_file(0, 3, RW, SHARED, 0);
	map(3, 1, RW);
	map_file(4, 2, RW, PRIVATE, 6);
	remap_to(1, 4, 1, 10);
	ARE("0-1@0 5-6@7 10-11@1", "m0-1@0 m5-6@7 m10-11@1",
	    "the part given up may have other mappings of the file");
	CHECK(is_settled(), "which are off the list");
	map(20, 1, RW);
	remap_to(20, 1, 1, 10);
	ARE("0-1@0 5-6@7 10-11@20-", "m0-1@0 m5-6@7", "a mapping is replaced as a whole");
	remap_to(5, 1, 1, 0);
	ARE("0-1@7 10-11@20-", "m0-1@7", "also by another one of its file");
	CHECK(is_settled(), "which has one record");
}

/* The part given up has a mapping of another file. */
static void test_other_file(void)
{
	struct file *other;

	with_file(8);
	other = file_create(PAGE_SIZE, 0);
	map_file(0, 2, RW, SHARED, 0);
	do_mmap_file(&mm, other, 0, AT(2), PAGES(2), RW, SHARED);
	remap_to(1, 2, 1, 9);
	CHECK(other->object.nr_mappings == 1 && other->object.mappings[0].start == AT(3) &&
		      other->object.mappings[0].pgoff == 1,
	      "the part given up is off the list of another file");
	ARE("0-1@0 3-4@1 9-10@1", "m0-1@0 m9-10@1", "and the list of its own has the new place");
	CHECK(is_settled() && other->object.references == 2 && !other->object.nr_promised,
	      "both have what they need");
	remap_to(9, 1, 1, 3);
	CHECK(other->object.references == 1 && is_settled(),
	      "a replaced mapping is off its list as well");
	put_file(other);
}

static void test_errors(void)
{
	with_file(2);
	map_file(0, 1, RW, SHARED, (u32)-2);
	CHECK(remap(0, 1, 2, 0) == -EINVAL && remap(0, 1, 2, MREMAP_MAYMOVE) == -EINVAL &&
		      remap_to(0, 1, 2, 9) == -EINVAL,
	      "no page has a number beyond 2^32 - 2");
	CHECK(remap(0, 0, 1, MREMAP_MAYMOVE) == -EINVAL, "a second mapping is not made");
	ARE("0-1@4294967294", "m0-1@4294967294", "nothing was done");
	CHECK(remap_to(0, 1, 1, 9) == (long)AT(9), "the last number moves");
	map_file(0, 1, RW, SHARED, (u32)-3);
	CHECK(remap(0, 1, 2, 0) == (long)AT(0), "and can be reached");
}

/* --- entries -------------------------------------------------------------------------------- */

static void test_entries(void)
{
	struct page *copy;

	with_file(4);
	map_file(0, 2, RW, SHARED, 0);
	map_file(4, 2, RW, PRIVATE, 1);
	touch(&mm, 0, FAULT_WRITE);
	touch(&mm, 4, FAULT_WRITE);
	touch(&mm, 5, 0);
	copy = page_at(&mm, 4);
	remap_to(0, 1, 1, 9);
	CHECK(page_at(&mm, 9) == file->cache[0].page && writable(&mm, 9) &&
		      page_count(file->cache[0].page) == 2 && !is_mapped(&mm, 0),
	      "a dirty page moves with its right");
	CHECK(!file_writeback(file) && !writable(&mm, 9) && !file->cache[0].dirty,
	      "and is found at its new place");
	CHECK(touch(&mm, 9, FAULT_WRITE) == VM_FAULT_DONE && file->cache[0].dirty,
	      "the next store makes it dirty again");
	remap_to(4, 2, 2, 12);
	CHECK(page_at(&mm, 12) == copy && writable(&mm, 12) && page_count(copy) == 1 &&
		      page_at(&mm, 13) == file->cache[2].page && !writable(&mm, 13),
	      "a private copy moves, and a page of the file");
	remap_to(12, 1, 3, 9);
	CHECK(page_count(file->cache[0].page) == 1 && page_at(&mm, 9) == copy,
	      "the page at the new place is released");
	CHECK(touch(&mm, 10, 0) == VM_FAULT_DONE && page_at(&mm, 10) == file->cache[2].page,
	      "and what was added is of the file");
}

/* While the list has the new place, the lock is held, and only the moving pages are mapped. */
static unsigned listed, held, left;

static void look(const struct race_site *site, u64 value)
{
	(void)value;
	if (site->point != RACE_move_listed && site->point != RACE_move_unlocked)
		return;
	listed += site->point == RACE_move_listed;
	held += READ_ONCE(file->object.lock.owner) == 1;
	left += is_mapped(&mm, 1) || (site->point == RACE_move_listed && is_mapped(&mm, 9));
}

static void move_first(void)
{
	with_file(8);
	map_file(0, 2, RW, SHARED, 0);
	map_file(9, 2, RW, SHARED, 4);
	touch(&mm, 0, FAULT_WRITE);
	touch(&mm, 1, FAULT_WRITE);
	touch(&mm, 9, FAULT_WRITE);
	listed = held = left = 0;
	race_hook = look;
	remap_to(0, 2, 1, 9);
	race_hook = NULL;
}

static void test_lock(void)
{
	move_first();
	CHECK(listed == 1 && held == 2, "the list is locked until the entries have moved");
	CHECK(!left, "what is replaced and what is given up is unmapped before it is off the list");
	ARE("9-10@0 10-11@5", "m10-11@5 m9-10@0", "the first page moved");
	CHECK(is_settled(), "and the lock dropped");
}

static void test_no_lock(void)
{
	with_file(8);
	map_file(0, 1, RW, SHARED, 0);
	touch(&mm, 0, FAULT_WRITE);
	GUARD_OFF(move_holds_object_lock);
	listed = held = 0;
	race_hook = look;
	remap_to(0, 1, 1, 9);
	race_hook = NULL;
	CHECK(listed == 1 && !held && is_settled(), "move_holds_object_lock off: it drops before");
}

/* --- calls by chance ------------------------------------------------------------------------ */

#define SPACE 24u
#define FAR   (7 * SPACE) /* mremap() also makes use of gaps above */
static u32 state = 1;

static u32 chance(u32 below)
{
	state = state * 1664525u + 1013904223u;
	return (state >> 8) % below;
}

/* How many records of the object have the page, with the number. */
static u32 records_of(const struct object *object, u32 at, u32 number)
{
	u32 nr = 0;

	for (u32 i = 0; i < object->nr_mappings; i++) {
		const struct object_mapping *m = &object->mappings[i];

		nr += m->start <= AT(at) && AT(at) < m->end &&
		      m->pgoff + (u32)((AT(at) - m->start) / PAGE_SIZE) == number;
	}
	return nr;
}

static u32 pages_listed(const struct object *object)
{
	u32 nr = 0;

	for (u32 i = 0; object && i < object->nr_mappings; i++)
		nr += (object->mappings[i].end - object->mappings[i].start) / PAGE_SIZE;
	return nr;
}

/* The page belongs to an object that lists the VMA, with its number there. */
static bool belongs(const struct vma *vma, u32 at)
{
	const struct page *page = page_at(&mm, at);

	if (is_zero_pfn(page_to_pfn(page)))
		return true;
	return page->index == linear_page_index(vma, AT(at)) &&
	       ((is_private(vma) && page->object == mm.family) ||
		(vma->file && page->object == &vma->file->object));
}

/* The lists have each page of a VMA once, and no other. Shared mappings have no pages but those of
 * the file. */
static bool agrees(void)
{
	u32 nr = 0, nr_private = 0;

	for (u32 i = 0; i < FAR; i++) {
		const struct vma *vma = vma_lookup(&mm, AT(i));
		u32 number = vma ? linear_page_index(vma, AT(i)) : 0;

		if (!vma)
			continue;
		nr += !!vma->file;
		nr_private += is_private(vma);
		if ((vma->file && records_of(&file->object, i, number) != 1) ||
		    (is_private(vma) && records_of(mm.family, i, number) != 1) ||
		    (is_mapped(&mm, i) && !belongs(vma, i)))
			return false;
		if (vma->flags & VM_SHARED && is_mapped(&mm, i) &&
		    page_at(&mm, i) != file->cache[number].page)
			return false;
	}
	return nr == pages_listed(&file->object) && nr_private == pages_listed(mm.family) &&
	       is_settled();
}

static u32 moved;

static void one_call(void)
{
	u32 start = chance(SPACE), nr = 1 + chance(8), to = chance(SPACE), new_nr = 1 + chance(8);
	u32 prot = chance(2) ? RW : PROT_READ;

	switch (chance(6)) {
	case 0:
		map_file(start, nr, prot, chance(2) ? SHARED : PRIVATE, start + chance(2));
		break;
	case 1:
		map(start, nr, prot);
		break;
	case 2:
		do_munmap(&mm, AT(start), PAGES(nr));
		break;
	case 3:
		do_mprotect(&mm, AT(start), PAGES(nr), prot);
		break;
	case 4:
		touch(&mm, start, chance(2) ? FAULT_WRITE : 0);
		break;
	default:
		moved += chance(2) ? remap_to(start, nr, new_nr, to) > 0
				   : remap(start, nr, new_nr, MREMAP_MAYMOVE) > 0;
	}
}

static void test_by_chance(void)
{
	u32 calls = 0;

	with_file(FAR);
	while (calls < 20000 && agrees()) {
		one_call();
		calls++;
	}
	CHECK(calls == 20000, "20000 calls by chance, and the list has what is mapped (call %u)",
	      calls);
	CHECK(moved > 400, "%u of them were successful mremap()s", moved);
	assert(!do_munmap(&mm, MIN, PAGES(FAR)));
	CHECK(!file->object.nr_mappings && is_settled(), "the list is empty in the end");
}

/* --- too little memory ---------------------------------------------------------------------- */

static long move_out(void)
{
	long va = remap_to(1, 2, 2, 9);

	return va == (long)AT(9) ? 0 : va;
}

static long move_over(void)
{
	long va = remap_to(1, 1, 1, 4);

	return va == (long)AT(4) ? 0 : va;
}

static long move_longer(void)
{
	long va = remap(1, 2, 3, MREMAP_MAYMOVE);

	return va == (long)AT(7) ? 0 : va;
}

static long make_longer(void)
{
	long va = remap(6, 1, 3, 0);

	return va == (long)AT(6) ? 0 : va;
}

/* The move needs three places, and the list has fewer and cannot grow. */
static void test_full_list(void)
{
	for (u32 places = 0; places < 4; places++) {
		u32 references, room;
		unsigned n;
		long result;

		with_file(8);
		map_file(0, 8, RW, SHARED, 0);
		touch(&mm, 0, FAULT_WRITE);
		pte_alloc(&mm, AT(5));
		for (u32 i = 0; i < 4 || file->object.nr_mappings + places < file->object.room; i++)
			map_file(20 + i, 1, RW, SHARED, 20 + i);
		assert(file->object.nr_mappings + places == file->object.room);
		references = file->object.references;
		room = file->object.room;
		n = take_all_but(places == 3 ? 8 : 0); /* for the array of VMAs */
		result = remap_to(2, 1, 1, 5);
		CHECK(result == (places < 3 ? -ENOMEM : (long)AT(5)) &&
			      file->object.references == references + (places < 3 ? 0 : 3) &&
			      file->object.room == room && is_settled(),
		      "with %u places in the list, and no memory for more", places);
		while (n--)
			put_page(taken[n]);
	}
}

int main(void)
{
	test_places();
	test_two_cuts();
	test_other_file();
	test_errors();
	test_entries();
	test_lock();
	test_no_lock();
	test_by_chance();
	sweep(move_out, "mremap of the middle");
	sweep(move_over, "mremap over another mapping");
	sweep(move_longer, "mremap to a longer one");
	sweep(make_longer, "mremap of a mapping that grows");
	test_full_list();
	return tap_done();
}
