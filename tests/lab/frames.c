/* SPDX-License-Identifier: MIT */
/* Fills the lab's frames with their tags, and checks them afterwards. */
#include "tests/lab/frames.h"

#include <asm/tlb.h>
#include <asm/trap.h>

#include "kernel/finish.h"
#include "kernel/printk.h"
#include "mm/page/swap.h"
#include "tests/lab/plant.h"

bool lab_file(struct variant *v, size_t size, u32 flags)
{
	struct file *file = file_create(size, flags);

	assert(v->nr_files < MAX_FILES);
	if (file)
		v->files[v->nr_files++] = file;
	return file;
}

u32 lab_tag(pfn_t pfn)
{
	return pfn ^ run_seed ^ 0x5a5a0000u;
}

static struct page *record(struct variant *v, struct page *page)
{
	if (!page)
		return NULL;
	assert(v->nr_frames < MAX_FRAMES);
	v->frames[v->nr_frames++] = page;
	fill_page(page_map(page_to_pfn(page), WINDOW_A), lab_tag(page_to_pfn(page)));
	return page;
}

struct page *lab_frame(struct variant *v, enum zone_id zone)
{
	return record(v, alloc_page(zone));
}

struct page *lab_high_frame(struct variant *v, struct page **decoy)
{
	struct zone *high = &zones[ZONE_HIGH];

	for (pfn_t pfn = high->start; pfn != high->start + high->nr; pfn++) {
		struct page *below = alloc_page_at(pfn - high->start), *page;

		if (!below)
			continue;
		page = alloc_page_at(pfn);
		if (page) {
			*decoy = record(v, below);
			return record(v, page);
		}
		put_page(below);
	}
	return NULL;
}

bool lab_load_tag(vaddr_t va, u32 *tag)
{
	struct fault fault;

	return try_load(va, tag, &fault);
}

/* Red zone. Returns whether the whole frame still carries its tag. */
static bool is_intact(pfn_t pfn)
{
	const u32 *word = page_map(pfn, WINDOW_A);

	for (unsigned i = 0; i < PAGE_SIZE / sizeof(*word); i++)
		if (word[i] != lab_tag(pfn))
			return false;
	return true;
}

/* No space is left to name them. The next variant finds all slots free. */
static const char *release_slots(void)
{
	const char *complaint = NULL;
	u32 taken;

	if (planted(PLANT_taken))
		swap_alloc(&taken);
	for (u32 slot = 0; slot < SWAP_SLOTS; slot++)
		while (swap_area.slot[slot].count) {
			complaint = "a slot of the swap area was not given back";
			swap_free(slot);
		}
	return complaint;
}

const char *frames_release(struct variant *v, unsigned keep)
{
	const char *complaint = keep ? NULL : release_slots();

	while (v->nr_files)
		put_file(v->files[--v->nr_files]);
	if (v->nr_frames > keep && planted(PLANT_reference))
		get_page(v->frames[keep]);
	if (v->nr_frames > keep && planted(PLANT_arena))
		fill_page(page_map(page_to_pfn(v->frames[keep]), WINDOW_A), 0);
	for (unsigned i = keep; i < v->nr_frames; i++) {
		struct page *page = v->frames[i];

		if (page_count(page) != 1)
			complaint = "a frame of the arena has a reference too many or too few";
		else if (!is_intact(page_to_pfn(page)))
			complaint = "a frame of the arena was written";
		put_page(page);
	}
	v->nr_frames = keep;
	return complaint;
}
