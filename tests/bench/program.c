/* SPDX-License-Identifier: MIT */
/* Runs the program of the bench, and measures the floors of its faults. */
#include "tests/bench/cycles.h"
#include "tests/bench/program.h"

#include <asm/trap.h>

#include "kernel/printk.h"
#include "kernel/smp/percpu.h"
#include "mm/table/pgtable.h"

pte_t *program_hole;
static struct page *frame[2 * PROGRAM_PAGES];

/* Returns whether the program came back by its call. */
static __always_inline bool run(const u8 *routine, vaddr_t va, u32 value)
{
	struct fault fault;
	u32 result;

	return user_run(user_code_at(routine), 0, va, value, &result, &fault);
}

void program_touch(vaddr_t va)
{
	if (!run(user_touch_code, va, PROGRAM_PAGES))
		panic("out of memory: the bench's program wants %u pages", PROGRAM_PAGES);
}

/* Translates again what a flush of the preparations may have dropped of the way into user mode. */
static u64 begin(void)
{
	run(user_store_code, PROGRAM_HOLE, 0);
	return clock_cycles();
}

u32 program_timed_touch(vaddr_t va, unsigned frames)
{
	u32 before = zone_free_frames(), cycles;
	u64 start = begin();

	program_touch(va);
	cycles = since(start);
	assert(before - zone_free_frames() == frames);
	return cycles;
}

/* Returns how many of the loads came back by the program's call. */
static __always_inline unsigned load(vaddr_t va, size_t step, unsigned nr)
{
	unsigned calls = 0;

	for (unsigned i = 0; i < nr; i++)
		calls += run(user_load_code, va + i * step, 0);
	return calls;
}

u32 program_timed_loads(vaddr_t va)
{
	u32 before = zone_free_frames(), cycles;
	u64 start = begin();
	unsigned calls = load(va, PAGE_SIZE, PROGRAM_PAGES);

	cycles = since(start);
	assert(calls == PROGRAM_PAGES && zone_free_frames() == before);
	return cycles;
}

u32 program_measure_call(const struct row *row)
{
	unsigned calls;
	u64 start;
	u32 cycles;

	program_touch(BENCH_VA);
	start = begin();
	calls = load(BENCH_VA, 0, row->units);
	cycles = since(start);
	assert(calls == row->units);
	return cycles;
}

u32 program_measure_fault(const struct row *row)
{
	struct cpu *cpu = this_cpu();
	struct mm *mm = cpu->mm;
	unsigned calls = 0;
	u64 start = begin();
	u32 cycles;

	WRITE_ONCE(cpu->mm, NULL);
	for (unsigned i = 0; i < row->units; i++)
		calls += run(user_store_code, PROGRAM_HOLE, 0);
	cycles = since(start);
	WRITE_ONCE(cpu->mm, mm);
	assert(!calls);
	return cycles;
}

u32 program_measure_copy(const struct row *row)
{
	u64 start = clock_cycles();

	for (unsigned i = 0; i < row->units; i++)
		copy_page(program_frame(i), program_frame(PROGRAM_PAGES + i));
	return since(start);
}

void *program_frame(unsigned n)
{
	return page_map(page_to_pfn(frame[n]), WINDOW_A);
}

void program_start(struct mm *mm)
{
	user_code_take();
	if (!mm_create(mm) || !user_map_code(mm))
		panic("out of memory for the bench's program");
	for (unsigned i = 0; i < ARRAY_SIZE(frame); i++) {
		frame[i] = alloc_page(ZONE_DIRECT);
		if (!frame[i])
			panic("out of memory: the bench wants %u frames", 2 * PROGRAM_PAGES);
	}
	program_hole = pte_alloc(mm, PROGRAM_HOLE);
	if (!program_hole)
		panic("out of memory for the bench's tables");
	mm_switch(mm);
}

void program_end(struct mm *mm)
{
	mm_switch(NULL);
	mm_destroy(mm);
	for (unsigned i = 0; i < ARRAY_SIZE(frame); i++)
		put_page(frame[i]);
}
