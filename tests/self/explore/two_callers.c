/* SPDX-License-Identifier: MIT */
/* Two CPUs call a third one at the same time, so the interrupt of either may serve both. */
#include "kernel/smp/smp_call.h"
#include "tests/lab/lab.h"

enum {
	TARGET,
	FIRST,
	SECOND,
};

/* Without its argument it counts nothing, and the judge notices. */
static void count(void *argument)
{
	u32 *calls = argument;

	if (!calls)
		return;
	WRITE_ONCE(*calls, READ_ONCE(*calls) + 1);
}

static void call(struct variant *v, unsigned role)
{
	call_cpus(BIT(v->cpu[TARGET]), count, &v->value[role]);
	v->flag[role] = READ_ONCE(v->value[role]) == 1;
}

static void call_first(struct variant *v)
{
	call(v, FIRST);
}

static void call_second(struct variant *v)
{
	call(v, SECOND);
}

static enum verdict judge(struct variant *v)
{
	for (unsigned role = FIRST; role <= SECOND; role++) {
		if (v->flag[role])
			continue;
		lab_saw(v, "CPU %u's call returned, and what the function did was not done once",
			v->cpu[role]);
		return VIOLATED;
	}
	return HELD;
}

SCENARIO(two_callers) = {
	.name = "explore/two-callers",
	.rule = "a call runs its function once, and has when it returns, whoever else calls the same CPU",
	.reference = "Linux smp_call_function_many_cond(), flush_smp_call_function_queue(): llist_add() orders the request before it is found",
	.mode = MODE_EXPLORED,
	.roles = {[TARGET] = {"target", lab_stand_by},
		  [FIRST] = {"caller", call_first},
		  [SECOND] = {"caller", call_second}},
	CELLS(HOLDS(), BREAKS(ipi_mb, BY(DEADLOCK), FROM(TSO)),
	      BREAKS(call_wmb, BY(STOP), FROM(PSO)), BREAKS(ack_release, FROM(PSO)),
	      BREAKS(ack_acquire, FROM(WEAK))),
	.judge = judge,
};
