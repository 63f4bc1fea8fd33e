/* SPDX-License-Identifier: MIT */
/* Collects the CPUs of a firmware table, and says why it refuses an impossible one. */
#include "drivers/cpu_list.h"

void cpu_list_complain(struct cpu_list *list, const char *problem, u64 value)
{
	list->problem = problem;
	list->value = value;
}

void cpu_list_cut(struct cpu_list *list, const char *problem, u64 value)
{
	list->cut = true;
	cpu_list_complain(list, problem, value);
}

static void refuse(struct cpu_refusal *refusal, u32 id)
{
	if (!refusal->entries++)
		refusal->id = id;
}

/* Returns list->count if the id is not listed. */
static unsigned place_of(const struct cpu_list *list, u32 id)
{
	unsigned at = 0;

	while (at < list->count && list->id[at] != id)
		at++;
	return at;
}

void cpu_list_add(struct cpu_list *list, u32 id, u32 broadcast, bool enabled)
{
	if (!enabled)
		list->disabled++;
	else if (id == broadcast)
		refuse(&list->broadcast, id);
	else if (place_of(list, id) < list->count)
		list->duplicates++;
	else if (list->count == CPU_LIST_MAX)
		list->dropped++;
	else
		list->id[list->count++] = id;
}

void cpu_list_add_unique(struct cpu_list *list, u32 id, u32 broadcast, bool enabled)
{
	unsigned at = enabled ? place_of(list, id) : list->count;

	if (at == list->count) {
		cpu_list_add(list, id, broadcast, enabled);
		return;
	}
	refuse(&list->repeats, id);
	if (!list->repeated[at])
		refuse(&list->repeats, id); /* the entry that was listed first */
	list->repeated[at] = true;
}

void cpu_list_refuse_repeated(struct cpu_list *list)
{
	unsigned kept = 0;

	for (unsigned at = 0; at < list->count; at++) {
		if (!list->repeated[at])
			list->id[kept++] = list->id[at];
		list->repeated[at] = false;
	}
	list->count = kept;
}
