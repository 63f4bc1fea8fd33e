/* SPDX-License-Identifier: MIT */
/* Where free-running roles meet. */
#include "kernel/printk.h"
#include "kernel/smp/percpu.h"
#include "tests/lab/lab.h"
#include "tests/lab/options.h"

unsigned lab_role(const struct variant *v)
{
	unsigned role = 0;

	while (v->cpu[role] != cpu_id())
		role++;
	return role;
}

/* CPUs of the roles still missing at meeting number `meeting`. */
static cpumask_t missing(struct variant *v, u32 meeting)
{
	cpumask_t mask = 0;

	for (unsigned role = 0; role < v->nr_roles; role++)
		if (smp_load_acquire(&v->met[role]) < meeting)
			mask |= BIT(v->cpu[role]);
	return mask;
}

bool lab_go_on(struct lab_patience *patience, const bool *over, const u32 *progress)
{
	u32 now = READ_ONCE(*progress), was = patience->progress;

	if (now != was)
		*patience = (struct lab_patience){.progress = now};
	if (patience_spun(&patience->patience))
		panic("CPU %u worked for %u s while the role that it does so for did nothing",
		      cpu_id(), wait_deadline_s);
	if (patience->patience.spins % SPINS_PER_LOOK == 0 && now == was)
		step_aside();
	return !READ_ONCE(*over);
}

/* An idle role does not come, and is never over. */
static bool all_in_stress(const struct variant *v)
{
	bool all = v->mode == MODE_STRESS;

	for (unsigned role = 0; role < v->nr_roles; role++)
		all = all && !option_idle(role);
	return all;
}

bool lab_together(struct variant *v)
{
	return !all_in_stress(v) || lab_meet(v);
}

/* So many take about as long as another role's work. If the host has not run that role meanwhile,
 * this CPU makes room for it. */
#define ACCESSES_AT_ONCE 32u

bool lab_at_work(struct variant *v, unsigned other, struct lab_patience *patience)
{
	bool over;

	if (!all_in_stress(v))
		return false;
	over = READ_ONCE(v->roles_over) & BIT(other) || wait_is_abandoned();
	if (patience->patience.spins % ACCESSES_AT_ONCE == ACCESSES_AT_ONCE - 1)
		step_aside();
	return lab_go_on(patience, &over, &v->roles_over);
}

bool lab_meet(struct variant *v)
{
	unsigned role = lab_role(v);
	u32 meeting = READ_ONCE(v->met[role]) + 1;

	smp_store_release(&v->met[role], meeting);
	return wait_until(!missing(v, meeting), WAIT_JOB, missing(v, meeting)) &&
	       !wait_is_abandoned();
}
