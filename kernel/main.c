/* SPDX-License-Identifier: MIT */
/* Takes a machine from one CPU to all of them, then runs the job linked into the image. */
#include <asm/atomic.h>
#include <asm/barrier.h>
#include <asm/caps.h>
#include <asm/clock.h>
#include <asm/irq.h>
#include <asm/smp.h>
#include <asm/trap.h>

#include "boot/boot_info.h"
#include "kernel/cmdline.h"
#include "kernel/finish.h"
#include "kernel/hooks/guard.h"
#include "kernel/hooks/inject.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/options.h"
#include "kernel/panic.h"
#include "kernel/printk.h"
#include "kernel/smp/job.h"
#include "kernel/smp/percpu.h"
#include "kernel/string.h"
#include "version.h"

static char cmdline[BOOT_CMDLINE_SIZE];
static u32 cpus_wanted = MAX_CPUS; /* cpus= */

#define CPU_START_SECONDS 2u

static bool set_cpus(const char *rest, const char *value)
{
	(void)rest;
	return value && parse_u32(value, &cpus_wanted) && cpus_wanted && cpus_wanted <= MAX_CPUS;
}
OPTION(option_cpus, "cpus", "=<most that are started, from 1>", set_cpus, false);

/* Stops a late CPU. If the boot CPU has stopped waiting, it gave out the roles without this CPU. */
void ap_main(void)
{
	struct cpu *cpu = this_cpu();
	u32 start = CPU_AWAITED;

	if (inject_late_cpu == cpu_id())
		inject_spin_until_late();
	if (!atomic_try_cmpxchg(&cpu->start, &start, CPU_STARTED)) {
		WRITE_ONCE(cpu->start, CPU_LATE);
		cpu_stop();
	}
	idle_loop();
}

/* Returns false if the CPU has not come in time. It is left out then, even if it comes after
 * all. */
static bool cpu_came_up(unsigned cpu, u32 seconds)
{
	struct patience patience = {0};
	u32 start = CPU_AWAITED;

	while (smp_load_acquire(&cpus[cpu].start) != CPU_STARTED) {
		if (patience_spun_for(&patience, seconds) &&
		    atomic_try_cmpxchg(&cpus[cpu].start, &start, CPU_LEFT_OUT))
			return false;
		cpu_relax();
		if (patience.spins % SPINS_PER_LOOK == 0)
			step_aside();
	}
	atomic_or(&cpus_online, BIT(cpu));
	return true;
}

/* Asks even a CPU that did not take the signal, at once, because it may have taken a part of it. */
static bool signal_and_await(unsigned cpu)
{
	u32 seconds = cpu != inject_silent_cpu && smp_start_cpu(cpu) ? CPU_START_SECONDS : 0;

	return cpu_came_up(cpu, seconds);
}

/* Does not use wait_until(), because a silent CPU is a fact to report and not the end of the run.
 * Publishes the wait, so the screen of a CPU dying on its way names the CPU waiting for it. */
static const char *start_cpu(unsigned cpu)
{
	bool up;

	if (cpu >= cpus_wanted)
		return "unused";
	wait_begin(WAIT_START, BIT(cpu), __func__, __LINE__, __FILE__);
	up = signal_and_await(cpu);
	wait_end();
	tally.incomplete |= !up;
	return up ? "online" : "silent";
}

/* Names a silent CPU and leaves it out. The run goes on without it and is incomplete. */
static void start_cpus(void)
{
	unsigned n = smp_enumerate();

	inject_refuse_missing_cpus(n);
	atomic_or(&cpus_online, BIT(0));
	for (unsigned cpu = 1; cpu < n; cpu++)
		printk("# ev=cpu n=%u hw=%u state=%s\n", cpu, smp_hw_id(cpu), start_cpu(cpu));
	tally.incomplete |= smp_incomplete();
	smp_report_unlisted();
}

static void print_boot(const struct boot_info *boot)
{
	printk("# ev=boot version=%s git=%s port=%s protocol=%s loader=\"%s\" mem_mib=%llu reachable_mib=%llu\n",
	       ZAPWALK_VERSION, ZAPWALK_GIT, PORT_NAME, boot->protocol, boot->loader,
	       (unsigned long long)(boot->ram_total >> 20),
	       (unsigned long long)(boot->ram_total - boot->ram_unreachable) >> 20);
	printk("# ev=cmdline text=\"%s\"\n", boot->cmdline);
	if (boot->framebuffer.at)
		printk("# ev=framebuffer at=%#llx width=%u height=%u pitch=%u bits=%u type=%u\n",
		       (unsigned long long)boot->framebuffer.at, boot->framebuffer.width,
		       boot->framebuffer.height, boot->framebuffer.pitch, boot->framebuffer.bits,
		       boot->framebuffer.type);
	if (boot->framebuffer.problem[0])
		printk("# ev=warning what=\"the screen stays empty, framebuffer %s\"\n",
		       boot->framebuffer.problem);
	if (boot->cmdline_cut)
		refuse("the command line is longer than %u characters", BOOT_CMDLINE_SIZE - 1);
	if (boot->ranges_dropped)
		printk("# ev=warning what=\"memory map: %u ranges malformed or too many, left out\"\n",
		       boot->ranges_dropped);
}

static void raise_fault(void)
{
	char names[128];

	if (!inject_trap_name)
		return;
	panic_context("fault.trap");
	if (!strcmp(inject_trap_name, "nested")) {
		panic_break_screen();
		panic("fault.trap=nested: this screen breaks");
	}
	if (!trap_raise(inject_trap_name)) {
		trap_raise_names(names, sizeof(names));
		refuse("fault.trap=%s: this port can raise nested, %s", inject_trap_name, names);
	}
	panic("fault.trap=%s: the trap came back", inject_trap_name);
}

static void run_jobs(void)
{
	const struct main_job *job = __jobs_start;

	if (job == __jobs_end)
		panic("nothing to run: this image was linked without a job");
	for (; job != __jobs_end; job++) {
		panic_context(job->name);
		job->run();
	}
}

_Noreturn void kernel_main(const struct boot_info *boot)
{
	printk("TAP version 13\n");
	clock_init();
	choices_reset();
	options_init();
	print_boot(boot);
	memcpy(cmdline, boot->cmdline, sizeof(cmdline));
	cmdline_parse(cmdline);
	mm_init(boot);
	start_cpus();
	irq_enable();
	raise_fault();
	run_jobs();
	finish();
}
