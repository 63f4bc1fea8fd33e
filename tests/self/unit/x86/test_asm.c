/* SPDX-License-Identifier: MIT */
/* with: arch/x86/park.S arch/x86/page.c */
/* Tests the entries, flags, addresses and instructions of the headers in arch/x86/include/asm, and
 * a CPU put to sleep by arch/x86/park.S. */
#include <asm/atomic.h>
#include <asm/barrier.h>
#include <asm/caps.h>
#include <asm/io.h>
#include <asm/irq.h>
#include <asm/page.h>
#include <asm/pgtable.h>
#include <asm/tlb.h>

#include "arch/x86/asm_defs.h"
#include "arch/x86/div64.h"
#include "arch/x86/msr.h"
#include "arch/x86/park.h"

#include "tests/self/unit/swap_entries.h"
#include "tests/self/unit/x86/process.h"

__asm__(".globl x86_park_idt, x86_arrival_idt\n"
	".set x86_park_idt, 0xc0124000\n"
	".set x86_arrival_idt, 0xc0125000\n");

#define NX 0x80000000u

static u32 nx = NX;

u32 x86_nx_high(void)
{
	return nx;
}

static bool is(entry_t e, u32 low, u32 high)
{
	return e.word[0] == low && e.word[1] == high;
}

static entry_t entry(u32 low, u32 high)
{
	return (entry_t){{low, high}};
}

/* SDM vol. 3, tables 4-8 to 4-11; bit 9 is ours. */
static void test_made(void)
{
	CHECK(is(mk_pte(0, 0), 0x201, NX) && is(mk_pte(0, PTE_WRITE), 0x203, NX) &&
		      is(mk_pte(0, PTE_USER), 0x205, NX) && is(mk_pte(0, PTE_EXEC), 0x201, 0) &&
		      is(mk_pte(0, PTE_YOUNG), 0x221, NX) && is(mk_pte(0, PTE_DIRTY), 0x241, NX),
	      "each permission its bit");
	CHECK(is(mk_pte(0x89abcdef, PTE_EXEC), 0xbcdef201, 0x89a),
	      "a frame's number in both words");
	nx = 0;
	CHECK(is(mk_pte(0x12345, 0), 0x12345201, 0), "a CPU without NX");
	nx = NX;
	CHECK(is(mk_pgd(0x89abcdef), 0xbcdef201, 0x89a) &&
		      is(mk_pmd(0x89abcdef), 0xbcdef227, 0x89a),
	      "upper levels");
	CHECK(is(mk_swap(0x1ff, 0x12345), 0x123451fe, 0) && is(mk_swap(1, 0), 2, 0) &&
		      is(mk_swap(0, 0xffe12345), 0x12345000, 0x7fe00000),
	      "what is in swap");
	CHECK(is(pte_mkinvalid(entry(0xfff, 5)), 0xffe, 5) &&
		      is(pte_mkinvalid(entry(1, 0)), 0x200, 0),
	      "invalid for hardware, present for software");
	CHECK(SWAP_OTHER_WORD == 0x7ff00000 &&
		      is(entry_without_ad(entry(0xfff, 0xfff)), 0xf9f, 0xfff),
	      "A and D are the hardware's");
	CHECK(entry_value(entry(0x12345678, 0x9abcdef0)) == 0x9abcdef012345678 &&
		      is(entry_from_value(0x9abcdef012345678), 0x12345678, 0x9abcdef0),
	      "as one word");
}

static void test_changes(void)
{
	CHECK(pte_young(entry(0x20, 0)) && !pte_young(entry(~0x20u, ~0u)) &&
		      pte_exec(entry(~0u, ~NX)) && !pte_exec(entry(0, NX)),
	      "young and executable are found");
	CHECK(is(pte_wrprotect(entry(0xfff, 5)), 0xffd, 5) &&
		      is(pte_mkwrite(entry(0xffd, 5)), 0xfff, 5) &&
		      is(pte_mkclean(entry(0xfff, 5)), 0xfbf, 5) &&
		      is(pte_mkold(entry(0xfff, 5)), 0xfdf, 5),
	      "one bit each");
	CHECK(is(pte_modify(entry(0x5267, 5), 0), 0x5260, NX | 5) &&
		      is(pte_modify(entry(0x5260, NX | 5), PTE_USER), 0x5265, NX | 5) &&
		      is(pte_modify(entry(0x5260, NX | 5), PTE_USER | PTE_WRITE | PTE_EXEC), 0x5267,
			 5),
	      "rights are replaced, marks stay; without PTE_USER it is not P");
	nx = 0;
	CHECK(is(pte_modify(entry(0x5267, 5), PTE_USER), 0x5265, 5), "a CPU without NX");
	nx = NX;
}

static void test_asked(void)
{
	entry_t frame = entry(0xbcdef000, 0xfff0089a);

	CHECK(entry_present(entry(0x200, 0)) && !entry_present(entry(0xfffffdff, ~0u)), "present");
	CHECK(entry_none(entry(0, 0)) && !entry_none(entry(1, 0)) && !entry_none(entry(0, 1)) &&
		      entry_none(ENTRY_NONE),
	      "none");
	CHECK(entry_same(entry(1, 2), entry(1, 2)) && !entry_same(entry(1, 2), entry(1, 3)) &&
		      !entry_same(entry(1, 2), entry(0, 2)),
	      "the same");
	CHECK(entry_pfn(frame) == 0x89abcdef && entry_table_pa(frame) == 0x89abcdef000,
	      "its frame, its table");
	CHECK(entry_pfn(entry(0xfff, 0xfff00012)) == 0x1200000, "bits of no frame do not count");
	CHECK(pte_dirty(entry(0x40, 0)) && !pte_dirty(entry(0xffffffbf, 0)) &&
		      entry_leaf(entry(0x80, 0)) && !entry_leaf(entry(0xffffff7f, 0)),
	      "dirty, large");
	CHECK(pte_access_permitted(entry(0x204, 0), false) &&
		      !pte_access_permitted(entry(0x204, 0), true) &&
		      pte_access_permitted(entry(0x206, 0), true) &&
		      !pte_access_permitted(entry(0x006, 0), false) &&
		      !pte_access_permitted(entry(0x202, 0), true),
	      "permitted");
	CHECK(table_frames(ENTRY_NONE) == 1 && X86_PWT == 8 && X86_PCD == 16, "a table's frames");
	CHECK(PTRS_PER_PGD == 4 && PTRS_PER_PMD == 512 && PTRS_PER_PTE == 512 &&
		      PGDIR_SHIFT == 30 && PMD_SHIFT == 21 && PREALLOCATED_PMDS == 3 &&
		      ENTRY_WORDS == 2 && PRESENT_WORD == 0 && OTHER_WORD == 1 &&
		      SPLIT_PFN_SHIFT == 20 && USER_END == 0xc0000000 && EXCHANGES_MOST == 10000000,
	      "three levels of PAE");
}

static void test_exchanged(void)
{
	static entry_t page[512] __aligned(4096) = {[511] = {{1, 1}}};
	entry_t e[3] = {{{1, 2}}, {{3, 4}}, {{5, 6}}};

	CHECK(is(entry_cmpxchg(&e[1], entry(3, 5), entry(7, 8)), 3, 4) && is(e[1], 3, 4),
	      "another high half: refused");
	CHECK(is(entry_cmpxchg(&e[1], entry(3, 4), entry(7, 8)), 3, 4) && is(e[1], 7, 8), "taken");
	CHECK(is(entry_read_atomic(&e[1]), 7, 8) && is(e[1], 7, 8), "read");
	CHECK(is(entry_xchg(&e[1], entry(9, 10)), 7, 8) && is(e[1], 9, 10), "exchanged");
	CHECK(is(e[0], 1, 2) && is(e[2], 5, 6), "and nothing beside it");
	e[1] = ENTRY_NONE;
	CHECK(entry_none(entry_read_atomic(&e[1])) && entry_none(e[1]), "an empty one");
	table_init(page, ENTRY_NONE);
	CHECK(entry_none(page[511]), "a table of them");
}

static void test_atomics(void)
{
	u32 word = 5, seen = 5;

	CHECK(atomic_xchg(&word, 7) == 5 && word == 7, "exchange");
	CHECK(atomic_cmpxchg(&word, 6, 9) == 7 && word == 7 && atomic_cmpxchg(&word, 7, 9) == 7 &&
		      word == 9,
	      "compare and exchange");
	CHECK(!atomic_try_cmpxchg(&word, &seen, 1) && seen == 9 && word == 9 &&
		      atomic_try_cmpxchg(&word, &seen, 0x30) && word == 0x30,
	      "tried");
	CHECK(atomic_fetch_add(&word, 3) == 0x30 && word == 0x33, "add");
	atomic_or(&word, 0x84);
	CHECK(word == 0xb7, "or");
	atomic_and(&word, 0x0f);
	CHECK(word == 0x07, "and");
}

static void test_flushes(void)
{
	char expected[28 * 20];
	size_t n = 0;

	for (u32 i = 0; i < 28; i++)
		n += (size_t)scnprintk(expected + n, sizeof(expected) - n, "invlpg %#x\n",
				       0x40000000 + i * 4096);
	tlb_flush_range(0x40000000, 0x4001c000);
	DID(expected, "28 pages, one at a time");
	process_cr[3] = 0xabcde0;
	tlb_flush_range(0x40000000, 0x4001d000);
	DID("cr3=0xabcde0\n", "29: all");
	tlb_flush_range(0x40000000, 0x40000000);
	DID("", "nothing");
}

static u64 rdmsr(u32 msr)
{
	return msr == 0x179 ? 0x123456789 : 0;
}

static u32 in(u16 port, unsigned bytes)
{
	note("in %#x %u", port, bytes);
	return 0x89abcdef;
}

static void test_instructions(void)
{
	u32 flags = irq_flags();

	CHECK(IRQS_ON == 0x200 && flags & 0x200 && irqs_enabled(), "interrupts are on");
	CHECK(irq_save() & 0x200 && noted("cli\n"), "off");
	irq_restore(0x200);
	DID("sti\n", "on, if they were");
	irq_restore(0xfffffdff);
	DID("", "else not");
	irq_disable();
	irq_enable();
	DID("cli\nsti\n", "as asked");
	CHECK(ENDS(cpu_idle()) && noted("sti\nhlt\n"), "to sleep, in one step");
	CHECK(inb(0x61) == 0xef && inl(0x608) == 0x89abcdef && noted("in 0x61 1\nin 0x608 4\n"),
	      "ports are read");
	outb(0x3f8, 0x41);
	outb(0x80, 0x42);
	DID("outb 0x3f8=0x41\noutb 0x80=0x42\n", "and written");
	CHECK(msr_read(MSR_MCG_CAP) == 0x123456789, "an MSR is read");
	msr_write(0x277, 0x123456789abcdef0);
	DID("wrmsr 0x277=0x123456789abcdef0\n", "and written");
	CHECK(div64_32(0xfedcba9876543210, 0x10000) == 0xfedcba987654 && div64_32(7, 2) == 3 &&
		      div64_32(0x100000000, 3) == 0x55555555,
	      "a division of 64 bits");
	CHECK(KERNEL_BASE == 0xc0000000 && DIRECT_MAP_MAX == 0x8000000 &&
		      KERNEL_MMIO == 0xf0000000 && KERNEL_WINDOWS == 0xffc00000 &&
		      PAGE_SIZE == 4096 && phys_to_virt(0x1000) == (void *)0xc0001000 &&
		      virt_to_phys((void *)0xc0001000) == 0x1000,
	      "where memory is");
	CHECK(CAP_SPLIT_ENTRIES && CAP_ATOMIC64 && CAP_HW_WALKER && CAP_HW_AD && !CAP_ASIDS &&
		      !CAP_DYNAMIC_FOLDING && !CAP_BROADCAST_FLUSH && CAP_NOWAIT_FLUSH &&
		      CAP_STORE_ORDERED && CAP_SHARED_SPACE && !CAP_NAP && CAP_RELAX_YIELDS,
	      "what the port can show");
}

static u32 stored;

static void look_at_memory(void)
{
	note("memory %u", stored);
}

/* Each earlier store is in memory when one of these is executed. */
static void test_clobbers(void)
{
	u8 byte;
	u32 word;

	process_watch = look_at_memory;
	stored = 1;
	irq_disable();
	stored = 2;
	irq_enable();
	stored = 3;
	tlb_flush_page(0x40000000);
	stored = 4;
	tlb_flush_all();
	stored = 5;
	outb(0x80, 1);
	stored = 6;
	byte = inb(0x61);
	stored = 7;
	word = inl(0x608);
	stored = 8;
	msr_write(0x277, 1);
	stored = 9;
	CHECK(ENDS(cpu_idle()), "and last, to sleep");
	stored = 10;
	process_watch = NULL;
	DID("memory 1\ncli\nmemory 2\nsti\nmemory 3\ninvlpg 0x40000000\nmemory 4\nmemory 4\n"
	    "cr3=0xabcde0\nmemory 5\noutb 0x80=0x1\nmemory 6\nin 0x61 1\nmemory 7\n"
	    "in 0x608 4\nmemory 8\nwrmsr 0x277=0x1\nmemory 9\nsti\nmemory 9\nhlt\n",
	    "no store is put off past them: %u %#x", byte, word);
}

/* CPUID is not refused to a process, so this depends on the host's CPU. Each has MCE. */
static void test_park(void)
{
	char expected[256];

	snprintk(expected, sizeof(expected),
		 "cli\nlidt 0xff:0xc0124000\nlgdt 0x17:%#x\nljmp 0x8\nds=0x10\nes=0x10\nss=0x10\n"
		 "cr4=0x70\nhlt\n",
		 *(const u32 *)(x86_park_gdtr + 2));
	process_cr[4] = 0x30;
	CHECK(ENDS(x86_park()), "a CPU is parked");
	DID(expected, "interrupts off, tables of its own, machine checks do not reset");
	CHECK(*(const u16 *)x86_arrival_idtr == 255 &&
		      *(const u32 *)(x86_arrival_idtr + 2) == 0xc0125000,
	      "the IDT of CPUs on their way");
	CHECK(*(const u16 *)x86_park_gdtr == 23, "three descriptors");
}

static void test_descriptors(void)
{
	const u64 *gdt = *(const u64 *const *)(x86_park_gdtr + 2);

	CHECK(!gdt[0] && gdt[1] == 0x00cf9b000000ffff && gdt[2] == 0x00cf93000000ffff &&
		      !((u32)gdt % 8) && !((u32)x86_park_stack_top % 64),
	      "flat code and data");
}

/* Numbers of the manuals that no function shows by itself. */
static void test_numbers(void)
{
	CHECK(CR0_PE == 1 && CR0_ET == 1 << 4 && CR0_NE == 1 << 5 && CR0_WP == 1 << 16 &&
		      CR0_PG == 1u << 31 && CR0_VALUE == 0x80010031,
	      "CR0 (SDM vol. 3, 2.5)");
	CHECK(CR4_PSE == 1 << 4 && CR4_PAE == 1 << 5 && CR4_MCE == 1 << 6 &&
		      MSR_EFER == 0xc0000080 && EFER_LME == 1 << 8 && EFER_NXE == 1 << 11 &&
		      CPUID_1_EDX_MCE == 1 << 7,
	      "CR4, EFER and CPUID");
	CHECK(SEL_KERNEL_CODE == 8 && SEL_KERNEL_DATA == 16 && SEL_USER_CODE == 0x1b &&
		      SEL_USER_DATA == 0x23 && SEL_PERCPU == 0x28 && SEL_TSS == 0x30 &&
		      SEL_DF_TSS == 0x38 && ERROR_CODES == 0x60227d00,
	      "selectors, and exceptions with an error code");
	CHECK(AP_TRAMPOLINE_SIZE == 4096 && AP_TRAMPOLINE_MAX == 2048 && PARK_VECTORS == 32 &&
		      NR_EXCEPTIONS == 32,
	      "half a page is left for the trampoline's stack");
}

void test(void)
{
	process_rdmsr = rdmsr;
	process_in = in;
	test_made();
	test_changes();
	test_asked();
	CHECK(!swap_entries_wrong(), "swap entries: %s", swap_entries_wrong() ?: "each slot has one");
	test_exchanged();
	test_atomics();
	test_flushes();
	test_instructions();
	test_clobbers();
	test_park();
	test_descriptors();
	test_numbers();
}
