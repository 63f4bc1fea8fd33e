/* SPDX-License-Identifier: MIT */
/* Invariants of all data read from outside, whatever its contents. */
#pragma once

#include "boot/boot_info.h"
#include "drivers/cpu_list.h"
#include "drivers/ioapic_list.h"

/* As promised by boot_info.h, and nothing at or above limit. */
static inline bool ram_is_sound(const struct boot_info *boot, paddr_t limit)
{
	if (boot->nr_ram > BOOT_RANGES)
		return false;
	for (unsigned i = 0; i < boot->nr_ram; i++) {
		const struct boot_range *ram = &boot->ram[i];

		if (ram->start >= ram->end || ram->end > limit || ram->start % 4096 ||
		    ram->end % 4096 || (i && boot->ram[i - 1].end >= ram->start))
			return false;
	}
	return true;
}

/* As cpu_list.h promises; no table has entries of less than 8 bytes, nor more than `bytes` of
 * them. */
static inline bool cpus_are_sound(const struct cpu_list *list, size_t bytes)
{
	if (list->count > CPU_LIST_MAX ||
	    list->count + list->disabled + list->duplicates + list->shadowed + list->dropped +
			    list->broadcast.entries + list->repeats.entries >
		    bytes / 8)
		return false;
	for (unsigned i = 0; i < list->count; i++)
		for (unsigned j = 0; j < i; j++)
			if (list->id[i] == list->id[j])
				return false;
	return true;
}

/* As promised by ioapic_list.h. */
static inline bool ioapics_are_sound(const struct ioapic_list *list, size_t bytes)
{
	if (list->count > IOAPIC_LIST_MAX || list->count + list->dropped > bytes / 8)
		return false;
	for (unsigned i = 0; i < list->count; i++) {
		if (!list->at[i] || list->at[i] % 16)
			return false;
		for (unsigned j = 0; j < i; j++)
			if (list->at[i] == list->at[j])
				return false;
	}
	return true;
}
