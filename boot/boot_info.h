/* SPDX-License-Identifier: MIT */
/*
 * What a boot protocol told us, in one shape for all ports. Filled once by boot/<port>, read-only
 * after kernel_main() got it. Physical addresses throughout.
 */
#pragma once

#include "kernel/types.h"

#define BOOT_RANGES	  128u /* as many as a BIOS can tell Linux of (E820_MAX_ENTRIES_ZEROPAGE) */
#define BOOT_CMDLINE_SIZE 1024u

struct boot_range {
	paddr_t start, end; /* [start, end), page-aligned, start < end */
};

enum boot_framebuffer_type {
	FRAMEBUFFER_INDEXED, /* colours by a palette */
	FRAMEBUFFER_RGB,
	FRAMEBUFFER_TEXT, /* characters and attributes; width and height in characters */
};

/* Where one colour is in a pixel. */
struct boot_colour {
	u8 lowest_bit, bits; /* bits: 1 to COLOUR_BITS_MAX */
};
#define COLOUR_BITS_MAX 16u

struct boot_framebuffer {
	paddr_t at; /* 0: the loader named none, or one that cannot be */
	/* Why nothing is drawn on the one that it named, with the field and its value; "": no
	 * reason, or none was named. */
	char problem[96];
	u32 pitch; /* bytes of a line */
	u32 width, height;
	u8 bits;			     /* of a pixel */
	u8 type;			     /* enum boot_framebuffer_type */
	struct boot_colour red, green, blue; /* FRAMEBUFFER_RGB */
};

struct boot_info {
	const char *protocol; /* "multiboot1", "multiboot2" */
	char loader[64];      /* the loader's name for itself, or "" */
	/* Without the file name that a loader puts first; "" if none. */
	char cmdline[BOOT_CMDLINE_SIZE];
	bool cmdline_cut; /* it was longer */
	/* Usable RAM: ascending, disjoint, none empty; without frame 0, firmware, the kernel image
	 * and what boot_alloc() took. On a PC without anything below 1 MiB. */
	struct boot_range ram[BOOT_RANGES];
	unsigned nr_ram;
	unsigned ranges_dropped; /* malformed, or more than fit */
	u64 ram_total;		 /* bytes of usable RAM as the loader lists it */
	u64 ram_unreachable;	 /* of these, beyond what the CPU can address: not in ram[] */
	paddr_t rsdp;		 /* from the loader, or 0 */
	paddr_t efi_table;	 /* UEFI's system table, if efi_bits */
	u8 efi_bits;		 /* of its pointers: 32, 64; 0: no UEFI */
	struct boot_framebuffer framebuffer;
};
