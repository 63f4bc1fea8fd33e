/* SPDX-License-Identifier: MIT */
/* kernel/wait/lock_order.h: what a CPU holds is on record, and a lock taken in the wrong order is
 * named. */
#include <asm/irq.h>
#include <asm/trap.h>

#include "kernel/hooks/upcalls.h"
#include "kernel/wait/rwlock.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

static struct mm mm;
static struct rwlock other;

static void fresh(void)
{
	machine_reset();
	other = (struct rwlock){0};
	assert(mm_create(&mm));
	model_switch_cpu(1);
}

#define REFUSED(statement, says, ...)                                                              \
	do {                                                                                       \
		CHECK(PANICS(statement) && panic_says(says), __VA_ARGS__);                         \
		fresh();                                                                           \
	} while (0)

static void test_order(void)
{
	fresh();
	for (enum lock_level level = 0; level < NR_LOCK_LEVELS; level++)
		lock_order_enter(level);
	CHECK(cpus[1].locks_held == BIT(NR_LOCK_LEVELS) - 1, "all of them, outermost first");
	for (enum lock_level level = 0; level < NR_LOCK_LEVELS; level++)
		lock_order_leave(level);
	CHECK(!cpus[1].locks_held, "and none, left in any order");
	for (enum lock_level level = 0; level < NR_LOCK_LEVELS; level++)
		for (enum lock_level held = level; held < NR_LOCK_LEVELS; held++) {
			fresh();
			lock_order_enter(held);
			CHECK(PANICS(lock_order_enter(level)), "level %u inside level %u", level,
			      held);
		}
	fresh();
	lock_order_enter(LOCK_ZONE);
	CHECK(!cpus[0].locks_held, "another CPU has a record of its own");
	AS_CPU(0, lock_order_enter(LOCK_MMAP));
	CHECK(cpus[0].locks_held == BIT(LOCK_MMAP), "which says nothing of this one");
}

static void test_mmap_lock(void)
{
	fresh();
	read_lock(&mm.mmap_lock);
	REFUSED(read_lock(&other), "CPU 1 takes the mmap lock inside the mmap lock",
		"a reader of one space that reads another");
	read_lock(&mm.mmap_lock);
	REFUSED(write_lock(&mm.mmap_lock), "the mmap lock inside the mmap lock",
		"a reader that becomes the writer, before it waits for itself");
	write_lock(&mm.mmap_lock);
	REFUSED(read_lock(&mm.mmap_lock), "the mmap lock inside the mmap lock",
		"a writer that reads");
	read_lock(&mm.mmap_lock);
	REFUSED(read_trylock(&other), "the mmap lock inside the mmap lock",
		"and a reader that only tries another");
	tables_lock(&mm);
	REFUSED(read_lock(&mm.mmap_lock), "the mmap lock inside the space's page-table lock",
		"the mmap lock comes before the page-table lock");
	tables_lock(&mm);
	REFUSED(write_lock(&mm.mmap_lock), "the mmap lock inside the space's page-table lock",
		"also for writing");
	read_lock(&mm.mmap_lock);
	read_unlock(&mm.mmap_lock);
	write_lock(&mm.mmap_lock);
	write_unlock(&mm.mmap_lock);
	CHECK(read_trylock(&mm.mmap_lock), "one after the other is right");
	read_unlock(&mm.mmap_lock);
	CHECK(!cpus[1].locks_held, "and nothing of it is left");
	AS_CPU(0, write_lock(&mm.mmap_lock));
	CHECK(!read_trylock(&mm.mmap_lock) && !cpus[1].locks_held, "nor of a try that failed");
}

/* Those in the tables. */
static void page_table_locks(void)
{
	pte_t *ptep = pte_alloc(&mm, 0);

	pte_lock_child(ptep);
	CHECK(cpus[1].locks_held == BIT(LOCK_PTE_CHILD), "a page table's lock is on record");
	pte_unlock_child(ptep);
	pte_lock(ptep);
	CHECK(cpus[1].locks_held == BIT(LOCK_PTE), "also if it is no child's");
	put_page(alloc_page(ZONE_DIRECT));
	pte_unlock(ptep);
	pmd_lock(pmd_lookup(&mm, 0));
	CHECK(cpus[1].locks_held == BIT(LOCK_PMD), "and a PMD table's");
	pte_lock(ptep);
	REFUSED(pmd_lock(pmd_lookup(&mm, 0)), "a PMD table's lock inside a page table's lock",
		"which comes before it");
	ptep = pte_alloc(&mm, 0);
	pte_lock(ptep);
	REFUSED(pte_lock(ptep), "a page table's lock inside a page table's lock",
		"and of those each CPU has one at a time");
	ptep = pte_alloc(&mm, 0);
	pte_lock(ptep);
	REFUSED(pte_lock_child(ptep), "the lock of a child's page table inside a page table's lock",
		"but that fork takes the child's first");
	pte_alloc(&mm, 0);
	pmd_lock(pmd_lookup(&mm, 0));
	REFUSED(tables_lock(&mm), "the space's page-table lock inside a PMD table's lock",
		"the space's lock comes before both");
	pte_lock(pte_alloc(&mm, 0));
	REFUSED(zap_page_range(&mm, 0, PAGE_SIZE), "a page table's lock inside a page table's lock",
		"a zap takes them");
}

static void test_others(void)
{
	struct fault fault = {.address = 0, .cause = FAULT_USER};
	struct file file = {.size = 0};

	fresh();
	tables_lock(&mm);
	CHECK(cpus[1].locks_held == BIT(LOCK_TABLES), "the page-table lock is on record");
	REFUSED(object_lock(&file.object), "a file's lock inside the space's page-table lock",
		"a file's lock comes before it");
	object_lock(&file.object);
	REFUSED(read_lock(&mm.mmap_lock), "the mmap lock inside a file's lock",
		"and after the mmap lock");
	lock_order_enter(LOCK_PAGE);
	REFUSED(file_truncate(&file, 0),
		"the lock of a file's size inside the lock of a page of a file or in swap",
		"whose size changes before its pages are locked");
	tables_lock(&mm);
	REFUSED(tables_lock(&mm), "the space's page-table lock inside the space's page-table lock",
		"and is not taken twice");
	lock_order_enter(LOCK_ZONE);
	REFUSED(tables_lock(&mm), "the space's page-table lock inside a zone's lock",
		"a zone's lock is the innermost");
	lock_order_enter(LOCK_ZONE);
	REFUSED(alloc_page(ZONE_DIRECT), "the lock of a CPU's frames inside a zone's lock",
		"an allocation takes it");
	read_lock(&mm.mmap_lock);
	REFUSED(mm_fault(&fault), "CPU 1 takes a fault inside the mmap lock",
		"a fault would take the mmap lock");
	tables_lock(&mm);
	REFUSED(mm_fault(&fault), "a fault inside the space's page-table lock",
		"or a page-table lock");
	page_table_locks();
	put_page(alloc_page(ZONE_DIRECT));
	map_frame(&mm, 0, ZONE_DIRECT);
	zap_page_range(&mm, 0, PAGE_SIZE);
	invalidate_page(&mm, 0);
	free_pgtables(&mm, 0, user_end(mm.pgd));
	CHECK(!cpus[1].locks_held && irqs_enabled(), "operations leave nothing behind");
}

int main(void)
{
	test_order();
	test_mmap_lock();
	test_others();
	return tap_done();
}
