/* SPDX-License-Identifier: MIT */
/*
 * A multiboot loader's information, turned into boot_info (Multiboot Specification 0.6.96,
 * Multiboot2 Specification 2.0). Pure code. It reads through a view and believes nothing.
 */
#pragma once

#include "boot/boot_info.h"

#define MULTIBOOT1_MAGIC 0x2badb002u /* in EAX at entry (spec 3.2) */
#define MULTIBOOT2_MAGIC 0x36d76289u /* spec 2.0, 3.3 */

/* Physical memory [start, start + size), readable at bytes. */
struct boot_view {
	const u8 *bytes;
	paddr_t start;
	u64 size;
};

/* multiboot2 hands over a copy of the RSDP, in memory that is soon reused. */
struct boot_rsdp {
	u8 bytes[36];
	unsigned size; /* 0 if there is none */
};

/*
 * Fills boot->protocol, loader, cmdline, ram (nothing taken away yet), ram_total, framebuffer, and
 * *rsdp. RAM at or above limit is left out. Returns NULL, or the name of the wrong field in the
 * loader's information. In either case boot is well-formed and has all that could be read.
 */
const char *multiboot_parse(const struct boot_view *view, u32 magic, u32 info, paddr_t limit,
			    struct boot_info *boot, struct boot_rsdp *rsdp);
