/* SPDX-License-Identifier: MIT */
/* arch/model/user.c and the rights of a user in the model's translation. */
#include <asm/irq.h>
#include <asm/trap.h>

#include <stdio.h>

#include <asm/tlb.h>

#include "arch/model/machine.h"
#include "arch/model/walker.h"
#include "kernel/smp/user_stop.h"
#include "mm/space/mmap.h"
#include "mm/table/pgtable.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

#define ALL (PTE_USER | PTE_WRITE | PTE_EXEC | PTE_YOUNG | PTE_DIRTY)
/* The entry permits the access, so it is given up as a SIGBUS. */
#define UNALIGNED (FAULT_USER | FAULT_PROTECTION | FAULT_BUS)
#define STATE	  (PTE_YOUNG | PTE_DIRTY)

static struct mm mm;
static vaddr_t va;
static pte_t *ptep;
static struct page *page;
static struct fault fault;
static u32 value;

/* A space, loaded, whose page at va has these rights. */
static void space(u32 rights)
{
	machine_reset();
	memory_model = MEMORY_SC;
	CHECK(mm_create(&mm), "a space");
	va = (vaddr_t)1 << pgd_shift(mm.pgd);
	page = new_frame(ZONE_DIRECT);
	ptep = pte_alloc(&mm, va);
	set_pte(ptep, mk_pte(page_to_pfn(page), rights));
	load_on(0, &mm);
	fault = (struct fault){0};
	value = 77;
}

static u32 *word(unsigned n)
{
	return (u32 *)model_frame(page_to_pfn(page)) + n;
}

static bool run(const u8 *routine, vaddr_t at, u32 arg2)
{
	return user_run(USER_CODE + (vaddr_t)(routine - user_code), 0, at, arg2, &value, &fault);
}

static bool refused(const u8 *routine, vaddr_t at, u32 cause)
{
	bool made = run(routine, at, 1);

	if (made || fault.cause != cause)
		printf("# %s, cause 0x%x\n", made ? "made" : "fault", fault.cause);
	return !made && fault.cause == cause && fault.address == at && value == 77;
}

static void test_accesses(void)
{
	space(ALL);
	*word(1) = 5;
	CHECK(run(user_load_code, va + 4, 9) && value == 5, "a load");
	CHECK(run(user_store_code, va + 8, 9) && *word(2) == 9 && *word(1) == 5, "a store");
	CHECK(run(user_xchg_code, va + 8, 10) && value == 9 && *word(2) == 10, "an exchange");
	CHECK(run(user_spin_code, va + 8, 9) && value == 10, "a spin that ends at once");
	*word(0) = USER_RETURN_WORD;
	CHECK(user_run(va, 0, 0, 0, &value, &fault), "a fetch of the word that returns");
	*word(0) = USER_ILLEGAL_WORD;
	CHECK(!user_run(va, 0, 0, 0, &value, &fault) && fault.address == va &&
		      fault.cause == (FAULT_USER | FAULT_ILLEGAL),
	      "and of another");
	value = 77;
	CHECK(refused(user_load_code, va + 2, UNALIGNED) &&
		      refused(user_store_code, va + 1, UNALIGNED | FAULT_WRITE),
	      "accesses that are not aligned");
}

#define P FAULT_PROTECTION
#define U FAULT_USER
#define W FAULT_WRITE
#define X FAULT_EXEC

static void test_rights(void)
{
	space(PTE_WRITE | PTE_EXEC | STATE);
	CHECK(try_load(va, &value, &fault) && try_store(va, USER_RETURN_WORD, &fault),
	      "the kernel's page, to the kernel");
	value = 77;
	CHECK(refused(user_load_code, va, P | U) && refused(user_store_code, va, P | U | W) &&
		      refused(user_xchg_code, va, P | U | W) && refused(user_spin_code, va, P | U),
	      "is closed to the user, with the kernel's translation in the TLB as well");
	CHECK(!user_run(va, 0, 0, 0, &value, &fault) && fault.cause == (P | U | X),
	      "and so are fetches");
	space(PTE_USER | PTE_EXEC | STATE);
	CHECK(refused(user_store_code, va, P | U | W) && refused(user_xchg_code, va, P | U | W) &&
		      run(user_load_code, va, 0),
	      "a page that may only be read");
	space(PTE_USER | PTE_WRITE | STATE);
	CHECK(run(user_store_code, va, USER_RETURN_WORD), "one without execute takes a store");
	CHECK(!user_run(va, 0, 0, 0, &value, &fault) && fault.cause == (P | U | X) &&
		      fault.address == va,
	      "but no fetch, with the translation in the TLB as well");
	tlb_flush_all();
	CHECK(!user_run(va, 0, 0, 0, &value, &fault) && fault.cause == (P | U | X), "or without");
	space(ALL);
	value = 77;
	CHECK(refused(user_load_code, va + PAGE_SIZE, U) &&
		      refused(user_store_code, va + PAGE_SIZE, U | W),
	      "a page that is not there");
	CHECK(!user_run(va + PAGE_SIZE, 0, 0, 0, &value, &fault) && fault.cause == (U | X),
	      "nor an instruction");
	CHECK(!run(user_load_code, KERNEL_BASE, 0) && fault.cause & U, "nor the kernel");
	set_pte(ptep, mk_pte(MODEL_FRAMES, ALL));
	tlb_flush_all();
	CHECK(refused(user_store_code, va, FAULT_RESERVED | P | U | W),
	      "a frame that is not there");
}

/* What was taken away without a flush. */
static void stale(u32 before, u32 after, const char *what)
{
	vaddr_t where = 0;

	space(before);
	*word(0) = USER_RETURN_WORD;
	CHECK(user_run(va, 0, 0, 0, &value, &fault) && !tlb_unjustified(&model_cpu[0], &where),
	      "what the entry justifies");
	set_pte(ptep, mk_pte(page_to_pfn(page), after));
	CHECK(tlb_unjustified(&model_cpu[0], &where) && where == va &&
		      user_run(va, 0, 0, 0, &value, &fault),
	      "%s was taken away: the TLB goes on with it, and that is not justified", what);
	set_pte(ptep, mk_pte(page_to_pfn(page), before));
	CHECK(!tlb_unjustified(&model_cpu[0], &where), "given back, it is");
}

/* The access is made again when mm_fault() says so, with interrupts on, and no oftener. */
static void test_faults(void)
{
	u32 frames;

	space(ALL);
	assert(!is_error(do_mmap(&mm, va + PAGE_SIZE, PAGE_SIZE, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)));
	frames = zone_free_frames();
	irq_disable();
	CHECK(run(user_xchg_code, va + PAGE_SIZE, 6) && !value && !irqs_enabled(),
	      "the first touch of anonymous memory; interrupts are as they were");
	irq_enable();
	CHECK(run(user_load_code, va + PAGE_SIZE, 0) && value == 6 && irqs_enabled() &&
		      zone_free_frames() == frames - 1,
	      "has a frame then");
	value = 77;
	CHECK(refused(user_load_code, va + 2 * PAGE_SIZE, U), "beside it there is none");
}

static unsigned turns;
static bool irqs_on;

static void other_store(void)
{
	irqs_on = irqs_enabled();
	if (++turns == 3)
		*word(0) = 8;
}

static void other_stop(void)
{
	turns++;
	if (turns == 3)
		AS_CPU(1, user_stop_cpu(0));
}

static void test_spin(void)
{
	space(ALL);
	turns = 0;
	model_relax_hook = other_store;
	irq_disable();
	*word(0) = 7;
	CHECK(run(user_spin_code, va, 7) && value == 8 && turns == 3 && irqs_on,
	      "a spin until the word is another, with interrupts on");
	irq_enable();
	turns = 0;
	model_relax_hook = other_stop;
	user_stop_forget(0);
	CHECK(user_spin_begin() && run(user_spin_code, va, 8) && turns == 3 && !user_spin_end(true),
	      "or until it is stopped, which it says");
	model_relax_hook = NULL;
}

int main(void)
{
	test_accesses();
	test_rights();
	stale(ALL, ALL & ~PTE_USER, "the user's right");
	stale(ALL, ALL & ~PTE_EXEC, "the right to execute");
	test_faults();
	test_spin();
	return tap_done();
}
