/* SPDX-License-Identifier: MIT */
/*
 * The boot loader's information, in one shape for all ports. boot/<port> fills it once, and it is
 * read-only after kernel_main() got it. All addresses are physical.
 */
#pragma once

#include "kernel/types.h"

#define BOOT_RANGES	  128u /* the most a BIOS can tell Linux (E820_MAX_ENTRIES_ZEROPAGE) */
#define BOOT_CMDLINE_SIZE 1024u

struct boot_range {
	paddr_t start, end; /* [start, end), page-aligned, start < end */
};

enum boot_framebuffer_type {
	FRAMEBUFFER_INDEXED, /* colours by a palette */
	FRAMEBUFFER_RGB,
	FRAMEBUFFER_TEXT, /* characters and attributes, with width and height in characters */
};

/* The place of one colour in a pixel. */
struct boot_colour {
	u8 lowest_bit, bits; /* bits is 1 to COLOUR_BITS_MAX */
};
#define COLOUR_BITS_MAX 16u

struct boot_framebuffer {
	paddr_t at; /* 0 if the loader named none, or an impossible one */
	/* Why nothing is drawn on the named one, with the field and its value. "" if there is no
	 * reason or none was named. */
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
	/* Without the file name in front, which some loaders add. "" if none. */
	char cmdline[BOOT_CMDLINE_SIZE];
	bool cmdline_cut; /* it was longer */
	/* Usable RAM, ascending and disjoint, no range empty. Frame 0, firmware, the kernel image
	 * and the memory from boot_alloc() are left out, on a PC also the rest below 1 MiB. */
	struct boot_range ram[BOOT_RANGES];
	unsigned nr_ram;
	unsigned ranges_dropped; /* malformed, or more than fit */
	u64 ram_total;		 /* bytes of usable RAM as the loader lists it */
	u64 ram_unreachable;	 /* of these, beyond the CPU's addresses, so not in ram[] */
	paddr_t rsdp;		 /* from the loader, or 0 */
	paddr_t efi_table;	 /* UEFI's system table, if efi_bits */
	u8 efi_bits;		 /* of its pointers, 32 or 64, or 0 without UEFI */
	struct boot_framebuffer framebuffer;
};
