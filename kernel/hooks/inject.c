/* SPDX-License-Identifier: MIT */
/* Reads fault.* from the command line and injects the faults it names. */
#include "kernel/hooks/inject.h"

#include <asm/atomic.h>
#include <asm/barrier.h>
#include <asm/smp.h>

#include "kernel/cmdline.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/printk.h"
#include "kernel/smp/percpu.h"
#include "kernel/string.h"

const char *inject_trap_name;
u32 inject_noack_cpu = MAX_CPUS, inject_freeze_cpu = MAX_CPUS;
u32 inject_silent_cpu = MAX_CPUS, inject_late_cpu = MAX_CPUS;
u32 inject_oom_number;
u32 inject_oom_left;
static u32 inject_skew_seconds;

static u32 allocations; /* while fault.oom= counts them */
static bool frozen;

static bool set_cpu(const char *value, u32 lowest, u32 *cpu)
{
	return parse_u32(value, cpu) && *cpu >= lowest && *cpu < MAX_CPUS;
}

static bool set_fault(const char *rest, const char *value)
{
	if (!value || !*value)
		return false;
	if (!strcmp(rest, "noack"))
		return set_cpu(value, 0, &inject_noack_cpu);
	if (!strcmp(rest, "freeze"))
		return set_cpu(value, 1, &inject_freeze_cpu);
	if (!strcmp(rest, "silent"))
		return set_cpu(value, 1, &inject_silent_cpu);
	if (!strcmp(rest, "late"))
		return set_cpu(value, 1, &inject_late_cpu);
	if (!strcmp(rest, "skew"))
		return parse_u32(value, &inject_skew_seconds) && inject_skew_seconds;
	if (!strcmp(rest, "oom"))
		return parse_u32(value, &inject_oom_number) && inject_oom_number;
	inject_trap_name = value;
	return !strcmp(rest, "trap");
}
OPTION(option_fault, "fault.",
     "trap=<name>|noack=<cpu 0..31>|freeze=<cpu 1..31>|silent=<cpu 1..31>|late=<cpu 1..31>|oom=<number from 1>|skew=<seconds>",
     set_fault, false);

static void check_cpu(const char *option, u32 cpu, unsigned count)
{
	if (cpu != MAX_CPUS && cpu >= count)
		refuse("fault.%s=%u: there are %u CPUs, numbered from 0", option, cpu, count);
}

void inject_refuse_missing_cpus(unsigned count)
{
	check_cpu("noack", inject_noack_cpu, count);
	check_cpu("freeze", inject_freeze_cpu, count);
	check_cpu("silent", inject_silent_cpu, count);
	check_cpu("late", inject_late_cpu, count);
}

u64 clock_ahead_ns(unsigned cpu)
{
	return cpu % 2 ? inject_skew_seconds * 1000000000ull : 0;
}

const char *inject_not_happened(void)
{
	if (inject_oom_number > READ_ONCE(allocations))
		return "fault.oom= did not happen: too few frames were asked for";
	if (inject_freeze_cpu != MAX_CPUS && !READ_ONCE(frozen))
		return "fault.freeze= did not happen: the CPU was asked for nothing";
	if (inject_late_cpu != MAX_CPUS && READ_ONCE(cpus[inject_late_cpu].start) != CPU_LATE)
		return "fault.late= did not happen: the CPU was not started, or was in time";
	return NULL;
}

/* The boot CPU's patience ends this. */
void inject_spin_until_late(void)
{
	while (READ_ONCE(this_cpu()->start) == CPU_AWAITED)
		cpu_relax();
}

/* Publishes no wait, because the others' waits are meant to find this CPU. */
__noinline void inject_freeze_now(void)
{
	WRITE_ONCE(frozen, true);
	for (;;)
		cpu_relax();
}

void inject_oom_after(u32 n)
{
	inject_oom_left = n;
}

bool inject_oom_end(void)
{
	bool happened = !inject_oom_left;

	inject_oom_left = 0;
	return happened;
}

bool inject_oom_now(vaddr_t caller)
{
	u32 number;

	if (inject_oom_left && !--inject_oom_left)
		return true;
	if (!inject_oom_number)
		return false;
	number = atomic_fetch_add(&allocations, 1) + 1;
	if (number == inject_oom_number)
		printk("# ev=oom n=%u cpu=%u pc=0x%lx\n", number, cpu_id(), caller);
	return number == inject_oom_number;
}
