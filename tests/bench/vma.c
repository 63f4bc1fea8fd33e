/* SPDX-License-Identifier: MIT */
/* Lookups and changes of mappings, by the number of mappings that the space has. */
#include <asm/clock.h>

#include "kernel/printk.h"
#include "tests/bench/bench.h"

#define FEW	16u
#define MANY	1000u
#define LOOKUPS 512u /* in a sample */
#define CHANGES 64u

static struct mm few, many;

/* Every second page is mapped, so that neighbours do not become one mapping. */
static bool map_apart(struct mm *mm, unsigned nr)
{
	for (unsigned i = 0; i < nr; i++)
		if (is_error(do_mmap(mm, BENCH_VA + 2 * i * PAGE_SIZE, PAGE_SIZE, PROT_READ,
				     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)))
			return false;
	return true;
}

static struct mm *space_of(const struct row *row)
{
	return row->pages == FEW ? &few : &many;
}

/* Addresses all over the mappings, in an order that no cache of ours could guess. */
static u32 measure_lookup(const struct row *row)
{
	struct mm *mm = space_of(row);
	u64 start = clock_cycles(), end;
	unsigned found = 0;

	for (unsigned i = 0, n = 0; i < row->units; i++, n = (n + 389) % row->pages)
		found += vma_lookup(mm, BENCH_VA + 2 * n * PAGE_SIZE) != NULL;
	end = clock_cycles();
	assert(found == row->units);
	return (u32)(end - start);
}

/* Maps a page behind all others and unmaps it again: each makes the array anew. */
static u32 measure_map(const struct row *row)
{
	struct mm *mm = space_of(row);
	vaddr_t va = BENCH_VA + (2 * row->pages + 1) * PAGE_SIZE;
	u64 start = clock_cycles();

	for (unsigned i = 0; i < row->units; i++) {
		do_mmap(mm, va, PAGE_SIZE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED);
		do_munmap(mm, va, PAGE_SIZE);
	}
	return (u32)(clock_cycles() - start);
}

static const struct row lookup[] = {
	{"find_vma_16", "lookup", LOOKUPS, FEW, 0, "among 16 mappings", measure_lookup},
	{"find_vma_1000", "lookup", LOOKUPS, MANY, 0, "among 1000 mappings", measure_lookup},
};

static const struct row change[] = {
	{"mmap_16", "mmap and munmap", CHANGES, FEW, 0, "among 16 mappings", measure_map},
	{"mmap_1000", "mmap and munmap", CHANGES, MANY, 0, "among 1000 mappings", measure_map},
};

unsigned vma_rows(void)
{
	return ARRAY_SIZE(lookup) + ARRAY_SIZE(change);
}

void vma_bench(void)
{
	if (!mm_create(&few) || !mm_create(&many) || !map_apart(&few, FEW) ||
	    !map_apart(&many, MANY))
		panic("out of memory for %u mappings", MANY);
	rows_measure(lookup, ARRAY_SIZE(lookup), 1, NULL);
	rows_measure(change, ARRAY_SIZE(change), 1, NULL);
	mm_destroy(&few);
	mm_destroy(&many);
}
