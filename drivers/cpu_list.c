/* SPDX-License-Identifier: MIT */
#include "drivers/cpu_list.h"

void cpu_list_complain(struct cpu_list *list, const char *problem, u64 value)
{
	list->problem = problem;
	list->value = value;
}

static bool is_listed(const struct cpu_list *list, u32 id)
{
	for (unsigned i = 0; i < list->count; i++)
		if (list->id[i] == id)
			return true;
	return false;
}

void cpu_list_add(struct cpu_list *list, u32 id, u32 broadcast, bool enabled)
{
	if (!enabled)
		list->disabled++;
	else if (is_listed(list, id))
		list->duplicates++;
	else if (id == broadcast || list->count == CPU_LIST_MAX)
		list->dropped++;
	else
		list->id[list->count++] = id;
}
