/* SPDX-License-Identifier: MIT */
/* Tests kernel/smp/shootdown.c with flush=nowait, whose NMIs ask for a flush, and the count of
 * NMIs still owed. */
#include "kernel/smp/shootdown.h"

#include <asm/irq.h>

#include "kernel/hooks/upcalls.h"
#include "tests/self/unit/shootdowns.h"
#include "tests/self/unit/tap.h"

static unsigned rounds;

static void test_nowait(void)
{
	new_machine(BIT(0) | BIT(2));
	CHOOSE(flush, nowait);
	AS_CPU(2, irq_disable());
	shootdown(&mm.cpumask, 0x40, 0xc0);
	CHECK(model_flushes[2].count == 1 && !model_irqs_on(2),
	      "flush=nowait: flushed although interrupts are off");
	CHECK(flushed(0, 0x40, 0xc0) && flushed(2, 0x40, 0xc0), "flush=nowait: the same range");
	CHECK(!cpus[0].nowait_sending, "and none of its NMIs is still to be sent");
}

/* CPU 2's NMI stays on its way until two initiators wait for it, and becomes one NMI. */
static void initiate_second_nowait(void)
{
	if (rounds++)
		AS_CPU(2, model_deliver(2));
	else
		AS_CPU(1, shootdown(&mm.cpumask, 0, PAGE_SIZE));
}

static void merge_two_nmis(void)
{
	new_machine(BIT(2));
	CHOOSE(flush, nowait);
	rounds = 0;
	model_slow_ipis = true;
	model_relax_hook = initiate_second_nowait;
	shootdown(&mm.cpumask, 0, PAGE_SIZE);
	model_slow_ipis = false;
	model_relax_hook = NULL;
}

static bool nmi_is_ours(unsigned cpu)
{
	bool ours;

	AS_CPU(cpu, ours = interrupt_nowait());
	return ours;
}

static void settle(unsigned cpu, unsigned times)
{
	model_clock_step = NOWAIT_QUIET_NS + 1;
	while (times--)
		AS_CPU(cpu, nowait_settle());
}

/* The count left by a merged NMI is forgotten, and no sooner than it is certain. */
static void test_nowait_settled(void)
{
	merge_two_nmis();
	CHECK(cpus[2].nowait_owed == 1 && model_ipis[2][IPI_SHOOTDOWN_NOWAIT] == 2,
	      "two NMIs became one: one is still expected");
	settle(2, 1);
	CHECK(nmi_is_ours(2), "an NMI soon after is taken for the other one");
	CHECK(!nmi_is_ours(2), "and the next is the hardware's own");
	merge_two_nmis();
	settle(2, 2);
	CHECK(!nmi_is_ours(2), "after two quiet looks none is expected any more");
	merge_two_nmis();
	cpus[1].nowait_sending = true;
	settle(2, 3);
	CHECK(nmi_is_ours(2), "as long as a CPU is sending it is");
	merge_two_nmis();
	cpus[2].nowait_owed = 2;
	settle(2, 1);
	CHECK(nmi_is_ours(2), "one that comes between the two looks is ours");
	settle(2, 1);
	CHECK(nmi_is_ours(2), "and they begin again");
	merge_two_nmis();
	load_on(2, &mm);
	load_on(2, &mm);
	CHECK(nmi_is_ours(2), "nor do two looks at once count");
	merge_two_nmis();
	model_clock_step = NOWAIT_QUIET_NS + 1;
	load_on(2, &mm);
	load_on(2, &mm);
	CHECK(!nmi_is_ours(2), "a CPU looks whenever it loads a space");
}

int main(void)
{
	test_nowait();
	test_nowait_settled();
	return tap_done();
}
