/* SPDX-License-Identifier: MIT */
/* Probes whether RAM above 4 GiB is distinct from the RAM below. */
#include "tests/lab/high_ram.h"

#include "mm/page/page.h"

/* Writes two words in each frame of a pair, low first. If both names mean one frame, the second
 * write shows through the first name. */
static bool pair_is_distinct(pfn_t high, pfn_t low)
{
	u32 *above = page_map(high, WINDOW_A), *below = page_map(low, WINDOW_B);
	bool distinct;

	WRITE_ONCE(below[1], 0x10f0a55au);
	WRITE_ONCE(above[1], 0x4167a55au);
	distinct = READ_ONCE(below[1]) == 0x10f0a55au && READ_ONCE(above[1]) == 0x4167a55au;
	WRITE_ONCE(below[1], 0);
	return distinct && READ_ONCE(above[1]) == 0x4167a55au;
}

/* Pairs are spread over the zone. They are few, because an emulator clears 2 MiB for each frame
 * where RAM was never touched. */
#define PAIRS 8u

static const char *probe(void)
{
	struct zone *zone = &zones[ZONE_HIGH];
	pfn_t stride = zone->nr / PAIRS;
	unsigned tested = 0;

	for (unsigned i = 0; stride && i < PAIRS; i++) {
		pfn_t pfn = zone->start + i * stride;
		struct page *high = alloc_page_at(pfn), *low = alloc_page_at(pfn - zone->start);
		bool distinct = !high || !low || pair_is_distinct(pfn, pfn - zone->start);

		tested += high && low;
		if (high)
			put_page(high);
		if (low)
			put_page(low);
		if (!distinct)
			return "RAM above 4 GiB is the RAM below it in disguise, see hw/above-4G";
	}
	if (tested)
		return NULL;
	return ram_unreachable ? "this CPU cannot address RAM above 4 GiB"
			       : "no RAM above 4 GiB that has its decoy below (MEM=6G has)";
}

const char *high_ram_problem(void)
{
	static bool looked;
	static const char *problem;

	if (!looked)
		problem = probe();
	looked = true;
	return problem;
}
