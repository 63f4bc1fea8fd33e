/* SPDX-License-Identifier: MIT */
/*
 * Tests arch/mips/stop.c for the CPUs a panic stops, the CPU that stays, and the length of the
 * wait.
 */
#include "arch/mips/stop.c"

#include <string.h>

#include "tests/self/unit/mips/host.h"

static unsigned count;
static u64 now;
static unsigned answers; /* CPU + 1 that stops at tick 50, or 0 for none */
const u8 mips_idle_end[4];

unsigned smp_count(void)
{
	return count;
}

u64 clock_cycles(void)
{
	if (++now == 50 && answers)
		mips_cpus[answers - 1].stopped = 1;
	return now;
}

u32 clock_cycles_per_us(void)
{
	return 3;
}

void ipi_send(unsigned cpu, enum ipi ipi)
{
	host_note("%s %u by %u", ipi == IPI_SHOOTDOWN_NOWAIT ? "nowait" : "another", cpu, stopper);
}

/* The one behind them all is not used. */
static void machine(unsigned cpu, unsigned cpus)
{
	host_reset(cpu);
	count = cpus;
	stopper = 0;
	now = 0;
	answers = 0;
	for (unsigned i = 0; i <= cpus; i++) {
		mips_cpus[i].id = i;
		mips_cpus[i].live = 1;
	}
}

static void test_stopper(void)
{
	machine(1, 4);
	mips_cpus[2].live = 0;
	mips_cpus[0].stopped = 1;
	answers = 3 + 1;
	smp_stop_others();
	CHECK(host_did("sync nowait 0 by 2 nowait 3 by 2"),
	      "smp_stop_others(): an interrupt that is never masked to all others that run");
	CHECK(now == 50 && host_relaxes == 49, "it waits until the last one has stopped");
	machine(1, 2);
	answers = 0 + 1;
	smp_stop_others();
	CHECK(now == 50 && host_did("sync nowait 0 by 2"), "the boot CPU as well");
	machine(0, 2);
	smp_stop_others();
	CHECK(now == 1 + 3000000 && host_did("sync nowait 1 by 1"), "and not longer than a second");
	machine(0, 1);
	smp_stop_others();
	CHECK(now == 1 && host_did("sync"), "alone: no wait");
}

static vaddr_t place_at_release;

static void look(const char *name)
{
	if (!strcmp(name, "release"))
		place_at_release = mips_this_cpu()->stopped_at;
}

static void test_stopped(void)
{
	machine(2, 4);
	host_cp0[12][0] = 0x3c01;
	mips_stop_if_asked(0x80001234);
	CHECK(host_did("") && !mips_cpus[2].stopped, "nobody asked");
	stopper = 3;
	mips_stop_if_asked(0x80001234);
	CHECK(host_did("") && !mips_cpus[2].stopped, "the one that asks goes on");
	stopper = 1;
	host_at_barrier = look;
	CHECK(DIES(mips_stop_if_asked(0x80001234)) && mips_cpus[2].stopped == 1 &&
		      place_at_release == 0x80001234 && host_did("release mtc0 12.0=3c00 wait"),
	      "asked: where it was, then that it stopped; asleep with all interrupts off");
	CHECK(DIES(mips_stop_if_asked((vaddr_t)mips_idle_end)) && mips_cpus[2].stopped_at == 0,
	      "one that only slept was nowhere");
}

static void told(unsigned cpu, bool live, bool stopped, vaddr_t at, bool answer, vaddr_t place)
{
	vaddr_t pc = 1;

	machine(0, 2);
	mips_cpus[cpu].live = live;
	mips_cpus[cpu].stopped = stopped;
	mips_cpus[cpu].stopped_at = at;
	CHECK(smp_stopped(cpu, &pc) == answer && pc == place, "live=%u stopped=%u: %s, at %lx",
	      live, stopped, answer ? "accounted for" : "did not answer", place);
	CHECK(host_did(live ? "acquire" : ""), "where it was is read after that it stopped");
}

int main(void)
{
	test_stopper();
	test_stopped();
	told(1, false, false, 7, true, 0);
	told(1, true, false, 7, false, 0);
	told(1, true, true, 7, true, 7);
	return tap_done();
}
