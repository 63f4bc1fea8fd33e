/* SPDX-License-Identifier: MIT */
/*
 * Finds plain accesses to shared data. mm/ and kernel/ are compiled with -fsanitize=thread, but
 * linked with the callbacks below. A marked access is a call on the model. Any access reported by
 * the compiler is a plain one, and it is refused if it touches data of several CPUs. One CPU at a
 * time is enough, because the test asks how the source is written, and not which race happened.
 */
#include <asm/irq.h>
#include <asm/trap.h>

#include <stdio.h>
#include <unistd.h>

#include "arch/model/machine.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/smp/job.h"
#include "kernel/smp/shootdown.h"
#include "kernel/smp/smp_call.h"
#include "kernel/smp/walker_sync.h"
#include "mm/gup/gup.h"
#include "mm/space/fork.h"
#include "mm/space/space.h"
#include "mm/space/syscalls.h"
#include "mm/table/pgtable.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

static struct mm mm, child;
static struct file *file; /* NULL while one CPU alone knows it */
static bool watching;
static const void *refused[64];
static unsigned nr_refused, plain_seen, marked_seen;

#define IN(p, object)                                                                              \
	((const u8 *)(p) - (const u8 *)&(object) < (long)sizeof(object) &&                         \
	 (const u8 *)(p) >= (const u8 *)&(object))

/* Whether the frame is a table of the space. A frame that holds its mappings is read and written
 * plainly, under the mmap lock. */
static bool is_table(pfn_t frame)
{
	for (pfn_t pfn = mm.tables; pfn != PFN_NONE; pfn = pfn_to_page(pfn)->next)
		if (pfn == frame)
			return true;
	return false;
}

static const char *frame_at(const void *p)
{
	for (unsigned z = 0; z < NR_ZONES; z++) {
		const u8 *base = page_map(zones[z].start, WINDOW_A);
		size_t offset = (size_t)((const u8 *)p - base);

		if (offset < MODEL_FRAMES * PAGE_SIZE)
			return is_table(zones[z].start + (pfn_t)(offset / PAGE_SIZE))
				       ? "a page table"
				       : NULL;
	}
	return NULL;
}

static const char *page_field_at(const void *p)
{
	for (unsigned z = 0; z < NR_ZONES; z++) {
		size_t offset = (size_t)((const u8 *)p - (const u8 *)zones[z].pages);
		struct page *page = &zones[z].pages[offset / sizeof(struct page)];

		if (offset >= MODEL_FRAMES * sizeof(struct page))
			continue;
		if (IN(p, page->table_lock))
			return "a lock";
		if (IN(p, page->file_dirty))
			return "the file of a page";
		return IN(p, page->count) || IN(p, page->seq) ? "a struct page's count" : NULL;
	}
	return NULL;
}

static const char *cpu_field_at(const void *p)
{
	for (unsigned i = 0; i < MODEL_CPUS; i++) {
		struct cpu *cpu = &cpus[i];

		if (IN(p, cpu->wait))
			return "a published wait";
		if (IN(p, cpu->shootdown) || IN(p, cpu->call))
			return "a request or its acks";
		if (IN(p, cpu->shootdown_pending) || IN(p, cpu->call_pending))
			return "a pending word";
		if (IN(p, cpu->job) || IN(p, cpu->job_argument))
			return "a job";
		if (IN(p, cpu->walk_seq))
			return "a walk count";
	}
	return NULL;
}

/* Of a place in the page cache. A page is in it from the object lock's holder on, and leaves it
 * only under both locks. So who has the page lock and finds a page may go on plainly. */
static const char *cached_field_at(const void *p)
{
	for (u32 i = 0; i < file->nr_cached; i++) {
		struct cached_page *cached = &file->cache[i];

		if (!IN(p, *cached))
			continue;
		if (IN(p, cached->lock))
			return "a lock";
		if (IN(p, cached->page))
			return file->object.lock.owner || (cached->lock.owner && cached->page)
				       ? NULL
				       : "a page of a file, without its lock";
		return cached->lock.owner ? NULL : "what a page lock covers, without it";
	}
	return NULL;
}

static const char *file_field_at(const void *p)
{
	if (!file)
		return NULL;
	if (IN(p, file->object.references))
		return "the references of a file";
	if (IN(p, file->object.lock) || IN(p, file->size_lock))
		return "a lock";
	if (IN(p, file->size) && !file->object.lock.owner && !file->size_lock.owner)
		return "the size of a file, without a lock";
	if ((IN(p, file->object.mappings) || IN(p, file->object.nr_mappings) ||
	     IN(p, file->object.nr_promised) || IN(p, file->object.room)) &&
	    !file->object.lock.owner)
		return "the list of a file, without its lock";
	return cached_field_at(p);
}

/* Returns the name of the shared data at p, or NULL. */
static const char *shared_at(const void *p)
{
	const char *name = frame_at(p);

	name = name ? name : page_field_at(p);
	name = name ? name : file_field_at(p);
	name = name ? name : cpu_field_at(p);
	if (name)
		return name;
	if (IN(p, mm.cpumask) || IN(p, mm.cpu_attach_mask))
		return "a CPU mask";
	if (IN(p, mm.clearers) || IN(p, mm.flush_pending))
		return "what a clear tells others";
	if (IN(p, mm.page_table_lock) || IN(p, zones[0].lock) || IN(p, zones[1].lock))
		return "a lock";
	return IN(p, cpus_online) || IN(p, wait_abandoned) ? "a global word" : NULL;
}

/* Data that its writer may read plainly, because no other CPU writes it. Others read it, or an
 * interrupt does. */
static const char *published_at(const void *p)
{
	for (unsigned i = 0; i < MODEL_CPUS; i++) {
		struct cpu *cpu = &cpus[i];

		if (IN(p, cpu->mm))
			return "the space that is loaded";
		if (IN(p, cpu->nowait_owed) || IN(p, cpu->nowait_quiet) ||
		    IN(p, cpu->nowait_sending))
			return "what NMIs are told by";
		if (IN(p, cpu->napping) || IN(p, cpu->call_interrupts) || IN(p, cpu->wakes))
			return "a word for waiting CPUs";
	}
	for (u32 i = 0; file && i < file->nr_cached; i++)
		if (IN(p, file->cache[i].page) || IN(p, file->cache[i].dirty))
			return "a page of a file, or whether it is dirty";
	if (file && IN(p, file->size))
		return "the size of a file";
	return IN(p, mm.pgd) ? "the top-level table" : NULL;
}

static void name_place(const void *pc)
{
	char command[128], line[256];
	FILE *pipe;

	/* The call returns to the instruction behind it, and one byte back is inside the call. */
	snprintf(command, sizeof(command), "addr2line -fsipe /proc/%d/exe 0x%lx", (int)getpid(),
		 (unsigned long)pc - 1);
	pipe = popen(command, "r");
	while (pipe && fgets(line, sizeof(line), pipe))
		printf("#   %s", line);
	if (pipe)
		pclose(pipe);
}

static void plain(const void *p, size_t size, const char *what, const void *pc)
{
	const char *name = NULL;

	plain_seen++;
	if (!watching)
		return;
	for (size_t i = 0; i < size && !name; i++)
		name = shared_at((const u8 *)p + i);
	if (!name && *what == 'w')
		name = published_at(p);
	if (!name)
		return;
	for (unsigned i = 0; i < nr_refused; i++)
		if (refused[i] == pc)
			return;
	if (nr_refused == ARRAY_SIZE(refused))
		return;
	refused[nr_refused++] = pc;
	printf("# plain %s of %zu bytes of %s:\n", what, size, name);
	name_place(pc);
}

void __tsan_init(void);
void __tsan_init(void)
{
}

#define PLAIN(suffix, what, size)                                                                  \
	void __tsan_##suffix(void *p);                                                             \
	void __tsan_##suffix(void *p)                                                              \
	{                                                                                          \
		plain(p, size, what, __builtin_return_address(0));                                 \
	}
#define SIZE(n)                                                                                    \
	PLAIN(read##n, "read", n)                                                                  \
	PLAIN(write##n, "write", n)                                                                \
	PLAIN(unaligned_read##n, "read", n)                                                        \
	PLAIN(unaligned_write##n, "write", n)
SIZE(1)
SIZE(2)
SIZE(4)
SIZE(8)
SIZE(16)

void __tsan_read_range(void *p, size_t size);
void __tsan_read_range(void *p, size_t size)
{
	plain(p, size, "read", __builtin_return_address(0));
}

void __tsan_write_range(void *p, size_t size);
void __tsan_write_range(void *p, size_t size)
{
	plain(p, size, "write", __builtin_return_address(0));
}

/* Marked accesses are calls on the model. The compiler reports none of them, but they pass here. */
static bool see_marked(struct op *op)
{
	(void)op;
	marked_seen++;
	return false;
}

/* The test takes every path of the walk, the zap and the shootdown for one CPU at a time. */

static void count_call(void *argument)
{
	(void)argument;
}

/* The CPU keeps others waiting for a while. */
static void turn_on_late(void)
{
	static unsigned rounds;

	if (++rounds % 4 == 0)
		AS_CPU(1, irq_enable());
}

static void walk_everywhere(unsigned nr)
{
	struct page *pages[64];

	for (unsigned cpu = 0; cpu < 3; cpu++) {
		unsigned found = 0;

		AS_CPU(cpu, found = gup_fast(0, nr, FOLL_WRITE, pages));
		while (found--)
			put_page(pages[found]);
	}
}

static void fault_pages(void)
{
	struct fault fault = {.address = MMAP_MIN_ADDR, .cause = FAULT_USER | FAULT_WRITE};

	sys_mmap(MMAP_MIN_ADDR, PAGE_SIZE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED);
	mm_fault(&fault);
	mm_fault(&fault);
	sys_mremap(MMAP_MIN_ADDR, PAGE_SIZE, PAGE_SIZE, MREMAP_MAYMOVE | MREMAP_FIXED,
		   MMAP_MIN_ADDR + 4 * PAGE_SIZE);
	sys_munmap(MMAP_MIN_ADDR + 4 * PAGE_SIZE, PAGE_SIZE);
}

#define FILE_VA(page) (MMAP_MIN_ADDR + (page)*PAGE_SIZE)

static void touch_file(unsigned page, u32 cause)
{
	struct fault fault = {.address = FILE_VA(page), .cause = FAULT_USER | cause};

	mm_fault(&fault);
}

/* Two pages shared, and two private. */
static void use_file(u32 flags)
{
	const u32 rights = PROT_READ | PROT_WRITE;
	struct file *made = file_create(2 * PAGE_SIZE, flags);

	file = made;
	sys_mmap_file(made, 0, FILE_VA(0), 2 * PAGE_SIZE, rights, MAP_SHARED | MAP_FIXED);
	sys_mmap_file(made, 0, FILE_VA(2), 2 * PAGE_SIZE, rights, MAP_PRIVATE | MAP_FIXED);
	file_truncate(made, PAGE_SIZE + 4);
	touch_file(0, 0);
	touch_file(1, FAULT_WRITE);
	touch_file(2, FAULT_WRITE);
	touch_file(3, 0);
	made->cache[1].failing = 1;
	for (unsigned i = 0; i < 3; i++)
		file_writeback(made);
	touch_file(0, FAULT_WRITE);
	touch_file(3, FAULT_WRITE);
	if (!dup_mm(&child, &mm))
		mm_destroy(&child);
	sys_mremap(FILE_VA(0), PAGE_SIZE, PAGE_SIZE, MREMAP_MAYMOVE | MREMAP_FIXED, FILE_VA(3));
	file_truncate(made, 4);
	file_truncate(made, 2 * PAGE_SIZE);
	touch_file(1, 0);
	sys_munmap(FILE_VA(0), 4 * PAGE_SIZE);
	file = NULL;
	put_file(made);
}

static void exercise(enum value_id value)
{
	unsigned pages;

	watching = false;
	machine_reset();
	choice_value[value_info[value].id] = (u8)value;
	if (value_info[value].id == CHOICE_table_free || value_info[value].id == CHOICE_entry_sync)
		CHOOSE(flush, nowait);
	assert(mm_create(&mm));
	watching = true;
	for (unsigned cpu = 0; cpu < 3; cpu++)
		load_on(cpu, &mm);
	AS_CPU(2, mm_lazy_enter());
	AS_CPU(2, mm_lazy_exit());
	pages = user_end(mm.pgd) / PAGE_SIZE < 40 ? (unsigned)(user_end(mm.pgd) / PAGE_SIZE) : 40;
	for (vaddr_t va = 0; va < pages * PAGE_SIZE; va += PAGE_SIZE)
		map_frame(&mm, va, va & PAGE_SIZE ? ZONE_HIGH : ZONE_DIRECT);
	walk_everywhere(pages);
	AS_CPU(1, irq_disable());
	model_relax_hook = turn_on_late;
	zap_page_range(&mm, 0, pages * PAGE_SIZE);
	fault_pages();
	use_file(0);
	use_file(FILE_DAX);
	free_pgtables(&mm, 0, user_end(mm.pgd));
	call_cpus(BIT(0) | BIT(1), count_call, NULL);
	job_give(1, count_call, NULL);
	put_page(alloc_page_at(MODEL_HIGH_PFN + 7));
	sync_walkers_ipi();
	sync_walkers_grace();
	AS_CPU(1, nowait_settle());
	mm_upgrade(&mm);
	load_on(1, NULL);
	load_on(2, NULL);
	map_frame(&mm, 0, ZONE_DIRECT);
	zap_page_range(&mm, 0, PAGE_SIZE); /* by the only CPU with the space */
	load_on(0, NULL);
	mm_destroy(&mm);
}

int main(void)
{
	model_submit = see_marked;
	for (unsigned value = VALUE_NONE + 1; value < NR_VALUES; value++) {
		unsigned before = nr_refused;

		exercise((enum value_id)value);
		CHECK(nr_refused == before, "%s=%s: no plain access to shared data",
		      value_info[value].choice, value_info[value].value);
	}
	CHECK(plain_seen > 1000 && marked_seen > 1000, "plain and marked accesses were seen");
	return tap_done();
}
