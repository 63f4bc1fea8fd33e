/* SPDX-License-Identifier: MIT */
/* Finds writes to free frames, as a result, before others get these frames. */
#include <asm/barrier.h>

#include "kernel/hooks/race.h"
#include "tests/lab/frames.h"

/* How far down a zone's list the frames of a variant can be. It has fewer than 64 of a zone, and
 * before them comes what CPUs kept, used or not. */
#define SCRUBBED (64u + MAX_CPUS * PCP_MOST)

static bool damaged; /* shared */

static void on_race(const struct race_site *site, u64 value)
{
	(void)value;
	if (site->point == RACE_page_written_free)
		WRITE_ONCE(damaged, true);
}

void frames_write_free(void)
{
	struct page *page = alloc_page(ZONE_DIRECT); /* one never handed out is not checked */
	u32 *word = page_map(page_to_pfn(page), WINDOW_A);

	put_page(page);
	WRITE_ONCE(word[PAGE_SIZE / sizeof(*word) / 2], 0);
}

void frames_watch(void)
{
	WRITE_ONCE(damaged, false);
	smp_store_release(&race_hook, on_race);
}

bool frames_damaged(void)
{
	return READ_ONCE(damaged);
}

/* Takes the frames near the head of the list that were ever handed out, and gives them back. Taking
 * a frame checks it, and giving it back fills it anew. Afterwards they come first on the list, in
 * the same order. `next` links those taken. */
static void scrub(struct zone *zone)
{
	pfn_t pfn = zone->free, taken = PFN_NONE, next;

	for (unsigned n = 0; n < SCRUBBED && pfn != PFN_NONE; n++, pfn = next) {
		struct page *page = pfn_to_page(pfn);

		next = page->next;
		if (!page->generation)
			continue;
		page = alloc_page_at(pfn);
		page->next = taken;
		taken = pfn;
	}
	for (pfn = taken; pfn != PFN_NONE; pfn = next) {
		struct page *page = pfn_to_page(pfn);

		next = page->next;
		put_page(page);
	}
}

bool frames_scrub(void)
{
	pcp_drain_all();
	frames_watch();
	for (unsigned z = 0; z < NR_ZONES; z++)
		scrub(&zones[z]);
	pcp_drain_all();
	smp_store_release(&race_hook, NULL);
	return frames_damaged();
}
