/* SPDX-License-Identifier: MIT */
/* Tests the oracles of spaces in tests/lab/oracles.c. A healthy parent with its child is left
 * alone, and each broken rule is named. Also tests the walk over all tables of a space. */
#include "tests/self/unit/whole_lab.h"

#include "mm/fault/vm_fault.h"
#include "mm/table/swap_entry.h"

#define RW    (PROT_READ | PROT_WRITE)
#define FIXED (MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)
#define PAGES 3u
#define CHILD 2u

static void nothing(struct variant *of)
{
	(void)of;
}

static bool setup(struct variant *of)
{
	return !is_error(do_mmap(&of->mm, of->va, PAGES * PAGE_SIZE, RW, FIXED));
}

static enum verdict judge(struct variant *of)
{
	(void)of;
	return HELD;
}

static struct scenario scenario = {.name = "space/one",
				   .programs = true,
				   .forked = BIT(CHILD),
				   .roles = {{"first", nothing}},
				   .setup = setup,
				   .judge = judge};
static const struct cell holds = {.off = NR_GUARDS};

static void touch(struct mm *mm, vaddr_t va, u32 cause)
{
	struct fault fault = {.address = va, .cause = FAULT_USER | cause};

	assert(handle_mm_fault(mm, &fault) == VM_FAULT_DONE);
}

static struct page *page_of_va(struct mm *mm, vaddr_t va)
{
	return pfn_to_page(entry_pfn(entry_read(pte_lookup(mm, va))));
}

static struct mm *child(void)
{
	return &v.process[CHILD].mm;
}

/* A parent stored to two pages, and forked its child. Then it stored to the first again. */
static void family(void)
{
	fresh();
	variant_begin(&v, &scenario, &holds, MODE_PROBE);
	touch(&v.mm, v.va, FAULT_WRITE);
	touch(&v.mm, v.va + PAGE_SIZE, FAULT_WRITE);
	mm_switch(&v.mm);
	assert(!sys_fork(&v, CHILD));
	mm_switch(NULL);
	touch(&v.mm, v.va, FAULT_WRITE);
}

static bool says(const char *text)
{
	const char *wrong = oracles_look(&v);

	return text ? wrong && strstr(wrong, text) : !wrong;
}

static void set(struct mm *mm, vaddr_t va, u32 prot)
{
	pte_t *ptep = pte_lookup(mm, va);
	pte_t pte = entry_read(ptep);

	entry_get_and_clear(ptep, PTE_NONE);
	set_pte(ptep, mk_pte(entry_pfn(pte), prot | PTE_YOUNG | PTE_DIRTY));
}

static void test_healthy(void)
{
	family();
	CHECK(says(NULL), "a parent and its child: nothing is wrong");
	touch(child(), v.va + PAGE_SIZE, FAULT_WRITE);
	touch(&v.mm, v.va + 2 * PAGE_SIZE, 0);
	CHECK(says(NULL), "nor after a store of the child, and a load of a fresh page");
	assert(!do_mprotect(&v.mm, v.va, PAGE_SIZE, PROT_NONE));
	assert(!do_munmap(&v.mm, v.va + PAGE_SIZE, PAGE_SIZE));
	CHECK(says(NULL), "nor after mprotect() and munmap()");
	CHECK(!variant_end(&v), "and nothing leaks");
	fresh();
	scenario.programs = false;
	scenario.setup = NULL;
	variant_begin(&v, &scenario, &holds, MODE_PROBE);
	assert(lab_frame(&v, ZONE_DIRECT));
	assert(mm_establish(&v.mm, v.va, lab_entry(v.frames[1])));
	CHECK(says(NULL), "a space that is filled by hand is left alone");
	get_page(v.frames[1]); /* of the entry */
	variant_end(&v);
	scenario.programs = true;
	scenario.setup = setup;
}

static void test_entries(void)
{
	family();
	assert(mm_establish(&v.mm, v.va + 3 * PAGE_SIZE, mk_pte(page_to_pfn(v.frames[0]), 0)));
	CHECK(says("the entry of 0x4c0 lies in no mapping"), "an entry in a hole");
	family();
	assert(mm_establish(child(), v.va + 4 * PAGE_SIZE, mk_pte(page_to_pfn(v.frames[0]), 0)));
	CHECK(says("the entry of 0x500 lies in no mapping"), "in the child's space as well");
	family();
	assert(mm_establish(&v.mm, v.va + 2 * PAGE_SIZE, lab_software_entry(0, 1)));
	CHECK(says("the entry of 0x480 names no page"), "an entry of no page");
	family();
	assert(!do_mprotect(&v.mm, v.va, PAGE_SIZE, PROT_READ));
	CHECK(says(NULL), "a read-only mapping");
	set(&v.mm, v.va, PTE_USER | PTE_WRITE);
	CHECK(says("the entry of 0x400 gives a right"), "with an entry to write");
	set(&v.mm, v.va, PTE_USER | PTE_EXEC);
	CHECK(says("the entry of 0x400 gives a right"), "or to execute");
	set(&v.mm, v.va, PTE_USER);
	CHECK(says(NULL), "or to read alone");
	assert(!do_mprotect(&v.mm, v.va, PAGE_SIZE, PROT_NONE));
	CHECK(says(NULL), "a mapping of no rights");
	set(&v.mm, v.va, PTE_USER);
	CHECK(says("the entry of 0x400 gives a right"), "with an entry to read");
}

static void test_migration_entry(void)
{
	pte_t *ptep;

	family();
	ptep = pte_lookup(&v.mm, v.va);
	put_page(page_of_va(&v.mm, v.va));
	set_pte(ptep, mk_migration_pte(1, entry_read(ptep)));
	CHECK(says("the entry of 0x400 waits for CPU 1, which moves no page"),
	      "a migration entry that nobody will take back");
}

/* The third page was only loaded from. */
static void test_zero_page(void)
{
	u32 *word;

	family();
	touch(&v.mm, v.va + 2 * PAGE_SIZE, 0);
	touch(child(), v.va + 2 * PAGE_SIZE, 0);
	CHECK(says(NULL), "two entries of the zero page, and no reference");
	CHECK(!revived_drop(&v, 0, user_end(v.mm.pgd)), "and they were not taken before");
	set(child(), v.va + 2 * PAGE_SIZE, PTE_USER | PTE_EXEC);
	CHECK(says("the entry of 0x480 gives a right"), "an entry to execute, as with any page");
	set(child(), v.va + 2 * PAGE_SIZE, PTE_USER | PTE_WRITE);
	CHECK(says("the entry of 0x480 gives the right to store to the zero page"), "or to write");
	set(child(), v.va + 2 * PAGE_SIZE, PTE_USER);
	CHECK(!oracles_look_at_zero_page(), "the zero page has zeros");
	word = page_map(zero_pfn, WINDOW_A);
	word[PAGE_SIZE / sizeof(*word) - 1] = 0x5107;
	CHECK(strstr(oracles_look_at_zero_page(), "was written: word 15 is 0x5107"),
	      "or another word at its end");
	CHECK(!oracles_look_at_zero_page(), "and has zeros for the next variant");
	word[0] = 7;
	CHECK(strstr(oracles_look_at_zero_page(), "was written: word 0 is 0x7"),
	      "or at its beginning");
	word[1] = 7;
	CHECK(strstr(variant_again(&v), "the zero page was written"), "between rounds it is said");
	word[1] = 7;
	CHECK(strstr(variant_end(&v), "the zero page was written"), "and in the end");
}

static void test_pages(void)
{
	struct page *page;

	family();
	get_page(page_of_va(&v.mm, v.va));
	CHECK(says("entries=1 references=2"), "a reference too many");
	put_page(page_of_va(&v.mm, v.va));
	CHECK(says(NULL), "given back");
	page = page_of_va(&v.mm, v.va + PAGE_SIZE);
	CHECK(page_count(page) == 2, "a page of both");
	put_page(page);
	CHECK(says("entries=2 references=1"), "and a reference too few");
	get_page(page);
	set(child(), v.va + PAGE_SIZE, PTE_USER | PTE_WRITE);
	CHECK(says("has entries=2, and one of them is writable"), "the child may store to it");
	set(child(), v.va + PAGE_SIZE, PTE_USER);
	set(&v.mm, v.va + PAGE_SIZE, PTE_USER | PTE_WRITE);
	CHECK(says("has entries=2, and one of them is writable"), "or the parent");
	set(&v.mm, v.va + PAGE_SIZE, PTE_USER);
	CHECK(says(NULL), "or none of them");
	assert(lab_frame(&v, ZONE_DIRECT));
	page = v.frames[v.nr_frames - 1];
	get_page(page);
	assert(lab_map_anonymous(&v, v.va + 2 * PAGE_SIZE, page, PTE_USER));
	CHECK(says(NULL), "a page of the arena has one reference more");
	put_page(page);
	CHECK(says("entries=1 references=0"), "which is not the entry's");
}

static void test_reverse_map(void)
{
	struct page *page;

	family();
	page = page_of_va(&v.mm, v.va + PAGE_SIZE);
	page->index++;
	CHECK(says("has entries=2, and the reverse map finds found=0"), "a page of another number");
	page->index--;
	v.mm.family->nr_mappings--;
	CHECK(says("has entries=2, and the reverse map finds found=1"),
	      "a child that is not listed");
	v.cell = &(struct cell){.expect = EXPECT_BREAKS};
	CHECK(says(NULL), "which a cell that must break may have");
	v.cell = &holds;
	v.mm.family->nr_mappings++;
	page->object = NULL;
	CHECK(says("has entries=2, and the reverse map finds found=0"), "a page of nobody's");
	page->object = v.mm.family;
	CHECK(says(NULL), "and as it was");
	CHECK(child()->family == v.mm.family && v.mm.family->references == 4,
	      "parent and child are one family, and each has a mapping");
	CHECK(!variant_end(&v), "which ends with them");
}

/* A file of one page, mapped shared and private behind the other mappings. */
static void file_of_family(void)
{
	family();
	assert(lab_file(&v, PAGE_SIZE, 0));
	do_mmap_file(&v.mm, v.files[0], 0, v.va + 3 * PAGE_SIZE, PAGE_SIZE, RW,
		     MAP_SHARED | MAP_FIXED);
	do_mmap_file(&v.mm, v.files[0], 0, v.va + 4 * PAGE_SIZE, PAGE_SIZE, RW,
		     MAP_PRIVATE | MAP_FIXED);
	touch(&v.mm, v.va + 3 * PAGE_SIZE, FAULT_WRITE);
	touch(&v.mm, v.va + 4 * PAGE_SIZE, 0);
}

static void test_files(void)
{
	struct page *page;

	file_of_family();
	CHECK(says(NULL), "a page of a file in two mappings, one of which stored to it");
	touch(&v.mm, v.va + 4 * PAGE_SIZE, FAULT_WRITE);
	CHECK(says(NULL), "and a copy of it");
	CHECK(!variant_end(&v), "with the file nothing leaks");
	file_of_family();
	set(&v.mm, v.va + 4 * PAGE_SIZE, PTE_USER | PTE_WRITE);
	CHECK(says("the entry of 0x500 lets a private mapping store"), "a private store to it");
	file_of_family();
	page = v.files[0]->cache[0].page;
	get_page(page);
	CHECK(says("and one of its file, and has entries=2 references=4"), "a reference too many");
	put_page(page);
	do_munmap(&v.mm, v.va + 4 * PAGE_SIZE, PAGE_SIZE);
	CHECK(says(NULL), "one mapping is left");
	v.files[0]->cache[0].page = NULL;
	CHECK(says("the entry of 0x4c0 names another page than the file has there"),
	      "of a page that the file has lost");
	file_of_family();
	do_madvise(&v.mm, v.va + 4 * PAGE_SIZE, PAGE_SIZE, MADV_DONTNEED);
	assert(mm_establish(&v.mm, v.va + 4 * PAGE_SIZE, mk_pte(zero_pfn, PTE_USER)));
	CHECK(says("the entry of 0x500 names the zero page, and lies in a mapping of a file"),
	      "or of the zero page");
}

/* The driver has one reference on its page. */
static void test_driver(void)
{
	const size_t at = 2 * sizeof(u32);
	struct page *page;
	vaddr_t shared;

	file_of_family();
	shared = v.va + 3 * PAGE_SIZE;
	page = v.files[0]->cache[0].page;
	mm_switch(&v.mm);
	CHECK(sys_driver_get(&v, shared + PAGE_SIZE, FOLL_WRITE) == -EFAULT && !v.driver,
	      "the driver gets no page without the right");
	CHECK(!sys_driver_load(&v, at), "without a page there is nothing to load");
	sys_driver_store(&v, at, 1);
	sys_driver_put(&v);
	CHECK(!sys_driver_get(&v, shared + at, FOLL_WRITE) && v.driver == page,
	      "it gets one with the right");
	CHECK(sys_driver_get(&v, shared, FOLL_WRITE) == -EBUSY && page_count(page) == 4,
	      "and not a second one");
	CHECK(says(NULL), "its reference is known");
	get_page(page);
	CHECK(says("and one of its file, and has entries=2 references=4"), "one more is not");
	put_page(page);
	sys_driver_store(&v, at, 5);
	CHECK(sys_driver_load(&v, at) == 5 && !sys_driver_load(&v, 0) &&
		      ((u32 *)page_map(page_to_pfn(page), WINDOW_A))[2] == 5,
	      "its words are those of the page");
	assert(!file_truncate(v.files[0], 0));
	CHECK(says(NULL) && page_count(page) == 1,
	      "the driver alone has a page that left its file");
	mm_switch(NULL);
	sys_driver_put(&v);
	CHECK(!v.driver && !variant_end(&v), "given back, nothing leaks");
	file_of_family();
	mm_switch(&v.mm);
	assert(!sys_driver_get(&v, shared, 0));
	mm_switch(NULL);
	CHECK(!strcmp(variant_end(&v), "frames leaked"), "and otherwise it does");
}

/* A page is written back, and later changes are noticed. */
static void test_written(void)
{
	struct cached_page *cached;
	u32 *word;

	file_of_family();
	assert(!file_writeback(v.files[0]));
	cached = &v.files[0]->cache[0];
	word = page_map(page_to_pfn(cached->page), WINDOW_A);
	CHECK(says(NULL), "a page that was written back");
	*word = 5;
	CHECK(says("page 0 of a file is clean, and not as it was written back"),
	      "and changed behind it");
	cached->lock.owner = 1;
	CHECK(says(NULL), "or is being written");
	cached->lock.owner = 0;
	cached->dirty = true;
	CHECK(says(NULL), "or is dirty");
	fill_page(page_map(page_to_pfn(cached->store), WINDOW_A), 5);
	CHECK(says("page 0 in the store of a file does not have its checksum 0x0"),
	      "the store has changed");
	v.cell = &(struct cell){.expect = EXPECT_BREAKS};
	CHECK(says(NULL), "which a cell that must break may do");
	v.cell = &holds;
	put_page(cached->store);
	cached->store = NULL;
	CHECK(says(NULL), "without a store there is nothing to compare");
}

/* These plants need a file with a page written back and stored to again. */
static void test_file_plants(void)
{
	static const struct {
		enum plant_id id;
		const char *answer;
	} planting[] = {
		{PLANT_foreign, "names another page"},
		{PLANT_private, "lets a private mapping store"},
		{PLANT_store, "does not have its checksum"},
		{PLANT_clean, "and not as it was written back"},
	};

	for (unsigned i = 0; i < ARRAY_SIZE(planting); i++) {
		const char *complaint;

		file_of_family();
		do_munmap(&v.mm, v.va, 3 * PAGE_SIZE); /* the first entry is the file's then */
		assert(!file_writeback(v.files[0]));
		touch(&v.mm, v.va + 3 * PAGE_SIZE, FAULT_WRITE);
		planted_id = planting[i].id;
		complaint = variant_end(&v);
		CHECK(complaint && strstr(complaint, planting[i].answer), "%s: %s",
		      planting[i].answer, complaint ? complaint : "nothing");
	}
}

static void test_tables(void)
{
	const vaddr_t table = (vaddr_t)1 << PMD_SHIFT;
	struct table_part part = {.end = 0};
	unsigned nr = 0;

	family();
	while (next_table(&v.mm, user_end(v.mm.pgd), &part))
		nr++;
	CHECK(nr == 3, "tables of the code page, the pages at 0x400 and the anchor: %u", nr);
	for (nr = 0, part.end = 0; next_table(&v.mm, 2 * user_end(v.mm.pgd), &part);)
		nr++;
	CHECK(nr == 3, "and none beyond user space");
	part = (struct table_part){.end = v.va + PAGE_SIZE};
	CHECK(next_table(&v.mm, ~(vaddr_t)0, &part) && part.start == v.va + PAGE_SIZE &&
		      part.end == v.va + table && part.ptep == pte_lookup(&v.mm, v.va + PAGE_SIZE),
	      "a part from the middle on");
	part = (struct table_part){.end = v.va};
	CHECK(next_table(&v.mm, v.va + PAGE_SIZE, &part) && part.end == v.va + PAGE_SIZE &&
		      !next_table(&v.mm, v.va + PAGE_SIZE, &part),
	      "and up to the middle");
	assert(pte_alloc(child(), v.va + 5 * table));
	CHECK(says("a page table of 0x900 stands where nothing is mapped"), "a table too many");
	mm_destroy(child());
	CHECK(says(NULL) && !space_at(&v, 1 + CHILD), "which the end of the process takes");
	v.process[CHILD].state = PROCESS_GONE;
	CHECK(!space_at(&v, 1 + CHILD) && space_at(&v, 0) == &v.mm && !space_at(&v, 1),
	      "a process that is over has no space, nor has one that never was");
}

static void test_forking(void)
{
	family();
	CHECK(space_at(&v, 1 + CHILD) == child() && !process_forking(&v), "forked");
	v.process[CHILD].state = PROCESS_FORKING;
	CHECK(process_forking(&v), "and while it is, somebody says so");
}

static void test_full(void)
{
	static struct page many[CENSUS_MOST + 1];
	struct census census = {.nr = 0};
	bool once = true;

	fresh();
	for (unsigned i = 0; i < CENSUS_MOST; i++)
		once &= census_add(&census, &many[i])->entries == 1;
	CHECK(once, "each page once");
	CHECK(census_add(&census, &many[5])->entries == 2, "one of them twice");
	CHECK(PANICS(census_add(&census, &many[CENSUS_MOST])) && panic_says("see CENSUS_MOST"),
	      "one too many stops, and names the limit");
}

/* Each plant is answered by its own oracle, at the end of the variant. */
static void test_plants(void)
{
	static const struct {
		enum plant_id id;
		const char *answer;
	} planting[] = {
		{PLANT_outside, "lies in no mapping"},
		{PLANT_right, "gives a right"},
		{PLANT_mapped, "must have a reference for each entry"},
		{PLANT_shared, "one of them is writable"},
		{PLANT_missed, "and the reverse map finds"},
		{PLANT_empty, "stands where nothing is mapped"},
		{PLANT_zero, "the zero page was written"},
		{PLANT_exit, "frames leaked"},
	};

	for (unsigned i = 0; i < ARRAY_SIZE(planting); i++) {
		const char *complaint;

		family();
		planted_id = planting[i].id;
		complaint = variant_end(&v);
		CHECK(complaint && strstr(complaint, planting[i].answer), "%s: %s",
		      planting[i].answer, complaint ? complaint : "nothing");
	}
	family();
	CHECK(!variant_again(&v), "between rounds nothing is wrong");
	variant_end(&v);
	family();
	get_page(page_of_va(&v.mm, v.va));
	CHECK(strstr(variant_again(&v), "references=2"), "or it is said");
}

int main(void)
{
	test_healthy();
	test_entries();
	test_migration_entry();
	test_zero_page();
	test_pages();
	test_reverse_map();
	test_files();
	test_driver();
	test_written();
	test_tables();
	test_forking();
	test_full();
	test_plants();
	test_file_plants();
	return tap_done();
}
