/* SPDX-License-Identifier: MIT */
/* One CPU gives an idle one a job and waits for its end. */
#include "kernel/smp/job.h"
#include "kernel/smp/percpu.h"
#include "tests/lab/lab.h"
#include "tools/interleave/explored.h"

enum {
	WORKER,
	GIVER,
};

static struct {
	u32 runs; /* shared: of the job, with its argument */
} work EXPLORED;

static void do_work(void *argument)
{
	if (argument == &work)
		WRITE_ONCE(work.runs, READ_ONCE(work.runs) + 1);
}

static void be_idle(struct variant *v)
{
	(void)v;
	while (!idle_turn())
		;
}

static void give(struct variant *v)
{
	job_give(v->cpu[WORKER], do_work, &work);
	job_wait(BIT(v->cpu[WORKER]));
	v->flag[0] = READ_ONCE(work.runs) == 1;
}

static enum verdict judge(struct variant *v)
{
	if (!v->flag[0]) {
		lab_saw(v, "the job that CPU %u gave was over, and its work was not done once",
			v->cpu[GIVER]);
		return VIOLATED;
	}
	return HELD;
}

SCENARIO(job) = {
	.name = "explore/job",
	.rule = "an idle CPU that is given a job runs it once, with its argument, and is seen to "
		"have",
	.reference =
		"Linux smp_call_function_single(), csd_lock_wait(): acquire and release of the "
		"request",
	.mode = MODE_EXPLORED,
	.roles_meet = true,
	.roles = {{"worker", be_idle}, {"giver", give}},
	CELLS(HOLDS(), BREAKS_BY_FROM_IF(DEADLOCK, TSO, 0, ipi_mb),
	      BREAKS_BY_FROM_IF(DEADLOCK, WEAK, 0, wake_rmb), BREAKS_FROM(PSO, job_release),
	      BREAKS_FROM(WEAK, job_acquire), BREAKS_FROM(PSO, job_done_release),
	      BREAKS_FROM(WEAK, job_done_acquire)),
	.judge = judge,
};
