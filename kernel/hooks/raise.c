/* SPDX-License-Identifier: MIT */
/* Raises the trap named by fault.trap=, if the port can raise it. */
#include <asm/trap.h>

#include "kernel/hooks/inject.h"
#include "kernel/printk.h"
#include "kernel/string.h"

bool trap_raise(const char *name)
{
	for (const struct planted_trap *trap = planted_traps; trap->name; trap++) {
		if (strcmp(name, trap->name))
			continue;
		trap->raise();
		return true;
	}
	return false;
}

void trap_raise_names(char *buffer, size_t size)
{
	int used = 0;

	for (const struct planted_trap *trap = planted_traps; trap->name; trap++)
		used += scnprintk(buffer + used, size - (size_t)used, used ? ", %s" : "%s",
				  trap->name);
}
