/* SPDX-License-Identifier: MIT */
/* Looks at the spaces of programs between the steps of their roles. */
#include "tests/lab/oracles.h"

#include "kernel/printk.h"
#include "mm/table/pgtable.h"
#include "tests/lab/cell.h"
#include "tests/lab/census.h"
#include "tests/lab/oracles_swap.h"
#include "tests/lab/spaces.h"

static char words[120];

const char *oracles_say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintk(words, sizeof(words), format, args);
	va_end(args);
	return words;
}

/* On a CPU without this protection every entry seems to permit to execute. */
static bool exec_counts(void)
{
	return !pte_exec(mk_pte(1, PTE_USER));
}

/* Whether the entry's page is the one of the file at this place. */
static bool is_cached(const struct vma *vma, vaddr_t va, const struct page *page)
{
	u32 index = vma->file ? linear_page_index(vma, va) : 0;

	return vma->file && index < file_pages(vma->file) && page_is_cached(vma->file, index, page);
}

/* A private mapping has the file's page only to read. A shared one has no other. */
static const char *look_at_file_entry(const struct vma *vma, vaddr_t va, pte_t pte, bool cached)
{
	if (cached && !(vma->flags & VM_SHARED) && pte_access_permitted(pte, true))
		return oracles_say(
			"the entry of 0x%lx lets a private mapping store to a page of a file",
			(unsigned long)va);
	if (!cached && vma->flags & VM_SHARED)
		return oracles_say("the entry of 0x%lx names another page than the file has there",
				   (unsigned long)va);
	return NULL;
}

/* A right to write or to execute includes reading, as the entries of all ports have it. */
static bool exceeds(pte_t pte, u32 flags)
{
	return (pte_access_permitted(pte, false) && !(flags & VM_RIGHTS)) ||
	       (pte_access_permitted(pte, true) && !(flags & VM_WRITE)) ||
	       (pte_exec(pte) && exec_counts() && !(flags & VM_EXEC));
}

/* Only anonymous memory has the zero page, because a file has pages of its own. */
static const char *look_at_zero_entry(const struct vma *vma, vaddr_t va, pte_t pte)
{
	if (vma->file)
		return oracles_say(
			"the entry of 0x%lx names the zero page, and lies in a mapping of a file",
			(unsigned long)va);
	if (pte_access_permitted(pte, true))
		return oracles_say("the entry of 0x%lx gives the right to store to the zero page",
				   (unsigned long)va);
	return NULL;
}

/* A cell that must break may map a page that its file has lost. Its judge tells of it. */
static const char *look_at_present_entry(const struct variant *v, const struct vma *vma, vaddr_t va,
					 pte_t pte, struct census *census)
{
	struct page *page = vm_normal_page(pte);
	bool zero = is_zero_pfn(entry_pfn(pte));
	struct counted *counted;

	if (!page && !zero)
		return oracles_say("the entry of 0x%lx names no page", (unsigned long)va);
	if (vma->flags & VM_SPECIAL)
		return NULL;
	if (exceeds(pte, vma->flags))
		return oracles_say(
			"the entry of 0x%lx gives a right that its mapping does not give",
			(unsigned long)va);
	if (zero)
		return look_at_zero_entry(vma, va, pte);
	counted = census_add(census, page);
	counted->writable |= pte_access_permitted(pte, true);
	counted->cached |= is_cached(vma, va, page);
	if (cell_must_break(v->cell))
		return NULL;
	return look_at_file_entry(vma, va, pte, is_cached(vma, va, page));
}

static const char *look_at_entry(const struct variant *v, const struct mm *mm, vaddr_t va,
				 pte_t pte, struct census *census)
{
	const struct vma *vma = vma_lookup(mm, va);

	if (!vma)
		return oracles_say("the entry of 0x%lx lies in no mapping", (unsigned long)va);
	if (!entry_present(pte))
		return swap_count_entry(v, census, va, pte);
	return look_at_present_entry(v, vma, va, pte, census);
}

/* The lab makes the table of the tested address itself, before the scenario maps anything. */
static bool may_have_table(const struct variant *v, const struct mm *mm, vaddr_t va)
{
	vaddr_t start = ALIGN_DOWN(va, (vaddr_t)1 << PMD_SHIFT);

	return find_vma_intersection(mm, start, start + ((vaddr_t)1 << PMD_SHIFT)) ||
	       v->va >> PMD_SHIFT == va >> PMD_SHIFT;
}

static const char *look_at_space(const struct variant *v, struct mm *mm, struct census *census)
{
	struct table_part part = {.end = 0};
	const char *wrong = NULL;

	while (!wrong && next_table(mm, user_end(mm->pgd), &part)) {
		pte_t *ptep = part.ptep;

		for (vaddr_t va = part.start; !wrong && va != part.end; va += PAGE_SIZE, ptep++) {
			pte_t pte = entry_read(ptep);

			if (!entry_none(pte))
				wrong = look_at_entry(v, mm, va, pte, census);
		}
		if (!wrong && !may_have_table(v, mm, part.start))
			wrong = oracles_say("a page table of 0x%lx stands where nothing is mapped",
					    (unsigned long)part.start);
	}
	return wrong;
}

/* How many entries name the page in the places of its object. */
static u32 found_by_object(const struct page *page)
{
	struct rmap_walk walk = {.object = page->object, .index = page->index};
	u32 found = 0;

	while (rmap_next(&walk)) {
		pte_t *ptep = pte_lookup(walk.mm, walk.va);
		pte_t pte = ptep ? entry_read(ptep) : PTE_NONE;

		found += entry_present(pte) && vm_normal_page(pte) == page;
	}
	return found;
}

/* A cell made to break may lose a mapping, and its judge tells of it. */
static const char *look_at_reverse_map(const struct variant *v, const struct counted *counted)
{
	u32 found = found_by_object(counted->page);

	if (found == counted->entries || cell_must_break(v->cell))
		return NULL;
	return oracles_say("frame 0x%x has entries=%u, and the reverse map finds found=%u",
			   page_to_pfn(counted->page), counted->entries, found);
}

static const char *look_at_page(const struct variant *v, const struct counted *counted)
{
	u32 references = census_references(v, counted->page);
	pfn_t pfn = page_to_pfn(counted->page);

	bool in_swap = swap_has_cached(counted->page);

	if (references != counted->entries + counted->cached + in_swap)
		return oracles_say(
			"frame 0x%x must have a reference for each entry%s%s, and has entries=%u references=%u",
			pfn, counted->cached ? " and one of its file" : "",
			in_swap ? " and one of the swap cache" : "", counted->entries, references);
	if (counted->entries > 1 && counted->writable && !counted->cached)
		return oracles_say("frame 0x%x has entries=%u, and one of them is writable", pfn,
				   counted->entries);
	return look_at_reverse_map(v, counted);
}

/* A page in the store has its checksum, and so has the page of the file while it is clean. With
 * FILE_DAX they are one. A locked page may be on its way to the store. */
static const char *look_at_file(struct file *file)
{
	for (u32 i = 0; i < file_pages(file); i++) {
		const struct cached_page *cached = &file->cache[i];

		if (!cached->store || cached->lock.owner)
			continue;
		if (cached->store != cached->page &&
		    page_checksum(cached->store) != cached->checksum)
			return oracles_say(
				"page %u in the store of a file does not have its checksum 0x%x", i,
				cached->checksum);
		if (!cached->dirty && page_checksum(cached->page) != cached->checksum)
			return oracles_say(
				"page %u of a file is clean, and not as it was written back", i);
	}
	return NULL;
}

/* A cell made to break may lose stores, and its judge tells of them. */
static const char *look_at_files(struct variant *v)
{
	const char *wrong = NULL;

	for (unsigned i = 0; !wrong && i < v->nr_files && !cell_must_break(v->cell); i++)
		wrong = look_at_file(v->files[i]);
	return wrong;
}

const char *oracles_look(struct variant *v)
{
	struct census census = {.nr = 0};
	const char *wrong = NULL;

	if (!v->scenario->programs)
		return NULL;
	for (unsigned n = 0; !wrong && n < SPACES_MOST; n++) {
		struct mm *mm = space_at(v, n);

		if (mm)
			wrong = look_at_space(v, mm, &census);
	}
	for (unsigned i = 0; !wrong && i < census.nr; i++)
		wrong = look_at_page(v, &census.counted[i]);
	if (!wrong)
		wrong = swap_look(v, &census);
	return wrong ? wrong : look_at_files(v);
}

const char *oracles_look_at_zero_page(void)
{
	u32 *word = page_map(zero_pfn, WINDOW_A);
	u32 found = 0;
	unsigned i;

	for (i = 0; !found && i < PAGE_SIZE / sizeof(*word); i++)
		found = word[i];
	if (!found)
		return NULL;
	clear_page(word);
	return oracles_say("the zero page was written: word %u is 0x%x", i - 1, found);
}
