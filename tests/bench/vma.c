/* SPDX-License-Identifier: MIT */
/* Lookups and changes of mappings, by the number of mappings in the space. */
#include <asm/clock.h>

#include "kernel/printk.h"
#include "tests/bench/bench.h"

#define FEW	16u
#define MANY	1000u
#define LOOKUPS 512u /* in a sample */
#define CHANGES 64u

static struct mm few, many;
static struct vma copy[MANY + 1];

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

/* The place of a new mapping, behind all others. */
static vaddr_t behind(const struct row *row)
{
	return BENCH_VA + (2 * row->pages + 1) * PAGE_SIZE;
}

/* Addresses all over the mappings, in an order beyond the guess of any cache. */
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
	vaddr_t va = behind(row);
	u64 start = clock_cycles();

	for (unsigned i = 0; i < row->units; i++) {
		do_mmap(mm, va, PAGE_SIZE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED);
		do_munmap(mm, va, PAGE_SIZE);
	}
	return (u32)(clock_cycles() - start);
}

/* Gives other rights to the middle page of the mapping behind all others, or its own again. */
static u32 change_rights(const struct row *row, u32 prot)
{
	u64 start = clock_cycles();

	if (do_mprotect(space_of(row), behind(row) + PAGE_SIZE, PAGE_SIZE, prot))
		panic("out of memory for %u mappings", row->pages + 3);
	return (u32)(clock_cycles() - start);
}

/* One mapping becomes three. */
static u32 measure_split(const struct row *row)
{
	u32 cycles = 0;

	for (unsigned i = 0; i < row->units; i++) {
		cycles += change_rights(row, PROT_READ);
		change_rights(row, PROT_READ | PROT_WRITE);
	}
	return cycles;
}

/* Three become one. */
static u32 measure_merge(const struct row *row)
{
	u32 cycles = 0;

	for (unsigned i = 0; i < row->units; i++) {
		change_rights(row, PROT_READ);
		cycles += change_rights(row, PROT_READ | PROT_WRITE);
	}
	return cycles;
}

/* Copies the array of mappings, as each change does. */
static u32 measure_array(const struct row *row)
{
	const struct mm *mm = space_of(row);
	u64 start = clock_cycles(), end;

	for (unsigned i = 0; i < row->units; i++) {
		for (u32 n = 0; n < mm->nr_vmas; n++)
			copy[n] = mm->vmas[n];
		barrier(); /* each of the copies is made */
	}
	end = clock_cycles();
	assert(copy[0].start == BENCH_VA);
	return (u32)(end - start);
}

static const struct row lookup[] = {
	{"find_vma_16", "lookup", LOOKUPS, FEW, 0, "among 16 mappings", measure_lookup, 0},
	{"find_vma_1000", "lookup", LOOKUPS, MANY, 0, "among 1000 mappings", measure_lookup,
	 BIT(0)},
};

static const struct row change[] = {
	{"mmap_16", "mmap and munmap", CHANGES, FEW, 0, "among 16 mappings", measure_map, 0},
	{"mmap_1000", "mmap and munmap", CHANGES, MANY, 0, "among 1000 mappings", measure_map,
	 BIT(0)},
};

static const struct row rights[] = {
	{"floor_array_16", "copy", CHANGES, FEW, 0, "", measure_array, 0},
	{"split_16", "mprotect", CHANGES, FEW, 0, "among 16 mappings", measure_split, BIT(0)},
	{"merge_16", "mprotect", CHANGES, FEW, 0, "among 16 mappings", measure_merge, BIT(0)},
	{"floor_array_1000", "copy", CHANGES, MANY, 0, "", measure_array, 0},
	{"split_1000", "mprotect", CHANGES, MANY, 0, "among 1000 mappings", measure_split, BIT(3)},
	{"merge_1000", "mprotect", CHANGES, MANY, 0, "among 1000 mappings", measure_merge, BIT(3)},
};

unsigned vma_rows(void)
{
	return ARRAY_SIZE(lookup) + ARRAY_SIZE(change) + ARRAY_SIZE(rights);
}

static bool map_behind(const struct row *row)
{
	return !is_error(do_mmap(space_of(row), behind(row), 3 * PAGE_SIZE, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED));
}

void vma_bench(void)
{
	if (!mm_create(&few) || !mm_create(&many) || !map_apart(&few, FEW) ||
	    !map_apart(&many, MANY))
		panic("out of memory for %u mappings", MANY);
	rows_measure(lookup, ARRAY_SIZE(lookup), NULL);
	rows_measure(change, ARRAY_SIZE(change), NULL);
	if (!map_behind(&rights[0]) || !map_behind(&rights[ARRAY_SIZE(rights) - 1]))
		panic("out of memory for %u mappings", MANY + 1);
	rows_measure(rights, ARRAY_SIZE(rights), NULL);
	mm_destroy(&few);
	mm_destroy(&many);
}
