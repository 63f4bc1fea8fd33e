/* SPDX-License-Identifier: MIT */
/* As tlb/nap, with the initiator of a shootdown or the caller of a function as the sleeper, and its
 * target as the CPU to wake it. */
#include "kernel/smp/smp_call.h"
#include "tests/lab/mapped.h"

enum {
	TARGET,
	INITIATOR,
};

static bool setup(struct variant *v)
{
	wait_naps = true;
	return map_one_frame(v);
}

static void nothing(void *argument)
{
	(void)argument;
}

static void call(struct variant *v)
{
	call_cpus(BIT(v->cpu[TARGET]), nothing, NULL);
}

static enum verdict judge(struct variant *v)
{
	(void)v;
	return HELD;
}

#define BOTH                                                                                       \
	.reference = "as tlb/nap", .mode = MODE_EXPLORED, .setup = setup, .judge = judge,          \
	CELLS(HOLDS(IF(NEED_NAP)), BREAKS(nap_wake, BY(DEADLOCK), IF(NEED_NAP)),                   \
	      BREAKS(nap_look, BY(DEADLOCK), IF(NEED_NAP)),                                        \
	      BREAKS(nap_retest, BY(DEADLOCK), IF(NEED_NAP)),                                      \
	      BREAKS(nap_mb, BY(DEADLOCK), FROM(TSO), IF(NEED_NAP)),                               \
	      BREAKS(wake_mb, BY(DEADLOCK), FROM(TSO), IF(NEED_NAP)))

SCENARIO(nap_ack) = {
	BOTH,
	.name = "explore/nap-ack",
	.rule = "the initiator of a shootdown that sleeps for an ack is woken by it",
	.roles = {[TARGET] = {"target", lab_stand_by}, [INITIATOR] = {"initiator", lab_zap}},
};

SCENARIO(nap_call) = {
	BOTH,
	.name = "explore/nap-call",
	.rule = "a caller that sleeps until its function was run is woken then",
	.roles = {[TARGET] = {"target", lab_stand_by}, [INITIATOR] = {"caller", call}},
};
