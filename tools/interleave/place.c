/* SPDX-License-Identifier: MIT */
/* Puts addresses of the state into words, for the readers of a path. */
#include "tools/interleave/place.h"

#include <stddef.h>
#include <stdio.h>

#include "arch/model/model.h"
#include "kernel/smp/percpu.h"
#include "mm/page/page.h"
#include "tools/interleave/variant.h"

struct field {
	const char *name;
	size_t offset, size;
};
#define FIELD(type, field)                                                                         \
	{                                                                                          \
#field, offsetof(struct type, field), sizeof(((struct type *)0)->field)            \
	}

static const struct field cpu_fields[] = {
	FIELD(cpu, shootdown.acks.number),
	FIELD(cpu, shootdown.acks.ack),
	FIELD(cpu, shootdown.start),
	FIELD(cpu, shootdown.end),
	FIELD(cpu, call.acks.number),
	FIELD(cpu, call.acks.ack),
	FIELD(cpu, call.function),
	FIELD(cpu, call.argument),
	FIELD(cpu, shootdown_pending),
	FIELD(cpu, nowait_owed),
	FIELD(cpu, call_pending),
	FIELD(cpu, call_interrupts),
	FIELD(cpu, mm),
	FIELD(cpu, walk_seq),
};
static const struct field variant_fields[] = {
	FIELD(variant, mm.cpumask),
	FIELD(variant, mm.cpu_attach_mask),
	FIELD(variant, mm.mmap_lock.readers),
	FIELD(variant, mm.mmap_lock.writer),
	FIELD(variant, mm.page_table_lock),
	FIELD(variant, met),
	FIELD(variant, value),
};
static const struct field page_fields[] = {
	FIELD(page, count),
	FIELD(page, seq),
	FIELD(page, prev),
	FIELD(page, table_lock),
};

/*
 * Writes "name", or "name[i]" inside an array of words. Returns false if it is none of the fields.
 */
static bool name_field(const struct field *fields, size_t nr, const char *of, size_t offset,
		       char *text, size_t size)
{
	for (size_t i = 0; i < nr; i++) {
		size_t inside = offset - fields[i].offset;

		if (inside >= fields[i].size)
			continue;
		if (fields[i].size > sizeof(u64))
			snprintf(text, size, "%s%s[%zu]", of, fields[i].name, inside / 4);
		else
			snprintf(text, size, "%s%s", of, fields[i].name);
		return true;
	}
	return false;
}

static bool name_in_cpus(u64 address, char *text, size_t size)
{
	size_t offset = address - (u64)cpus;
	char of[24];

	if (offset >= sizeof(cpus))
		return false;
	snprintf(of, sizeof(of), "CPU %zu's ", offset / sizeof(struct cpu));
	return name_field(cpu_fields, ARRAY_SIZE(cpu_fields), of, offset % sizeof(struct cpu), text,
			  size);
}

static bool name_in_variant(u64 address, char *text, size_t size)
{
	size_t offset = address - (u64)&variant;

	return offset < sizeof(variant) &&
	       name_field(variant_fields, ARRAY_SIZE(variant_fields), "", offset, text, size);
}

/* The lock of the free frames that a CPU keeps. */
static bool name_kept(const struct zone *zone, u64 address, char *text, size_t size)
{
	for (unsigned cpu = 0; cpu < MAX_CPUS; cpu++) {
		if (address - (u64)&zone->pcp[cpu].lock >= sizeof(zone->lock))
			continue;
		snprintf(text, size, "CPU %u's frames lock", cpu);
		return true;
	}
	return false;
}

static bool name_in_zone(u64 address, char *text, size_t size)
{
	for (unsigned z = 0; z < NR_ZONES; z++) {
		size_t offset = address - (u64)zones[z].pages;
		char of[32];

		if (address - (u64)&zones[z].lock < sizeof(zones[z].lock)) {
			snprintf(text, size, "zone lock");
			return true;
		}
		if (name_kept(&zones[z], address, text, size))
			return true;
		if (offset >= zones[z].nr * sizeof(struct page))
			continue;
		snprintf(of, sizeof(of), "frame 0x%x's ",
			 (unsigned)(zones[z].start + offset / sizeof(struct page)));
		return name_field(page_fields, ARRAY_SIZE(page_fields), of,
				  offset % sizeof(struct page), text, size);
	}
	return false;
}

/* Gives the tested entry's halves by name, and another word of a frame by its number. */
static bool name_in_memory(u64 address, unsigned width, char *text, size_t size)
{
	size_t entry = address - (u64)variant.ptep;

	if (entry < sizeof(pte_t)) {
		snprintf(text, size, "entry%s",
			 width >= sizeof(pte_t)	     ? ""
			 : entry == PRESENT_WORD * 4 ? ".low"
						     : ".high");
		return true;
	}
	for (unsigned z = 0; z < NR_ZONES; z++) {
		u64 start = (u64)model_frame(zones[z].start);

		if (address - start >= MODEL_FRAMES * PAGE_SIZE)
			continue;
		snprintf(text, size, "frame 0x%x+0x%x",
			 (unsigned)(zones[z].start + (address - start) / PAGE_SIZE),
			 (unsigned)(address % PAGE_SIZE));
		return true;
	}
	return false;
}

void place_name(u64 address, unsigned width, char *text, size_t size)
{
	if (!name_in_cpus(address, text, size) && !name_in_variant(address, text, size) &&
	    !name_in_zone(address, text, size) && !name_in_memory(address, width, text, size))
		snprintf(text, size, "0x%llx", (unsigned long long)address);
}
