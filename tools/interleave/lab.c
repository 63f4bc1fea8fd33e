/* SPDX-License-Identifier: MIT */
#include "tools/interleave/lab.h"

#include <asm/irq.h>
#include <asm/page.h>

#include <stdio.h>
#include <string.h>

#include "arch/model/model.h"
#include "kernel/hooks/inject.h"
#include "kernel/smp/percpu.h"
#include "mm/page/page.h"
#include "tests/lab/choreo.h"
#include "tests/lab/frames.h"
#include "tests/lab/high_ram.h"
#include "tests/lab/options.h"
#include "tests/lab/plant.h"
#include "tests/lab/top_cache.h"
#include "tests/lab/trace.h"
#include "tools/interleave/coroutine.h"
#include "tools/interleave/cpus.h"
#include "tools/interleave/sharing.h"
#include "tools/interleave/state.h"

#define MAX_EVENTS 32u

struct variant variant EXPLORED;
static struct page frames[NR_ZONES][MODEL_FRAMES] EXPLORED;

/* The events that the judge asks for, in order. */
static struct event {
	u8 role, point;
	u64 value;
} event[MAX_EVENTS] EXPLORED;
static u32 nr_events EXPLORED;
static u32 free_frames EXPLORED;

void (*lab_passed)(unsigned cpu, unsigned point);
bool lab_filling;
unsigned lab_room_events = MAX_EVENTS, lab_spare_frames;

static const struct scenario *prepared;
static const struct cell *prepared_cell;

void lab_prepare(const struct scenario *scenario, const struct cell *cell)
{
	prepared = scenario;
	prepared_cell = cell;
	cpus_online = BIT(MODEL_CPUS) - 1;
	memset(&variant, 0, sizeof(variant));
	variant.scenario = scenario;
	variant.cell = cell;
	variant.mode = MODE_EXPLORED;
	variant.nr_roles = scenario_roles(scenario);
	cell_choices(cell, variant.choice);
	for (unsigned role = 0; role < variant.nr_roles; role++)
		variant.cpu[role] = (u8)role;
}

/* --- the trace, for judges -------------------------------------------------------------------- */

static unsigned count_events(unsigned role, unsigned point)
{
	unsigned n = 0;

	for (unsigned i = 0; i < nr_events; i++)
		n += event[i].role == role && event[i].point == point;
	return n;
}

/* An event is on record, and a step, if the judge asks for it; one that it asks for here for the
 * first time makes the exploration begin again. */
unsigned lab_when(unsigned role, enum race_point point, unsigned nth)
{
	sharing_event(role, point, nth);
	for (unsigned i = 0; i < nr_events; i++)
		if (event[i].role == role && event[i].point == point && !--nth)
			return i + 1;
	return 0;
}

u64 lab_value_at(unsigned position)
{
	return event[position - 1].value;
}

static void on_race(const struct race_site *site, u64 value)
{
	unsigned role = cpu_id();

	if (count_events(role, site->point) < sharing_events_wanted(role, site->point)) {
		model_event(site->point, value);
		if (nr_events >= lab_room_events) {
			model_limit = "a judge asks for more events than MAX_EVENTS";
			return;
		}
		event[nr_events++] = (struct event){(u8)role, (u8)site->point, value};
	}
	if (lab_passed)
		lab_passed(role, site->point);
	scenario_act_at(&variant, role, site->point);
}

race_hook_t *race_hook;

/* On the metal a race point is a barrier; here it is nothing at all. */
void race_reached(const struct race_site *site, u64 value)
{
	if (race_hook)
		race_hook(site, value);
}

/* Every order is visited: whether the windows were entered is a matter of how the ends are
 * judged. */
bool trace_overlapped(void)
{
	return true;
}

bool trace_blocked(void)
{
	return true;
}

bool trace_took_part(unsigned role)
{
	return cpus_took_part(role);
}

const struct trace_entry *trace_entries(unsigned *nr, unsigned *lost)
{
	*nr = *lost = 0;
	return NULL;
}

bool choreo_released_by(unsigned step, unsigned alternative)
{
	(void)step;
	return !alternative;
}

bool choreo_complete(void)
{
	return true;
}

const char *high_ram_problem(void)
{
	return NULL;
}

bool top_entries_cached(void)
{
	return PREALLOCATED_PMDS;
}

/* --- beginning and end ------------------------------------------------------------------------ */

static void reset_zone(enum zone_id id, pfn_t start)
{
	zone_init(id, start, start + MODEL_FRAMES, frames[id]);
	zone_add_frames(start + !start, start + MODEL_FRAMES); /* frame 0 is nobody's */
}

void lab_reset(unsigned nr_cpus)
{
	model_reset();
	memset(__start_explored_state, 0, (size_t)(__stop_explored_state - __start_explored_state));
	model_reset(); /* what is not zero at the beginning */
	inject_noack_cpu = inject_freeze_cpu = inject_silent_cpu = MAX_CPUS;
	reset_zone(ZONE_DIRECT, 0);
	reset_zone(ZONE_HIGH, MODEL_HIGH_PFN);
	race_hook = NULL;
	wait_naps = false;
	memset(guard_off, 0, sizeof(guard_off));
	choices_reset();
	cpus_online = BIT(nr_cpus) - 1;
}

static void set_guards(bool cell)
{
	for (unsigned id = 0; id < NR_GUARDS; id++)
		guard_off[id] = cell && !options.stuck_guards &&
				(options.guard_off[id] || id == prepared_cell->off);
	for (unsigned id = 0; id < NR_CHOICES; id++)
		choice_value[id] = cell ? variant.choice[id] : choice_default[id];
}

static void plant_translation(void)
{
	if (planted(PLANT_tlb))
		model_cpu[0].tlb[0] = (struct translation){
			.valid = true, .va = variant.va + PAGE_SIZE, .pte = mk_pte(1, PTE_USER)};
}

static void setup(const void *context)
{
	struct variant *v = &variant;

	(void)context;
	lab_reset(scenario_roles(prepared));
	lab_prepare(prepared, prepared_cell);
	cpus_online = BIT(v->nr_roles) - 1;
	set_guards(false);
	for (unsigned id = 0; id < NR_CHOICES; id++)
		choice_value[id] = v->choice[id];
	free_frames = zone_free_frames();
	assert(mm_create(&v->mm));
	v->va = (vaddr_t)1 << pgd_shift(v->mm.pgd); /* not below the first top-level entry */
	spin_lock(&v->mm.page_table_lock);
	v->ptep = pte_alloc(&v->mm, v->va);
	spin_unlock(&v->mm.page_table_lock);
	assert(v->ptep && (!prepared->setup || prepared->setup(v)));
	if (prepared->filling == FILLING_ALWAYS)
		sharing_address(v->va);
	for (unsigned role = 0; role < v->nr_roles; role++) {
		model_switch_cpu(role);
		mm_switch(&v->mm);
	}
	model_switch_cpu(0);
	plant_translation();
	set_guards(true);
	race_hook = on_race;
}

/* Does its hardware fill TLBs by itself? That is the row's to say, or the command line's. */
static bool fills(const struct scenario *scenario)
{
	return CAP_HW_WALKER && scenario->filling != FILLING_NEVER &&
	       (lab_filling || scenario->filling == FILLING_ALWAYS);
}

/* The last role's: nobody flushes after that, or waits for an answer. */
static void plant_at_the_end(void)
{
	if (model_filling && planted(PLANT_way))
		model_cpu[0].halfway[0].table[0] = 1; /* frame 0, which is nobody's */
	if (planted(PLANT_irqs))
		irq_save();
}

static void run(unsigned cpu)
{
	race_point(role_start);
	if (!option_idle(cpu))
		prepared->roles[cpu].run(&variant);
	if (trace_took_part(cpu))
		race_point(role_done);
	if (cpu == variant.nr_roles - 1)
		plant_at_the_end();
}

/* Nothing of the variant may outlive it. */
static const char *complaint(struct variant *v)
{
	const char *words;

	set_guards(false);
	for (unsigned cpu = 0; cpu < v->nr_roles; cpu++) {
		model_switch_cpu(cpu);
		if (!irqs_enabled())
			return "a role ended with interrupts off";
		mm_switch(NULL);
	}
	model_switch_cpu(0);
	mm_destroy(&v->mm);
	words = frames_release(v, 0);
	if (planted(PLANT_leak))
		alloc_page(ZONE_DIRECT);
	if (!words && zone_free_frames() != free_frames)
		words = "frames leaked";
	return words;
}

static const char *glance(void)
{
	return lab_judge(&variant) == VIOLATED ? variant.saw : NULL;
}

static const char *judge(unsigned *class)
{
	static char words[300];
	enum verdict verdict = lab_judge(&variant);
	const char *other;

	*class = verdict == HELD ? CLASS_HELD : CLASS_NO_EVIDENCE;
	race_hook = NULL;
	if (verdict == VIOLATED) {
		*class = CLASS_VIOLATED;
		snprintf(words, sizeof(words), "%s", variant.saw);
		set_guards(true);
		race_hook = on_race;
		return words;
	}
	other = complaint(&variant);
	if (other)
		*class = CLASS_COMPLAINT;
	set_guards(true);
	race_hook = on_race;
	return other;
}

/* --- the second judge: the justified TLB ------------------------------------------------------ */

extern const u8 __start_protocol_text[], __stop_protocol_text[]; /* explore.mk: mm/ and its kin */

/* No operation is under way, and nothing that one has left to be done. */
static bool nothing_is_owed(const struct mm *mm)
{
	if (!cpus_quiet() || mm->page_table_lock.owner || mm->flush_pending || mm->clearers)
		return false;
	for (unsigned n = 0; n < variant.nr_roles; n++)
		if (model_cpu[n].level ||
		    coroutine_is_in(n, __start_protocol_text, __stop_protocol_text))
			return false;
	return true;
}

/* Whoever takes a mapping away, or rights, or puts another in its place, has flushed it on every
 * CPU of the mask when he is done: what a CPU has cached is then what the tables say, or less. */
static const char *unjustified(void)
{
	static char words[120];
	struct mm *mm = &variant.mm;
	vaddr_t va;

	if (!nothing_is_owed(mm))
		return NULL;
	for (unsigned n = 0; n < variant.nr_roles; n++) {
		if (mm->cpu_attach_mask & BIT(n) && model_filling &&
		    fill_unjustified(&model_cpu[n], &va)) {
			snprintf(words, sizeof(words),
				 "nobody owes a flush, and CPU %u has cached a way to 0x%lx that the tables do not go any more",
				 n, va);
			return words;
		}
		if (!(mm->cpumask & BIT(n)) || !tlb_unjustified(&model_cpu[n], &va))
			continue;
		snprintf(words, sizeof(words),
			 "nobody owes a flush, and the TLB of CPU %u has a translation of 0x%lx that its entry does not justify",
			 n, va);
		return words;
	}
	return NULL;
}

/* Some CPU has stored it: a word, or with PAGE_SIZE a page that it fills. */
static bool is_on_its_way(u64 address, unsigned size)
{
	for (unsigned n = 0; n < variant.nr_roles; n++)
		for (unsigned i = 0; i < model_cpu[n].nr_buffered; i++)
			if (model_cpu[n].buffer[i].address == address &&
			    model_cpu[n].buffer[i].size == size)
				return true;
	return false;
}

/* A table is freed when no hardware walks it any more. The count is looked at as the hardware
 * might: so whoever changes it does so in a step. */
static const char *filled_from(unsigned cpu, pfn_t table)
{
	static char words[120];
	const struct page *page = pfn_to_page(table);
	const char *what = "is free";
	struct op op = {.kind = OP_READ,
			.address = (u64)&page->count,
			.size = sizeof(page->count),
			.order = MODEL_FULL};

	sharing_note(&model_cpu[cpu], &op);
	if (is_on_its_way((u64)model_frame(table), PAGE_SIZE))
		what = "is not empty yet: its table was linked too early";
	else if (!planted(PLANT_table) &&
		 (page->count || is_on_its_way(op.address, op.size)))
		return NULL;
	snprintf(words, sizeof(words), "the hardware of CPU %u walks frame 0x%x, which %s", cpu,
		 table, what);
	return words;
}

/* An allocation that fails for want of frames would be an end of the model, not of the machine. */
static const char *limit(void)
{
	for (unsigned z = 0; z < NR_ZONES; z++)
		if (zones[z].nr_free <= lab_spare_frames)
			return "all frames of a zone are taken: see MODEL_FRAMES";
	return NULL;
}

struct exploration lab_exploration(u32 max_states)
{
	model_filling = fills(prepared);
	model_nr_filled = 0;
	return (struct exploration){
		.cpus = scenario_roles(prepared),
		.setup = setup,
		.run = run,
		.judge = judge,
		.glance = glance,
		.filled_from = filled_from,
		.invariant = unjustified,
		.limit = limit,
		.max_states = max_states,
		.breach = {[CLASS_COMPLAINT] = BREACH_COMPLAINT},
	};
}
