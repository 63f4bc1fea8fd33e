/* SPDX-License-Identifier: MIT */
/* Breaks each rule of the oracles of spaces, for lab.plant=. */
#include "mm/page/swap.h"
#include "mm/space/mmap.h"
#include "mm/table/establish.h"
#include "mm/table/pgtable.h"
#include "mm/table/swap_entry.h"
#include "tests/lab/oracles.h"
#include "tests/lab/plant.h"
#include "tests/lab/spaces.h"

/* An entry of a program's page. */
struct entry_at {
	struct mm *mm;
	vaddr_t va;
	pte_t *ptep;
};

/* Finds the first one in the space, writable if asked for. */
static bool find_entry(struct mm *mm, bool writable, struct entry_at *found)
{
	struct table_part part = {.end = 0};

	while (next_table(mm, user_end(mm->pgd), &part)) {
		pte_t *ptep = part.ptep;

		for (vaddr_t va = part.start; va != part.end; va += PAGE_SIZE, ptep++) {
			const struct vma *vma = vma_lookup(mm, va);
			pte_t pte = entry_read(ptep);

			if (!entry_present(pte) || !vma || vma->flags & VM_SPECIAL ||
			    is_zero_pfn(entry_pfn(pte)) ||
			    (writable && !pte_access_permitted(pte, true)))
				continue;
			*found = (struct entry_at){mm, va, ptep};
			return true;
		}
	}
	return false;
}

static struct page *page_of(const struct entry_at *entry)
{
	return pfn_to_page(entry_pfn(entry_read(entry->ptep)));
}

/* The page is mapped where no mapping is, in the same table if there is such a place. */
static bool map_outside(struct variant *v)
{
	struct entry_at entry;
	vaddr_t va = v->va;
	pte_t pte;

	if (!find_entry(&v->mm, false, &entry))
		return false;
	while (vma_lookup(&v->mm, va))
		va += PAGE_SIZE;
	pte = pte_wrprotect(entry_read(entry.ptep));
	get_page(page_of(&entry));
	return mm_establish(&v->mm, va, pte);
}

/* The mapping loses the right, and the entry keeps it. */
static bool keep_right(struct variant *v)
{
	struct entry_at entry;

	if (!find_entry(&v->mm, true, &entry))
		return false;
	for (u32 i = 0; i < v->mm.nr_vmas; i++)
		if (entry.va - v->mm.vmas[i].start < v->mm.vmas[i].end - v->mm.vmas[i].start)
			v->mm.vmas[i].flags &= ~VM_WRITE;
	return true;
}

static bool count_once_more(struct variant *v)
{
	struct entry_at entry;

	if (!find_entry(&v->mm, false, &entry))
		return false;
	get_page(page_of(&entry));
	return true;
}

/* A child gets its parent's page, to which the parent can store. */
static bool share(struct variant *v)
{
	struct entry_at parent, child;

	if (!find_entry(&v->mm, true, &parent))
		return false;
	for (unsigned n = 1; n < SPACES_MOST; n++) {
		if (!space_at(v, n) || !find_entry(space_at(v, n), false, &child))
			continue;
		put_page(page_of(&child));
		entry_get_and_clear(child.ptep, PTE_NONE);
		get_page(page_of(&parent));
		set_pte(child.ptep, pte_wrprotect(entry_read(parent.ptep)));
		return true;
	}
	return false;
}

/* Finds a writable entry of a shared mapping, and its mapping. */
static struct vma *find_shared(struct variant *v, struct entry_at *entry)
{
	struct vma *vma = v->mm.vmas;

	if (!find_entry(&v->mm, true, entry))
		return NULL;
	while (vma->end <= entry->va)
		vma++;
	return vma->flags & VM_SHARED ? vma : NULL;
}

/* The entry of a shared mapping names a page of its own. */
static bool replace_shared(struct variant *v)
{
	struct entry_at entry;
	struct page *page;

	if (!find_shared(v, &entry))
		return false;
	page = alloc_page(ZONE_DIRECT);
	put_page(page_of(&entry));
	entry_get_and_clear(entry.ptep, PTE_NONE);
	set_pte(entry.ptep, mk_pte(page_to_pfn(page), PTE_USER | PTE_YOUNG));
	return true;
}

/* A private mapping of the page gets the entry of a shared one, with its right to store. */
static bool make_private(struct variant *v)
{
	struct entry_at entry;
	const struct vma *vma = find_shared(v, &entry);
	vaddr_t va;

	if (!vma)
		return false;
	va = do_mmap_file(&v->mm, vma->file, linear_page_index(vma, entry.va), 0, PAGE_SIZE,
			  PROT_READ | PROT_WRITE, MAP_PRIVATE);
	if (is_error(va))
		return false;
	get_page(page_of(&entry));
	return mm_establish(&v->mm, va, entry_read(entry.ptep));
}

/* No scenario fills a page with it. */
#define PLANTED_WORD 1u

/* A page of the scenario's file that was written back. */
static struct cached_page *find_written(struct variant *v)
{
	struct cached_page *cached = v->nr_files ? v->files[0]->cache : NULL;

	return cached && cached->store ? cached : NULL;
}

static bool damage_store(struct variant *v)
{
	struct cached_page *cached = find_written(v);

	if (cached)
		fill_page(page_map(page_to_pfn(cached->store), WINDOW_A), PLANTED_WORD);
	return cached;
}

static bool change_clean(struct variant *v)
{
	struct cached_page *cached = find_written(v);

	if (!cached)
		return false;
	fill_page(page_map(page_to_pfn(cached->page), WINDOW_A), PLANTED_WORD);
	cached->dirty = false;
	return true;
}

/* The last mapping of the first page's family, which is a child's if there is one. */
static bool unlist(struct variant *v)
{
	struct entry_at entry;
	struct object *object;

	if (!find_entry(&v->mm, false, &entry))
		return false;
	object = page_of(&entry)->object;
	if (object->kind != OBJECT_FAMILY)
		return false;
	object->nr_mappings--;
	put_object(object);
	return true;
}

/* A page of the space goes out. Returns its slot, or SWAP_SLOTS. */
static u32 put_out(struct variant *v)
{
	struct entry_at entry;

	if (!find_entry(&v->mm, false, &entry) || page_out(entry.mm, entry.va))
		return SWAP_SLOTS;
	return pte_swap_slot(entry_read(entry.ptep));
}

static bool count_slot_once_more(struct variant *v)
{
	u32 slot = put_out(v);

	if (slot != SWAP_SLOTS)
		swap_duplicate(slot);
	return slot != SWAP_SLOTS;
}

static bool damage_slot(struct variant *v)
{
	u32 slot = put_out(v);

	if (slot != SWAP_SLOTS)
		fill_page(page_map(page_to_pfn(swap_area.slot[slot].store), WINDOW_A),
			  PLANTED_WORD);
	return slot != SWAP_SLOTS;
}

/* The lowest table with nothing to map. Nobody else is at work, so no lock is needed. */
static bool make_table(struct variant *v)
{
	const vaddr_t table = (vaddr_t)1 << PMD_SHIFT;
	vaddr_t va = 0;

	while (find_vma_intersection(&v->mm, va, va + table) ||
	       va >> PMD_SHIFT == v->va >> PMD_SHIFT)
		va += table;
	return pte_alloc(&v->mm, va);
}

static const struct {
	enum plant_id id;
	bool (*make)(struct variant *v); /* returns false if the variant has nothing to break */
} plants[] = {
	{PLANT_outside, map_outside},	 {PLANT_right, keep_right},
	{PLANT_mapped, count_once_more}, {PLANT_shared, share},
	{PLANT_empty, make_table},	 {PLANT_foreign, replace_shared},
	{PLANT_private, make_private},	 {PLANT_store, damage_store},
	{PLANT_clean, change_clean},	 {PLANT_slot, count_slot_once_more},
	{PLANT_swapped, damage_slot},	 {PLANT_missed, unlist},
};

void oracles_plant(struct variant *v)
{
	for (unsigned i = 0; i < ARRAY_SIZE(plants); i++)
		if (v->scenario->programs && plant_is(plants[i].id) && plants[i].make(v))
			planted(plants[i].id);
	if (planted(PLANT_zero))
		fill_page(page_map(zero_pfn, WINDOW_A), 1);
}
