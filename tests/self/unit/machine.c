/* SPDX-License-Identifier: MIT */
#include "tests/self/unit/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/hooks/inject.h"
#include "kernel/panic.h"
#include "kernel/printk.h"

static struct page frames[NR_ZONES][MODEL_FRAMES];
static char panic_text[512];

jmp_buf panic_target;
bool panic_expected;

unsigned machine_dying;

bool panic_running(unsigned cpu)
{
	return cpu == machine_dying;
}

static _Noreturn __printf(1, 0) void die(const char *format, va_list args)
{
	vsnprintf(panic_text, sizeof(panic_text), format, args);
	if (panic_expected)
		longjmp(panic_target, 1);
	printf("Bail out! CPU %u: %s\n", cpu_id(), panic_text);
	exit(1);
}

_Noreturn void panic(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	die(format, args);
}

_Noreturn void refuse_machine(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	die(format, args);
}

_Noreturn void refuse(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	die(format, args);
}

bool panic_says(const char *part)
{
	if (strstr(panic_text, part))
		return true;
	printf("# panic was: %s\n", panic_text);
	return false;
}

static void reset_zone(enum zone_id id, pfn_t start)
{
	zone_init(id, start, start + MODEL_FRAMES, frames[id]);
	for (pfn_t i = MODEL_FRAMES; i--;)
		if (start + i) /* frame 0 is the zero page */
			zone_add_frames(start + i, start + i + 1);
}

void machine_reset(void)
{
	model_reset();
	memset(cpus, 0, sizeof(cpus));
	cpus_online = BIT(MODEL_CPUS) - 1;
	memset(guard_off, 0, sizeof(guard_off));
	choices_reset();
	race_hook = NULL;
	wait_abandoned = 0;
	inject_noack_cpu = MAX_CPUS;
	machine_dying = MAX_CPUS;
	swap_area = (struct swap_area){.slot = {{.count = 0}}};
	reset_zone(ZONE_DIRECT, 0);
	reset_zone(ZONE_HIGH, MODEL_HIGH_PFN);
	zero_page_init(0);
}

struct page *new_frame(enum zone_id zone)
{
	struct page *page = alloc_page(zone);

	assert(page);
	fill_page(page_map(page_to_pfn(page), WINDOW_A), page_to_pfn(page));
	return page;
}

pte_t user_pte(struct page *page)
{
	return mk_pte(page_to_pfn(page), PTE_USER | PTE_WRITE | PTE_YOUNG | PTE_DIRTY);
}

struct page *map_frame(struct mm *mm, vaddr_t va, enum zone_id zone)
{
	struct page *page = new_frame(zone);

	assert(mm_establish(mm, va, user_pte(page)));
	return page;
}

void load_on(unsigned cpu, struct mm *mm)
{
	AS_CPU(cpu, mm_switch(mm));
}
