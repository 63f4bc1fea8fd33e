/* SPDX-License-Identifier: MIT */
/* kernel/main.c: what is printed of the machine, how CPUs are started and left out, and the
 * order in which a boot goes on. */
#include <asm/barrier.h>
#include <asm/caps.h>
#include <asm/irq.h>
#include <asm/smp.h>
#include <asm/trap.h>

#include <stdio.h>

#include "arch/asm-generic/clock.h"
#include "arch/asm-generic/smp.h"
#include "boot/boot_info.h"
#include "kernel/cmdline.h"
#include "kernel/finish.h"
#include "kernel/hooks/inject.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/options.h"
#include "kernel/panic.h"
#include "kernel/smp/job.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/printed.h"

#define __jobs_start	    first_job
#define __jobs_end	    jobs_end
#define smp_report_unlisted report_unlisted
#define idle_loop	    idle_for_good
#define step_aside	    aside
static const struct main_job *first_job, *jobs_end;
static void report_unlisted(void);
static _Noreturn void idle_for_good(void);
static void aside(void);

#include "kernel/main.c"

struct tally tally;

static jmp_buf left;
static struct boot_info boot;
static u32 deaf, dumb; /* CPUs that do not take the signal, and CPUs that take it and do not come */
static bool incomplete, mm_is_there;
static unsigned asides;

#define LEAVES(statement)                                                                          \
	do {                                                                                       \
		if (!setjmp(left)) {                                                               \
			statement;                                                                 \
		}                                                                                  \
	} while (0)

static void report_unlisted(void)
{
	printk("<unlisted>\n");
}

static void idle_for_good(void)
{
	printk("<CPU %u idles, start %u>\n", cpu_id(), this_cpu()->start);
	longjmp(left, 1);
}

static void aside(void)
{
	asides++;
}

void cpu_stop(void)
{
	printk("<CPU %u stops, start %u>\n", cpu_id(), this_cpu()->start);
	longjmp(left, 1);
}

unsigned smp_enumerate(void)
{
	printk("<enumerate, interrupts %s>\n", irqs_enabled() ? "on" : "off");
	return MODEL_CPUS;
}

bool smp_incomplete(void)
{
	return incomplete;
}

u32 smp_hw_id(unsigned cpu)
{
	return 0x10 * cpu;
}

/* The CPU's own part, and its way to ap_main(). */
bool smp_start_cpu(unsigned cpu)
{
	printk("<start CPU %u, wait %u of 0x%x in %s>\n", cpu, cpus[0].wait.kind, cpus[0].wait.whom,
	       cpus[0].wait.function);
	if (!((deaf | dumb) & BIT(cpu)))
		cpus[cpu].start = CPU_STARTED;
	return !(deaf & BIT(cpu));
}

void clock_init(void)
{
	printk("<clock>\n");
}

void options_init(void)
{
	printk("<options>\n");
}

void mm_init(const struct boot_info *from)
{
	mm_is_there = from == &boot;
	printk("<mm>\n");
}

void panic_context(const char *running)
{
	printk("<context %s>\n", running);
}

void panic_break_screen(void)
{
	printk("<screen breaks>\n");
}

bool trap_raise(const char *name)
{
	printk("<raise %s>\n", name);
	return !strcmp(name, "ud");
}

void trap_raise_names(char *buffer, size_t size)
{
	snprintf(buffer, size, "ud, pf of %zu", size);
}

void finish(void)
{
	printk("<finish, %s>\n", tally.incomplete ? "incomplete" : "complete");
	longjmp(left, 1);
}

static void run_one(void)
{
	printk("<one, interrupts %s>\n", irqs_enabled() ? "on" : "off");
}

static void run_other(void)
{
	printk("<other>\n");
}

static const struct main_job jobs[] = {{"one", run_one}, {"other", run_other}};

static void begin(void)
{
	machine_reset();
	printed_reset();
	cpus_online = 0;
	cpus_wanted = MAX_CPUS;
	tally = (struct tally){0};
	deaf = dumb = 0;
	incomplete = mm_is_there = false;
	asides = 0;
	inject_trap_name = NULL;
	inject_silent_cpu = inject_late_cpu = inject_freeze_cpu = MAX_CPUS;
	first_job = jobs;
	jobs_end = jobs + ARRAY_SIZE(jobs);
	memset(&boot, 0, sizeof(boot));
	boot.protocol = "multiboot1";
	strcpy(boot.loader, "GRUB");
	irq_disable();
}

#define BOOTED                                                                                     \
	"# ev=boot version=0.0 git=model port=model protocol=multiboot1 loader=\"GRUB\" "          \
	"mem_mib=0 reachable_mib=0\n"

static void test_boot(void)
{
	begin();
	strcpy(boot.cmdline, "cpus=3");
	LEAVES(kernel_main(&boot));
	PRINTED("TAP version 13\n<clock>\n<options>\n" BOOTED "# ev=cmdline text=\"cpus=3\"\n<mm>\n"
		"<enumerate, interrupts off>\n"
		"<start CPU 1, wait 7 of 0x2 in start_cpu>\n"
		"# ev=cpu n=1 hw=16 state=online\n"
		"<start CPU 2, wait 7 of 0x4 in start_cpu>\n"
		"# ev=cpu n=2 hw=32 state=online\n"
		"# ev=cpu n=3 hw=48 state=unused\n"
		"<unlisted>\n"
		"<context one>\n<one, interrupts on>\n<context other>\n<other>\n"
		"<finish, complete>\n",
		"a boot");
	CHECK(mm_is_there && cpus_online == 7 && cpus[0].wait.kind == WAIT_NONE,
	      "mm/ gets what the loader told; those that came are online");
	CHECK(!strcmp(boot.cmdline, "cpus=3"), "what the loader told stays whole");
}

static void words(const char *line)
{
	begin();
	strcpy(boot.cmdline, line);
	LEAVES(kernel_main(&boot));
}

static void test_cpus(void)
{
	words("cpus=1");
	CHECK(cpus_online == 1, "cpus=1 starts none");
	words("cpus=32");
	CHECK(cpus_online == 0xf, "cpus=32 starts all");
	CHECK(PANICS(words("cpus=0")) && panic_says("valid is cpus=<most that are started"),
	      "cpus=0 is refused");
	CHECK(PANICS(words("cpus=33")) && PANICS(words("cpus=x")) && PANICS(words("cpus")),
	      "and so are others");
}

static void test_silent(void)
{
	begin();
	dumb = BIT(1);
	deaf = BIT(2);
	inject_silent_cpu = 3;
	model_clock_step = 100000000;
	LEAVES(kernel_main(&boot));
	PRINTED("TAP version 13\n<clock>\n<options>\n" BOOTED "# ev=cmdline text=\"\"\n<mm>\n"
		"<enumerate, interrupts off>\n"
		"<start CPU 1, wait 7 of 0x2 in start_cpu>\n"
		"# ev=cpu n=1 hw=16 state=silent\n"
		"<start CPU 2, wait 7 of 0x4 in start_cpu>\n"
		"# ev=cpu n=2 hw=32 state=silent\n"
		"# ev=cpu n=3 hw=48 state=silent\n"
		"<unlisted>\n"
		"<context one>\n<one, interrupts on>\n<context other>\n<other>\n"
		"<finish, incomplete>\n",
		"CPUs that do not come are named, and the run is incomplete");
	CHECK(cpus[1].start == CPU_LEFT_OUT && cpus[2].start == CPU_LEFT_OUT &&
		      cpus[3].start == CPU_LEFT_OUT && cpus_online == 1,
	      "they are left out");
	/* 2 s in looks of 100 ms, the first of which begins; others are asked twice, at once. */
	CHECK(asides == 22 - 1 + 1 + 1, "each look at the clock steps aside: %u", asides);
	begin();
	incomplete = true;
	LEAVES(kernel_main(&boot));
	CHECK(tally.incomplete, "CPUs that the port could not use make it incomplete as well");
}

/* It comes between the last look and the end of the patience. */
static void come_late(void)
{
	if (++asides == 3)
		cpus[1].start = CPU_STARTED;
}

static void test_slow(void)
{
	begin();
	dumb = BIT(1);
	cpus_wanted = 2;
	model_relax_hook = come_late;
	LEAVES(kernel_main(&boot));
	CHECK(cpus_online == 3 && !tally.incomplete, "a CPU may take its time");
}

static void test_ap_main(void)
{
	begin();
	model_switch_cpu(2);
	LEAVES(ap_main());
	PRINTED("<CPU 2 idles, start 1>\n", "a CPU that comes in time");
	cpus[2].start = CPU_LEFT_OUT;
	LEAVES(ap_main());
	PRINTED("<CPU 2 stops, start 3>\n", "and one that was left out");
}

static void leave_out(void)
{
	if (++asides == 5)
		cpus[2].start = CPU_LEFT_OUT;
}

static void test_late(void)
{
	begin();
	model_switch_cpu(2);
	inject_late_cpu = 2;
	model_relax_hook = leave_out;
	LEAVES(ap_main());
	PRINTED("<CPU 2 stops, start 3>\n", "fault.late= waits until it is left out");
	CHECK(asides == 5, "and no longer");
	cpus[3].start = CPU_AWAITED;
	model_switch_cpu(3);
	LEAVES(ap_main());
	PRINTED("<CPU 3 idles, start 1>\n", "others do not");
}

static void test_told(void)
{
	begin();
	boot.ram_total = 0x140000000ull;
	boot.ram_unreachable = 0x40000000;
	boot.framebuffer = (struct boot_framebuffer){.at = 0x1fd000000ull,
						     .pitch = 4096,
						     .width = 1024,
						     .height = 768,
						     .bits = 32,
						     .type = FRAMEBUFFER_RGB};
	strcpy(boot.framebuffer.problem, "type=7");
	boot.ranges_dropped = 3;
	print_boot(&boot);
	PRINTED("# ev=boot version=0.0 git=model port=model protocol=multiboot1 loader=\"GRUB\" "
		"mem_mib=5120 reachable_mib=4096\n"
		"# ev=cmdline text=\"\"\n"
		"# ev=framebuffer at=0x1fd000000 width=1024 height=768 pitch=4096 bits=32 type=1\n"
		"# ev=warning what=\"the screen stays empty, framebuffer type=7\"\n"
		"# ev=warning what=\"memory map: 3 ranges malformed or too many, left out\"\n",
		"what the loader told");
	boot.cmdline_cut = true;
	CHECK(PANICS(print_boot(&boot)) &&
		      panic_says("the command line is longer than 1023 characters"),
	      "a command line that was cut is refused");
}

static void raise(const char *name)
{
	begin();
	inject_trap_name = name;
	raise_fault();
}

static void test_faults(void)
{
	CHECK(!PANICS(raise(NULL)), "none is planted");
	PRINTED("", "and nothing is said");
	CHECK(PANICS(raise("ud")) && panic_says("fault.trap=ud: the trap came back"),
	      "a trap that was raised should not come back");
	PRINTED("<context fault.trap>\n<raise ud>\n", "it was raised");
	CHECK(PANICS(raise("xx")) &&
		      panic_says("fault.trap=xx: this port can raise nested, ud, pf of 128"),
	      "one that the port does not know is refused with the list");
	CHECK(PANICS(raise("nested")) && panic_says("fault.trap=nested: this screen breaks"),
	      "a screen that breaks is a panic of its own");
	PRINTED("<context fault.trap>\n<screen breaks>\n", "of which the screen is told before");
	begin();
	jobs_end = jobs;
	CHECK(PANICS(run_jobs()) &&
		      panic_says("nothing to run: this image was linked without a job"),
	      "an image without a job says so");
}

int main(void)
{
	test_boot();
	test_cpus();
	test_silent();
	test_slow();
	test_ap_main();
	test_late();
	test_told();
	test_faults();
	return tap_done();
}
