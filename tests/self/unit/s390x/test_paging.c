/* SPDX-License-Identifier: MIT */
/* Tests the kernel's own tables in arch/s390x/paging.c, entry by entry, and the load of a space. */
#include "tests/self/unit/s390x/fake.h"

#include <sys/mman.h>

#include "arch/s390x/image.h"

/* Set by linker/s390x.ld. */
#define __text_start   ((const u8 *)0x102000)
#define __text_end     ((const u8 *)0x104000)
#define __rodata_start ((const u8 *)0x104000)
#define __rodata_end   ((const u8 *)0x106000)

#include "arch/s390x/paging.c"

#define ARENA	   0x10000000ul /* 32 bits can name a frame here */
#define ARENA_SIZE (1ul << 20)
#define MAPPED	   (3ul << 20)

static paddr_t next;
u8 choice_value[NR_CHOICES];

paddr_t boot_alloc(size_t size)
{
	paddr_t found = next;

	next += ALIGN_UP(size, PAGE_SIZE) +
		PAGE_SIZE; /* any page, hardly ever a multiple of four */
	if (next > ARENA + ARENA_SIZE)
		abort();
	memset((void *)found, 0xff, size);
	record("alloc %#zx", size);
	return found;
}

u64 s390_page_nx(void)
{
	return 0x100;
}

static paddr_t end_of(unsigned nr_ram, paddr_t last_end)
{
	struct boot_info boot = {.nr_ram = nr_ram, .ram[0] = {0x1000, 0x5000}};

	if (nr_ram)
		boot.ram[nr_ram - 1].end = last_end;
	paging_set_direct_map(&boot);
	return direct_map_end();
}

/* Finds the page-table entry of va by hand. Returns NULL if there is no table. */
static entry_t *entry_of(vaddr_t va)
{
	entry_t third = kernel_pgd[va >> 31], *segment, *page;

	if ((third.word[0] & 0xfff) != 0x007)
		return NULL;
	segment = (entry_t *)(third.word[0] & ~0xffful) + (va >> 20) % 2048;
	if ((segment->word[0] & 0xfff) != 0x001 || (u64)segment % 0x4000 != (va >> 20) % 2048 * 8)
		return NULL;
	page = (entry_t *)(segment->word[0] & ~0xffful);
	return page + (va >> 12) % 256;
}

static bool all_are(const entry_t *table, unsigned from, unsigned to, u64 value)
{
	while (from < to)
		if (table[from++].word[0] != value)
			return false;
	return true;
}

static void test_tables(void)
{
	bool good = true;

	end_of(1, MAPPED);
	paging_init();
	EXPECT("alloc 0x7000 alloc 0x7000 alloc 0x7000 alloc 0x1000 alloc 0x7000 alloc 0x1000 alloc 0x1000 alloc 0x1000 ",
	       "root, empty root, tables of the windows, tables of 3 MiB");
	for (vaddr_t va = 0; va < MAPPED; va += PAGE_SIZE) {
		u64 bits = va >= 0x102000 && va < 0x104000   ? 0x219
			   : va >= 0x104000 && va < 0x106000 ? 0x319
							     : 0x11b;

		good = good && entry_of(va) && entry_of(va)->word[0] == (va | bits);
	}
	CHECK(good, "storage 1:1: text is executable, text and constants are not writable");
	CHECK((u64)kernel_pgd % 0x4000 == 0 && (u64)no_pgd % 0x4000 == 0,
	      "tables of 16 KiB are aligned");
	CHECK(all_are(kernel_pgd, 1, 512, 0x24) && all_are(kernel_pgd, 513, 2048, 0x24),
	      "nothing else in the root");
	CHECK(all_are(no_pgd, 0, 2048, 0x20), "nothing at all in the empty root");
	CHECK(kernel_pte(0x80101000) == entry_of(0x80101000) && kernel_pgd[1].word[0] != 0x24,
	      "an address that is not mapped yet gets tables of its own");
	kernel_pgd[1] = PUD_NONE;
	record_clear();
	CHECK(entry_of(0) && !entry_of(MAPPED) && entry_of(KERNEL_WINDOWS) == windows &&
		      all_are(windows, 0, 256, 0x400),
	      "windows: none is mapped yet");
	paging_unmap(0x5000);
	EXPECT("ipte 0x5000 ", "a page is unmapped by IPTE");
	CHECK(entry_of(0x5000)->word[0] == 0x400 && entry_of(0x6000)->word[0] == 0x611b,
	      "that one alone");
}

/* No entry behind a table is touched. */
static void test_table_init(void)
{
	static entry_t table[2049];

	table_init(table, P4D_NONE);
	CHECK(all_are(table, 0, 2048, 0x28) && !table[2048].word[0], "2048 empty slots");
	memset(table, 0, sizeof(table));
	table_init(table, PTE_NONE);
	CHECK(all_are(table, 0, 512, 0x400) && !table[512].word[0], "or a frame of them");
}

static void test_windows(void)
{
	const vaddr_t at = 0x10000000000 + (3 * NR_WINDOWS + WINDOW_IRQ) * 4096;

	fake.cpu = 3;
	CHECK(window_map(WINDOW_IRQ, 0x12345678) == (void *)at, "a window of this CPU");
	EXPECT("ipte 0x1000000f000 ", "drops what was there");
	CHECK(windows[15].word[0] == 0x1234567811b, "and maps the frame, writable");
	windows[15].word[0] = 0x400;
	CHECK(all_are(windows, 0, 256, 0x400), "no other window");
}

static void test_spaces(void)
{
	static entry_t root[2048] __aligned(16384);
	const u64 pa = (u64)root;
	char expected[256];

	root[0].word[0] = 0x28;
	CHECK(pgd_asce(pa) == (pa | 0xb), "ASCE: root, type by the first entry, whole length");
	root[0].word[0] = 0x20;
	CHECK(pgd_asce(pa) == (pa | 0x3), "of a segment table as well");
	CHECK(paging_asce() == ((u64)kernel_pgd | 0x7) && pgd_kernel() == (u64)no_pgd,
	      "the kernel's");
	pgd_load(pa);
	snprintf(expected, sizeof(expected), "cr7 = %#lx cr13 = %#lx ptlb mb ", pa | 3, pa | 3);
	EXPECT(expected, "loaded: secondary and home space, translations dropped, a barrier");
	tlb_flush_space(pa);
	snprintf(expected, sizeof(expected), "idte asce %#lx end block ", pa | 3);
	EXPECT(expected, "flushed on every CPU");
}

int main(void)
{
	if (mmap((void *)ARENA, ARENA_SIZE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != (void *)ARENA) {
		printf("Bail out! no memory at 0x%lx\n", ARENA);
		return 1;
	}
	next = ARENA + PAGE_SIZE;
	CHECK(end_of(0, 0) == 0, "no RAM: nothing is mapped");
	CHECK(end_of(1, 0x7ffe000) == 0x7ffe000 && end_of(2, 0x7fff000) == 0x7fff000,
	      "all RAM is mapped");
	CHECK(end_of(2, 0x8000000) == 0x8000000 && end_of(2, 0x8001000) == 0x8000000,
	      "128 MiB at most");
	test_tables();
	test_table_init();
	test_windows();
	test_spaces();
	return tap_done();
}
