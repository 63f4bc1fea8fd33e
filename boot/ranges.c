/* SPDX-License-Identifier: MIT */
/* Adds, cuts and merges the boot loader's ranges of usable RAM. */
#include "boot/ranges.h"

static void delete_at(struct boot_info *boot, unsigned at)
{
	boot->nr_ram--;
	for (unsigned i = at; i < boot->nr_ram; i++)
		boot->ram[i] = boot->ram[i + 1];
}

static void insert_at(struct boot_info *boot, unsigned at, struct boot_range range)
{
	if (boot->nr_ram == BOOT_RANGES) {
		boot->ranges_dropped++;
		return;
	}
	for (unsigned i = boot->nr_ram; i > at; i--)
		boot->ram[i] = boot->ram[i - 1];
	boot->ram[at] = range;
	boot->nr_ram++;
}

void ranges_add(struct boot_info *boot, paddr_t start, paddr_t end, paddr_t limit)
{
	struct boot_range new;
	unsigned at = 0;

	if (end <= start) {
		boot->ranges_dropped++;
		return;
	}
	if (start >= limit)
		return;
	new.start = (start + BOOT_PAGE - 1) / BOOT_PAGE *BOOT_PAGE;
	new.end = (end < limit ? end : limit) / BOOT_PAGE *BOOT_PAGE;
	if (new.start < start || new.end <= new.start)
		return; /* not one whole page, so nothing is lost */
	while (at < boot->nr_ram && boot->ram[at].end < new.start)
		at++;
	/* Firmware lists overlap, so the new range takes in each range it touches. */
	while (at < boot->nr_ram && boot->ram[at].start <= new.end) {
		if (boot->ram[at].start < new.start)
			new.start = boot->ram[at].start;
		if (boot->ram[at].end > new.end)
			new.end = boot->ram[at].end;
		delete_at(boot, at);
	}
	insert_at(boot, at, new);
}

void ranges_remove(struct boot_info *boot, paddr_t start, paddr_t end)
{
	if (end <= start)
		return;
	start = start / BOOT_PAGE * BOOT_PAGE;
	/* Rounds up without overflow, even for a range that ends at the last address. */
	end = end / BOOT_PAGE * BOOT_PAGE + (end % BOOT_PAGE ? BOOT_PAGE : 0);
	if (end == 0)
		end = ~(paddr_t)0;
	for (unsigned i = 0; i < boot->nr_ram;) {
		struct boot_range *ram = &boot->ram[i], rest = {end, ram->end};

		if (ram->end <= start || ram->start >= end) {
			i++;
		} else if (ram->start >= start && ram->end <= end) {
			delete_at(boot, i);
		} else if (ram->start >= start) {
			ram->start = end;
			i++;
		} else {
			ram->end = start;
			i++;
			if (rest.end > end)
				insert_at(boot, i, rest);
		}
	}
}

bool ranges_touch(const struct boot_info *boot, paddr_t start, paddr_t end)
{
	for (unsigned i = 0; i < boot->nr_ram; i++)
		if (start < boot->ram[i].end && end > boot->ram[i].start)
			return true;
	return false;
}

u64 ranges_total(const struct boot_info *boot)
{
	u64 total = 0;

	for (unsigned i = 0; i < boot->nr_ram; i++)
		total += boot->ram[i].end - boot->ram[i].start;
	return total;
}
