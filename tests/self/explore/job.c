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

/* The numbers of v->flag. */
enum {
	DONE_ONCE, /* the giver saw one run of the job */
};

static struct {
	u32 runs; /* shared, the runs of the job with its argument */
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
	v->flag[DONE_ONCE] = READ_ONCE(work.runs) == 1;
}

static enum verdict judge(struct variant *v)
{
	if (!v->flag[DONE_ONCE]) {
		lab_saw(v, "the job that CPU %u gave was over, and its work was not done once",
			v->cpu[GIVER]);
		return VIOLATED;
	}
	return HELD;
}

SCENARIO(job) = {
	.name = "explore/job",
	.rule = "an idle CPU that is given a job runs it once, with its argument, and is seen to have",
	.reference =
		"Linux smp_call_function_single(), csd_lock_wait(): acquire and release of the request",
	.mode = MODE_EXPLORED,
	.roles_meet = true,
	.roles = {[WORKER] = {"worker", be_idle}, [GIVER] = {"giver", give}},
	CELLS(HOLDS(), BREAKS(ipi_mb, BY(DEADLOCK), FROM(TSO)),
	      BREAKS(wake_rmb, BY(DEADLOCK), FROM(WEAK)), BREAKS(job_release, FROM(PSO)),
	      BREAKS(job_acquire, FROM(WEAK)), BREAKS(job_done_release, FROM(PSO)),
	      BREAKS(job_done_acquire, FROM(WEAK))),
	.judge = judge,
};
