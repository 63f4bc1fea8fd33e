/* SPDX-License-Identifier: MIT */
/* Allocates frames, counts references on them, and checks that free ones stay untouched. */
#include "mm/page/page.h"

#include "kernel/hooks/inject.h"
#include "kernel/hooks/race.h"
#include "kernel/printk.h"
#include "kernel/smp/cpumask.h"
#include "kernel/smp/percpu.h"
#include "kernel/wait/lock_order.h"

struct zone zones[NR_ZONES];

static struct zone *zone_of(pfn_t pfn)
{
	for (unsigned z = 0; z < NR_ZONES; z++)
		if (pfn - zones[z].start < zones[z].nr)
			return &zones[z];
	panic("pfn 0x%x is in no zone", pfn);
}

/* The record is written with interrupts off, because a handler may take the lock too. */
static u32 zone_lock(struct zone *zone)
{
	u32 flags = spin_lock_irq(&zone->lock);

	lock_order_enter(LOCK_ZONE);
	return flags;
}

static void zone_unlock(struct zone *zone, u32 flags)
{
	lock_order_leave(LOCK_ZONE);
	spin_unlock_irq(&zone->lock, flags);
}

static struct page *zone_page(struct zone *zone, pfn_t pfn)
{
	return &zone->pages[pfn - zone->start];
}

pfn_t page_to_pfn(const struct page *page)
{
	for (unsigned z = 0; z < NR_ZONES; z++)
		if (page >= zones[z].pages && page < zones[z].pages + zones[z].nr)
			return zones[z].start + (pfn_t)(page - zones[z].pages);
	panic("not a struct page: 0x%lx", (unsigned long)page);
}

void *page_map(pfn_t pfn, enum window window)
{
	paddr_t pa = (paddr_t)pfn << PAGE_SHIFT;

	return pa < direct_map_end() ? phys_to_virt(pa) : window_map(window, pfn);
}

/* A changed word means a write to the frame after it was freed, so the frame is named. While a
 * variant is recorded, this is a result and no panic. */
static void check_poison(pfn_t pfn)
{
	const u32 *word = page_map(pfn, WINDOW_ALLOCATOR);

	for (unsigned i = 0; i < PAGE_SIZE / sizeof(*word); i++) {
		if (word[i] == PAGE_POISON)
			continue;
		if (!race_recording())
			panic("frame 0x%x was written while free: word %u is 0x%x", pfn, i,
			      word[i]);
		race_value(page_written_free, pfn);
		return;
	}
}

static bool is_free(const struct page *page)
{
	return page->prev != PFN_NONE && !READ_ONCE(page->count);
}

/* Call with the zone's lock held, here and down to take_row(). */
static bool is_listed(struct zone *zone, pfn_t pfn)
{
	struct page *page = zone_page(zone, pfn);

	return is_free(page) && page->prev != PFN_KEPT;
}

static void list_add(struct zone *zone, pfn_t pfn)
{
	struct page *page = zone_page(zone, pfn);

	page->next = zone->free;
	page->prev = PFN_HEAD;
	if (zone->free != PFN_NONE)
		zone_page(zone, zone->free)->prev = pfn;
	zone->free = pfn;
	zone->nr_free++;
}

static void list_remove(struct zone *zone, pfn_t pfn)
{
	struct page *page = zone_page(zone, pfn);

	if (page->prev == PFN_HEAD)
		zone->free = page->next;
	else
		zone_page(zone, page->prev)->next = page->next;
	if (page->next != PFN_NONE)
		zone_page(zone, page->next)->prev = page->prev;
	zone->nr_free--;
}

/* Makes a frame that is on no list any more its caller's. */
static struct page *hand_out(struct zone *zone, pfn_t pfn)
{
	struct page *page = zone_page(zone, pfn);

	if (PAGE_POISONING && page->generation)
		check_poison(pfn);
	page->generation++;
	page->next = page->prev = PFN_NONE;
	WRITE_ONCE(page->count, 1);
	return page;
}

/* The zone must have at least nr frames. */
static bool are_listed(struct zone *zone, pfn_t pfn, unsigned nr)
{
	if (pfn % nr || pfn - zone->start > zone->nr - nr)
		return false;
	for (unsigned i = 0; i < nr; i++)
		if (!is_listed(zone, pfn + i))
			return false;
	return true;
}

/* Tries the frame freed last first. */
static struct page *take_row(struct zone *zone, unsigned nr)
{
	for (pfn_t pfn = zone->free; pfn != PFN_NONE; pfn = zone_page(zone, pfn)->next) {
		if (!are_listed(zone, pfn, nr))
			continue;
		for (unsigned i = 0; i < nr; i++) {
			list_remove(zone, pfn + i);
			hand_out(zone, pfn + i);
		}
		return zone_page(zone, pfn);
	}
	return NULL;
}

/* A CPU takes the lock of its own frames with interrupts off, because a handler may free frames
 * too. Others take it only to find a certain frame, or when memory is out. */
static struct pcp *pcp_lock(struct zone *zone, unsigned cpu, u32 *flags)
{
	struct pcp *pcp = &zone->pcp[cpu];

	*flags = spin_lock_irq(&pcp->lock);
	lock_order_enter(LOCK_PCP);
	return pcp;
}

static void pcp_unlock(struct pcp *pcp, u32 flags)
{
	lock_order_leave(LOCK_PCP);
	spin_unlock_irq(&pcp->lock, flags);
}

/* How many frames go between a CPU and a zone at a time. */
#define PCP_BATCH (PCP_MOST / 2)

/* The first frame on the zone's list will be the first to be handed out. */
static void pcp_refill(struct zone *zone, struct pcp *pcp)
{
	u32 flags = zone_lock(zone);
	unsigned nr = zone->nr_free < PCP_BATCH ? zone->nr_free : PCP_BATCH;

	for (pcp->nr = nr; nr; nr--) {
		pfn_t pfn = zone->free;

		list_remove(zone, pfn);
		zone_page(zone, pfn)->prev = PFN_KEPT;
		pcp->frame[nr - 1] = pfn;
	}
	zone_unlock(zone, flags);
}

/* Gives back the nr frames freed first, so that the list keeps their order. */
static void pcp_give(struct zone *zone, struct pcp *pcp, unsigned nr)
{
	u32 flags = zone_lock(zone);

	for (unsigned i = 0; i < nr; i++)
		list_add(zone, pcp->frame[i]);
	zone_unlock(zone, flags);
	pcp->nr -= nr;
	for (unsigned i = 0; i < pcp->nr; i++)
		pcp->frame[i] = pcp->frame[nr + i];
}

static struct page *pcp_take(struct zone *zone, struct pcp *pcp, unsigned i)
{
	pfn_t pfn = pcp->frame[i];

	for (pcp->nr--; i < pcp->nr; i++)
		pcp->frame[i] = pcp->frame[i + 1];
	return hand_out(zone, pfn);
}

static struct page *alloc_one(struct zone *zone)
{
	u32 flags;
	struct pcp *pcp = pcp_lock(zone, cpu_id(), &flags);
	struct page *page;

	if (!pcp->nr)
		pcp_refill(zone, pcp);
	page = pcp->nr ? pcp_take(zone, pcp, pcp->nr - 1) : NULL;
	pcp_unlock(pcp, flags);
	return page;
}

static struct page *alloc_row(struct zone *zone, unsigned nr)
{
	u32 flags = zone_lock(zone);
	struct page *page = nr <= zone->nr_free ? take_row(zone, nr) : NULL;

	zone_unlock(zone, flags);
	return page;
}

static struct page *try_alloc(struct zone *zone, unsigned nr)
{
	return nr == 1 ? alloc_one(zone) : alloc_row(zone, nr);
}

/* The CPUs that may keep frames. */
static cpumask_t pcp_cpus(void)
{
	return READ_ONCE(cpus_online) | BIT(cpu_id());
}

static void drain_zone(struct zone *zone)
{
	unsigned cpu;

	for_each_cpu (cpu, pcp_cpus()) {
		u32 flags;
		struct pcp *pcp = pcp_lock(zone, cpu, &flags);

		if (pcp->nr)
			pcp_give(zone, pcp, pcp->nr);
		pcp_unlock(pcp, flags);
	}
}

/* The last frames, or a row's, may be with a CPU. */
struct page *alloc_pages(enum zone_id id, unsigned nr)
{
	struct zone *zone = &zones[id];
	struct page *page;

	if (inject_oom((vaddr_t)__builtin_return_address(0) - 1))
		return NULL;
	page = try_alloc(zone, nr);
	if (page)
		return page;
	drain_zone(zone);
	return try_alloc(zone, nr);
}

void pcp_drain_all(void)
{
	for (unsigned z = 0; z < NR_ZONES; z++)
		drain_zone(&zones[z]);
}

static struct page *take_kept(struct zone *zone, unsigned cpu, pfn_t pfn)
{
	u32 flags;
	struct pcp *pcp = pcp_lock(zone, cpu, &flags);
	struct page *page = NULL;

	for (unsigned i = 0; i < pcp->nr && !page; i++)
		if (pcp->frame[i] == pfn)
			page = pcp_take(zone, pcp, i);
	pcp_unlock(pcp, flags);
	return page;
}

static struct page *take_listed(struct zone *zone, pfn_t pfn)
{
	u32 flags = zone_lock(zone);
	struct page *page = NULL;

	if (is_listed(zone, pfn)) {
		list_remove(zone, pfn);
		page = hand_out(zone, pfn);
	}
	zone_unlock(zone, flags);
	return page;
}

struct page *alloc_page_at(pfn_t pfn)
{
	struct page *page = NULL;
	cpumask_t cpus_left = pcp_cpus();
	unsigned cpu;

	if (!pfn_to_page(pfn))
		return NULL;
	for_each_cpu (cpu, cpus_left)
		if (!page)
			page = take_kept(zone_of(pfn), cpu, pfn);
	return page ? page : take_listed(zone_of(pfn), pfn);
}

/* While a variant is recorded, this is a result. The list stays sound, because the frame is not
 * added again. */
static void freed_twice(pfn_t pfn)
{
	if (!race_recording())
		panic("frame 0x%x: freed twice", pfn);
	race_value(page_freed_twice, pfn);
}

static void free_page(pfn_t pfn)
{
	struct zone *zone = zone_of(pfn);
	struct page *page = zone_page(zone, pfn);
	struct pcp *pcp;
	u32 flags;

	if (PAGE_POISONING)
		fill_page(page_map(pfn, WINDOW_ALLOCATOR), PAGE_POISON);
	page->object = NULL;
	pcp = pcp_lock(zone, cpu_id(), &flags);
	/* If two CPUs free it at once, each has the lock of its own frames. One is refused. */
	if (atomic_cmpxchg(&page->prev, PFN_NONE, PFN_KEPT) != PFN_NONE) {
		freed_twice(pfn);
	} else {
		if (pcp->nr == PCP_MOST)
			pcp_give(zone, pcp, PCP_BATCH);
		pcp->frame[pcp->nr++] = pfn;
	}
	pcp_unlock(pcp, flags);
}

void put_page(struct page *page)
{
	u32 count = atomic_fetch_add(&page->count, (u32)-1);

	if (!count)
		panic("frame 0x%x: reference given back twice", page_to_pfn(page));
	if (count == 1)
		free_page(page_to_pfn(page));
}

void zone_init(enum zone_id id, pfn_t start, pfn_t end, struct page *pages)
{
	zones[id] =
		(struct zone){.start = start, .nr = end - start, .pages = pages, .free = PFN_NONE};
	for (pfn_t i = 0; i < end - start; i++)
		pages[i] = (struct page){.next = PFN_NONE, .prev = PFN_NONE};
}

void zone_add_frames(pfn_t start, pfn_t end)
{
	struct zone *zone = zone_of(start);
	struct page *page = zone_page(zone, start);

	for (pfn_t pfn = start; pfn != end; pfn++, page++) {
		page->prev = pfn - 1;
		page->next = pfn + 1;
	}
	zone_page(zone, start)->prev = PFN_HEAD;
	zone_page(zone, end - 1)->next = zone->free;
	if (zone->free != PFN_NONE)
		zone_page(zone, zone->free)->prev = end - 1;
	zone->free = start;
	zone->nr_free += end - start;
}

u32 zone_free_frames(void)
{
	u32 nr = 0;

	for (unsigned z = 0; z < NR_ZONES; z++) {
		nr += zones[z].nr_free;
		for (unsigned cpu = 0; cpu < MAX_CPUS; cpu++)
			nr += zones[z].pcp[cpu].nr;
	}
	return nr;
}
