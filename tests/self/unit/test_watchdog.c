/* SPDX-License-Identifier: MIT */
/* kernel/wait/watchdog.c: which published waits are a deadlock, after how many looks, and how
 * each of them is told. */
#include "kernel/wait/watchdog.h"

#include "tests/self/unit/machine.h"
#include "tests/self/unit/printed.h"

/* The program is linked with a watchdog of its own, for MODEL_CPUS CPUs. */
#define wait_kind_name	 kind_name
#define watchdog_look	 look
#define watchdog_expired expired_after
#define wait_print_all	 print_all
#define smp_count()	 nr_cpus
extern const char *const wait_kind_name[NR_WAIT_KINDS];
void watchdog_look(void);
_Noreturn void watchdog_expired(const struct wait *wait, cpumask_t whom);
void wait_print_all(void);
static unsigned nr_cpus = MODEL_CPUS;

#include "kernel/wait/watchdog.c"

static void fresh(void)
{
	static u32 number;

	/* The watchdog remembers each CPU from test to test, so no wait may be one of before. */
	machine_reset();
	printed_reset();
	number += 100;
	for (unsigned cpu = 0; cpu < MODEL_CPUS; cpu++)
		cpus[cpu].wait.number = number;
}

static void lock_wait(unsigned cpu, cpumask_t whom)
{
	cpus[cpu].wait.kind = WAIT_LOCK;
	cpus[cpu].wait.whom = whom;
	cpus[cpu].wait.irqs_on = true;
}

static void spin(unsigned cpu, unsigned spins)
{
	cpus[cpu].wait.spins += spins;
}

/* CPUs 0 and 1 wait for each other, CPU 3 for CPU 0, and CPU 2 does not wait. */
static void two_locks(void)
{
	fresh();
	lock_wait(0, 2);
	lock_wait(1, 1);
}

static void test_two_looks(void)
{
	two_locks();
	CHECK(!PANICS(watchdog_look()), "one look alone shows nothing");
	spin(0, 2);
	spin(1, 2);
	CHECK(PANICS(watchdog_look()) && panic_says("deadlock among CPUs 0,1"),
	      "two looks with two spins of each between them do");
	two_locks();
	watchdog_look();
	spin(0, 2);
	spin(1, 1);
	CHECK(!PANICS(watchdog_look()), "one spin may be of a look before the first picture");
	spin(0, 2);
	spin(1, 1);
	CHECK(!PANICS(watchdog_look()), "it is counted from picture to picture");
	spin(0, 1);
	spin(1, 2);
	CHECK(!PANICS(watchdog_look()), "of each CPU");
	spin(0, 2);
	spin(1, 2);
	CHECK(PANICS(watchdog_look()), "until both have spun");
}

static void test_changes(void)
{
	two_locks();
	watchdog_look();
	spin(0, 9);
	spin(1, 9);
	cpus[1].wait.number++;
	CHECK(!PANICS(watchdog_look()), "another wait than in the first picture");
	spin(0, 9);
	spin(1, 9);
	CHECK(PANICS(watchdog_look()), "which stands in the next one");
	two_locks();
	watchdog_look();
	spin(0, 9);
	spin(1, 9);
	lock_wait(3, 1);
	spin(3, 9);
	CHECK(!PANICS(watchdog_look()), "another set of CPUs");
	spin(0, 9);
	spin(1, 9);
	spin(3, 9);
	CHECK(PANICS(watchdog_look()) && panic_says("deadlock among CPUs 0,1,3"),
	      "which is the same next time");
	two_locks();
	watchdog_look();
	spin(0, 9);
	spin(1, 9);
	AS_CPU(2, CHECK(!PANICS(watchdog_look()), "each CPU compares with its own picture"));
	model_switch_cpu(0);
	CHECK(PANICS(watchdog_look()), "which CPU 0 has");
	two_locks();
	cpus[1].wait.kind = WAIT_NONE;
	watchdog_look();
	spin(0, 9);
	CHECK(!PANICS(watchdog_look()), "a CPU that waits for one that runs is not stuck");
}

static void hook(const struct race_site *site, u64 value)
{
	(void)site;
	(void)value;
}

static void test_recorded(void)
{
	two_locks();
	race_hook = hook;
	watchdog_look();
	CHECK(!wait_abandoned, "nothing yet");
	spin(0, 2);
	spin(1, 2);
	CHECK(!PANICS(watchdog_look()) && wait_abandoned == 3,
	      "while a variant is recorded a deadlock is broken instead");
	race_hook = NULL;
}

static void test_expired(void)
{
	static const struct wait wait = {.kind = WAIT_GRACE, .function = "zap", .line = 33};

	fresh();
	wait_deadline_s = 5;
	model_switch_cpu(2);
	CHECK(PANICS(watchdog_expired(&wait, 0x2)) &&
		      panic_says("CPU 2 waited 5 s for grace of CPU 1 at zap:33: silent"),
	      "a wait that has lasted too long names itself and whom it waited for");
	CHECK(PANICS(watchdog_expired(&wait, 0x80000009)) && panic_says("of CPU 0,3,31 at"),
	      "several of them");
	CHECK(PANICS(watchdog_expired(&wait, 0)) && panic_says("of CPU  at"), "or none");
	CHECK(PANICS(watchdog_expired(&wait, ~0u)) && panic_says(",30,31 at"), "or all");
	wait_deadline_s = 10;
}

static void test_printed(void)
{
	fresh();
	for (unsigned cpu = 0; cpu < MODEL_CPUS; cpu++)
		cpus[cpu].wait = (struct wait){.kind = WAIT_ACK + cpu,
					       .whom = 0x10u << cpu,
					       .function = "f",
					       .line = 10 + cpu,
					       .irqs_on = cpu % 2};
	cpus[MODEL_CPUS].wait = cpus[0].wait; /* there is no such CPU */
	wait_print_all();
	PRINTED("# ev=wait cpu=0 kind=shootdown-ack whom=0x10 at=f:10 irqs=off\n"
		"# ev=wait cpu=1 kind=nowait-ack whom=0x20 at=f:11 irqs=on\n"
		"# ev=wait cpu=2 kind=grace whom=0x40 at=f:12 irqs=off\n"
		"# ev=wait cpu=3 kind=call whom=0x80 at=f:13 irqs=on\n",
		"a line for each wait");
	cpus[0].wait.kind = cpus[2].wait.kind = WAIT_NONE;
	cpus[1].wait.kind = WAIT_LOCK;
	cpus[3].wait.kind = WAIT_JOB;
	wait_print_all();
	PRINTED("# ev=wait cpu=1 kind=lock whom=0x20 at=f:11 irqs=on\n"
		"# ev=wait cpu=3 kind=job whom=0x80 at=f:13 irqs=on\n",
		"CPUs that do not wait have none");
	CHECK(!strcmp(wait_kind_name[WAIT_NONE], "nothing") &&
		      !strcmp(wait_kind_name[WAIT_START], "start") &&
		      !strcmp(wait_kind_name[WAIT_CLEAR], "clear"),
	      "the other kinds have names too");
}

/* The greatest number of CPUs, all waiting. */
static void test_all_cpus(void)
{
	static unsigned lines;

	fresh();
	nr_cpus = MAX_CPUS;
	for (unsigned cpu = 0; cpu < MAX_CPUS; cpu++) {
		lock_wait(cpu, BIT((cpu + 1) % MAX_CPUS));
		cpus[cpu].wait.function = "f";
	}
	watchdog_look();
	for (unsigned cpu = 0; cpu < MAX_CPUS; cpu++)
		spin(cpu, 2);
	CHECK(PANICS(watchdog_look()) && panic_says("deadlock among CPUs 0,1,2,") &&
		      panic_says(",30,31"),
	      "a deadlock of all CPUs");
	printed_reset();
	wait_print_all();
	for (const char *at = model_console; (at = strstr(at, "# ev=wait cpu=")); at++)
		lines++;
	CHECK(lines == MAX_CPUS, "and a line for each");
	nr_cpus = MODEL_CPUS;
}

int main(void)
{
	test_all_cpus();
	test_two_looks();
	test_changes();
	test_recorded();
	test_expired();
	test_printed();
	return tap_done();
}
