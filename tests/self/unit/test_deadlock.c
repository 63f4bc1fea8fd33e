/* SPDX-License-Identifier: MIT */
/* wait_deadlock() on tables of published waits. */
#include "kernel/wait/wait.h"
#include "tests/self/unit/tap.h"

#define ON  .irqs_on = 1
#define OFF .irqs_on = 0

static const struct {
	const char *name;
	struct wait waits[4];
	cpumask_t stuck;
} rows[] = {
	{"nobody waits", {{0}}, 0},
	{"a chain that ends in a CPU that runs",
	 {{.kind = WAIT_LOCK, .whom = 2, ON}, {.kind = WAIT_LOCK, .whom = 4, OFF}},
	 0},
	{"a cycle of two locks",
	 {{.kind = WAIT_LOCK, .whom = 2, ON}, {.kind = WAIT_LOCK, .whom = 1, ON}},
	 3},
	{"a cycle of three locks, a fourth CPU behind it",
	 {{.kind = WAIT_LOCK, .whom = 2, ON},
	  {.kind = WAIT_LOCK, .whom = 4, ON},
	  {.kind = WAIT_LOCK, .whom = 1, OFF},
	  {.kind = WAIT_LOCK, .whom = 1, ON}},
	 15},
	{"acks of a CPU that spins with interrupts off for the initiator's lock",
	 {{.kind = WAIT_ACK, .whom = 2, ON}, {.kind = WAIT_LOCK, .whom = 1, OFF}},
	 3},
	{"the same with interrupts on: it answers",
	 {{.kind = WAIT_ACK, .whom = 2, ON}, {.kind = WAIT_LOCK, .whom = 1, ON}},
	 0},
	{"two initiators wait for each other's acks: they answer from the wait",
	 {{.kind = WAIT_ACK, .whom = 2, OFF}, {.kind = WAIT_ACK, .whom = 1, OFF}},
	 0},
	{"acks of a CPU that runs with interrupts off",
	 {{.kind = WAIT_ACK, .whom = 2, ON}, {.kind = WAIT_NONE, OFF}},
	 0},
	{"acks of one CPU in the cycle and of one that answers",
	 {{.kind = WAIT_ACK, .whom = 6, ON},
	  {.kind = WAIT_LOCK, .whom = 1, OFF},
	  {.kind = WAIT_LOCK, .whom = 8, ON}},
	 3},
	{"a call to a CPU in an ack wait with interrupts off: it does not take calls there",
	 {{.kind = WAIT_CALL, .whom = 2, ON},
	  {.kind = WAIT_ACK, .whom = 4, OFF},
	  {.kind = WAIT_LOCK, .whom = 1, OFF}},
	 7},
	{"a call to a CPU that waits with interrupts on",
	 {{.kind = WAIT_CALL, .whom = 2, ON}, {.kind = WAIT_CALL, .whom = 1, ON}},
	 0},
	{"an NMI shootdown of a CPU that spins with interrupts off for our lock",
	 {{.kind = WAIT_NOWAIT, .whom = 2, ON}, {.kind = WAIT_LOCK, .whom = 1, OFF}},
	 0},
	{"a job given to a CPU that waits for the giver's lock",
	 {{.kind = WAIT_JOB, .whom = 2, ON}, {.kind = WAIT_LOCK, .whom = 1, ON}},
	 3},
	{"a reader that asks for a lock whose owner waits behind a writer that waits for the reader",
	 {{.kind = WAIT_LOCK, .whom = 4, ON},
	  {.kind = WAIT_WRITE, .whom = 1, ON},
	  {.kind = WAIT_READ, .whom = 2, ON}},
	 7},
	{"a writer and one of two readers wait for each other, the other reader goes on",
	 {{.kind = WAIT_WRITE, .whom = 6, ON}, {.kind = WAIT_READ, .whom = 1, ON}},
	 3},
	{"a reader that asks for more, with a writer waiting for it",
	 {{.kind = WAIT_READ, .whom = 2, ON}, {.kind = WAIT_WRITE, .whom = 1, ON}},
	 3},
	{"a reader that wants to write, and waits for itself",
	 {{.kind = WAIT_WRITE, .whom = 1, ON}, {.kind = WAIT_READ, .whom = 1, ON}},
	 3},
	{"a writer behind readers of which one asks for an ack that it gives",
	 {{.kind = WAIT_WRITE, .whom = 2, ON}, {.kind = WAIT_ACK, .whom = 1, ON}},
	 0},
	{"two cycles at once",
	 {{.kind = WAIT_LOCK, .whom = 2, ON},
	  {.kind = WAIT_LOCK, .whom = 1, ON},
	  {.kind = WAIT_ACK, .whom = 8, ON},
	  {.kind = WAIT_LOCK, .whom = 4, OFF}},
	 15},
	{"what is left of a wait that is over counts for nothing",
	 {{.kind = WAIT_NONE, .whom = 2, ON}, {.kind = WAIT_LOCK, .whom = 1, ON}},
	 0},
	{"a CPU that does not wait is in no deadlock of others",
	 {{.kind = WAIT_NONE, .whom = 2, ON},
	  {.kind = WAIT_LOCK, .whom = 4, ON},
	  {.kind = WAIT_LOCK, .whom = 2, ON}},
	 6},
	{"nor does that of another CPU",
	 {{.kind = WAIT_NONE, .whom = 4, ON},
	  {.kind = WAIT_NONE, .whom = 1, ON},
	  {.kind = WAIT_LOCK, .whom = 1, ON}},
	 0},
	{"a lock whose owner waits for nobody any more", {{.kind = WAIT_LOCK, .whom = 0, ON}}, 0},
};

/* As many as there can be, each waiting for the next one, the last for the first. */
static void test_all_cpus(void)
{
	struct wait waits[MAX_CPUS];

	for (unsigned cpu = 0; cpu < MAX_CPUS; cpu++)
		waits[cpu] = (struct wait){
			.kind = WAIT_LOCK, .whom = BIT((cpu + 1) % MAX_CPUS), .irqs_on = 1};
	CHECK(wait_deadlock(waits, MAX_CPUS) == ~0u, "a cycle of all CPUs");
	waits[MAX_CPUS - 1].kind = WAIT_NONE;
	CHECK(!wait_deadlock(waits, MAX_CPUS), "the last one runs, so none of them is stuck");
}

int main(void)
{
	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
		cpumask_t stuck = wait_deadlock(rows[i].waits, 4);

		CHECK(stuck == rows[i].stuck, "%s: 0x%x", rows[i].name, stuck);
	}
	CHECK(wait_deadlock(rows[2].waits, 1) == 0, "only the first n CPUs are looked at");
	test_all_cpus();
	return tap_done();
}
