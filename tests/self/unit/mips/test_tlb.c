/* SPDX-License-Identifier: MIT */
/* Tests arch/mips/tlb.c for its reads of the tables, every register and TLB operation, in order. */
#include "arch/mips/tlb.c"

#include <stdio.h>
#include <string.h>

#include "tests/self/unit/mips/host.h"

#define IRQS_OFF "mtc0 12.0=3c00"
#define IRQS_AS	 "mtc0 12.0=3c01"
#define PGD	 0x10000u /* physical addresses of tables */
#define PMD	 0x11000u
#define PTE	 0x12000u
#define VA	 0x40a03000ul /* slots 2, 5, 3 */

static pte_t *asked_for;
static bool asked_store;
static enum fill_answer answer;
static pte_t global;
static pte_t *global_at;

enum fill_answer fill_translation(pte_t *ptep, bool store, struct tlb_pair *pair)
{
	asked_for = ptep;
	asked_store = store;
	*pair = (struct tlb_pair){{{0x11, 0x12}, {0x21, 0x22}}};
	return answer;
}

void set_pte_global(pte_t *ptep, pte_t pte)
{
	host_note("global");
	global_at = ptep;
	global = pte;
}

static entry_t *table(paddr_t pa)
{
	return phys_to_virt(pa);
}

/* Lets the TLB's probe find an entry, or not. */
static void found(const char *op)
{
	if (!strcmp(op, "tlbp"))
		host_cp0[0][0] = 3;
}

static void not_found(const char *op)
{
	if (!strcmp(op, "tlbp"))
		host_cp0[0][0] = INDEX_NOT_FOUND | 3;
}

static struct mips_cpu *machine(void)
{
	struct mips_cpu *c;

	host_reset(1);
	memset(table(PGD), 0, 3 * PAGE_SIZE);
	table(PGD)[2] = xpa_table_entry(PMD >> PAGE_SHIFT);
	table(PMD)[5] = xpa_table_entry(PTE >> PAGE_SHIFT);
	c = mips_this_cpu();
	c->root = PGD;
	c->pgd = table(PGD);
	c->asid = 0x55;
	c->asid_next = 0x56;
	host_cp0[12][0] = 0x3c01;
	host_tlb = not_found;
	answer = FILL_AGAIN;
	asked_for = NULL;
	return c;
}

static void test_exception(void)
{
	machine();
	CHECK(tlb_exception(VA, true) == FILL_AGAIN && asked_for == &table(PTE)[3] && asked_store,
	      "a store: the slot of its address");
	CHECK(host_did("rmb rmb " IRQS_OFF
		       " mtc0 10.0=40a02055 tlbp mtc0 2.0=11 mthc0 2=12 mtc0 3.0=21 mthc0 3=22 tlbwr " IRQS_AS),
	      "not in the TLB: written at random, under this ASID");
	host_tlb = found;
	CHECK(tlb_exception(VA + 0x1ffc, false) == FILL_AGAIN && asked_for == &table(PTE)[4] &&
		      !asked_store,
	      "a load in another page");
	CHECK(host_did("rmb rmb " IRQS_OFF
		       " mtc0 10.0=40a04055 tlbp mtc0 2.0=11 mthc0 2=12 mtc0 3.0=21 mthc0 3=22 tlbwi " IRQS_AS),
	      "in the TLB already: written over");
	answer = FILL_DENIED;
	CHECK(tlb_exception(VA, true) == FILL_DENIED && host_did("rmb rmb"),
	      "denied: the TLB is left alone");
	answer = FILL_AGAIN;
	host_cp0[12][0] = 0x3c00;
	tlb_exception(VA, true);
	CHECK(host_cp0[12][0] == 0x3c00, "interrupts that were off stay off");
}

static void nowhere(const char *what, vaddr_t va)
{
	asked_for = NULL;
	CHECK(tlb_exception(va, false) == FILL_ABSENT && !asked_for, "%s: absent", what);
	host_forget();
}

static void somewhere(const char *what, vaddr_t va, const pte_t *slot)
{
	asked_for = NULL;
	CHECK(tlb_exception(va, false) == FILL_AGAIN && asked_for == slot, "%s: its slot", what);
	host_forget();
}

/* Another CPU's stores arrive in order. This one was the first. */
static void half_comes(const char *name)
{
	if (!strcmp(name, "rmb"))
		table(PMD)[6].word[OTHER_WORD] = table(PMD)[5].word[OTHER_WORD];
}

static void test_slots(void)
{
	struct mips_cpu *c = machine();

	nowhere("no table in the top level", 0x20a03000);
	nowhere("no table in the middle", 0x40c03000);
	table(PMD)[6] = (entry_t){{XPA_PRESENT, (PTE >> PAGE_SHIFT) << XPA_PFN_SHIFT}};
	nowhere("an entry whose half with V is not there yet", 0x40c03000);
	host_at_barrier = half_comes;
	somewhere("one whose other half is read behind a barrier", 0x40c03000, &table(PTE)[3]);
	host_at_barrier = NULL;
	table(PMD)[6] = (entry_t){{0, (PTE >> PAGE_SHIFT) << XPA_PFN_SHIFT | XPA_V}};
	nowhere("an entry whose half with PRESENT is not there yet", 0x40c03000);
	somewhere("the last user page of its tables", 0x40bff000, &table(PTE)[511]);
	table(PGD)[3] = table(PGD)[2];
	table(PMD)[255] = table(PMD)[5];
	somewhere("the last user page", USER_END - 4, &table(PTE)[511]);
	nowhere("the direct map", USER_END);
	nowhere("below the windows", KERNEL_WINDOWS - 1);
	somewhere("the first window", KERNEL_WINDOWS, &c->window[0]);
	somewhere("the last window", KERNEL_WINDOWS + 4 * PAGE_SIZE - 1, &c->window[3]);
	nowhere("behind the windows", KERNEL_WINDOWS + 4 * PAGE_SIZE);
	nowhere("below the devices", KERNEL_MMIO - 1);
	somewhere("the first device", KERNEL_MMIO, &mmio_ptes[0]);
	somewhere("the last one", KERNEL_MMIO + 16 * PAGE_SIZE - 1, &mmio_ptes[15]);
	nowhere("behind the devices", KERNEL_MMIO + 16 * PAGE_SIZE);
}

static void test_page_flushes(void)
{
	machine();
	tlb_flush_page(VA);
	CHECK(host_did(IRQS_OFF " mtc0 10.0=40a02055 tlbp " IRQS_AS),
	      "a page that is not in the TLB");
	host_tlb = found;
	tlb_flush_page(VA);
	CHECK(host_did(IRQS_OFF
		       " mtc0 10.0=40a02055 tlbp mtc0 10.0=455 tlbwi mtc0 10.0=40a02055 " IRQS_AS),
	      "one that is: made to match nothing, and EntryHi is as it was");
	host_tlb = not_found;
	tlb_flush_range(VA, VA + 3 * PAGE_SIZE);
	CHECK(host_did(IRQS_OFF " mtc0 10.0=40a02055 tlbp " IRQS_AS " " IRQS_OFF
				" mtc0 10.0=40a04055 tlbp " IRQS_AS),
	      "three pages from an odd one on: two pairs");
	tlb_flush_range(VA, VA + PAGE_SIZE);
	CHECK(host_did(IRQS_OFF " mtc0 10.0=40a02055 tlbp " IRQS_AS), "one page: one pair");
}

static unsigned probes(vaddr_t pages)
{
	struct mips_cpu *c = machine();
	u32 before = c->asid;
	char expected[4096] = "";

	tlb_flush_range(0x40a02000, 0x40a02000 + pages * PAGE_SIZE);
	for (vaddr_t pair = 0; pair < (pages + 1) / 2; pair++)
		sprintf(expected + strlen(expected), "%s" IRQS_OFF " mtc0 10.0=%lx tlbp " IRQS_AS,
			pair ? " " : "", 0x40a02055 + pair * 0x2000);
	if (c->asid == before)
		return host_did(expected);
	return host_did(IRQS_OFF " mtc0 10.0=56 " IRQS_AS) ? 2 : 0;
}

static void test_asids(void)
{
	struct mips_cpu *c = machine();

	tlb_flush_all();
	CHECK(host_did(IRQS_OFF " mtc0 10.0=56 " IRQS_AS) && c->asid == 0x56 &&
		      c->asid_next == 0x57 && c->root == PGD && c->pgd == table(PGD),
	      "tlb_flush_all(): the next number");
	CHECK(probes(39) == 1 && probes(40) == 2, "39 pages are probed for, 40 are a full flush");
	c = machine();
	pgd_load(0x13000);
	CHECK(host_did(IRQS_OFF " mtc0 10.0=56 " IRQS_AS " sync") && c->asid == 0x56 &&
		      c->root == 0x13000 && c->pgd == table(0x13000) && !c->remembers,
	      "pgd_load(): the next number, and a full barrier");
	c->asid_next = 255;
	pgd_load(PGD);
	CHECK(host_did(IRQS_OFF " mtc0 10.0=ff " IRQS_AS " sync"), "255 is the last one");
	pgd_load(PGD);
	CHECK(host_did(IRQS_OFF " tlbinvf mtc0 10.0=1 " IRQS_AS " sync") && c->asid_next == 2 &&
		      !c->flush_owed,
	      "then they begin at 1 again, in an empty TLB");
}

static void test_rollover_guard(void)
{
	struct mips_cpu *c = machine();

	GUARD_OFF(rollover_flush);
	c->asid_next = 256;
	pgd_load(PGD);
	CHECK(host_did(IRQS_OFF " mtc0 10.0=1 " IRQS_AS " sync") && c->flush_owed,
	      "guard rollover_flush: the TLB is not emptied");
	tlb_flush_all();
	CHECK(host_did(IRQS_OFF " tlbinvf mtc0 10.0=2 " IRQS_AS) && !c->flush_owed,
	      "but by the next flush of everything");
	tlb_flush_all();
	CHECK(host_did(IRQS_OFF " mtc0 10.0=3 " IRQS_AS), "once");
}

static void test_asid_guard(void)
{
	struct mips_cpu *c = machine();

	GUARD_OFF(asid_drop);
	c->asid_next = 1;
	pgd_load(PGD);
	pgd_load(0x13000);
	pgd_load(PGD);
	pgd_load(0x13000);
	CHECK(host_did(IRQS_OFF " mtc0 10.0=1 " IRQS_AS " sync " IRQS_OFF " mtc0 10.0=2 " IRQS_AS
				" sync " IRQS_OFF " mtc0 10.0=1 " IRQS_AS " sync " IRQS_OFF
				" mtc0 10.0=2 " IRQS_AS " sync") &&
		      c->asid_next == 3,
	      "guard asid_drop: a space keeps the number that it had");
	c->asid_next = 255;
	pgd_load(0x14000);
	pgd_load(PGD);
	pgd_load(0x14000);
	CHECK(host_did(IRQS_OFF " mtc0 10.0=ff " IRQS_AS " sync " IRQS_OFF " mtc0 10.0=1 " IRQS_AS
				" sync " IRQS_OFF " mtc0 10.0=ff " IRQS_AS " sync"),
	      "up to the last number");
	c->asid_next = 10;
	tlb_flush_all();
	CHECK(!c->remembers && c->root_of[1] == 0 && c->root_of[255] == 0 && c->asid == 10,
	      "a flush of everything forgets them all");
	host_forget();
	pgd_load(PGD);
	CHECK(host_did(IRQS_OFF " mtc0 10.0=b " IRQS_AS " sync"), "and the next load is a new one");
	c->root_of[0] = 0x15000; /* no space has number 0 */
	pgd_load(0x15000);
	CHECK(host_did(IRQS_OFF " mtc0 10.0=c " IRQS_AS " sync"), "0 is nobody's");
	c->root_of[20] = 0x16000;
	c->remembers = false;
	pgd_load(0x16000);
	CHECK(host_did(IRQS_OFF " mtc0 10.0=d " IRQS_AS " sync"),
	      "what is left behind counts for nothing");
	guard_off[GUARD_asid_drop] = 0;
	c->root_of[20] = 0x17000;
	pgd_load(0x17000);
	CHECK(host_did(IRQS_OFF " mtc0 10.0=e " IRQS_AS " sync") && c->root_of[14] == 0,
	      "with the guard on nothing is remembered");
	c->remembers = false;
	c->root_of[20] = 0x17000;
	tlb_flush_all();
	CHECK(c->root_of[20] == 0x17000, "and nothing forgotten");
}

static pte_t at_flush;

static void look_at_window(const char *op)
{
	if (!strcmp(op, "tlbp"))
		at_flush = mips_this_cpu()->window[WINDOW_B];
	not_found(op);
}

static void test_windows(void)
{
	struct mips_cpu *c = machine();
	const pte_t expected = mk_pte(0x2512345, PTE_WRITE | PTE_YOUNG | PTE_DIRTY);

	host_tlb = look_at_window;
	CHECK(window_map(WINDOW_B, 0x2512345) == (void *)(KERNEL_WINDOWS + PAGE_SIZE) &&
		      c->window[1].word[0] == expected.word[0] &&
		      c->window[1].word[1] == (expected.word[1] | XPA_G),
	      "window_map(): this CPU's slot, global");
	CHECK(host_did(IRQS_OFF " mtc0 10.0=e0000055 tlbp " IRQS_AS), "and its page is flushed");
	CHECK(entry_same(at_flush, c->window[1]), "when the slot is complete");
	CHECK(!c->window[0].word[0] && !c->window[2].word[0], "its neighbours are as they were");
}

static void test_devices(void)
{
	const pte_t plain = mk_pte(0x1bde0, PTE_WRITE | PTE_YOUNG | PTE_DIRTY);
	bool good = true;

	machine();
	CHECK(map_device(0x1bde0abc) == (void *)(KERNEL_MMIO + 0xabc) &&
		      global_at == &mmio_ptes[0] &&
		      host_did("global " IRQS_OFF " mtc0 10.0=c0000055 tlbp " IRQS_AS),
	      "map_device(): the first page, then its flush");
	CHECK(global.word[0] == plain.word[0] &&
		      global.word[1] == ((plain.word[1] & ~XPA_C_MASK) | XPA_C_UNCACHED),
	      "of the kernel, uncached");
	for (unsigned i = 1; i < 16; i++)
		good = good && map_device(0x2f00000000) == (void *)(KERNEL_MMIO + i * PAGE_SIZE) &&
		       global_at == &mmio_ptes[i];
	CHECK(good && entry_pfn(global) == 0x2f00000, "sixteen of them, of any physical address");
	host_forget();
	CHECK(!map_device(0x1bde0000) && host_did(""), "and no more");
}

static void test_init(void)
{
	struct mips_cpu *c = machine();

	no_user[0].word[0] = 0;
	tlb_init();
	CHECK(host_did("mtc0 5.0=0 mtc0 6.0=0 tlbinvf " IRQS_OFF " mtc0 10.0=1 " IRQS_AS " sync"),
	      "tlb_init(): pages of 4 KiB, no wired entries, an empty TLB");
	CHECK(c->asid == 1 && c->asid_next == 2 && c->root == pgd_kernel(),
	      "the kernel's own space");
	for (unsigned i = 0; i < NR_WINDOWS; i++)
		CHECK(!c->window[i].word[0] && c->window[i].word[1] == XPA_G,
		      "window %u: empty, global", i);
}

int main(void)
{
	host_memory(0x20000);
	test_exception();
	test_slots();
	test_page_flushes();
	test_asids();
	test_rollover_guard();
	test_asid_guard();
	test_windows();
	test_devices();
	test_init();
	return tap_done();
}
