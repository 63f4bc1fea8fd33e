/* SPDX-License-Identifier: MIT */
/* The lab's own setup, roles and judge, called by an exploration. */
#include "tools/interleave/lab.h"

#include <asm/irq.h>
#include <asm/page.h>

#include <stdio.h>
#include <string.h>

#include "arch/model/model.h"
#include "kernel/hooks/inject.h"
#include "kernel/smp/percpu.h"
#include "mm/page/zero.h"
#include "tests/lab/frames.h"
#include "tests/lab/judge.h"
#include "tests/lab/options.h"
#include "tests/lab/oracles.h"
#include "tests/lab/plant.h"
#include "tests/lab/registry.h"
#include "tests/lab/trace.h"
#include "tests/lab/process.h"
#include "tests/lab/spaces.h"
#include "tools/interleave/cpus.h"
#include "tools/interleave/events.h"
#include "tools/interleave/explored.h"
#include "tools/interleave/justified.h"
#include "tools/interleave/quiet.h"
#include "tools/interleave/sharing.h"

static struct page frames[NR_ZONES][MODEL_FRAMES] EXPLORED;

static u32 free_frames EXPLORED;

bool lab_filling;
struct room room_frames = {"all frames of a zone are taken: see MODEL_FRAMES", MODEL_FRAMES - 1, 0};

static void reset_zone(enum zone_id id, pfn_t start)
{
	zone_init(id, start, start + MODEL_FRAMES, frames[id]);
	zone_add_frames(start + !start, start + MODEL_FRAMES); /* frame 0 is the zero page */
}

void lab_reset(unsigned nr_cpus)
{
	model_reset();
	memset(__start_explored_state, 0, (size_t)(__stop_explored_state - __start_explored_state));
	model_reset(); /* some values are not zero at the beginning */
	inject_noack_cpu = inject_freeze_cpu = inject_silent_cpu = MAX_CPUS;
	reset_zone(ZONE_DIRECT, 0);
	reset_zone(ZONE_HIGH, MODEL_HIGH_PFN);
	zero_page_init(0);
	events_record(false);
	wait_naps = false;
	memset(guard_off, 0, sizeof(guard_off));
	choices_reset();
	cpus_online = BIT(nr_cpus) - 1;
}

static void set_guards(bool cell)
{
	for (unsigned id = 0; id < NR_GUARDS; id++)
		guard_off[id] = cell && !options.stuck_guards &&
				(options.guard_off[id] || id == variant_cell->off);
	for (unsigned id = 0; id < NR_CHOICES; id++)
		choice_value[id] = cell ? variant.choice[id] : choice_default[id];
}

static void plant_translation(void)
{
	if (planted(PLANT_tlb))
		model_cpu[0].tlb[0] = (struct translation){
			.valid = true, .va = variant.va + PAGE_SIZE, .pte = mk_pte(1, PTE_USER)};
}

/* A part of the setup has done its work. */
static void must_have_room(bool done)
{
	if (!done)
		panic("the setup of %s failed: %s", variant_scenario->name,
		      model_limit ? model_limit : "no limit of the model was reached");
}

static void setup(const void *context)
{
	struct variant *v = &variant;

	(void)context;
	lab_reset(scenario_roles(variant_scenario));
	variant_prepare(variant_scenario, variant_cell);
	cpus_online = BIT(v->nr_roles) - 1;
	set_guards(false);
	for (unsigned id = 0; id < NR_CHOICES; id++)
		choice_value[id] = v->choice[id];
	free_frames = zone_free_frames();
	user_begin(v);
	must_have_room(mm_create(&v->mm));
	v->va = (vaddr_t)1 << pgd_shift(v->mm.pgd); /* not below the first top-level entry */
	v->ptep = pte_alloc(&v->mm, v->va);
	must_have_room(v->ptep && (!variant_scenario->setup || variant_scenario->setup(v)));
	if (variant_scenario->filling == FILLING_ALWAYS)
		sharing_address(v->va);
	for (unsigned role = 0; role < v->nr_roles; role++) {
		model_switch_cpu(role);
		put_page(alloc_page(ZONE_DIRECT)); /* so that it keeps one, and needs no lock */
		mm_switch(process_first_mm(v, role));
	}
	model_switch_cpu(0);
	plant_translation();
	set_guards(true);
	events_record(true);
}

/* Does the row's hardware fill TLBs by itself? The row says so, or the command line. */
static bool fills(const struct scenario *scenario)
{
	return CAP_HW_WALKER && scenario->filling != FILLING_NEVER &&
	       (lab_filling || scenario->filling == FILLING_ALWAYS);
}

/* Called at the end of the last role. No CPU flushes after that, or waits for an answer. */
static void plant_at_the_end(void)
{
	if (model_filling && planted(PLANT_way))
		model_cpu[0].halfway[0].table[0] = 1; /* frame 0 is no table */
	if (planted(PLANT_irqs))
		irq_save();
}

static void run(unsigned cpu)
{
	race_point(role_start);
	process_run(&variant, cpu);
	if (trace_took_part(cpu))
		race_point(role_done);
	if (cpu == variant.nr_roles - 1)
		plant_at_the_end();
}

/* The lab's oracles, if nothing is under way in any space. */
static const char *spaces_problem(void)
{
	for (unsigned n = 0; n < SPACES_MOST; n++) {
		const struct mm *mm = space_at(&variant, n);

		if (mm && !quiet_space(mm))
			return NULL;
	}
	return oracles_look(&variant);
}

/* The second judge, and the lab's oracles of spaces. */
static const char *look(enum breach *breach)
{
	const char *wrong;

	if (!quiet_everywhere())
		return NULL;
	model_outside = true;
	wrong = justified_problem();
	if (!wrong) {
		*breach = BREACH_COMPLAINT;
		wrong = spaces_problem();
	}
	model_outside = false;
	return wrong;
}

/* Nothing of the variant may outlive it. */
static const char *complaint(struct variant *v)
{
	const char *words, *arena;

	set_guards(false);
	for (unsigned cpu = 0; cpu < v->nr_roles; cpu++) {
		model_switch_cpu(cpu);
		if (!irqs_enabled())
			return "a role ended with interrupts off";
		mm_switch(NULL);
	}
	model_switch_cpu(0);
	oracles_plant(v);
	words = oracles_look(v);
	if (!words)
		words = oracles_look_at_zero_page();
	process_reset(v);
	mm_destroy(&v->mm);
	arena = frames_release(v, 0);
	if (planted(PLANT_leak))
		alloc_page(ZONE_DIRECT);
	if (!words)
		words = arena;
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
	events_record(false);
	if (verdict == VIOLATED) {
		*class = CLASS_VIOLATED;
		snprintf(words, sizeof(words), "%s", variant.saw);
		set_guards(true);
		events_record(true);
		return words;
	}
	other = complaint(&variant);
	if (other)
		*class = CLASS_COMPLAINT;
	set_guards(true);
	events_record(true);
	return other;
}

/* If an allocation fails for want of frames, the model has ended and not the machine. */
static const char *limit(void)
{
	for (unsigned z = 0; z < NR_ZONES; z++)
		if (!room_for(&room_frames, MODEL_FRAMES - zones[z].nr_free))
			return room_frames.limit;
	return NULL;
}

/* Stands in the place of alloc_pages() (ld --wrap). Frames in a row may be missing although others
 * are left. */
struct page *__real_alloc_pages(enum zone_id zone, unsigned nr);
struct page *__wrap_alloc_pages(enum zone_id zone, unsigned nr);
struct page *__wrap_alloc_pages(enum zone_id zone, unsigned nr)
{
	struct page *page = __real_alloc_pages(zone, nr);

	if (!page && !inject_oom_number)
		model_limit = "no frames in a row are left: see MODEL_FRAMES";
	return page;
}

struct exploration lab_exploration(u32 max_states)
{
	model_filling = fills(variant_scenario);
	model_nr_filled = 0;
	return (struct exploration){
		.cpus = scenario_roles(variant_scenario),
		.setup = setup,
		.run = run,
		.judge = judge,
		.glance = glance,
		.filled_from = justified_fill,
		.invariant = look,
		.limit = limit,
		.max_states = max_states,
		.breach = {[CLASS_COMPLAINT] = BREACH_COMPLAINT},
	};
}
