/* SPDX-License-Identifier: MIT */
/* Measures the walk along the mappings of a page, each in a space of its own. */
#include <asm/atomic.h>
#include <asm/clock.h>
#include <asm/trap.h>

#include "kernel/hooks/upcalls.h"
#include "kernel/printk.h"
#include "tests/bench/bench.h"
#include "tests/bench/cycles.h"
#include "tests/bench/floor.h"

#define SHARERS_MAX 16u
#define WALKS	    16u /* in a sample, because one is too short for the clock */

static struct mm sharer[SHARERS_MAX];
static u32 locked, sum; /* in place of a lock, and of what is found, for the floor */

/* A page of a file of its own for each number of sharers. */
static struct {
	const unsigned sharers;
	const char *floor, *name, *context;
	struct file *file;
} shared[] = {
	{1, "floor_rmap_1", "rmap_1", "1 mapping", NULL},
	{4, "floor_rmap_4", "rmap_4", "4 mappings, each in its own space", NULL},
	{SHARERS_MAX, "floor_rmap_16", "rmap_16", "16 mappings, each in its own space", NULL},
};

static vaddr_t address_of(unsigned n)
{
	return BENCH_VA + n * PAGE_SIZE;
}

/* Which of `shared` the row is of. */
static unsigned number_of(const struct row *row)
{
	unsigned n = 0;

	while (shared[n].sharers * WALKS != row->units)
		n++;
	return n;
}

/* All entries are clean, and no mapping may store. So the walk finds each of them and changes
 * none. */
static u32 measure_walk(const struct row *row)
{
	struct file *of = shared[number_of(row)].file;
	u64 start = clock_cycles();

	for (unsigned i = 0; i < WALKS; i++)
		bench_mkclean(of, 0);
	return since(start);
}

/* The loads down to the entry of each mapping, and one locked increment. */
static u32 measure_walk_floor(const struct row *row)
{
	unsigned n = number_of(row);
	vaddr_t va = address_of(n);
	u64 start = clock_cycles();
	pfn_t found = 0;

	for (unsigned i = 0; i < WALKS; i++) {
		for (unsigned s = 0; s < shared[n].sharers; s++) {
			found |= entry_pfn(entry_read(floor_table(sharer[s].pgd, va)));
			atomic_fetch_add(&locked, 1);
		}
	}
	WRITE_ONCE(sum, (u32)found);
	return since(start);
}

/* The mapping of the first space keeps the file. */
static void share(unsigned n, unsigned s)
{
	struct fault fault = {address_of(n), FAULT_USER};

	if (!s)
		shared[n].file = file_create(PAGE_SIZE, 0);
	if (!shared[n].file ||
	    is_error(sys_mmap_file(shared[n].file, 0, address_of(n), PAGE_SIZE,
				   PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED)) ||
	    !mm_fault(&fault))
		panic("out of memory for mapping %u of a file", s);
	if (!s)
		put_file(shared[n].file);
}

static void share_all(void)
{
	for (unsigned s = 0; s < SHARERS_MAX; s++) {
		if (!mm_create(&sharer[s]))
			panic("out of memory: the bench wants %u spaces", SHARERS_MAX);
		mm_switch(&sharer[s]);
		for (unsigned n = 0; n < ARRAY_SIZE(shared); n++)
			if (s < shared[n].sharers)
				share(n, s);
	}
	mm_switch(NULL);
}

unsigned rmap_rows(void)
{
	return 2 * ARRAY_SIZE(shared);
}

void rmap_bench(void)
{
	struct row rows[2 * ARRAY_SIZE(shared)];

	for (unsigned n = 0; n < ARRAY_SIZE(shared); n++) {
		unsigned units = shared[n].sharers * WALKS;

		rows[2 * n] = (struct row){shared[n].floor,   "mapping",	  units, 1, 0,
					   shared[n].context, measure_walk_floor, 0};
		rows[2 * n + 1] = (struct row){shared[n].name,	  "mapping",	units,	   1, 0,
					       shared[n].context, measure_walk, BIT(2 * n)};
	}
	share_all();
	rows_measure(rows, ARRAY_SIZE(rows), NULL);
	for (unsigned s = 0; s < SHARERS_MAX; s++)
		mm_destroy(&sharer[s]);
}
