/* SPDX-License-Identifier: MIT */
/* The machine of arch/model where nothing explores it: frames, interrupts, its TLB and walker,
 * records, devices. */
#include <asm/clock.h>
#include <asm/console.h>
#include <asm/irq.h>
#include <asm/tlb.h>
#include <asm/trap.h>

#include <string.h>

#include "arch/model/order.h"
#include "arch/model/walker.h"
#include "mm/table/pgtable.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

static void fresh(void)
{
	machine_reset();
	memory_model = MEMORY_SC;
	model_limit = NULL;
}

/* --- memory -- */

static void frames_of_memory(void)
{
	struct page *page;

	fresh();
	CHECK(direct_map_end() == (paddr_t)MODEL_FRAMES * PAGE_SIZE, "the direct map ends");
	CHECK(model_has_frame(MODEL_FRAMES - 1) && !model_has_frame(MODEL_FRAMES) &&
		      !model_has_frame(MODEL_HIGH_PFN - 1) && model_has_frame(MODEL_HIGH_PFN) &&
		      model_has_frame(MODEL_HIGH_PFN + MODEL_FRAMES - 1) &&
		      !model_has_frame(MODEL_HIGH_PFN + MODEL_FRAMES),
	      "memory is two pieces");
	CHECK(phys_to_virt(3 * PAGE_SIZE + 5) == (u8 *)model_frame(3) + 5 &&
		      virt_to_phys((u8 *)model_frame(3) + 5) == 3 * PAGE_SIZE + 5,
	      "addresses both ways");
	CHECK(PANICS(phys_to_virt(direct_map_end())) && panic_says("not in the direct map"),
	      "beyond the direct map");
	fresh();
	CHECK(phys_to_virt(direct_map_end() - 1) != NULL, "its last byte");
	CHECK(PANICS(model_frame(MODEL_FRAMES)) && panic_says("there is no memory"), "no frame");
	fresh();
	CHECK(PANICS(model_frame(MODEL_HIGH_PFN + MODEL_FRAMES)), "none above either");
	fresh();
	page = new_frame(ZONE_HIGH);
	CHECK(window_map(0, page_to_pfn(page)) == model_frame(page_to_pfn(page)), "a window");
	CHECK(PANICS(window_map(NR_WINDOWS, MODEL_HIGH_PFN)) && panic_says("no window"),
	      "a bad one");
	fresh();
	CHECK(PANICS(window_map(0, MODEL_HIGH_PFN + MODEL_FRAMES)) && panic_says("no window"),
	      "a window to nothing");
	fresh();
	CHECK(PANICS(window_map(0, 1)), "a window to the direct map");
	fresh();
	fill_page(model_frame(2), 0x12345678);
	fill_page(model_frame(3), 0x12345678);
	CHECK(memory_load((u64)model_frame(3) + PAGE_SIZE - 8, 8) == 0x1234567812345678 &&
		      !memory_load((u64)model_frame(4), 8),
	      "a page is filled to its end");
	clear_page(model_frame(2));
	CHECK(!memory_load((u64)model_frame(2) + PAGE_SIZE - 8, 8), "and cleared");
	model_reset();
	CHECK(!memory_load((u64)model_frame(3), 8), "a reset clears memory");
}

/* --- interrupts ------------------------------------------------------------------------------- */

static unsigned woken_on, woken;
static bool nested_off;

static void wake(void)
{
	woken++;
	woken_on = cpu_id();
	nested_off = !irqs_enabled() && model_cpu[cpu_id()].level == 1;
}

static void interrupts(void)
{
	u32 outer, inner;

	model_slow_ipis = true;
	model_wake_hook = wake;
	model_reset();
	CHECK(!model_slow_ipis && !model_wake_hook, "a reset forgets how interrupts were held");
	fresh();
	woken = 0;
	model_wake_hook = wake;
	CHECK(cpu_id() == 0 && smp_count() == MODEL_CPUS && irqs_enabled() && model_irqs_on(1),
	      "CPU 0 runs, interrupts on everywhere");
	CHECK(model_switch_cpu(1) == 0 && cpu_id() == 1, "another CPU runs");
	irq_disable();
	CHECK(!irqs_enabled() && !model_irqs_on(1) && model_irqs_on(0),
	      "interrupts off on it alone");
	model_switch_cpu(0);
	ipi_send(1, IPI_WAKE);
	CHECK(!woken && model_pending(1, IPI_WAKE) && !model_deliverable(1, IPI_WAKE) &&
		      model_ipis[1][IPI_WAKE] == 1 && !model_ipis[0][IPI_WAKE],
	      "sent, on record, and held off");
	model_switch_cpu(1);
	irq_enable();
	model_switch_cpu(0);
	CHECK(woken == 1 && woken_on == 1 && nested_off && !model_pending(1, IPI_WAKE) &&
		      !model_cpu[1].level && model_irqs_on(1),
	      "taken when they are on again, with interrupts off");
	ipi_send(2, IPI_WAKE);
	CHECK(woken == 2 && woken_on == 2 && cpu_id() == 0, "or at once");
	model_slow_ipis = true;
	ipi_send(3, IPI_WAKE);
	CHECK(woken == 2 && model_deliverable(3, IPI_WAKE), "a slow one stays on its way");
	model_deliver(3);
	CHECK(woken == 3 && cpu_id() == 0, "until it is delivered");
	model_cpu[1].irqs_off = true;
	model_cpu[1].pending = BIT(IPI_SHOOTDOWN_NOWAIT) | BIT(IPI_CALL);
	CHECK(model_deliverable(1, IPI_SHOOTDOWN_NOWAIT) && !model_deliverable(1, IPI_CALL),
	      "an NMI is not held off");
	model_cpu[1].in_nmi = true;
	CHECK(!model_deliverable(1, IPI_SHOOTDOWN_NOWAIT), "but by another NMI");
	CHECK(PANICS(model_switch_cpu(MODEL_CPUS)), "there is no such CPU");
	fresh();
	CHECK(PANICS(ipi_send(0, IPI_WAKE)), "nobody interrupts himself");
	fresh();
	CHECK(PANICS(ipi_send(MODEL_CPUS, IPI_WAKE)), "or a CPU that there is not");
	fresh();
	outer = irq_save();
	inner = irq_save();
	irq_restore(inner);
	CHECK(outer && !inner && !irqs_enabled(), "saved twice, restored once: still off");
	irq_restore(outer);
	CHECK(irqs_enabled(), "and on");
	irq_disable();
	cpu_idle();
	CHECK(irqs_enabled(), "an idle CPU takes interrupts");
	CHECK(PANICS(({
		      model_cpu[1].pending = BIT(IPI_SHOOTDOWN_NOWAIT);
		      model_deliver(1);
	      })) && panic_says("an NMI for nothing"),
	      "an NMI for nothing");
}

/* --- the TLB ---------------------------------------------------------------------------------- */

static struct mm mm;
static vaddr_t va;
static struct page *page;

static void space(void)
{
	fresh();
	CHECK(mm_create(&mm), "a space");
	va = (vaddr_t)1 << pgd_shift(mm.pgd);
	page = map_frame(&mm, va, ZONE_DIRECT);
	load_on(0, &mm);
}

static void translations(void)
{
	struct model_cpu *cpu = &model_cpu[0];
	struct fault fault = {0};
	vaddr_t where = 0;
	u32 value = 0;
	pte_t pte;

	space();
	CHECK(model_load(va + 5, &pte) && entry_pfn(pte) == page_to_pfn(page) &&
		      tlb_slot(cpu, va)->valid && tlb_slot(cpu, va)->va == va,
	      "a load fills the TLB");
	CHECK(tlb_slot(cpu, va)->dirty && tlb_slot(cpu, va)->write, "with its rights");
	CHECK(!tlb_unjustified(cpu, &where), "which the entry justifies");
	CHECK(try_store(va + 4, 77, &fault) && try_load(va + 4, &value, &fault) && value == 77 &&
		      fault.address == va + 4,
	      "a store and a load through it");
	CHECK(!try_load(va + PAGE_SIZE, &value, &fault) && fault.address == va + PAGE_SIZE &&
		      !(fault.cause & FAULT_PROTECTION),
	      "nothing is mapped behind it");
	tlb_drop(cpu, va - PAGE_SIZE, va);
	tlb_drop(cpu, va + PAGE_SIZE, va + 2 * PAGE_SIZE);
	CHECK(tlb_slot(cpu, va)->valid, "a flush beside it leaves it");
	tlb_flush_range(va, va + PAGE_SIZE);
	CHECK(!tlb_slot(cpu, va)->valid && model_flushes[0].count == 1 &&
		      model_flushes[0].start == va && model_flushes[0].end == va + PAGE_SIZE,
	      "a flush drops it, and is on record");
	model_load(va, &pte);
	tlb_flush_all();
	CHECK(!tlb_slot(cpu, va)->valid && model_flushes[0].count == 2 && !model_flushes[0].start &&
		      model_flushes[0].end == ~0ul && !model_flushes[1].count,
	      "one of all too");
	model_load(va, &pte);
	tlb_slot(cpu, va)->pte = mk_pte(entry_pfn(pte) + 1, PTE_USER);
	CHECK(tlb_unjustified(cpu, &where) && where == va, "another frame is not justified");
	pgd_load(pgd_kernel());
	CHECK(!model_load(va, &pte) && cpu->root == NO_ROOT, "the kernel's own space has no user");
	CHECK(entry_none(tlb_entry_now(cpu, va)), "nor an entry");
}

/* Rights and marks, as the hardware goes by them. */
static void marks(void)
{
	struct model_cpu *cpu = &model_cpu[0];
	struct fault fault = {0};
	pte_t *ptep, pte;
	vaddr_t where;

	space();
	ptep = pte_alloc(&mm, va);
	set_pte(ptep, mk_pte(page_to_pfn(page), PTE_USER | PTE_WRITE));
	CHECK(!(entry_value(*ptep) & MODEL_A), "a new entry is not young");
	CHECK(model_load(va, &pte) && entry_value(*ptep) & MODEL_A && !pte_dirty(*ptep) &&
		      entry_value(pte) & MODEL_A,
	      "a load marks it young");
	CHECK(!tlb_slot(cpu, va)->dirty && tlb_slot(cpu, va)->write, "cached as not dirty");
	CHECK(try_store(va, 1, &fault) && pte_dirty(*ptep) && tlb_slot(cpu, va)->dirty,
	      "a store marks it dirty");
	set_pte(ptep, mk_pte(page_to_pfn(page), PTE_USER | PTE_WRITE | PTE_YOUNG));
	CHECK(tlb_unjustified(cpu, &where), "dirty in the TLB alone is not justified");
	set_pte(ptep, mk_pte(page_to_pfn(page), PTE_USER | PTE_YOUNG | PTE_DIRTY));
	CHECK(tlb_unjustified(cpu, &where), "nor is a right to store");
	tlb_flush_all();
	CHECK(!try_store(va, 1, &fault) && fault.cause == (FAULT_PROTECTION | FAULT_WRITE),
	      "no right to store");
	CHECK(model_load(va, &pte) && !tlb_unjustified(cpu, &where), "but one to load");
	set_pte(ptep, mk_pte(page_to_pfn(page), PTE_USER | PTE_WRITE | PTE_YOUNG | PTE_DIRTY));
	CHECK(!try_store(va, 1, &fault) && fault.cause == (FAULT_PROTECTION | FAULT_WRITE),
	      "a translation without the right refuses a store that its entry permits by now");
	CHECK(!tlb_slot(cpu, va)->valid && try_store(va, 1, &fault), "and goes with the fault");
	set_pte(ptep, mk_pte(page_to_pfn(page), PTE_USER | PTE_YOUNG | PTE_DIRTY));
	tlb_flush_all();
	set_pte(ptep, pte_mkinvalid(*ptep));
	tlb_flush_all();
	CHECK(!model_load(va, &pte) && entry_present(*ptep), "invalid for the hardware alone");
	set_pte(ptep, entry_from_value(entry_value(mk_pte(1, PTE_USER)) | 1ull << 40));
	CHECK(!try_store(va, 1, &fault) && fault.cause == (FAULT_RESERVED | FAULT_PROTECTION),
	      "reserved bits");
	set_pte(ptep, mk_pte(MODEL_FRAMES, PTE_USER));
	CHECK(!try_store(va, 1, &fault) && fault.cause == (FAULT_PROTECTION | FAULT_WRITE),
	      "no right comes before no frame");
	set_pte(ptep, mk_pte(MODEL_FRAMES, PTE_USER | PTE_WRITE));
	CHECK(!try_store(va, 1, &fault) && fault.cause == (FAULT_RESERVED | FAULT_PROTECTION),
	      "no frame");
}

static void room_in_the_tlb(void)
{
	struct model_cpu *cpu = &model_cpu[0];

	fresh();
	for (unsigned i = 0; i < MODEL_TLB; i++) {
		struct translation *slot = tlb_slot(cpu, (i + 3) * PAGE_SIZE);

		*slot = (struct translation){.valid = true, .va = (i + 3) * PAGE_SIZE};
		CHECK(slot == &cpu->tlb[(i + 3) % MODEL_TLB], "page %u has its place", i + 3);
	}
	CHECK(!model_limit, "there is room for MODEL_TLB");
	CHECK(tlb_slot(cpu, 4 * PAGE_SIZE) == &cpu->tlb[4] && !model_limit, "its own is found");
	tlb_slot(cpu, 100 * PAGE_SIZE);
	CHECK(model_limit && strstr(model_limit, "MODEL_TLB"), "and no more");
}

/* --- devices ---------------------------------------------------------------------------------- */

static unsigned hooks;

static void count_hooks(void)
{
	hooks++;
}

static void devices(void)
{
	static char long_line[sizeof(model_console) + 10];
	u64 first;

	fresh();
	first = clock_ns();
	CHECK(first == 1000 && clock_ns() == 2000, "a look at the clock takes a microsecond");
	model_clock_step = 5;
	CHECK(clock_ns() == 2005, "or what the test says");
	model_console_hook = count_hooks;
	hooks = 0;
	console_write("one", 3);
	CHECK(!strcmp(model_console, "one") && hooks == 1, "the console, and others in its middle");
	console_write("two", 2);
	CHECK(!strcmp(model_console, "onetw") && hooks == 2, "more of it");
	memset(long_line, 'x', sizeof(long_line));
	console_write(long_line, sizeof(long_line));
	CHECK(strlen(model_console) == sizeof(model_console) - 1, "it is cut at its size");
	model_reset();
	CHECK(!model_console[0] && clock_ns() == 1000 && !model_console_hook, "a reset");
	CHECK(PANICS(for (;;) cpu_relax()) && panic_says("spins for ever"), "a spin has an end");
}

int main(void)
{
	frames_of_memory();
	interrupts();
	translations();
	marks();
	room_in_the_tlb();
	devices();
	memory_model = MEMORY_SC;
	return tap_done();
}
