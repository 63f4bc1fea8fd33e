/* SPDX-License-Identifier: MIT */
/* The CPUs that firmware lists, whichever of its tables says so. Pure code. */
#pragma once

#include "kernel/compiler.h"

#define CPU_LIST_MAX 512u

/* Enabled entries whose id no CPU can have, and the id in the first of them. */
struct cpu_refusal {
	unsigned entries;
	u32 id;
};

struct cpu_list {
	u32 id[CPU_LIST_MAX]; /* local APIC ids of enabled CPUs, in the table's order, each once */
	bool repeated[CPU_LIST_MAX]; /* while a table is read: see cpu_list_add_unique() */
	unsigned count;
	unsigned disabled;
	unsigned duplicates;
	unsigned shadowed;	      /* type 9 entries of a MADT that type 0 entries overrule */
	unsigned dropped;	      /* enabled, beyond CPU_LIST_MAX */
	struct cpu_refusal broadcast; /* the id that names all CPUs */
	struct cpu_refusal repeats;   /* ids that must differ and do not */
	bool cut;		      /* a table ended too early: CPUs may be missing */
	bool absent;		      /* there is no table of CPUs, and none was unreadable */
	paddr_t table_at;	      /* the MADT that lists them, or 0 */
	unsigned unused;	      /* more of its kind, which are not looked into */
	paddr_t unused_at;	      /* the first of these */
	/* The last thing that was wrong, or NULL: which field, and its value. */
	const char *problem;
	u64 value;
};

/* Makes [at, at + size) readable; NULL if it cannot. */
typedef const u8 *firmware_map_t(paddr_t at, size_t size);

/* Adds one entry. broadcast: the id that names all CPUs, which no single one can have. */
void cpu_list_add(struct cpu_list *list, u32 id, u32 broadcast, bool enabled);
/* The same for entries whose ids must differ. An id that repeats is a lie, so none of its entries
 * is believed. Call cpu_list_refuse_repeated() after the last one. */
void cpu_list_add_unique(struct cpu_list *list, u32 id, u32 broadcast, bool enabled);
void cpu_list_refuse_repeated(struct cpu_list *list);
void cpu_list_complain(struct cpu_list *list, const char *problem, u64 value);
/* Complains of a table that ends before its entries do. */
void cpu_list_cut(struct cpu_list *list, const char *problem, u64 value);
