/* SPDX-License-Identifier: MIT */
#include "arch/s390x/cpu.h"
#include "arch/s390x/entry.h"
#include <asm/probe.h>

u32 *mark_of(unsigned cpu)
{
	return &lowcore_of(cpu)->mark;
}

u32 *mark_absolute(void)
{
	return &lowcore_absolute()->mark;
}

void restart_counts(unsigned cpu, bool counts)
{
	const u8 *handler = counts ? entry_restart_mark : entry_restart;

	lowcore_of(cpu)->new[CLASS_RESTART] = (struct psw){PSW_KERNEL, (vaddr_t)handler};
}

bool ipi_is_pending(unsigned cpu, enum ipi ipi)
{
	return READ_ONCE(lowcore_of(cpu)->ipi_pending) & BIT(ipi);
}
