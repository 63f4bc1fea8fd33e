/* SPDX-License-Identifier: MIT */
#include "kernel/finish.h"

#include <asm/clock.h>
#include <asm/exit.h>
#include <asm/smp.h>
#include <asm/stack.h>

#include "kernel/div.h"
#include "kernel/inject.h"
#include "kernel/percpu.h"
#include "kernel/printk.h"
#include "kernel/stray.h"

struct tally tally;
u32 run_seed;

static _Noreturn void done(const char *status, unsigned exit_status)
{
	u32 ms = (u32)div_u64(clock_ns(), 1000000, NULL);

	smp_report_unlisted();
	for (unsigned cpu = 0; cpu < smp_count(); cpu++)
		if (READ_ONCE(cpus[cpu].start) == CPU_LATE)
			printk("# ev=warning what=\"CPU %u came up after it had been left out as "
			       "silent: parked\"\n",
			       cpu);
	for (unsigned cpu = 0; cpu < smp_count(); cpu++)
		if (READ_ONCE(cpus[cpu].spurious))
			printk("# ev=spurious cpu=%u interrupts=%u\n", cpu,
			       READ_ONCE(cpus[cpu].spurious));
	strays_report();
	printk("# ev=done status=%s passed=%u failed=%u skipped=%u known=%u seconds=%u.%03u\n",
	       status, tally.passed, tally.failed, tally.skipped, tally.known, ms / 1000,
	       ms % 1000);
	machine_exit(exit_status);
}

/* A pass that nobody may believe. */
static const char *doubt(void)
{
	for (unsigned cpu = 0; cpu < smp_count(); cpu++)
		if (!stack_intact(cpu))
			return "a stack's canary was overwritten";
	return fault_unfired();
}

_Noreturn void finish(void)
{
	if (doubt())
		panic("at the end of the run: %s", doubt());
	if (tally.failed || !tally.passed)
		done("fail", 1);
	if (tally.incomplete || strays_keep_coming())
		done("incomplete", 1);
	done("pass", 0);
}

_Noreturn void finish_listed(void)
{
	done("pass", 0);
}

_Noreturn void finish_failed(void)
{
	done("fail", 1);
}
