/* SPDX-License-Identifier: MIT */
/* The CPUs that firmware lists, whichever of its tables says so. Pure code. */
#pragma once

#include "kernel/compiler.h"

#define CPU_LIST_MAX 512u

struct cpu_list {
	u32 id[CPU_LIST_MAX]; /* local APIC ids of enabled CPUs, in the table's order, each once */
	unsigned count;
	unsigned disabled;
	unsigned duplicates;
	unsigned dropped;  /* enabled, but with an id that is none, or beyond CPU_LIST_MAX */
	paddr_t table_at;  /* the MADT that lists them, or 0 */
	unsigned unused;   /* more of its kind, which are not looked into */
	paddr_t unused_at; /* the first of these */
	/* The last thing that was wrong, or NULL: which field, and its value. */
	const char *problem;
	u64 value;
};

/* Makes [at, at + size) readable; NULL if it cannot. */
typedef const u8 *firmware_map_t(paddr_t at, size_t size);

/* One entry. broadcast: the id that names all CPUs, which no single one can have. */
void cpu_list_add(struct cpu_list *list, u32 id, u32 broadcast, bool enabled);
void cpu_list_complain(struct cpu_list *list, const char *problem, u64 value);
