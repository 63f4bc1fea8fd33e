/* SPDX-License-Identifier: MIT */
/* Tests that arch/s390x/stop.c and probe.c stop CPUs by SIGP and keep their last PSW. */
#include "tests/self/unit/s390x/fake.h"

#include "arch/s390x/probe.c"
#include "arch/s390x/stop.c"

#define CPUS 4u

const u8 entry_restart[1], entry_restart_mark[1];

static struct lowcore cores[CPUS], absolute;
static unsigned looks;		    /* of SIGP sense until a CPU has stopped */
static bool no_such_cpu;	    /* SIGP stop finds none */
static enum sigp_answer stop_is_at; /* SENSE's answer then */
static u32 status_bits;

unsigned smp_count(void)
{
	return CPUS;
}

struct lowcore *lowcore_of(unsigned cpu)
{
	if (cpu >= CPUS)
		record("there is no CPU %u", cpu);
	return &cores[cpu % CPUS];
}

struct lowcore *lowcore_absolute(void)
{
	return &absolute;
}

enum sigp_answer sigp(u32 hw_id, enum sigp_order order, u64 parameter, u32 *status)
{
	record("%u:%#x(%lu)", hw_id, (unsigned)order, parameter);
	if (order != SIGP_SENSE) {
		absolute.status = (struct psw){PSW_64 + hw_id, 0x1000 + hw_id};
		return no_such_cpu ? SIGP_NOT_OPERATIONAL : SIGP_ACCEPTED;
	}
	*status = looks ? 0 : status_bits;
	if (looks) {
		looks--;
		return SIGP_STATUS_STORED;
	}
	return stop_is_at;
}

static void new_machine(void)
{
	fake_reset();
	memset(cores, 0, sizeof(cores));
	for (unsigned cpu = 0; cpu < CPUS; cpu++) {
		cores[cpu].hw_id = 10 + cpu;
		cores[cpu].live = cpu != 2;
	}
	fake.cpu = 1;
	looks = 0;
	no_such_cpu = false;
	stop_is_at = SIGP_STATUS_STORED;
	status_bits = 0x40;
}

static void test_stop(void)
{
	new_machine();
	CHECK(stop(7, SIGP_STOP), "a CPU that stops at once");
	EXPECT("7:0x5(0) 7:0x1(0) ", "one order, one look");
	looks = 2;
	CHECK(stop(7, SIGP_STOP), "one that takes some time");
	EXPECT("7:0x5(0) 7:0x1(0) 7:0x1(0) 7:0x1(0) ", "looked at until it has stopped");
	no_such_cpu = true;
	CHECK(stop(7, SIGP_STOP), "none: it does not run");
	EXPECT("7:0x5(0) ", "and is not looked at");

	new_machine();
	looks = 100;
	fake.tick = 4096 * 500000ul;
	CHECK(!stop(7, SIGP_STOP), "one that never stops: said so");
	EXPECT("7:0x5(0) 7:0x1(0) 7:0x1(0) 7:0x1(0) ", "at the first look after a second");
	fake.tick = 4096 * 1000000ul;
	stop(7, SIGP_STOP);
	EXPECT("7:0x5(0) 7:0x1(0) 7:0x1(0) ", "not earlier");
	fake.tick++;
	stop(7, SIGP_STOP);
	EXPECT("7:0x5(0) 7:0x1(0) ", "and not later");
	new_machine();
	stop_is_at = SIGP_ACCEPTED;
	CHECK(!is_stopped(7), "sense that stores no status: it runs");
	stop_is_at = SIGP_STATUS_STORED;
	status_bits = ~0x40u;
	CHECK(!is_stopped(7), "any other bit of the status: it runs");
	CHECK(ENDS(cpu_stop()), "a CPU stops itself");
	record_clear();
	CHECK(ENDS(cpu_stop()), "for good");
	EXPECT("psw 0x2000180000000 0x570 ", "by a disabled wait");
}

static void test_others(void)
{
	vaddr_t pc = 1;

	new_machine();
	stop_all_others();
	EXPECT("10:0x5(0) 10:0x1(0) 13:0x5(0) 13:0x1(0) ", "all that live, but not this one");

	new_machine();
	smp_stop_others();
	EXPECT("10:0x9(0) 10:0x1(0) 13:0x9(0) 13:0x1(0) ", "in a panic: with their status");
	CHECK(cores[0].stopped && cores[3].stopped && !cores[1].stopped && !cores[2].stopped,
	      "which have stopped");
	CHECK(cores[0].status.address == 0x100a && cores[3].status.address == 0x100d &&
		      cores[3].status.mask == PSW_64 + 13 && !cores[1].status.address &&
		      !cores[2].status.address,
	      "each has its own last PSW");
	CHECK(smp_stopped(3, &pc) && pc == 0x100d, "where it was");
	cores[3].status.mask |= 0x0002000000000000;
	CHECK(smp_stopped(3, &pc) && pc == 0, "unless it slept");
	pc = 1;
	CHECK(smp_stopped(2, &pc) && pc == 0, "one that never ran counts as stopped");

	new_machine();
	status_bits = 0;
	fake.tick = 4096 * 1000001ul;
	smp_stop_others();
	pc = 1;
	CHECK(!cores[0].stopped && !smp_stopped(0, &pc) && pc == 0,
	      "one that did not answer: it runs");
}

static void test_probe(void)
{
	new_machine();
	CHECK(mark_of(2) == &cores[2].mark && mark_absolute() == &absolute.mark, "the marks");
	restart_counts(2, true);
	CHECK(cores[2].new[CLASS_RESTART].mask == 0x404000180000000 &&
		      cores[2].new[CLASS_RESTART].address == (vaddr_t)entry_restart_mark,
	      "a restart counts");
	restart_counts(2, false);
	CHECK(cores[2].new[CLASS_RESTART].mask == 0x404000180000000 &&
		      cores[2].new[CLASS_RESTART].address == (vaddr_t)entry_restart,
	      "a restart ends in a screen");
	cores[2].ipi_pending = BIT(IPI_CALL);
	CHECK(ipi_is_pending(2, IPI_CALL) && !ipi_is_pending(2, IPI_WAKE) &&
		      !ipi_is_pending(2, IPI_SHOOTDOWN) && !ipi_is_pending(1, IPI_CALL),
	      "which signal is pending where");
}

int main(void)
{
	test_stop();
	test_others();
	test_probe();
	return tap_done();
}
