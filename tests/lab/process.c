/* SPDX-License-Identifier: MIT */
/* Gives forked roles a space of their own, and takes it away at their end. */
#include "tests/lab/process.h"

#include "kernel/errno.h"
#include "kernel/smp/percpu.h"
#include "tests/lab/options.h"
#include "tests/lab/plant.h"

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
	struct mm *mm = READ_ONCE(this_cpu()->mm);
	struct process *child;
	int error;

	if (!is_forked(v, role))
		return -EAGAIN;
	child = &v->process[role];
	if (atomic_cmpxchg(&child->state, PROCESS_NONE, PROCESS_FORKING) != PROCESS_NONE)
		return -EAGAIN;
	WRITE_ONCE(child->parent, mm);
	error = dup_mm(&child->mm, mm);
	smp_store_release(&child->state, error ? PROCESS_NONE : PROCESS_BEGUN);
	return error;
}

/* Whether the process has a role, and the calling program is its parent. */
static bool is_child(const struct variant *v, unsigned role)
{
	return is_forked(v, role) && role < v->nr_roles && !option_idle(role) &&
	       role_began(v, role) &&
	       READ_ONCE(v->process[role].parent) == READ_ONCE(this_cpu()->mm);
}

static bool is_killed(const struct variant *v, unsigned role)
{
	return READ_ONCE(v->roles_killed) & BIT(role);
}

static bool is_gone(const struct process *process)
{
	return smp_load_acquire(&process->state) >= PROCESS_GONE;
}

int sys_wait(struct variant *v, unsigned role)
{
	struct process *child;

	if (!is_child(v, role))
		return -ECHILD;
	child = &v->process[role];
	wait_until(is_gone(child) || is_killed(v, lab_role(v)), WAIT_JOB, BIT(v->cpu[role]));
	if (!is_gone(child))
		return -EINTR;
	return atomic_cmpxchg(&child->state, PROCESS_GONE, PROCESS_REAPED) == PROCESS_GONE
		       ? 0
		       : -ECHILD;
}

/* A process that has exited exists until its parent has waited for it. */
static bool exists(const struct variant *v, unsigned role)
{
	if (role >= v->nr_roles || !role_began(v, role))
		return false;
	if (is_forked(v, role))
		return READ_ONCE(v->process[role].state) != PROCESS_REAPED;
	return !is_over(v, role);
}

int sys_kill(struct variant *v, unsigned role)
{
	if (!exists(v, role))
		return -ESRCH;
	if (is_over(v, role))
		return 0;
	atomic_or(&v->roles_killed, BIT(role));
	user_stop(v, role);
	return 0;
}

/* Returns the CPUs of roles still able to fork another one. */
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

/* A space at its end has no table any more, not even the top one. */
struct mm *process_mm(struct variant *v, unsigned role)
{
	struct process *process = &v->process[role];

	if (process->state != PROCESS_BEGUN || process->mm.tables == PFN_NONE)
		return NULL;
	return &process->mm;
}

bool process_forking(const struct variant *v)
{
	for (unsigned role = 0; role < MAX_ROLES; role++)
		if (v->process[role].state == PROCESS_FORKING)
			return true;
	return false;
}

/* Returns whether the role has a space to run in. A thread may have left its space in the round
 * before. */
static bool enter(struct variant *v, unsigned role)
{
	if (!is_forked(v, role)) {
		if (v->scenario->programs && READ_ONCE(this_cpu()->mm) != &v->mm)
			mm_switch(&v->mm);
		return true;
	}
	wait_until(role_began(v, role) || !parents(v), WAIT_JOB, parents(v));
	if (!role_began(v, role))
		return false;
	mm_switch(&v->process[role].mm);
	return true;
}

static void exit_mm(struct process *process)
{
	mm_destroy(&process->mm);
	if (planted(PLANT_exit))
		alloc_page(ZONE_DIRECT);
}

/* Ends the role, and its space if no other role has it. */
static void leave(struct variant *v, unsigned role)
{
	struct process *process = &v->process[role];

	if (is_forked(v, role)) {
		mm_switch(NULL);
		exit_mm(process);
		smp_store_release(&process->state, PROCESS_GONE);
	}
	atomic_or(&v->roles_over, BIT(role));
}

void sys_exit(struct variant *v)
{
	unsigned role = lab_role(v);

	if (v->ends[role].exited)
		return;
	v->ends[role].exited = true;
	if (!is_forked(v, role))
		mm_switch(NULL);
	leave(v, role);
}

void process_run(struct variant *v, unsigned role)
{
	if (option_idle(role) || !enter(v, role))
		return;
	v->scenario->roles[role].run(v);
	if (v->scenario->programs && !v->ends[role].exited)
		leave(v, role);
}

void process_reset(struct variant *v)
{
	for (unsigned role = 0; role < MAX_ROLES; role++) {
		if (v->process[role].state == PROCESS_BEGUN)
			exit_mm(&v->process[role]);
		v->process[role].state = PROCESS_NONE;
	}
	v->roles_over = v->roles_killed = 0;
}
