/* SPDX-License-Identifier: MIT */
/* Numbered calls go from every CPU to every other one, each after the answer to the one before, and
 * each interrupts once, is handled once, and not before its words can be read. */
#include "kernel/smp/job.h"
#include "kernel/smp/percpu.h"
#include "kernel/smp/smp_call.h"
#include "tests/lab/lab.h"

#define CALLS_PAIR 8u	/* at least, from one CPU to another */
#define CALLS_ALL  200u /* with few CPUs, more for each pair */

/* The words of a call. Both have the same value. */
struct letter {
	u32 number, complement;
};

static struct {
	u32 handled, early; /* shared, by the called CPU */
} __aligned(64) box[MAX_CPUS];

static struct {
	unsigned calls, pairs;
	unsigned lost, doubled, early;
	unsigned interrupts; /* more or fewer than calls */
} found;

static bool setup(struct variant *v)
{
	(void)v;
	found = (typeof(found)){.calls = 0};
	for (unsigned cpu = 0; cpu < MAX_CPUS; cpu++)
		box[cpu] = (typeof(box[0])){.handled = 0};
	return true;
}

static void handle(void *argument)
{
	const struct letter *letter = argument;
	unsigned me = cpu_id();
	u32 number = READ_ONCE(letter->number), handled = box[me].handled + 1;

	if (number != handled || number != ~READ_ONCE(letter->complement))
		WRITE_ONCE(box[me].early, box[me].early + 1);
	WRITE_ONCE(box[me].handled, handled);
}

static void call_one(unsigned cpu, unsigned calls)
{
	u32 interrupts = READ_ONCE(cpus[cpu].call_interrupts);
	struct letter letter;

	WRITE_ONCE(box[cpu].handled, 0);
	for (u32 n = 1; n <= calls; n++) {
		u32 handled;

		WRITE_ONCE(letter.number, n);
		WRITE_ONCE(letter.complement, ~n);
		call_cpus(BIT(cpu), handle, &letter);
		handled = READ_ONCE(box[cpu].handled);
		found.calls++;
		found.lost += handled < n;
		found.doubled += handled > n;
	}
	found.interrupts += READ_ONCE(cpus[cpu].call_interrupts) - interrupts != calls;
	found.pairs++;
}

static void call_all(void *argument)
{
	cpumask_t others = READ_ONCE(cpus_online) & ~BIT(cpu_id());
	unsigned n = cpumask_count(others), cpu;
	unsigned calls = CALLS_ALL / (n * (n + 1));

	(void)argument;
	for_each_cpu (cpu, others)
		call_one(cpu, calls > CALLS_PAIR ? calls : CALLS_PAIR);
}

/* One CPU calls at a time, so every interrupt belongs to one call. */
static void run(struct variant *v)
{
	unsigned cpu;

	(void)v;
	for_each_cpu (cpu, READ_ONCE(cpus_online)) {
		if (cpu == cpu_id()) {
			call_all(NULL);
			continue;
		}
		job_give(cpu, call_all, NULL);
		job_wait(BIT(cpu));
	}
}

static enum verdict judge(struct variant *v)
{
	for (unsigned cpu = 0; cpu < MAX_CPUS; cpu++)
		found.early += box[cpu].early;
	if (found.lost || found.doubled || found.early || found.interrupts) {
		lab_saw(v,
			"of %u calls %u were answered unhandled, %u handled twice, %u handled "
			"before their "
			"words were there; %u of %u pairs took another number of interrupts",
			found.calls, found.lost, found.doubled, found.early, found.interrupts,
			found.pairs);
		return VIOLATED;
	}
	lab_counted(v, found.calls);
	lab_counted(v, found.pairs);
	lab_evidence(v, "%u calls between %u pairs of CPUs, as many interrupts, each handled once",
		     found.calls, found.pairs);
	return HELD;
}

SCENARIO(ipi) = {
	.name = "hw/ipi",
	.rule = "an IPI arrives once for each that was sent, and after the stores made "
		"before it",
	.reference = "Intel SDM vol. 3, 11.6 (issuing IPIs), 11.8.4 (one IRR bit a vector)",
	.mode = MODE_PROBE,
	.least = {AT_LEAST(2 * CALLS_PAIR, "calls"), AT_LEAST(2, "pairs of CPUs")},
	.needs = NEED_ALL_CPUS,
	.roles = {{"cpu", run}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
