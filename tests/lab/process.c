/* SPDX-License-Identifier: MIT */
/* Gives roles that are forked a space of their own, and takes it away at their end. */
#include "tests/lab/process.h"

#include "kernel/errno.h"
#include "kernel/smp/percpu.h"
#include "tests/lab/options.h"

static bool is_forked(const struct variant *v, unsigned role)
{
	return role < MAX_ROLES && v->scenario->forked & BIT(role);
}

static bool is_over(const struct variant *v, unsigned role)
{
	return READ_ONCE(v->roles_over) & BIT(role);
}

bool role_began(const struct variant *v, unsigned role)
{
	return !is_forked(v, role) || smp_load_acquire(&v->process[role].state) >= PROCESS_BEGUN;
}

int sys_fork(struct variant *v, unsigned role)
{
	struct process *child = &v->process[role];
	int error;

	if (!is_forked(v, role) ||
	    atomic_cmpxchg(&child->state, PROCESS_NONE, PROCESS_FORKING) != PROCESS_NONE)
		return -EAGAIN;
	error = dup_mm(&child->mm, this_cpu()->mm);
	smp_store_release(&child->state, error ? PROCESS_NONE : PROCESS_BEGUN);
	return error;
}

int sys_wait(struct variant *v, unsigned role)
{
	if (!is_forked(v, role) || !role_began(v, role))
		return -ECHILD;
	wait_until(is_over(v, role), WAIT_JOB, BIT(v->cpu[role]));
	return 0;
}

int sys_kill(struct variant *v, unsigned role)
{
	if (role >= v->nr_roles || !role_began(v, role) || is_over(v, role))
		return -ESRCH;
	atomic_or(&v->roles_killed, BIT(role));
	user_stop(v, role);
	return 0;
}

/* The CPUs of the roles that could still fork another one. */
static cpumask_t parents(const struct variant *v)
{
	cpumask_t mask = 0;

	for (unsigned role = 0; role < v->nr_roles; role++)
		if (!option_idle(role) && role_began(v, role) && !is_over(v, role))
			mask |= BIT(v->cpu[role]);
	return mask;
}

struct mm *process_first_mm(struct variant *v, unsigned role)
{
	return is_forked(v, role) ? NULL : &v->mm;
}

/* Returns whether the role has a space to run in. */
static bool enter(struct variant *v, unsigned role)
{
	if (!is_forked(v, role))
		return true;
	wait_until(role_began(v, role) || !parents(v), WAIT_JOB, parents(v));
	if (!role_began(v, role))
		return false;
	mm_switch(&v->process[role].mm);
	return true;
}

static void leave(struct variant *v, unsigned role)
{
	struct process *process = &v->process[role];

	if (is_forked(v, role)) {
		mm_switch(NULL);
		mm_destroy(&process->mm);
		WRITE_ONCE(process->state, PROCESS_GONE);
	}
	atomic_or(&v->roles_over, BIT(role));
}

void process_run(struct variant *v, unsigned role)
{
	if (option_idle(role) || !enter(v, role))
		return;
	v->scenario->roles[role].run(v);
	if (v->scenario->programs)
		leave(v, role);
}

void process_reset(struct variant *v)
{
	for (unsigned role = 0; role < MAX_ROLES; role++) {
		if (v->process[role].state == PROCESS_BEGUN)
			mm_destroy(&v->process[role].mm);
		v->process[role].state = PROCESS_NONE;
	}
	v->roles_over = v->roles_killed = 0;
}
