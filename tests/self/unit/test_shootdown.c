/* SPDX-License-Identifier: MIT */
/* Shootdowns, with the CPUs asked, the acks awaited, and the order of a zap. */
#include "kernel/smp/shootdown.h"

#include <asm/irq.h>
#include <asm/tlb.h>
#include <asm/trap.h>

#include "arch/model/machine.h"
#include "kernel/hooks/inject.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/smp/smp_call.h"
#include "kernel/smp/walker_sync.h"
#include "mm/gup/gup.h"
#include "mm/table/gather.h"
#include "mm/table/pgtable.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

#define VA 0x40ul

static struct mm mm;

static void new_machine(cpumask_t loaded)
{
	machine_reset();
	assert(mm_create(&mm));
	for (unsigned cpu = 0; cpu < MODEL_CPUS; cpu++)
		if (loaded & BIT(cpu))
			load_on(cpu, &mm);
}

static unsigned asked(unsigned cpu)
{
	return model_ipis[cpu][IPI_SHOOTDOWN];
}

static bool flushed(unsigned cpu, vaddr_t start, vaddr_t end)
{
	return model_flushes[cpu].start == start && model_flushes[cpu].end == end;
}

static void test_mask(void)
{
	new_machine(BIT(0) | BIT(2));
	shootdown(&mm.cpumask, 0x40, 0xc0);
	CHECK(asked(2) == 1 && !asked(0) && !asked(1) && !asked(3),
	      "only the mask's CPUs get the interrupt");
	CHECK(model_flushes[0].count == 1 && model_flushes[2].count == 1,
	      "each CPU of the mask flushes, once");
	CHECK(!model_flushes[1].count && !model_flushes[3].count, "no other does");
	CHECK(flushed(0, 0x40, 0xc0) && flushed(2, 0x40, 0xc0), "the range that was asked");
	CHECK(cpus[0].shootdown.acks.number == 1 && cpus[0].shootdown.acks.ack[2] == 1,
	      "ack 1 for request 1");
	AS_CPU(1, shootdown(&mm.cpumask, 0, 0x40));
	CHECK(asked(0) == 1 && asked(2) == 2 && !model_flushes[1].count,
	      "an initiator outside the mask does not flush");
	CHECK(cpus[1].shootdown.acks.number == 1 && cpus[0].shootdown.acks.number == 1,
	      "each initiator counts its own requests");
	shootdown(&mm.cpumask, 0, 0x40);
	CHECK(cpus[0].shootdown.acks.number == 2 && cpus[0].shootdown.acks.ack[2] == 2,
	      "ack 2 for request 2");
}

/* CPU 2 has interrupts off and turns them on in the third round of the initiator's wait. */
static unsigned rounds;
static struct wait published;

static void on_in_third_round(void)
{
	published = cpus[0].wait;
	if (++rounds == 3)
		AS_CPU(2, irq_enable());
}

static void test_wait(void)
{
	new_machine(BIT(0) | BIT(2));
	AS_CPU(2, irq_disable());
	rounds = 0;
	model_relax_hook = on_in_third_round;
	shootdown(&mm.cpumask, 0, 0x40);
	CHECK(rounds == 3 && model_flushes[2].count == 1,
	      "returns only when the CPU with interrupts off has flushed");
	CHECK(published.kind == WAIT_ACK && published.whom == BIT(2) && published.irqs_on,
	      "the wait was published: for acks, of CPU 2, interrupts on");
	CHECK(cpus[0].wait.kind == WAIT_NONE, "and is over");

	new_machine(BIT(0) | BIT(2));
	GUARD_OFF(shootdown_wait);
	AS_CPU(2, irq_disable());
	shootdown(&mm.cpumask, 0, 0x40);
	CHECK(!model_flushes[2].count && model_pending(2, IPI_SHOOTDOWN),
	      "shootdown_wait off: it does not wait");
}

/* The target is between its flush and its ack. */
static bool flushed_first;

static void served_hook(const struct race_site *site, u64 value)
{
	if (site->point == RACE_served_half)
		flushed_first = model_flushes[2].count && !cpus[value].shootdown.acks.ack[2];
}

static void test_ack_order(void)
{
	new_machine(BIT(0) | BIT(2));
	race_hook = served_hook;
	shootdown(&mm.cpumask, 0, 0x40);
	CHECK(flushed_first, "a target flushes first, then acknowledges");
	new_machine(BIT(0) | BIT(2));
	GUARD_OFF(ack_after_flush);
	race_hook = served_hook;
	shootdown(&mm.cpumask, 0, 0x40);
	CHECK(!flushed_first, "ack_after_flush off: the other way round");
}

static void test_nowait(void)
{
	new_machine(BIT(0) | BIT(2));
	CHOOSE(flush, nowait);
	AS_CPU(2, irq_disable());
	shootdown(&mm.cpumask, 0x40, 0xc0);
	CHECK(model_flushes[2].count == 1 && !model_irqs_on(2),
	      "flush=nowait: flushed although interrupts are off");
	CHECK(flushed(0, 0x40, 0xc0) && flushed(2, 0x40, 0xc0), "flush=nowait: the same range");
	CHECK(!cpus[0].nowait_sending, "and none of its NMIs is still to be sent");
}

/* CPU 2's NMI stays on its way until two initiators wait for it, and becomes one NMI. */
static void initiate_second_nowait(void)
{
	if (rounds++)
		AS_CPU(2, model_deliver(2));
	else
		AS_CPU(1, shootdown(&mm.cpumask, 0, PAGE_SIZE));
}

static void merge_two_nmis(void)
{
	new_machine(BIT(2));
	CHOOSE(flush, nowait);
	rounds = 0;
	model_slow_ipis = true;
	model_relax_hook = initiate_second_nowait;
	shootdown(&mm.cpumask, 0, PAGE_SIZE);
	model_slow_ipis = false;
	model_relax_hook = NULL;
}

static bool nmi_is_ours(unsigned cpu)
{
	bool ours;

	AS_CPU(cpu, ours = interrupt_nowait());
	return ours;
}

static void settle(unsigned cpu, unsigned times)
{
	model_clock_step = NOWAIT_QUIET_NS + 1;
	while (times--)
		AS_CPU(cpu, nowait_settle());
}

/* The count left by a merged NMI is forgotten, and no sooner than it is certain. */
static void test_nowait_settled(void)
{
	merge_two_nmis();
	CHECK(cpus[2].nowait_owed == 1 && model_ipis[2][IPI_SHOOTDOWN_NOWAIT] == 2,
	      "two NMIs became one: one is still expected");
	settle(2, 1);
	CHECK(nmi_is_ours(2), "an NMI soon after is taken for the other one");
	CHECK(!nmi_is_ours(2), "and the next is the hardware's own");
	merge_two_nmis();
	settle(2, 2);
	CHECK(!nmi_is_ours(2), "after two quiet looks none is expected any more");
	merge_two_nmis();
	cpus[1].nowait_sending = true;
	settle(2, 3);
	CHECK(nmi_is_ours(2), "as long as a CPU is sending it is");
	merge_two_nmis();
	cpus[2].nowait_owed = 2;
	settle(2, 1);
	CHECK(nmi_is_ours(2), "one that comes between the two looks is ours");
	settle(2, 1);
	CHECK(nmi_is_ours(2), "and they begin again");
	merge_two_nmis();
	load_on(2, &mm);
	load_on(2, &mm);
	CHECK(nmi_is_ours(2), "nor do two looks at once count");
	merge_two_nmis();
	model_clock_step = NOWAIT_QUIET_NS + 1;
	load_on(2, &mm);
	load_on(2, &mm);
	CHECK(!nmi_is_ours(2), "a CPU looks whenever it loads a space");
}

/*
 * Two initiators have slow interrupts. CPU 1 starts its own shootdown while CPU 0 waits for it. It
 * must serve CPU 0 from its wait, and CPU 0 serves it by the interrupt at last.
 */
static bool second_started, served_in_wait;

static void second_initiator(void)
{
	if (cpu_id() == 1) {
		served_in_wait = cpus[0].shootdown.acks.ack[1] == cpus[0].shootdown.acks.number;
		model_deliver(0);
	} else if (!second_started) {
		second_started = true;
		AS_CPU(1, shootdown(&mm.cpumask, 0x80, 0xc0));
	}
}

static void test_two_initiators(void)
{
	new_machine(BIT(0) | BIT(1));
	model_slow_ipis = true;
	second_started = served_in_wait = false;
	model_relax_hook = second_initiator;
	shootdown(&mm.cpumask, 0, 0x40);
	CHECK(second_started && served_in_wait,
	      "an initiator that waits serves the other one's request");
	CHECK(cpus[1].shootdown.acks.ack[0] == 1 && cpus[0].shootdown.acks.ack[1] == 1,
	      "both are acknowledged");
	CHECK(model_flushes[0].count == 2 && model_flushes[1].count == 2,
	      "each request is served once");
}

static void test_preconditions(void)
{
	new_machine(BIT(0));
	irq_disable();
	CHECK(PANICS(shootdown(&mm.cpumask, 0, 0x40)) && panic_says("irqs_enabled"),
	      "interrupts off: refused");
	new_machine(BIT(0));
	GUARD_OFF(walker_irqs_off);
	walk_begin(0);
	CHECK(PANICS(shootdown(&mm.cpumask, 0, 0x40)) && panic_says("walk"),
	      "inside a walk: refused");
}

/* The state while a zap waits for its acks, and when it releases. */
static struct page *zapped;
static struct {
	u32 count;
	bool entry_gone, locked, flushed;
} when_sent, when_released;
static unsigned releases;

static void zap_hook(const struct race_site *site, u64 value)
{
	if (site->point == RACE_shootdown_sent) {
		when_sent.count = page_count(zapped);
		when_sent.entry_gone = entry_none(*pte_lookup(&mm, VA));
	} else if (site->point == RACE_gather_released && value) {
		when_released.flushed = model_flushes[1].count;
		when_released.count = page_count(zapped);
		when_released.locked = spin_owner(&mm.page_table_lock) == BIT(0);
		releases++;
	}
}

static void zap_watched(void)
{
	zapped = map_frame(&mm, VA, ZONE_HIGH);
	releases = 0;
	race_hook = zap_hook;
	zap_page_range(&mm, VA, VA + PAGE_SIZE);
}

static void test_zap_order(void)
{
	new_machine(BIT(0) | BIT(1));
	zap_watched();
	CHECK(when_sent.entry_gone && when_sent.count == 1,
	      "the shootdown finds the entry gone, the frame held");
	CHECK(when_released.flushed && !when_released.count,
	      "the frame is released after the other CPU's flush");
	CHECK(when_released.locked && !spin_owner(&mm.page_table_lock),
	      "and before the page-table lock drops");
	CHECK(flushed(0, VA, VA + PAGE_SIZE) && flushed(1, VA, VA + PAGE_SIZE),
	      "one page is flushed");

	new_machine(BIT(0) | BIT(1));
	GUARD_OFF(flush_before_free);
	zap_watched();
	CHECK(!when_released.flushed && !when_sent.count, "flush_before_free off: released first");
	new_machine(BIT(0) | BIT(1));
	GUARD_OFF(flush_before_unlock);
	zap_watched();
	CHECK(!when_released.locked, "flush_before_unlock off: released without the lock");
}

static void test_overflow(void)
{
	unsigned nr = GATHER_PAGES + 40;

	new_machine(BIT(0) | BIT(1));
	for (unsigned i = 0; i < nr; i++)
		zapped = map_frame(&mm, i * PAGE_SIZE, i & 1 ? ZONE_HIGH : ZONE_DIRECT);
	releases = 0;
	race_hook = zap_hook;
	zap_page_range(&mm, 0, nr * PAGE_SIZE);
	CHECK(asked(1) == 2 && releases == 2,
	      "more than a gather holds: two shootdowns, two releases");
	CHECK(flushed(0, GATHER_PAGES * PAGE_SIZE, nr * PAGE_SIZE) &&
		      flushed(1, GATHER_PAGES * PAGE_SIZE, nr * PAGE_SIZE),
	      "the second flushes the rest only");
	race_hook = NULL;
	zap_page_range(&mm, 0, user_end(mm.pgd));
	CHECK(asked(1) == 2, "an empty zap asks nobody");
	load_on(0, NULL);
	load_on(1, NULL);
	mm_destroy(&mm);
	CHECK(zone_free_frames() == 2 * MODEL_FRAMES - 1, "every frame is back");
}

/* With more tables than a gather holds, each of their flushes reaches the lazy CPU. */
static void test_table_overflow(void)
{
	struct tlb_gather tlb;

	new_machine(BIT(0) | BIT(1));
	AS_CPU(1, mm_lazy_enter());
	gather_begin(&tlb, &mm, true);
	for (unsigned i = 0; i < GATHER_PAGES + 4; i++) {
		gather_range(&tlb, VA, VA + PAGE_SIZE);
		gather_page(&tlb, alloc_page(ZONE_DIRECT));
	}
	gather_finish(&tlb);
	CHECK(asked(1) == 2, "two gathers of tables: a lazy CPU flushes for both");
}

/* A swap entry has no frame, and no TLB has it. */
static void test_zap_swap(void)
{
	struct page *page;

	new_machine(BIT(0) | BIT(1));
	page = new_frame(ZONE_DIRECT);
	assert(mm_establish(&mm, VA, mk_swap(1, page_to_pfn(page))));
	zap_page_range(&mm, VA, VA + PAGE_SIZE);
	CHECK(page_count(page) == 1 && entry_none(*pte_lookup(&mm, VA)),
	      "a swap entry is zapped, and no frame is given back");
	CHECK(!asked(1), "nor is anybody asked to flush");
}

/* Returns the number of calls made by freeing a table. */
static unsigned calls_of_free(enum value_id value)
{
	new_machine(BIT(0) | BIT(1));
	CHOOSE(flush, nowait);
	choice_value[CHOICE_table_free] = (u8)value;
	map_frame(&mm, VA, ZONE_DIRECT);
	zap_page_range(&mm, VA, VA + PAGE_SIZE);
	free_pgtables(&mm, 0, 0x100);
	return model_ipis[1][IPI_CALL];
}

static void test_table_free(void)
{
	CHECK(calls_of_free(VALUE_table_free_ipi) == 1, "table_free=ipi: an empty call");
	CHECK(!calls_of_free(VALUE_table_free_grace), "table_free=grace: none");
}

/* A read-only translation in the TLB lets no store through, with any Dirty bit. */
static void test_rights(void)
{
	struct fault fault = {.cause = 0};
	bool loaded, stored;
	struct page *page;
	u32 value;

	new_machine(BIT(0));
	page = alloc_page(ZONE_DIRECT);
	assert(mm_establish(&mm, VA, mk_pte(page_to_pfn(page), PTE_USER | PTE_YOUNG | PTE_DIRTY)));
	loaded = try_load(VA, &value, &fault);
	stored = try_store(VA, 1, &fault);
	CHECK(loaded && !stored && fault.cause & FAULT_PROTECTION,
	      "a store through a read-only translation faults");
}

/* The CPU's hardware still uses its cached translation. A plain store does not change it. */
static void test_stale(void)
{
	pte_t pte;
	bool before = false, after = true;

	new_machine(BIT(0) | BIT(1));
	map_frame(&mm, VA, ZONE_DIRECT);
	AS_CPU(1, before = model_load(VA, &pte));
	zap_page_range(&mm, VA, VA + PAGE_SIZE);
	AS_CPU(1, after = model_load(VA, &pte));
	CHECK(before && !after, "after a zap no CPU's hardware finds the page");
	map_frame(&mm, VA, ZONE_DIRECT);
	AS_CPU(1, before = model_load(VA, &pte));
	GUARD_OFF(shootdown);
	zap_page_range(&mm, VA, VA + PAGE_SIZE);
	AS_CPU(1, after = model_load(VA, &pte));
	CHECK(before && after, "guard shootdown off: another CPU still does");
}

/* Returns which of four neighbouring pages CPU 1's hardware still finds, after all were taken away
 * and it flushed that range. */
static unsigned kept_by_flush(vaddr_t start, vaddr_t end)
{
	unsigned kept = 0;
	pte_t pte;

	new_machine(BIT(0) | BIT(1));
	for (unsigned i = 0; i < 4; i++)
		map_frame(&mm, VA + i * PAGE_SIZE, ZONE_DIRECT);
	for (unsigned i = 0; i < 4; i++) {
		AS_CPU(1, model_load(VA + i * PAGE_SIZE, &pte));
		set_pte(pte_lookup(&mm, VA + i * PAGE_SIZE), PTE_NONE);
	}
	AS_CPU(1, tlb_flush_range(start, end));
	for (unsigned i = 0; i < 4; i++)
		AS_CPU(1, kept |= model_load(VA + i * PAGE_SIZE, &pte) ? BIT(i) : 0);
	return kept;
}

/* Flushes every page of a range and no neighbour, so a flush too short or begun too late shows. */
static void test_flushed_range(void)
{
	for (unsigned from = 0; from < 4; from++)
		for (unsigned to = from + 1; to <= 4; to++)
			CHECK(kept_by_flush(VA + from * PAGE_SIZE, VA + to * PAGE_SIZE) ==
				      (15u & ~((BIT(to) - 1) & ~(BIT(from) - 1))),
			      "the model: a flush of pages %u to %u of 0 to 3 drops these, and no "
			      "others",
			      from, to - 1);
	CHECK(!kept_by_flush(0, ~0ul), "and one of everything all");
}

static void test_lazy(void)
{
	pte_t pte;
	bool stale = false, found = true;

	new_machine(BIT(0) | BIT(1));
	map_frame(&mm, VA, ZONE_DIRECT);
	AS_CPU(1, model_load(VA, &pte));
	AS_CPU(1, mm_lazy_enter());
	zap_page_range(&mm, VA, VA + PAGE_SIZE);
	AS_CPU(1, stale = model_load(VA, &pte));
	CHECK(!asked(1) && stale, "a lazy CPU is left alone by a zap");
	free_pgtables(&mm, 0, 0x100);
	CHECK(asked(1) == 1 && flushed(1, 0, 0x100),
	      "but not by the freeing of tables, all that they map");
	map_frame(&mm, VA, ZONE_DIRECT);
	AS_CPU(1, model_load(VA, &pte));
	zap_page_range(&mm, VA, VA + PAGE_SIZE);
	AS_CPU(1, mm_lazy_exit());
	AS_CPU(1, found = model_load(VA, &pte));
	CHECK(!found, "no longer lazy: it has caught up");
	AS_CPU(1, mm_lazy_enter());
	CHECK(mm.cpu_attach_mask == (BIT(0) | BIT(1)) && mm.cpumask == BIT(0),
	      "lazy again, it is still attached");
	load_on(1, NULL);
	CHECK(mm.cpu_attach_mask == BIT(0), "until it loads another space");
}

static void test_tables_in_use(void)
{
	new_machine(BIT(0));
	map_frame(&mm, VA, ZONE_DIRECT);
	CHECK(PANICS(free_pgtables(&mm, 0, 0x100)) && panic_says("free_pgtables: the slot of 0x"),
	      "a table that still maps a page is not freed: address and entry are named");
	new_machine(BIT(0));
	assert(mm_establish(&mm, 0x100 - PAGE_SIZE, mk_swap(1, 2)));
	CHECK(PANICS(free_pgtables(&mm, 0, 0x100)) && panic_says("free_pgtables: the slot of 0xc0"),
	      "nor one whose last slot says where a page is in swap");
}

static void test_switch(void)
{
	new_machine(BIT(0));
	load_on(3, &mm);
	CHECK(mm.cpumask == (BIT(0) | BIT(3)), "a CPU that loads the space joins its mask");
	load_on(3, NULL);
	CHECK(mm.cpumask == BIT(0), "and leaves it");
	CHECK(PANICS(mm_destroy(&mm)) && panic_says("cpu_attach_mask"),
	      "a space that some CPU has is not destroyed");
}

/* In an interrupt on CPU 1, CPU 2 sends another one. */
static void be_interrupted_again(void *argument)
{
	(void)argument;
	AS_CPU(2, ipi_send(1, IPI_SHOOTDOWN));
}

static void test_nested_interrupt(void)
{
	new_machine(BIT(0) | BIT(1));
	call_cpus(BIT(1), be_interrupted_again, NULL);
	CHECK(asked(1) == 1 && !model_pending(1, IPI_SHOOTDOWN),
	      "the model: an interrupt that came inside a handler is taken behind it");
}

static unsigned called_on;

static void note_call(void *argument)
{
	called_on |= BIT(cpu_id());
	*(unsigned *)argument += 1;
}

static void end_walk_late(void)
{
	if (++rounds == 5)
		AS_CPU(1, walk_end(1, 0));
}

static void test_calls_and_grace(void)
{
	unsigned calls = 0;

	new_machine(BIT(0) | BIT(1));
	called_on = 0;
	call_cpus(BIT(0) | BIT(1) | BIT(3), note_call, &calls);
	CHECK(called_on == (BIT(0) | BIT(1) | BIT(3)) && calls == 3,
	      "a call runs once on each CPU of the mask");
	rounds = 0;
	model_relax_hook = end_walk_late;
	AS_CPU(1, walk_begin(0));
	sync_walkers_grace();
	CHECK(rounds == 5, "a grace period waits for the walk in progress");
	sync_walkers_grace();
	CHECK(rounds == 5, "and for none that has ended");
	rounds = 0;
	AS_CPU(1, walk_begin(0));
	sync_walkers_ipi();
	CHECK(rounds == 5, "sync_walkers_ipi waits for it too");
}

static struct spinlock irq_lock;
static unsigned woken_free, woken_held;

static void note_lock(void)
{
	*(spin_owner(&irq_lock) ? &woken_held : &woken_free) += 1;
}

/* A CPU with the lock could wait for itself in its interrupt's handler. */
static void test_irq_lock(void)
{
	u32 flags;

	new_machine(BIT(0));
	model_wake_hook = note_lock;
	flags = spin_lock_irq(&irq_lock);
	AS_CPU(1, ipi_send(0, IPI_WAKE));
	spin_unlock_irq(&irq_lock, flags);
	CHECK(!woken_held && woken_free == 1,
	      "an interrupt comes when a lock of spin_lock_irq() is free again, and no sooner");
}

/* The screen names the silent CPU. */
static void test_silent_cpu(void)
{
	new_machine(BIT(0) | BIT(2));
	inject_noack_cpu = 2;
	model_clock_step = 1000000000;
	CHECK(PANICS(shootdown(&mm.cpumask, 0, 0x40)) && panic_says("shootdown-ack of CPU 2"),
	      "no ack: past the deadline the wait names the silent CPU");
}

/* CPU 2 spins with interrupts off for the lock that CPU 0 holds across its shootdown. */
static void spin_on(void)
{
	cpus[2].wait.spins++;
}

static void test_deadlock_found(void)
{
	new_machine(BIT(0) | BIT(2));
	AS_CPU(2, irq_disable());
	AS_CPU(2, wait_begin(WAIT_LOCK, BIT(0), "spin_lock", 1, "spinlock.h"));
	model_relax_hook = spin_on;
	CHECK(PANICS(shootdown(&mm.cpumask, 0, 0x40)) && panic_says("deadlock among CPUs 0,2"),
	      "a deadlock among published waits is found, by CPU");
}

int main(void)
{
	test_mask();
	test_wait();
	test_ack_order();
	test_nowait();
	test_nowait_settled();
	test_two_initiators();
	test_preconditions();
	test_zap_order();
	test_overflow();
	test_table_overflow();
	test_zap_swap();
	test_table_free();
	test_rights();
	test_stale();
	test_flushed_range();
	test_lazy();
	test_tables_in_use();
	test_nested_interrupt();
	test_switch();
	test_calls_and_grace();
	test_irq_lock();
	test_silent_cpu();
	test_deadlock_found();
	return tap_done();
}
