/* SPDX-License-Identifier: MIT */
/* Finds writes to free frames, as a result, before others get these frames. */
#include <asm/barrier.h>

#include "kernel/hooks/race.h"
#include "tests/lab/frames.h"

/* Frames of a zone, more than a variant has. */
#define SCRUBBED 64u

static bool damaged; /* shared */

static void on_race(const struct race_site *site, u64 value)
{
	(void)value;
	if (site->point == RACE_page_written_free)
		WRITE_ONCE(damaged, true);
}

void frames_write_free(void)
{
	u32 *word;

	put_page(alloc_page(ZONE_DIRECT)); /* a frame never handed out is not checked */
	word = page_map(zones[ZONE_DIRECT].free, WINDOW_A);
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

/* Takes the frames freed last, up to the first one never handed out, and gives them back. Taking a
 * frame checks it, and giving it back fills it anew. The list keeps its order. */
static void scrub(struct zone *zone)
{
	struct page *taken[SCRUBBED];
	unsigned n = 0;

	while (n < SCRUBBED && zone->free != PFN_NONE && pfn_to_page(zone->free)->generation) {
		taken[n] = alloc_page_at(zone->free);
		n++;
	}
	while (n)
		put_page(taken[--n]);
}

bool frames_scrub(void)
{
	frames_watch();
	for (unsigned z = 0; z < NR_ZONES; z++)
		scrub(&zones[z]);
	smp_store_release(&race_hook, NULL);
	return frames_damaged();
}
