/* SPDX-License-Identifier: MIT */
/* Compares gup_fast with the least work of any correct walk. */
#include <asm/clock.h>
#include <asm/irq.h>

#include "kernel/printk.h"
#include "kernel/smp/percpu.h"
#include "mm/gup/gup.h"
#include "mm/table/pgtable.h"
#include "tests/bench/bench.h"
#include "tests/bench/floor.h"

#define MAX_PAGES 4096u
/*
 * The least pages of a sample, in as many calls as needed, so that reading the clock does not show.
 */
#define SAMPLE_PAGES 512u

static struct mm mm;
static struct page *grabbed[MAX_PAGES];
static struct zone *zone;

/*
 * Does the dependent loads, from the root on, and one locked increment for each page. There is no
 * test and no second look, and the frames are of one zone known beforehand.
 */
static __noinline unsigned floor_walk(vaddr_t va, unsigned nr, u32 flags, struct page **pages)
{
	u32 irqs = irq_save();
	struct page *frames = zone->pages;
	pgd_t *root = this_cpu()->mm->pgd;
	pfn_t first = zone->start;

	(void)flags;
	for (unsigned i = 0; i < nr; i++) {
		pte_t *ptep = floor_table(root, va + i * PAGE_SIZE);

		pages[i] = &frames[entry_pfn(entry_read(ptep)) - first];
		get_page(pages[i]);
	}
	irq_restore(irqs);
	return nr;
}

/* The same, with each table looked up once. This is less than any correct walk, because a walk of
 * several pages at a time still has to look at the upper entry after each. */
static __noinline unsigned floor_tables_once(vaddr_t va, unsigned nr, u32 flags,
					     struct page **pages)
{
	u32 irqs = irq_save();
	struct page *frames = zone->pages;
	pgd_t *root = this_cpu()->mm->pgd;
	pfn_t first = zone->start;
	unsigned done = 0;

	(void)flags;
	while (done < nr) {
		pte_t *ptep = floor_table(root, va + done * PAGE_SIZE);
		unsigned end = ALIGN_UP(done + 1, PTRS_PER_PTE);

		for (; done < nr && done < end; done++) {
			struct page *page = &frames[entry_pfn(entry_read(ptep++)) - first];

			get_page(page);
			pages[done] = page;
		}
	}
	irq_restore(irqs);
	return done;
}

static __always_inline u32 measure(const struct row *row,
				   unsigned (*grab)(vaddr_t va, unsigned nr, u32 flags,
						    struct page **pages))
{
	unsigned found = 0;
	u64 start = clock_cycles(), end;

	for (unsigned i = 0; i < row->units; i += row->pages)
		found += grab(BENCH_VA + i * PAGE_SIZE, row->pages, FOLL_WRITE, grabbed + i);
	end = clock_cycles();
	assert(found == row->units);
	for (unsigned i = 0; i < found; i++)
		put_page(grabbed[i]);
	return (u32)(end - start);
}

static u32 measure_floor(const struct row *row)
{
	return measure(row, floor_walk);
}

static u32 measure_tables_once(const struct row *row)
{
	return measure(row, floor_tables_once);
}

static u32 measure_gup_fast(const struct row *row)
{
	return measure(row, gup_fast);
}

/* The times of Linux 6.1 (i386 PAE, no debugging, mitigations off) on QEMU TCG, -smp 2. */
static const struct {
	unsigned pages;
	const char *linux_gup_fast;
} size[] = {
	{1, "Linux 6.1 i386: 213"},
	{16, "Linux 6.1 i386: 81"},
	{512, "Linux 6.1 i386: 70"},
	{4096, "Linux 6.1 i386: 70"},
};

static void measure_size(unsigned pages, const char *context, bool mapped)
{
	unsigned units = pages < SAMPLE_PAGES ? SAMPLE_PAGES : pages;
	const struct row rows[] = {
		{"floor_walk", "page", units, pages, 0, "", measure_floor, 0},
		{"tables_once", "page", units, pages, 0, "a second floor", measure_tables_once, 0},
		{"gup_fast", "page", units, pages, 0, context, measure_gup_fast, BIT(0)},
	};

	if (mapped)
		rows_measure(rows, ARRAY_SIZE(rows), NULL);
	else
		rows_skip(rows, ARRAY_SIZE(rows), "too little memory for that many frames");
}

unsigned walk_rows(void)
{
	return 3 * ARRAY_SIZE(size);
}

void walk_bench(void)
{
	unsigned pages = MAX_PAGES;

	zone = &zones[ZONE_DIRECT];
	while (pages > zone->nr_free / 2)
		pages /= 2;
	if (!mm_create(&mm) || !bench_map(&mm, pages, ZONE_DIRECT))
		panic("out of memory: the bench wants %u frames", pages);
	mm_switch(&mm);
	for (unsigned i = 0; i < ARRAY_SIZE(size); i++)
		measure_size(size[i].pages, size[i].linux_gup_fast,
			     size[i].pages <= pages && SAMPLE_PAGES <= pages);
	mm_switch(NULL);
	mm_destroy(&mm);
}
