/* SPDX-License-Identifier: MIT */
/* The CPUs in the tables of the firmware, of either kind. Pure code. */
#pragma once

#include "kernel/compiler.h"

#define CPU_LIST_MAX 512u

/* Enabled entries with an id no CPU can have, and the id in the first of them. */
struct cpu_refusal {
	unsigned entries;
	u32 id;
};

struct cpu_list {
	u32 id[CPU_LIST_MAX]; /* local APIC ids of enabled CPUs, in the table's order, each once */
	bool repeated[CPU_LIST_MAX]; /* while a table is read, see cpu_list_add_unique() */
	unsigned count;
	unsigned disabled;
	unsigned duplicates;
	unsigned shadowed;	      /* type 9 entries of a MADT, overruled by type 0 entries */
	unsigned dropped;	      /* enabled, beyond CPU_LIST_MAX */
	struct cpu_refusal broadcast; /* with the id for all CPUs */
	struct cpu_refusal repeats;   /* with an id of another entry, although ids must differ */
	bool cut;		      /* a table ended too early, so CPUs may be missing */
	bool absent;		      /* there is no table of CPUs, and none was unreadable */
	paddr_t table_at;	      /* the MADT with these CPUs, or 0 */
	unsigned unused;	      /* more MADTs, which are not looked into */
	paddr_t unused_at;	      /* the first of these */
	/* The last wrong field and its value. NULL if none was wrong. */
	const char *problem;
	u64 value;
};

/* Makes [at, at + size) readable, or returns NULL. */
typedef const u8 *firmware_map_t(paddr_t at, size_t size);

/* Adds one entry. `broadcast` is the id for all CPUs, so no single CPU can have it. */
void cpu_list_add(struct cpu_list *list, u32 id, u32 broadcast, bool enabled);
/* As cpu_list_add(), for entries with ids that must differ. A repeated id is a lie, so none of its
 * entries is believed. Call cpu_list_refuse_repeated() after the last one. */
void cpu_list_add_unique(struct cpu_list *list, u32 id, u32 broadcast, bool enabled);
void cpu_list_refuse_repeated(struct cpu_list *list);
void cpu_list_complain(struct cpu_list *list, const char *problem, u64 value);
/* Complains of a table that ends before its last entry. */
void cpu_list_cut(struct cpu_list *list, const char *problem, u64 value);
