/* SPDX-License-Identifier: MIT */
/* Holds CPUs at race points and lets them go on as the script says. */
#include "tests/lab/choreo.h"

#include <asm/atomic.h>
#include <asm/irq.h>

#include "kernel/printk.h"
#include "kernel/smp/percpu.h"
#include "kernel/string.h"
#include "tests/lab/plant.h"
#include "tests/lab/registry.h"
#include "tests/lab/trace.h"

#define NO_ROLE MAX_ROLES

/* A parked CPU reads only its word here and the clock, and pauses. */
enum word {
	WORD_GO,
	WORD_PARKED,
};

static struct {
	u32 lock; /* raw and with interrupts off, because race points may be anywhere */
	struct variant *v;
	u8 role_of[MAX_CPUS];

	u32 word[MAX_ROLES]; /* shared with the parked CPU */
	const struct step *parked[MAX_ROLES];
	bool parked_irqs_on[MAX_ROLES];
	bool over[MAX_ROLES];
	unsigned told[MAX_ROLES]
		     [MAX_ROLES];      /* [waiting][parked], reports by the one since the other
					  parked */
	unsigned next_step[MAX_ROLES]; /* index into the script */
	u8 reached[MAX_ROLES][NR_RACES];
	u8 released_by[MAX_SCRIPT]; /* alternative + 1, 0 if not yet, or BY_END */
	u32 ticket;		    /* of the last event on record */
	char stuck[200];	    /* where each role stood, empty if never stuck */
} lab;

#define BY_END 0xff

/* Not a spinlock of kernel/wait/spinlock.h, because its waits come here to be recorded. */
static u32 lock(void)
{
	u32 flags = irq_save(), owner;
	struct patience patience = {0};

	while ((owner = atomic_cmpxchg(&lab.lock, 0, cpu_id() + 1))) {
		cpu_relax();
		if (patience_spun(&patience))
			panic("CPU %u waited %u s for the script's lock of CPU %u", cpu_id(),
			      wait_deadline_s, owner - 1);
	}
	return flags;
}

static void unlock(u32 flags)
{
	smp_store_release(&lab.lock, 0);
	irq_restore(flags);
}

/* Returns the role's next step from index `from` on, NULL if there is none. */
static const struct step *find_step(unsigned role, unsigned from)
{
	for (unsigned i = from; i < lab.v->script.nr; i++)
		if (lab.v->script.steps[i].role == role)
			return &lab.v->script.steps[i];
	return NULL;
}

/* Returns whether the parked role keeps `role` waiting. The waiting CPU reports its wait while it
 * spins. Its first report after the other parked may rest on an earlier look, but the second does
 * not. */
static bool blocked_on(unsigned role, unsigned me)
{
	return lab.told[role][me] >= 2;
}

/* With interrupts on, a parked CPU still answers interrupts. */
static bool can_answer(enum wait_kind kind, unsigned me)
{
	switch (kind) {
	case WAIT_ACK:
	case WAIT_CALL:
		return lab.parked_irqs_on[me];
	case WAIT_LOCK:
	case WAIT_GRACE:
	case WAIT_CLEAR:
		return false;
	default:
		return true;
	}
}

static void hear_waiting(unsigned role, u64 value)
{
	for (unsigned other = 0; other < lab.v->nr_roles; other++) {
		bool kept = lab.parked[other] && value & BIT(lab.v->cpu[other]) &&
			    !can_answer(value >> 32, other);

		lab.told[role][other] = kept ? lab.told[role][other] + 1 : 0;
	}
}

static bool is_met(const struct release *release, unsigned me)
{
	if (release->kind == RELEASE_BLOCKED)
		return blocked_on(release->role, me);
	return lab.reached[release->role][release->point] >= release->times;
}

/* Returns the number + 1 of the alternative that releases the parked role now, BY_END if all roles
 * it waits for are over, 0 if none. */
static u8 release_of(unsigned role)
{
	const struct step *step = lab.parked[role];
	bool all_over = true;

	if (step->until[0].kind == RELEASE_NEVER)
		return 1;

	for (unsigned i = 0; i < ARRAY_SIZE(step->until); i++) {
		if (step->until[i].kind == RELEASE_NEVER)
			break;
		if (is_met(&step->until[i], role))
			return (u8)(i + 1);
		all_over &= lab.over[step->until[i].role];
	}
	return all_over ? BY_END : 0;
}

/* Returns the parked role that blocks this one, MAX_ROLES if there is none. No alternative of the
 * script covers such a wait. */
static unsigned waits_for_parked(unsigned role)
{
	unsigned other = 0;

	while (other < lab.v->nr_roles && !(lab.parked[other] && blocked_on(role, other)))
		other++;
	return other < lab.v->nr_roles ? other : MAX_ROLES;
}

static void release(unsigned role, u8 by)
{
	lab.released_by[lab.parked[role] - lab.v->script.steps] = by;
	lab.parked[role] = NULL;
	smp_store_release(&lab.word[role], WORD_GO);
}

/* Describes where each role is when none can go on. */
static void describe_stuck(void)
{
	const struct role *roles = lab.v->scenario->roles;
	int used = scnprintk(lab.stuck, sizeof(lab.stuck), "the script stopped");

	for (unsigned role = 0; role < lab.v->nr_roles; role++) {
		const char *does = "is over", *where = "";

		if (lab.parked[role]) {
			does = "is held at ";
			where = race_name[lab.parked[role]->at];
		} else if (!lab.over[role]) {
			does = "waits for ";
			where = roles[waits_for_parked(role)].name;
		}
		used += scnprintk(lab.stuck + used, sizeof(lab.stuck) - (size_t)used, "%s %s %s%s",
				  role ? "," : ":", roles[role].name, does, where);
	}
}

static void release_all_that_may(void)
{
	unsigned waiting = 0, idle = 0;

	for (unsigned role = 0; role < lab.v->nr_roles; role++) {
		u8 by = lab.parked[role] ? release_of(role) : 0;

		if (lab.parked[role] && planted(PLANT_script))
			by = BY_END;
		if (by && !planted(PLANT_stuck))
			release(role, by);
		waiting += lab.parked[role] != NULL;
		idle += lab.parked[role] || lab.over[role] || waits_for_parked(role) != MAX_ROLES;
	}
	/* No role is left to release another. Let them go, because the script has failed. */
	if (waiting && idle == lab.v->nr_roles) {
		if (!lab.stuck[0])
			describe_stuck();
		for (unsigned role = 0; role < lab.v->nr_roles; role++)
			if (lab.parked[role])
				release(role, BY_END);
	}
}

/* A schedule counts from the role's beginning. The lab's steps before it are not the explorer's,
 * and must not release another, quicker role. */
static bool counts(unsigned role, unsigned point)
{
	return lab.v->mode != MODE_REPLAY || point == RACE_role_start ||
	       lab.reached[role][RACE_role_start];
}

static void record(unsigned role, const struct race_site *site, u64 value)
{
	if (counts(role, site->point) && lab.reached[role][site->point] < 0xff)
		lab.reached[role][site->point]++;
	trace_add(role, site, value, ++lab.ticket);
}

/* Returns the step if this arrival is the role's next one. The role must then wait for its word. */
static const struct step *park(unsigned role, const struct race_site *site, bool irqs_on)
{
	const struct step *step = find_step(role, lab.next_step[role]);

	if (!step || lab.parked[role] || step->at != site->point ||
	    (step->nth && step->nth != lab.reached[role][site->point]))
		return NULL;
	lab.next_step[role] = (unsigned)(step - lab.v->script.steps) + 1;
	lab.parked[role] = step;
	lab.parked_irqs_on[role] = irqs_on;
	for (unsigned other = 0; other < lab.v->nr_roles; other++)
		lab.told[other][role] = 0;
	WRITE_ONCE(lab.word[role], WORD_PARKED);
	return lab.parked[role];
}

static void stay_parked(unsigned role, const struct race_site *site)
{
	struct patience patience = {0};

	while (smp_load_acquire(&lab.word[role]) == WORD_PARKED) {
		cpu_relax();
		if (patience_spun(&patience))
			panic("role %s, parked at %s (%s:%u), was not released in %u s",
			      lab.v->scenario->roles[role].name, race_name[site->point],
			      site->function, site->line, wait_deadline_s);
	}
}

static void on_race(const struct race_site *site, u64 value)
{
	unsigned role = lab.role_of[cpu_id()];
	const struct step *step;
	u32 flags;

	if (role == NO_ROLE)
		return;
	flags = lock();
	step = NULL;
	if (site->point == RACE_wait_spinning) {
		hear_waiting(role, value);
	} else {
		hear_waiting(role, 0); /* it goes on, so it waits no more */
		record(role, site, value);
		step = park(role, site, flags & IRQS_ON);
	}
	release_all_that_may();
	unlock(flags);
	if (step)
		stay_parked(role, site);
	if (lab.v->mode == MODE_REPLAY)
		scenario_act_at(lab.v, role, site->point);
	else if (step && step->act)
		step->act(lab.v);
}

void choreo_role_over(void)
{
	u32 flags = lock();

	lab.over[lab.role_of[cpu_id()]] = true;
	lab.role_of[cpu_id()] = NO_ROLE;
	release_all_that_may();
	unlock(flags);
}

void choreo_begin(struct variant *v)
{
	assert(v->script.nr <= MAX_SCRIPT);
	trace_reset();
	memset(&lab, 0, sizeof(lab));
	lab.v = v;
	for (unsigned cpu = 0; cpu < MAX_CPUS; cpu++)
		lab.role_of[cpu] = NO_ROLE;
	for (unsigned role = 0; role < v->nr_roles; role++)
		lab.role_of[v->cpu[role]] = (u8)role;
	smp_store_release(&race_hook, on_race);
}

void choreo_end(void)
{
	smp_store_release(&race_hook, NULL);
}

const char *choreo_stuck(void)
{
	return lab.stuck[0] ? lab.stuck : NULL;
}

bool choreo_released_by(unsigned step, unsigned alternative)
{
	return lab.released_by[step] == alternative + 1;
}

/* Returns the first step released by none of its alternatives, script.nr if there is none. */
static unsigned first_missed(void)
{
	unsigned i = 0;

	while (i < lab.v->script.nr && lab.released_by[i] && lab.released_by[i] != BY_END)
		i++;
	return i;
}

bool choreo_missed(char *text, size_t size)
{
	unsigned i = first_missed();
	const struct step *step = &lab.v->script.steps[i];
	const char *role;

	if (i == lab.v->script.nr)
		return false;
	role = lab.v->scenario->roles[step->role].name;
	if (lab.released_by[i])
		snprintk(text, size,
			 "step %u of the script was left by none of its alternatives: %s stood at %s until those it waited for were over",
			 i + 1, role, race_name[step->at]);
	else
		snprintk(text, size, "step %u of the script was not reached: %s did not come to %s",
			 i + 1, role, race_name[step->at]);
	return true;
}

bool choreo_complete(void)
{
	return first_missed() == lab.v->script.nr && !lab.stuck[0];
}
