/* SPDX-License-Identifier: MIT */
/* mm/space/: how a CPU takes, leaves and reloads a space, access by access, with each guard on
 * and off (mm/space/attach.h). */
#include "mm/space/attach.h"

#include <asm/caps.h>

#include "mm/space/space.h"
#include "mm/table/clear.h"
#include "mm/table/pgtable.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/steps.h"

static struct mm mm, other;

static void name_space(void)
{
	nr_step_names = 0;
	NAME_STEP(mm, "mm"); /* and its pgd, which is its first member */
	NAME_STEP(mm.cpumask, "mask");
	NAME_STEP(mm.cpu_attach_mask, "attached");
	NAME_STEP(mm.clearers, "clearers");
	NAME_STEP(mm.flush_pending, "pending");
	NAME_STEP(other, "other");
	NAME_STEP(other.cpumask, "mask'");
	NAME_STEP(other.cpu_attach_mask, "attached'");
	NAME_STEP(other.clearers, "clearers");
	NAME_STEP(cpus[1].mm, "loaded");
	NAME_VALUE(virt_to_phys(mm.pgd), "top");
	NAME_VALUE(virt_to_phys(other.pgd), "top'");
	NAME_VALUE(pgd_kernel(), "kernel");
}

static void fresh(void)
{
	machine_reset();
	assert(mm_create(&mm) && mm_create(&other));
	model_switch_cpu(1);
	name_space();
	race_hook = step_see_race;
}

/* A port with broadcast flushes waits for clears, others do not look. */
#define AWAIT (CAP_BROADCAST_FLUSH ? "R clearers; " : "")

static const char *joined(const char *format)
{
	static char text[600];

	snprintf(text, sizeof(text), format, AWAIT);
	return text;
}

static void test_switch(void)
{
	fresh();
	STEPS(mm_switch(&mm),
	      joined("R loaded; X attached or 2; X mask or 2; mb; %sR mm; @switch_root_read top; "
		     "root top; W loaded=mm; R mm; @switch_loaded top"),
	      "a CPU takes a space: it is in the masks before it loads the root");
	CHECK(mm.cpumask == 2 && mm.cpu_attach_mask == 2 && cpus[1].mm == &mm && irqs_enabled(),
	      "in both masks, interrupts on");
	STEPS(mm_switch(&mm),
	      joined("R loaded; X attached or 2; X mask or 2; mb; %sR mm; @switch_root_read top; "
		     "root top; W loaded=mm; R mm; @switch_loaded top"),
	      "the same space once more: nothing is left");
	STEPS(mm_switch(&other),
	      joined("R loaded; X attached' or 2; X mask' or 2; mb; %sR other; "
		     "@switch_root_read top'; root top'; W loaded=other; R other; "
		     "@switch_loaded top'; @switch_left 0; X mask and fffffffd; "
		     "X attached and fffffffd"),
	      "another one: the old one is left behind the load");
	STEPS(mm_switch(NULL),
	      "R loaded; root kernel; W loaded=0; @switch_loaded kernel; @switch_left 0; X mask' and fffffffd; X attached' and fffffffd",
	      "and back to the kernel's own");
	CHECK(!mm.cpumask && !mm.cpu_attach_mask && !other.cpumask && !other.cpu_attach_mask,
	      "which leaves no mask");
	STEPS(mm_switch(NULL), "R loaded; root kernel; W loaded=0; @switch_loaded kernel",
	      "from there nothing is left");
	irq_disable();
	mm_switch(&mm);
	CHECK(!irqs_enabled(), "interrupts that were off stay off");
}

static void test_switch_guards(void)
{
	fresh();
	GUARD_OFF(switch_mb);
	STEPS(mm_switch(&mm),
	      joined("R loaded; X attached or 2; X mask or 2; %sR mm; @switch_root_read top; root top; W loaded=mm; R mm; @switch_loaded top"),
	      "switch_mb off: no barrier");
	GUARD_OFF(leave_after_load);
	STEPS(mm_switch(NULL),
	      "R loaded; X mask and fffffffd; X attached and fffffffd; @switch_left 0; root kernel; W loaded=0; @switch_loaded kernel",
	      "leave_after_load off: the space is left before the load");
	GUARD_OFF(mask_before_load);
	STEPS(mm_switch(&mm),
	      joined("R loaded; %sR mm; @switch_root_read top; root top; W loaded=mm; R mm; @switch_loaded top; X attached or 2; X mask or 2"),
	      "mask_before_load off: the root comes first");
	mm_switch(NULL);
	CHECK(!mm.cpumask, "it leaves as well");
	GUARD_OFF(switch_irqs_off);
	GUARD_OFF(attach_wait);
	STEPS(mm_switch(&mm),
	      "R loaded; R mm; @switch_root_read+ top; root top; W loaded=mm; R mm; @switch_loaded+ top; X attached or 2; X mask or 2",
	      "switch_irqs_off off: interrupts stay on");
	irq_disable();
	mm_switch(NULL);
	CHECK(!irqs_enabled(), "or off");
}

static void test_lazy(void)
{
	fresh();
	mm_switch(&mm);
	STEPS(mm_lazy_enter(), "mb; X mask and fffffffd", "lazy: out of the mask, but attached");
	STEPS(mm_lazy_exit(),
	      "X attached or 2; X mask or 2; mb; @lazy_exit_half+ 0; flush 0 ffffffffffffffff",
	      "no longer: in the mask again, then a flush of all");
	GUARD_OFF(lazy_enter_mb);
	GUARD_OFF(lazy_attached);
	STEPS(mm_lazy_enter(), "X mask and fffffffd; X attached and fffffffd",
	      "lazy_attached off: neither");
	GUARD_OFF(join_before_flush);
	STEPS(mm_lazy_exit(),
	      "flush 0 ffffffffffffffff; @lazy_exit_half+ 0; X attached or 2; X mask or 2; mb",
	      "join_before_flush off: the flush first");
	GUARD_OFF(lazy_exit_flush);
	STEPS(mm_lazy_exit(), "@lazy_exit_half+ 0; X attached or 2; X mask or 2; mb",
	      "lazy_exit_flush off: none");
}

static void test_create(void)
{
	u32 frames;

	machine_reset();
	frames = zone_free_frames();
	mm.cpumask = mm.flush_pending = 1;
	mm.anon_end = 7;
	CHECK(mm_create(&mm) && !mm.cpumask && !mm.cpu_attach_mask && !mm.flush_pending &&
		      !mm.clearers && !mm.anon_end && !mm.page_table_lock.owner,
	      "a new space is on no CPU, and has nothing");
	CHECK(zone_free_frames() == frames - 1 - PREALLOCATED_PMDS,
	      "but its top table, and those that may never change");
	for (unsigned i = 0; i != PREALLOCATED_PMDS; i++)
		CHECK(entry_present(mm.pgd[i]), "entry %u leads to one of them", i);
	CHECK(!entry_present(mm.pgd[PREALLOCATED_PMDS]), "the next one leads nowhere");
	map_frame(&mm, 0, ZONE_DIRECT);
	load_on(2, &mm);
	CHECK(PANICS(mm_destroy(&mm)) && panic_says("cpu_attach_mask"),
	      "a space that a CPU has loaded is not to be destroyed");
	CHECK(pte_lookup(&mm, 0) && entry_present(*pte_lookup(&mm, 0)), "and nothing of it is gone");
	load_on(2, NULL);
	zap_page_range(&mm, 0, PAGE_SIZE);
	mm_destroy(&mm);
	CHECK(mm.tables == PFN_NONE, "else all of it goes");
}

/* CPU 1 asks, CPU 2 has the space loaded, CPU 3 is lazy in it, CPU 0 has another one. */
static void test_upgrade(void)
{
	pgd_t *before;

	fresh();
	before = mm.pgd;
	if (!CAP_DYNAMIC_FOLDING) {
		CHECK(!mm_upgrade(&mm) && mm.pgd == before, "no space grows here");
		return;
	}
	load_on(0, &other);
	load_on(2, &mm);
	load_on(3, &mm);
	AS_CPU(3, mm_lazy_enter());
	steps_begin();
	CHECK(mm_upgrade(&mm) && mm.pgd != before, "a space grows");
	model_submit = NULL;
	CHECK(strstr(step_text, "Wr mm="), "its new top is published by a release");
	CHECK(strstr(step_text, "; mb; R attached; "), "then it looks who has the old one");
	CHECK(model_cpu[2].root == virt_to_phys(mm.pgd) &&
		      model_cpu[3].root == virt_to_phys(mm.pgd),
	      "those that have it loaded load the new one, lazy or not");
	CHECK(model_cpu[0].root == virt_to_phys(other.pgd) && !model_ipis[0][IPI_CALL],
	      "and nobody else is asked");
	CHECK(!mm.page_table_lock.owner, "the lock is free");
	GUARD_OFF(upgrade_release);
	GUARD_OFF(upgrade_mb);
	GUARD_OFF(root_resync);
	before = mm.pgd;
	steps_begin();
	CHECK(mm_upgrade(&mm), "it grows again");
	model_submit = NULL;
	CHECK(strstr(step_text, "; W mm="), "upgrade_release off: a plain store");
	CHECK(!strstr(step_text, "attached"), "root_resync off: nobody is asked");
	CHECK(model_cpu[2].root == virt_to_phys(before), "and CPUs keep the old one");
	CHECK(!mm_upgrade(&mm) && !mm.page_table_lock.owner, "five levels are all there are");
}

static void test_upgrade_without_memory(void)
{
	fresh();
	while (alloc_page(ZONE_DIRECT))
		;
	CHECK(!mm_upgrade(&mm) && !mm.page_table_lock.owner, "nor without memory");
}

int main(void)
{
	test_switch();
	test_switch_guards();
	test_lazy();
	test_create();
	test_upgrade();
	test_upgrade_without_memory();
	return tap_done();
}
