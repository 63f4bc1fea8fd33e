/* SPDX-License-Identifier: MIT */
/* The second judge, for the justified TLB. */
#include "tools/interleave/justified.h"

#include <stdio.h>

#include "arch/model/model.h"
#include "mm/page/page.h"
#include "tests/lab/plant.h"
#include "tests/lab/spaces.h"
#include "tools/interleave/quiet.h"
#include "tools/interleave/sharing.h"
#include "tools/interleave/variant.h"

/* A CPU that takes away a mapping or rights, or replaces a mapping, flushes it on every CPU of the
 * mask before it ends. After that, a CPU has cached the tables' translations, or fewer rights. */
static const char *problem_of(const struct mm *mm)
{
	static char words[120];
	vaddr_t va;

	for (unsigned n = 0; n < variant.nr_roles; n++) {
		if (mm->cpu_attach_mask & BIT(n) && model_filling &&
		    fill_unjustified(&model_cpu[n], &va)) {
			snprintf(words, sizeof(words),
				 "nobody owes a flush, and CPU %u has cached a way to 0x%lx that the tables do not go any more",
				 n, va);
			return words;
		}
		if (!(mm->cpumask & BIT(n)) || !tlb_unjustified(&model_cpu[n], &va))
			continue;
		snprintf(words, sizeof(words),
			 "nobody owes a flush, and the TLB of CPU %u has a translation of 0x%lx that its entry does not justify",
			 n, va);
		return words;
	}
	return NULL;
}

const char *justified_problem(void)
{
	const char *problem = NULL;

	for (unsigned n = 0; !problem && n < SPACES_MOST; n++) {
		const struct mm *mm = space_at(&variant, n);

		if (mm && quiet_space(mm))
			problem = problem_of(mm);
	}
	return problem;
}

/* Some CPU has stored it, as a word, or with PAGE_SIZE as a filled page. */
static bool is_on_its_way(u64 address, unsigned size)
{
	for (unsigned n = 0; n < variant.nr_roles; n++)
		for (unsigned i = 0; i < model_cpu[n].nr_buffered; i++)
			if (model_cpu[n].buffer[i].address == address &&
			    model_cpu[n].buffer[i].size == size)
				return true;
	return false;
}

/* A table is freed only after no hardware walks it any more. The hardware might read the count at
 * any moment, so a change of it is a step. */
const char *justified_fill(unsigned cpu, pfn_t table)
{
	static char words[120];
	const struct page *page = pfn_to_page(table);
	const char *what = "is free";
	struct op op = {.kind = OP_READ,
			.address = (u64)&page->count,
			.size = sizeof(page->count),
			.order = MODEL_FULL};

	sharing_note(&model_cpu[cpu], &op);
	if (is_on_its_way((u64)model_frame(table), PAGE_SIZE))
		what = "is not empty yet: its table was linked too early";
	else if (!planted(PLANT_table) && (page->count || is_on_its_way(op.address, op.size)))
		return NULL;
	snprintf(words, sizeof(words), "the hardware of CPU %u walks frame 0x%x, which %s", cpu,
		 table, what);
	return words;
}
