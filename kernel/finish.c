/* SPDX-License-Identifier: MIT */
/* Decides how a run has ended, prints its last lines, and leaves the machine. */
#include "kernel/finish.h"

#include <asm/clock.h>
#include <asm/exit.h>
#include <asm/smp.h>
#include <asm/stack.h>

#include "kernel/div.h"
#include "kernel/hooks/inject.h"
#include "kernel/printk.h"
#include "kernel/smp/percpu.h"
#include "kernel/stray.h"

struct tally tally;
u32 run_seed;

static const char *const status_name[] = {
	[RUN_PASS] = "pass",
	[RUN_FAIL] = "fail",
	[RUN_INCOMPLETE] = "incomplete",
	[RUN_NOTHING_SHOWN] = "nothing_shown",
	[RUN_NOT_RUN] = "not_run",
	[RUN_CANNOT_START] = "cannot_start",
};

_Noreturn void finish_as(enum run_end end)
{
	u32 ms = (u32)div_u64(clock_ns(), 1000000, NULL);

	smp_report_unlisted();
	for (unsigned cpu = 0; cpu < smp_count(); cpu++)
		if (READ_ONCE(cpus[cpu].start) == CPU_LATE)
			printk("# ev=warning what=\"CPU %u came up after it had been left out as silent: parked\"\n",
			       cpu);
	for (unsigned cpu = 0; cpu < smp_count(); cpu++)
		if (READ_ONCE(cpus[cpu].spurious))
			printk("# ev=spurious cpu=%u interrupts=%u\n", cpu,
			       READ_ONCE(cpus[cpu].spurious));
	strays_report();
	printk("# ev=done status=%s passed=%u failed=%u skipped=%u known=%u seconds=%u.%03u\n",
	       status_name[end], tally.passed, tally.failed, tally.skipped, tally.known, ms / 1000,
	       ms % 1000);
	machine_exit(end);
}

/* Returns why a pass would not be credible, NULL if it is. */
static const char *why_not_pass(void)
{
	for (unsigned cpu = 0; cpu < smp_count(); cpu++)
		if (!stack_intact(cpu))
			return "a stack's canary was overwritten";
	return inject_not_happened();
}

static enum run_end end_by_tally(void)
{
	if (tally.failed)
		return RUN_FAIL;
	if (tally.incomplete || strays_keep_coming())
		return RUN_INCOMPLETE;
	return tally.passed || tally.known ? RUN_PASS : RUN_NOTHING_SHOWN;
}

_Noreturn void finish(void)
{
	if (why_not_pass())
		panic("at the end of the run: %s", why_not_pass());
	finish_as(end_by_tally());
}
