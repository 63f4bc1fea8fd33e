/* SPDX-License-Identifier: MIT */
/* with: arch/x86/page.c */
/* Tests each entry of the kernel's tables in arch/x86/paging.c, bit by bit (SDM vol. 3, 4.4.2 and
 * tables 4-8 to 4-11), and the control registers. */
#include <asm/pgtable.h>

#include "tests/self/unit/x86/process.h"

#undef entry_write_word
#define entry_write_word(ep, n, value) note_word(ep, n, value)
static void note_word(entry_t *ep, unsigned n, u32 value);

#include "arch/x86/paging.c"

__asm__(".globl __image_start, __image_end, __text_start, __text_end, __rodata_start, "
	"__rodata_end\n"
	".set __text_start, 0xc0102000\n"
	".set __text_end, 0xc0104000\n"
	".set __rodata_start, 0xc0104000\n"
	".set __rodata_end, 0xc0107000\n"
	".set __image_end, 0xc0120000\n");

#define POOL   0x1000000u /* boot_alloc() begins here */
#define MAPPED 0x401000u  /* RAM of two tables and one page */
#define NX     0x80000000u
#define KERNEL 0x261u /* present, by both words for it, A, D */

struct x86_features x86_features = {.nx = true, .mce = true, .phys_bits = 40};
static paddr_t next_page = POOL;
static u64 pat, pfn_limit = 1u << 28;

static void note_word(entry_t *ep, unsigned n, u32 value)
{
	note("word %u=%#x", n, value);
	ep->word[n] = value;
}

paddr_t boot_alloc(size_t size)
{
	paddr_t page = next_page;

	note("alloc %zu", size);
	next_page += PAGE_SIZE;
	__builtin_memset(phys_to_virt(page), 0x5a, PAGE_SIZE);
	return page;
}

u32 x86_nx_high(void)
{
	return x86_features.nx ? NX : 0;
}

u64 x86_pfn_limit(void)
{
	return pfn_limit;
}

static u64 rdmsr(u32 msr)
{
	return msr == 0xc0000080 ? 0x100000501 : msr == 0x277 ? pat : 0;
}

static bool is(entry_t e, u32 low, u32 high)
{
	return e.word[0] == low && e.word[1] == high;
}

static void test_end(void)
{
	struct boot_info boot = {.nr_ram = 2, .ram = {{0x100000, 0x200000}, {0x300000, 0x401000}}};

	paging_set_direct_map(&boot);
	CHECK(direct_map_end() == 0x401000, "the direct map ends where RAM does");
	boot.ram[1].end = 0x8000000;
	paging_set_direct_map(&boot);
	CHECK(direct_map_end() == 128u << 20, "or at 128 MiB,");
	boot.ram[1].end = 0x8001000;
	paging_set_direct_map(&boot);
	CHECK(direct_map_end() == 128u << 20, "if there is more");
	boot.ram[1].end = 0x120000;
	CHECK(!ENDS(paging_set_direct_map(&boot)) && direct_map_end() == 0x120000,
	      "RAM up to the end of the image");
	boot.ram[1].end = 0x11f000;
	CHECK(ENDS(paging_set_direct_map(&boot)), "less is refused");
	DID("panic: end of RAM at 0x11f000, below the end of the kernel's image at 0x120000\n",
	    "by name");
	boot.nr_ram = 0;
	CHECK(ENDS(paging_set_direct_map(&boot)), "and no RAM");
	DID("panic: end of RAM at 0, below the end of the kernel's image at 0x120000\n", "as well");
}

static u32 rights(u32 page)
{
	return page >= 0x102 && page < 0x104 ? 0 : page >= 0x104 && page < 0x107 ? NX : NX | 2;
}

static void root_is_complete(void)
{
	if (!kernel_pgd[3].word[0] || !kernel_pmd[510].word[0])
		note("too early");
}

static void test_tables(void)
{
	const struct boot_info boot = {.nr_ram = 1, .ram = {{0, MAPPED}}};
	const pte_t *ptes = phys_to_virt(POOL);
	bool good = true;
	char text[256];

	paging_set_direct_map(&boot);
	process_watch = root_is_complete;
	paging_init();
	process_watch = NULL;
	snprintk(text, sizeof(text),
		 "alloc 4096\nalloc 4096\nalloc 4096\nwrmsr 0xc0000080=0x100000d01\n"
		 "cr0=0x80010031\ncr4=0x60\ncr3=%#lx\n",
		 (vaddr_t)kernel_pgd - KERNEL_BASE);
	DID(text, "tables for all of it; NXE, then paging, MCE, and last the root");
	CHECK(!((vaddr_t)kernel_pgd % 32) && pgd_kernel() == (vaddr_t)kernel_pgd - 0xc0000000,
	      "the root is aligned");
	CHECK(is(kernel_pgd[3], ((vaddr_t)kernel_pmd - KERNEL_BASE) | 0x201, 0) &&
		      is(kernel_pgd[0], 0, 0) && is(kernel_pgd[1], 0, 0) && is(kernel_pgd[2], 0, 0),
	      "the last quarter is the kernel's");
	for (unsigned i = 0; i < 512; i++) {
		u32 table = i < 3      ? POOL + 0x1000 * i
			    : i == 510 ? (vaddr_t)window_ptes - KERNEL_BASE
				       : 0;

		good &= is(kernel_pmd[i], table ? table | 0x227 : 0, 0);
	}
	CHECK(good, "its directory");
	good = true;
	for (unsigned i = 0; i < 3 * 512; i++) {
		u32 right = rights(i);

		good &= i < MAPPED >> 12 ? is(ptes[i], i << 12 | KERNEL | (right & 2), right & NX)
					 : is(ptes[i], 0, 0);
	}
	CHECK(good, "each page: text may run, constants are constant, the rest may not run");
}

static void test_load(void)
{
	char text[128];
	pgd_t pgd[4] = {{{0, 0}}};

	x86_features.nx = x86_features.mce = false;
	process_cr[4] = 0xffffffff;
	paging_load();
	snprintk(text, sizeof(text), "cr0=0x80010031\ncr4=0x30\ncr3=%#lx\n",
		 (vaddr_t)kernel_pgd - KERNEL_BASE);
	DID(text, "without NX and MCE; PSE stays");
	process_cr[4] = 0xffffffef;
	x86_features.mce = true;
	paging_load();
	snprintk(text, sizeof(text), "cr0=0x80010031\ncr4=0x60\ncr3=%#lx\n",
		 (vaddr_t)kernel_pgd - KERNEL_BASE);
	DID(text, "with MCE, without PSE");
	x86_features.nx = true;
	pgd_init_kernel(pgd);
	CHECK(entry_same(pgd[3], kernel_pgd[3]) && entry_none(pgd[2]) && entry_none(pgd[0]),
	      "a new space has the kernel's quarter");
	pgd_load(0xabcde0);
	DID("cr3=0xabcde0\n", "and is loaded");
}

static const pte_t *watched;

static void watch(void)
{
	note("entry %#x %#x", watched->word[0], watched->word[1]);
}

static void test_unmap(void)
{
	const pte_t *ptes = phys_to_virt(POOL);

	watched = &ptes[0x155];
	process_watch = watch;
	paging_unmap(0xc0155000);
	process_watch = NULL;
	DID("entry 0 0\ninvlpg 0xc0155000\n", "a page goes, then its translation");
	CHECK(is(ptes[0x154], 0x154263, NX) && is(ptes[0x156], 0x156263, NX), "and no other");
}

static void test_windows(void)
{
	static u32 cpu;

	process_percpu(&cpu);
	CHECK(window_map(WINDOW_B, 0x12345) == (void *)0xffc01000, "CPU 0's second window");
	DID("word 0=0\nword 1=0x80000000\nword 0=0x12345263\ninvlpg 0xffc01000\n",
	    "the present half goes first and comes last");
	cpu = 5;
	watched = &window_ptes[23];
	process_watch = watch;
	CHECK(window_map(WINDOW_IRQ, 0x3fedcba9) == (void *)0xffc17000, "CPU 5's last");
	process_watch = NULL;
	DID("word 0=0\nword 1=0x800003fe\nword 0=0xdcba9263\nentry 0xdcba9263 0x800003fe\n"
	    "invlpg 0xffc17000\n",
	    "above 4 GiB; its translation goes at the end");
	CHECK(is(window_ptes[23], 0xdcba9263, NX | 0x3fe) && is(window_ptes[1], 0x12345263, NX) &&
		      is(window_ptes[22], 0, 0) && is(window_ptes[24], 0, 0),
	      "each in its own slot");
}

static const pte_t *mapped_at(unsigned page)
{
	const pte_t *table = phys_to_virt(entry_table_pa(kernel_pmd[384 + page / 512]));

	return &table[page % 512];
}

static void test_physical(void)
{
	CHECK(map_physical(0xfec00010, 0x20, MEMORY_UC) == (void *)0xf0000010, "registers");
	DID("alloc 4096\n", "their table is new,");
	CHECK(is(*mapped_at(0), 0xfec0027b, NX), "they are not cached,");
	CHECK(map_physical(0x12fffff, 2, MEMORY_WB) == (void *)0xf0001fff &&
		      is(*mapped_at(1), 0x12ff263, NX) && is(*mapped_at(2), 0x1300263, NX) &&
		      is(*mapped_at(3), 0, 0),
	      "tables that cross a page are; both pages");
	pat = 0x0007040600070406;
	CHECK(map_physical(0x8000000000 - 0x1000, 0x1000, MEMORY_UC_MINUS) == (void *)0xf0003000 &&
		      is(*mapped_at(3), 0xfffff273, NX | 0x7f),
	      "pixels by PAT entry 2");
	x86_features.pat = true;
	pat = 0x0000000706000406;
	CHECK(map_physical(0x1000, 1, MEMORY_UC_MINUS) && is(*mapped_at(4), 0x1263 | 0x80, NX),
	      "or by the entry that is best: 4");
	pat = 0x0001000000000000;
	CHECK(map_physical(0x1000, 1, MEMORY_UC_MINUS) && is(*mapped_at(5), 0x1263 | 0x90, NX),
	      "by three bits: 6");
	pat = 0x0000010000000006;
	CHECK(map_physical(0x1000, 1, MEMORY_UC_MINUS) && is(*mapped_at(6), 0x1263 | 0x88, NX),
	      "5");
	pat = 0x0606060606060606;
	CHECK(map_physical(0x1000, 1, MEMORY_UC_MINUS) && is(*mapped_at(7), 0x1263 | 0x18, NX),
	      "3");
	x86_features.pat = false;
	CHECK(map_physical(0x1000, 1, MEMORY_UC_MINUS) && is(*mapped_at(8), 0x1273, NX),
	      "a CPU without a PAT");
	DID("", "all in one table");
}

static void test_limits(void)
{
	CHECK(!map_physical(0x1000, 0, MEMORY_WB), "nothing is not mapped");
	CHECK(map_physical(0xfffffff000, 0x1000, MEMORY_WB) == (void *)0xf0009000 &&
		      !map_physical(0xfffffff000, 0x1001, MEMORY_WB),
	      "nothing beyond what the CPU can address");
	CHECK(!map_physical(~0ull - 0xfff, 0x1001, MEMORY_WB), "nor round the end");
	pfn_limit = 1ull << 40;
	CHECK(map_physical(0xffffffff000, 0x1000, MEMORY_WB) == (void *)0xf000a000 &&
		      !map_physical(0x100000000000, 1, MEMORY_WB),
	      "nor what a pfn_t cannot name");
	noted("");
	CHECK(!map_physical(0x1000, (192u << 20) - 0xafff, MEMORY_WB) && noted(""),
	      "nor more than is left of 192 MiB");
	next_page = POOL + 0x100000;
	CHECK(map_physical(0x1000, (192u << 20) - 0xc000, MEMORY_WB) == (void *)0xf000b000 &&
		      noted_also("alloc 4096\n") &&
		      map_physical(0x1000, 0x1000, MEMORY_WB) == (void *)0xfbfff000,
	      "all of it is");
	CHECK(!map_physical(0x1000, 1, MEMORY_WB), "then there is none");
	CHECK(is(kernel_pmd[384], 0x1003227, 0) &&
		      is(kernel_pmd[479], POOL + 0x100000 + 94 * 4096 + 0x227, 0) &&
		      is(kernel_pmd[480], 0, 0) && is(kernel_pmd[383], 0, 0),
	      "in 96 tables");
}

static void test_pages(void)
{
	static u32 one[1026] __aligned(4096), other[1026] __aligned(4096);
	bool good = true;

	fill_page(one, 0x12345678);
	for (unsigned i = 0; i < 1024; i++)
		good &= one[i] == 0x12345678;
	CHECK(good && !one[1024], "a page is filled");
	for (unsigned i = 0; i < 1026; i++)
		other[i] = i + 1;
	clear_page(other);
	CHECK(!other[0] && !other[1023] && other[1024] == 1025, "and cleared, and no more");
	CHECK(ENDS(entry_exchange_failed((entry_t *)0xc0001230)),
	      "an entry that never holds still");
	DID("panic: the entry at 0xc0001230 was another one at each of 10000000 compare-exchanges in a row\n",
	    "is told");
}

void test(void)
{
	process_rdmsr = rdmsr;
	process_map(KERNEL_BASE + POOL, 0x200000);
	test_end();
	test_tables();
	test_load();
	test_unmap();
	test_windows();
	test_physical();
	test_limits();
	test_pages();
}
