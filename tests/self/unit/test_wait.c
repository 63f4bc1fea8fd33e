/* SPDX-License-Identifier: MIT */
/* kernel/wait/wait.c: what a wait publishes, what it does at which of its spins, and when it
 * ends. On a CPU that can sleep, as the model's first machine cannot. */
#include <asm/barrier.h>
#include <asm/caps.h>
#include <asm/irq.h>

#include "kernel/hooks/upcalls.h"
#include "kernel/wait/published.h"
#include "kernel/wait/watchdog.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/printed.h"

#undef CAP_NAP
#define CAP_NAP 1
#define cpu_nap sleep_here
static bool sleep_here(u32 us);

#include "kernel/wait/nap.h"

/* tests/self/unit is linked with a kernel/wait/wait.c of its own. */
#define wait_abandoned	 abandoned
#define wait_deadline_s	 deadline_s
#define wait_naps	 naps
#define wait_begin	 begin
#define wait_step	 step
#define wait_end	 end
#define cpu_pulse	 pulse_of
#define watchdog_look	 look
#define watchdog_expired expired_here
#define step_aside	 aside
void begin(enum wait_kind kind, cpumask_t whom, const char *function, unsigned line,
	   const char *file);
bool step(cpumask_t whom);
void end(void);
u32 pulse_of(unsigned cpu);
static void look(void);
static _Noreturn void expired_here(const struct wait *wait, cpumask_t whom);
static void aside(void);

#include "kernel/wait/wait.c"

static jmp_buf left;
static bool woken;

static void look(void)
{
	printk("<%u: look>\n", cpus[1].wait.spins);
}

static void aside(void)
{
	printk("<%u: aside>\n", cpus[1].wait.spins);
}

static void expired_here(const struct wait *wait, cpumask_t whom)
{
	printk("<%u: expired, CPUs 0x%x>\n", wait->spins, whom);
	longjmp(left, 1);
}

static bool sleep_here(u32 us)
{
	printk("<%u: sleeps %u us, interrupts %s>\n", cpus[1].wait.spins, us,
	       irqs_enabled() ? "on" : "off");
	irq_enable();
	return woken;
}

static void note_event(const struct race_site *site, u64 value)
{
	if (site->point == RACE_wait_blocked || site->point == RACE_wait_spinning)
		printk("<%u: %s %llx at %s:%u of %s>\n", cpus[1].wait.spins, race_name[site->point],
		       (unsigned long long)value, site->function, site->line, site->file);
}

static void fresh(void)
{
	machine_reset();
	printed_reset();
	model_clock_step = 1;
	model_switch_cpu(1);
	abandoned = 0;
	naps = true;
	woken = false;
}

static bool more(cpumask_t whom, unsigned n)
{
	while (n && step(whom))
		n--;
	return !n;
}

/* Takes so many steps, and each must go on. */
static bool steps(cpumask_t whom, unsigned n)
{
	return !setjmp(left) && more(whom, n);
}

static void test_published(void)
{
	struct wait *wait = &cpus[1].wait;

	fresh();
	wait->number = 41;
	wait->spins = 9;
	cpus[1].patience = (struct patience){1, 2, 3};
	irq_disable();
	begin(WAIT_GRACE, 0x5, "zap", 77, "mm/a.c");
	CHECK(wait->kind == WAIT_GRACE && wait->whom == 5 && wait->line == 77 &&
		      !strcmp(wait->function, "zap") && !strcmp(wait->file, "mm/a.c"),
	      "kind, CPUs and place");
	CHECK(wait->number == 42 && !wait->spins && !wait->irqs_on,
	      "the next number, no spins yet, and that interrupts are off");
	CHECK(!cpus[1].patience.looked && !cpus[1].patience.spent && !cpus[1].patience.spins,
	      "its patience begins anew");
	irq_enable();
	begin(WAIT_LOCK, 1, "f", 1, "b.c");
	CHECK(wait->irqs_on == 1 && wait->number == 43, "or that they are on");
	CHECK(step(0x9) && wait->whom == 9 && wait->spins == 1, "a step publishes whom it is for");
	cpus[1].napping = 1;
	end();
	CHECK(wait->kind == WAIT_NONE && !cpus[1].napping, "it is over, and no sleep comes of it");
	CHECK(!memcmp(&cpus[0], &cpus[2], sizeof(cpus[0])), "nothing of another CPU");
}

static void test_events(void)
{
	fresh();
	race_hook = note_event;
	begin(WAIT_LOCK, 0x4, "f", 7, "a.c");
	PRINTED("<0: wait_blocked 500000004 at f:7 of a.c>\n", "where it began");
	steps(0x4, 7);
	PRINTED("", "seven spins are nothing");
	steps(0xc, 1);
	PRINTED("<8: wait_spinning 50000000c at f:7 of a.c>\n", "the eighth is told");
	steps(0xc, 8);
	PRINTED("<16: wait_spinning 50000000c at f:7 of a.c>\n", "and the sixteenth");
	abandoned = 1;
	CHECK(!steps(0xc, 8) && cpus[1].wait.spins == 17, "an abandoned wait ends at once");
	PRINTED("", "in silence");
}

static unsigned pauses, paused_at;

static void see_pause(void)
{
	pauses++;
	paused_at = cpus[1].wait.spins;
}

static void test_looks(void)
{
	fresh();
	begin(WAIT_LOCK, 1, "f", 7, "a.c");
	model_relax_hook = see_pause;
	pauses = 0;
	CHECK(steps(1, 3) && pauses == 3 && paused_at == 2 && cpus[1].wait.spins == 3,
	      "each spin begins with a pause");
	fresh();
	begin(WAIT_LOCK, 1, "f", 7, "a.c");
	CHECK(steps(1, SPINS_PER_LOOK - 1), "it goes on");
	PRINTED("", "1023 spins do nothing else");
	CHECK(steps(1, 1) && steps(1, SPINS_PER_LOOK - 1), "and on");
	PRINTED("<1024: aside>\n<1024: look>\n",
		"the next one steps aside, and looks at all waits");
	abandoned = 4;
	CHECK(!steps(1, 1), "until it is abandoned");
	PRINTED("", "and then it does not look");
}

static void naps_or_not(enum wait_kind kind, bool irqs_on, bool may, bool sleeps)
{
	fresh();
	naps = may;
	if (!irqs_on)
		irq_disable();
	begin(kind, 1, "f", 7, "a.c");
	steps(1, SPINS_PER_NAP + 1);
	if (sleeps)
		PRINTED("<1024: look>\n<1025: sleeps 2000 us, interrupts off>\n",
			"%s: a spin after it has said so", wait_kind_name[kind]);
	else
		PRINTED("<1024: aside>\n<1024: look>\n", "%s, interrupts %s%s: no sleep",
			wait_kind_name[kind], irqs_on ? "on" : "off", may ? "" : ", naps off");
	CHECK(cpus[1].naps == sleeps && !cpus[1].napping && irqs_enabled() == irqs_on,
	      "it sleeps once or never, and interrupts are as before");
}

static void test_naps(void)
{
	naps_or_not(WAIT_ACK, true, true, true);
	naps_or_not(WAIT_CALL, true, true, true);
	naps_or_not(WAIT_ACK, false, true, false);
	naps_or_not(WAIT_CALL, true, false, false);
	naps_or_not(WAIT_LOCK, true, true, false);
	naps_or_not(WAIT_JOB, true, true, false);
	naps_or_not(WAIT_NOWAIT, true, true, false);
}

static void note_nap(const struct race_site *site, u64 value)
{
	if (site->point >= RACE_nap_announcing && site->point <= RACE_nap_over)
		printk("<%s %llu, %s>\n", race_name[site->point], (unsigned long long)value,
		       cpus[1].napping ? "announced" : "not announced");
}

static void test_nap_events(void)
{
	fresh();
	race_hook = note_nap;
	nap_announce();
	nap();
	woken = true;
	cpus[1].napping = 1;
	nap();
	PRINTED("<nap_announcing 0, not announced>\n"
		"<nap_announced 0, announced>\n"
		"<0: sleeps 2000 us, interrupts off>\n"
		"<nap_over 1, not announced>\n"
		"<nap_announced 0, announced>\n"
		"<0: sleeps 2000 us, interrupts off>\n"
		"<nap_over 0, not announced>\n",
		"where a sleep may be raced, and whether it ended by itself");
}

static void test_one_nap(void)
{
	fresh();
	begin(WAIT_ACK, 1, "f", 7, "a.c");
	steps(1, SPINS_PER_NAP - 1);
	CHECK(!cpus[1].napping, "no sleep is announced before its spin");
	steps(1, 1);
	CHECK(cpus[1].napping, "a sleep is announced");
	AS_CPU(0, nap_wake(1));
	CHECK(model_ipis[1][IPI_WAKE] == 1 && !cpus[1].napping, "a CPU that stores then wakes it");
	steps(1, 5);
	PRINTED("<1024: look>\n", "it does not sleep after all");
	AS_CPU(0, nap_wake(1));
	CHECK(model_ipis[1][IPI_WAKE] == 1 && !cpus[1].naps, "and nobody wakes a CPU that spins");
	woken = true;
	steps(1, SPINS_PER_NAP - 4);
	PRINTED("<2048: look>\n<2049: sleeps 2000 us, interrupts off>\n", "the next one comes");
	CHECK(cpus[1].naps == 1 && cpus[1].naps_woken == 1, "and an interrupt ended it");
	woken = false;
	steps(1, SPINS_PER_NAP);
	CHECK(cpus[1].naps == 2 && cpus[1].naps_woken == 1, "the one after it ended by itself");

	fresh();
	GUARD_OFF(nap_look);
	begin(WAIT_ACK, 1, "f", 7, "a.c");
	steps(1, SPINS_PER_NAP);
	PRINTED("<1024: sleeps 2000 us, interrupts off>\n<1024: look>\n",
		"nap_look off: it sleeps without another look");
	fresh();
	GUARD_OFF(nap_retest);
	begin(WAIT_ACK, 1, "f", 7, "a.c");
	nap();
	PRINTED("<0: sleeps 2000 us, interrupts off>\n",
		"nap_retest off: it sleeps though nothing is announced");
	fresh();
	nap();
	PRINTED("", "else it does not");
	CHECK(irqs_enabled(), "and goes on with interrupts on");
}

/* So much time has passed that the next look is the last one. */
static void be_impatient(void)
{
	cpus[1].patience.spent = 10 * 1000000000ull + 1;
}

static void test_deadline(void)
{
	fresh();
	begin(WAIT_LOCK, 1, "f", 7, "a.c");
	be_impatient();
	CHECK(steps(1, SPINS_PER_LOOK - 1), "a deadline that has passed is not seen at once");
	CHECK(!steps(0x3, 1), "but at the next look");
	PRINTED("<1024: aside>\n<1024: look>\n<1024: expired, CPUs 0x3>\n",
		"which is for deadlocks first");
}

static bool job_goes_on(enum wait_kind kind, cpumask_t whom, u32 *changed)
{
	fresh();
	begin(kind, whom, "f", 7, "a.c");
	steps(whom, SPINS_PER_LOOK);
	++*changed;
	be_impatient();
	return steps(whom, SPINS_PER_LOOK);
}

static void test_jobs(void)
{
	u32 nothing = 0;

	CHECK(!job_goes_on(WAIT_JOB, 0x4, &nothing), "a job that does nothing expires");
	CHECK(job_goes_on(WAIT_JOB, 0x4, &cpus[2].walk_seq), "one that walks does not");
	CHECK(job_goes_on(WAIT_JOB, 0xc, &cpus[3].wait.spins), "nor one that spins in a wait");
	CHECK(job_goes_on(WAIT_JOB, 0xc, &cpus[2].wait.number), "nor one that begins one");
	be_impatient();
	CHECK(!steps(0xc, SPINS_PER_LOOK), "but what was done before the last look does not count");
	CHECK(!job_goes_on(WAIT_JOB, 0x4, &cpus[3].walk_seq), "another CPU's walk is no reason");
	CHECK(!job_goes_on(WAIT_LOCK, 0x4, &cpus[2].walk_seq), "and locks know no such reason");
	CHECK(job_goes_on(WAIT_JOB, 0x4, &cpus[2].walk_seq) && !cpus[1].patience.spent,
	      "its time begins anew");
	fresh();
	begin(WAIT_JOB, 0xc, "f", 7, "a.c");
	be_impatient();
	CHECK(!steps(0xc, SPINS_PER_LOOK), "CPUs that never did anything did nothing");
	fresh();
	cpus[3].wait.number = 5;
	cpus[3].wait.spins = 70;
	cpus[3].walk_seq = 900;
	CHECK(pulse_of(3) == 975 && !pulse_of(2),
	      "a CPU's pulse counts its waits, spins and walks");
}

int main(void)
{
	test_published();
	test_events();
	test_looks();
	test_naps();
	test_one_nap();
	test_nap_events();
	test_deadline();
	test_jobs();
	return tap_done();
}
