/* SPDX-License-Identifier: MIT */
/* Makes a variant, plays it, and takes it down. */
#include "tests/lab/variant.h"

#include <asm/atomic.h>
#include <asm/caps.h>
#include <asm/clock.h>
#include <asm/tlb.h>

#include "kernel/div.h"
#include "kernel/finish.h"
#include "kernel/printk.h"
#include "kernel/random.h"
#include "kernel/smp/job.h"
#include "kernel/smp/percpu.h"
#include "kernel/smp/smp_call.h"
#include "kernel/string.h"
#include "mm/gup/gup.h"
#include "tests/lab/choreo.h"
#include "tests/lab/frames.h"
#include "tests/lab/judge.h"
#include "tests/lab/options.h"
#include "tests/lab/oracles.h"
#include "tests/lab/plant.h"
#include "tests/lab/registry.h"
#include "tests/lab/replay.h"
#include "tests/lab/revived.h"
#include "tests/lab/trace.h"
#include "tests/lab/process.h"

/* In user space of every port. The anchor shares the tested address's table. */
#ifndef TESTED_VA /* the spaces of a unit program are small */
#define TESTED_VA ((vaddr_t)0x40200000)
#endif
#define ANCHOR_VA (TESTED_VA + 7 * PAGE_SIZE)
/* Rounds of stress take turns among this many slots, behind the anchor's. */
#define SLOTS 64u

struct part {
	struct variant *v;
	unsigned role;
	rounds_t *rounds;
	void *context;
	bool walkers_agree;
};

static void choices_default(u8 *choice)
{
	for (unsigned id = 0; id < NR_CHOICES; id++)
		choice[id] = choice_default[id];
}

static void set_guards(const struct variant *v)
{
	for (unsigned id = 0; id < NR_GUARDS; id++)
		guard_off[id] =
			!options.stuck_guards && (options.guard_off[id] || id == v->cell->off);
}

/* Call before the space is made, because some choices decide its form. */
static void set_choices(const struct variant *v)
{
	for (unsigned id = 0; id < NR_CHOICES; id++)
		choice_value[id] = v->choice[id];
}

static void guards_on(void)
{
	for (unsigned id = 0; id < NR_GUARDS; id++)
		guard_off[id] = 0;
}

void variant_guards(const struct variant *v, bool as_the_cell)
{
	if (as_the_cell)
		set_guards(v);
	else
		guards_on();
}

/* The lab's own work must not depend on a guard broken by a cell. */
static bool guards_are_on(void)
{
	for (unsigned id = 0; id < NR_GUARDS; id++)
		if (guard_off[id])
			return false;
	return true;
}

/* Returns whether both walkers reach the same frame. The tables under test are then the ones this
 * CPU's hardware uses. With pte_read=locked a walker is refused while another has the lock. */
static bool walkers_agree(void)
{
	struct page *page;
	bool agree;
	u32 tag;

	assert(guards_are_on());
	if (!wait_until(gup_fast(ANCHOR_VA, 1, 0, &page) == 1, WAIT_LOCK, 0))
		return false;
	agree = lab_load_tag(ANCHOR_VA, &tag) && !planted(PLANT_walkers) &&
		tag == lab_tag(page_to_pfn(page));
	put_page(page);
	return agree;
}

/* No role is at work any more, and from here on the lab itself walks. Returns false if a deadlock
 * was broken. */
static bool meet_with_guards_on(struct variant *v, unsigned role)
{
	if (!lab_meet(v))
		return false;
	if (role == 0)
		guards_on();
	return lab_meet(v);
}

static void play(void *argument)
{
	struct part *part = argument;
	struct variant *v = part->v;

	mm_switch(process_first_mm(v, part->role));
	part->rounds(v, part->role, part->context);
	mm_switch(&v->mm);
	part->walkers_agree = meet_with_guards_on(v, part->role) && walkers_agree();
	mm_switch(NULL);
}

/* Casts the roles on neighbouring CPUs, beginning anywhere. So a run on many CPUs uses them all. */
static void cast_roles(struct variant *v)
{
	static struct random casting;
	cpumask_t online = READ_ONCE(cpus_online);
	unsigned skip;

	if (!casting.state)
		casting = random_stream(run_seed, 0);
	skip = random_below(&casting, cpumask_count(online));
	if (v->scenario->needs & NEED_ALL_CPUS)
		skip = 0;
	for (unsigned i = 0; i < skip + v->nr_roles; i++, online &= online - 1) {
		if (!online)
			online = READ_ONCE(cpus_online);
		if (i >= skip)
			v->cpu[i - skip] = (u8)cpumask_first(online);
	}
}

bool variant_play(struct variant *v, rounds_t *rounds, void *context)
{
	struct part parts[MAX_ROLES];
	struct part *mine = NULL;
	cpumask_t others = 0;
	bool agree = true;

	for (unsigned role = 0; role < v->nr_roles; role++) {
		parts[role] = (struct part){v, role, rounds, context, false};
		if (v->cpu[role] == cpu_id()) {
			mine = &parts[role];
			continue;
		}
		others |= BIT(v->cpu[role]);
		job_give(v->cpu[role], play, &parts[role]);
	}
	if (mine)
		play(mine);
	job_wait(others);
	for (unsigned role = 0; role < v->nr_roles; role++)
		agree &= parts[role].walkers_agree;
	return agree;
}

/* Sets the scene for a scenario. The tested slot is empty, in a table with the anchor's. */
static bool set_the_scene(struct variant *v)
{
	v->va = TESTED_VA + v->slot * PAGE_SIZE;
	v->ptep = pte_alloc(&v->mm, v->va);
	return v->ptep && (!v->scenario->setup || v->scenario->setup(v));
}

/* In a space of programs the anchor is no program's to unmap. */
static bool map_anchor(struct variant *v, pte_t pte)
{
	if (v->scenario->programs)
		return install_special_mapping(&v->mm, ANCHOR_VA, pte, VM_READ);
	return mm_establish(&v->mm, ANCHOR_VA, pte);
}

static bool prepare(struct variant *v)
{
	struct page *anchor;

	if (!mm_create(&v->mm))
		return false;
	if (v->scenario->programs && !user_map_code(&v->mm))
		return false;
	anchor = lab_frame(v, ZONE_DIRECT);
	if (!anchor)
		return false;
	get_page(anchor);
	return map_anchor(v, lab_entry(anchor)) && set_the_scene(v);
}

static void flush_this_cpu(void *argument)
{
	(void)argument;
	tlb_flush_all();
}

static void flush_all_cpus(void)
{
	call_cpus(READ_ONCE(cpus_online), flush_this_cpu, NULL);
}

static const char *const REVIVED = "an entry came back after it was taken and flushed";

/* Looks at the spaces as the roles left them, with every CPU flushed. Entries of [start, end) that
 * came back are taken away, because the pages are unmapped next. */
static const char *look_at_spaces(struct variant *v, vaddr_t start, vaddr_t end)
{
	unsigned revived = revived_drop(v, start, end);
	const char *wrong = revived ? REVIVED : oracles_look(v);

	return wrong ? wrong : oracles_look_at_zero_page();
}

const char *variant_again(struct variant *v)
{
	const char *spaces, *complaint;

	assert(guards_are_on());
	flush_all_cpus();
	spaces = look_at_spaces(v, v->va, v->va + PAGE_SIZE);
	zap_page_range(&v->mm, v->va, v->va + PAGE_SIZE);
	flush_all_cpus();
	complaint = frames_release(v, 1); /* the anchor stays */
	if (planted(PLANT_damage))
		frames_write_free();
	v->slot = SLOTS + (v->slot + 1) % SLOTS;
	v->nr_legal = 0;
	v->outcome = NULL;
	v->a = v->b = v->decoy = NULL;
	v->seen = ENTRY_NONE;
	memset(v->value, 0, sizeof(v->value));
	memset(v->flag, 0, sizeof(v->flag));
	user_begin(v);
	process_reset(v);
	if (!set_the_scene(v))
		panic("out of memory before %s", v->scenario->name);
	return spaces ? spaces : complaint;
}

void variant_begin(struct variant *v, const struct scenario *scenario, const struct cell *cell,
		   enum lab_mode mode)
{
	u32 free_frames;

	if (scenario->programs)
		user_code_take();
	free_frames = zone_free_frames();
	*v = (struct variant){.scenario = scenario, .cell = cell, .mode = mode};
	v->free_frames = free_frames;
	v->script = mode == MODE_REPLAY ? replay_script() : scenario->script;
	cell_choices(cell, v->choice);
	if (options.stuck_guards && cell->expect == EXPECT_HISTORICAL) /* stuck at right choices */
		choices_default(v->choice);
	v->nr_roles = scenario_roles(scenario);
	cast_roles(v);
	set_choices(v);
	user_begin(v);
	if (!prepare(v))
		panic("out of memory before %s", scenario->name);
	set_guards(v);
}

/* Nothing of the variant may outlive it, be it stale translations, mappings or frames. */
const char *variant_end(struct variant *v)
{
	cpumask_t deadlocked = atomic_xchg(&wait_abandoned, 0);
	const char *spaces, *complaint;
	bool damaged, leaked;

	guards_on();
	choices_reset();
	flush_all_cpus();
	oracles_plant(v);
	spaces = look_at_spaces(v, 0, user_end(v->mm.pgd));
	process_reset(v);
	mm_destroy(&v->mm);
	complaint = frames_release(v, 0);
	if (planted(PLANT_leak))
		alloc_page(ZONE_DIRECT);
	if (planted(PLANT_scrub))
		frames_write_free();
	damaged = frames_scrub() && !cell_must_break(v->cell);
	/* A fault without its recheck may overwrite an entry, and the entry's page is lost. */
	leaked = zone_free_frames() != v->free_frames && !cell_must_break(v->cell);
	if (deadlocked)
		return "deadlock: CPUs waited for each other";
	if (spaces)
		return spaces;
	if (!complaint && leaked)
		return "frames leaked";
	return !complaint && damaged ? "a free frame was written" : complaint;
}

/* For lab.deadlock=1, in a variant whose first role meets the last one. */
static bool plant_deadlock(const struct variant *v, unsigned role)
{
	return options.deadlock && v->mode == MODE_PROBE && role && role == v->nr_roles - 1;
}

static void play_once(struct variant *v, unsigned role, void *context)
{
	(void)context;
	race_point(role_start);
	if (plant_deadlock(v, role))
		(void)wait_until(false, WAIT_JOB, BIT(v->cpu[0]));
	else
		process_run(v, role);
	if (!role && planted(PLANT_poison)) {
		frames_write_free();
		put_page(alloc_page(ZONE_DIRECT));
	}
	if (trace_took_part(role))
		race_point(role_done);
	choreo_role_over();
}

struct outcome variant_run(struct variant *v, const struct scenario *scenario,
			   const struct cell *cell, enum lab_mode mode)
{
	struct outcome outcome = {.verdict = NO_EVIDENCE};
	bool agree;
	u64 start;

	variant_begin(v, scenario, cell, mode);
	start = clock_ns();
	choreo_begin(v);
	agree = variant_play(v, play_once, NULL);
	choreo_end();
	outcome.us = (u32)div_u64(clock_ns() - start, 1000, NULL);
	outcome.verdict = lab_judge(v);
	outcome.complaint = variant_end(v);
	if (!agree && !outcome.complaint)
		outcome.complaint = "hardware and software walker do not reach the same frame";
	if (!outcome.complaint)
		outcome.complaint = choreo_stuck();
	if (!outcome.complaint && !trace_in_order(false))
		outcome.complaint = TRACE_DISORDER;
	return outcome;
}
