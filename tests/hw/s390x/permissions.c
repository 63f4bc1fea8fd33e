/* SPDX-License-Identifier: MIT */
/* Protection at both levels, protection against execution where the CPU has it, and the kernel's
 * own text and constants, none of it with a write to the entry. */
#include <asm/trap.h>

#include "kernel/string.h"
#include "mm/table/pgtable.h"
#include "tests/hw/slot.h"

/* With both marks, because an entry without one faults (pte_with_hardware_bits()). */
#define PROT (PTE_USER | PTE_YOUNG | PTE_DIRTY)

/* The checks that may fail. */
enum look {
	LOAD_WRITABLE,
	STORE_WRITABLE,
	LOAD_PROTECTED,
	STORE_PROTECTED,
	STORE_SEGMENT,
	EXECUTE,
	EXECUTE_PROTECTED,
	STORE_TEXT,
	STORE_RODATA,
	STORE_DATA,
	ENTRY_WRITTEN,
	NR_LOOKS
};
static const char *const look_name[NR_LOOKS] = {
	"a load from a writable page",	      "a store to a writable page",
	"a load from a protected page",	      "a store to a protected page",
	"a store under a protected segment",  "code in an executable page",
	"code in a page without the right",   "a store to the kernel's text",
	"a store to the kernel's constants",  "a store to the kernel's data",
	"the entry, which no CPU writes to,",
};

static struct {
	u32 looks;
	u32 wrong; /* BIT(enum look) */
	u32 cause; /* of the last one */
} found;

static bool setup(struct variant *v)
{
	found = (typeof(found)){.looks = 0};
	v->a = alloc_page(ZONE_DIRECT);
	if (!v->a)
		return false;
	memcpy(page_map(page_to_pfn(v->a), WINDOW_A), user_code,
	       (size_t)(user_code_end - user_code));
	return mm_establish(&v->mm, v->va, lab_entry(v->a));
}

static void expect(enum look look, bool done, bool must, const struct fault *fault, u32 cause)
{
	found.looks++;
	/* Not every CPU tells stores from loads (facility 75). */
	if (done == must && (done || (fault->cause & ~FAULT_WRITE) == cause))
		return;
	found.wrong |= BIT(look);
	found.cause = fault->cause;
}

static void store(struct variant *v, enum look look, bool must)
{
	struct fault fault = {.cause = 0};
	bool done = try_store(v->va + PAGE_SIZE / 2, 1, &fault);

	expect(look, done, must, &fault, FAULT_PROTECTION);
}

static void load(struct variant *v, enum look look)
{
	struct fault fault = {.cause = 0};
	u32 word;

	expect(look, try_load(v->va, &word, &fault), true, &fault, 0);
}

static void execute(struct variant *v, enum look look, bool must)
{
	struct fault fault = {.cause = 0};
	u32 value;
	bool done = user_run(v->va, v->va + PAGE_SIZE, v->va, 0, &value, &fault);

	expect(look, done, must, &fault, FAULT_USER | FAULT_PROTECTION | FAULT_EXEC);
}

/* u64 store_back(const void *word) stores a word of the kernel's own space back unchanged. Returns
 * 0 if it faulted. */
u64 store_back(const void *word);
__asm__(".pushsection .text.try, \"ax\"\n"
	"store_back:\n"
	"	l %r0,0(%r2)\n"
	"	st %r0,0(%r2)\n"
	"	lghi %r2,1\n"
	"	br %r14\n"
	".popsection\n");

static void store_kernel(enum look look, const void *word, bool must)
{
	found.looks++;
	if (store_back(word) != must)
		found.wrong |= BIT(look);
}

/* The entry must be unchanged, whatever was done through it. */
static void entry_is(struct variant *v, u32 prot)
{
	found.looks++;
	if (!entry_same(entry_read_atomic(v->ptep), mk_pte(page_to_pfn(v->a), prot)))
		found.wrong |= BIT(ENTRY_WRITTEN);
}

static void set(struct variant *v, u32 prot)
{
	slot_write(v->ptep, mk_pte(page_to_pfn(v->a), prot | PROT));
	slot_flush(v);
}

static void look(struct variant *v)
{
	pmd_t *pmdp = pmd_lookup(&v->mm, v->va), pmd = entry_read(pmdp);
	static u32 word;

	set(v, PTE_WRITE);
	load(v, LOAD_WRITABLE);
	store(v, STORE_WRITABLE, true);
	if (s390_page_nx())
		execute(v, EXECUTE_PROTECTED, false);
	entry_write_word(pmdp, 0, entry_value(pmd) | S390_PAGE_PROTECT);
	slot_flush(v);
	store(v, STORE_SEGMENT, false);
	entry_write_word(pmdp, 0, entry_value(pmd));
	entry_is(v, PTE_WRITE | PROT);
	set(v, 0);
	load(v, LOAD_PROTECTED);
	store(v, STORE_PROTECTED, false);
	set(v, PTE_EXEC);
	execute(v, EXECUTE, true);
	entry_is(v, PTE_EXEC | PROT);
	store_kernel(STORE_TEXT, (const void *)(vaddr_t)store_back, false);
	store_kernel(STORE_RODATA, user_code, false);
	store_kernel(STORE_DATA, &word, true);
}

static enum verdict judge(struct variant *v)
{
	for (unsigned i = 0; i < NR_LOOKS; i++) {
		if (!(found.wrong & BIT(i)))
			continue;
		lab_saw(v, "%s did not end as it must (cause 0x%x)", look_name[i], found.cause);
		return VIOLATED;
	}
	lab_counted(v, found.looks);
	lab_evidence(v,
		     "loads, stores and fetches went through or were refused, as the entries say, and none wrote to them%s",
		     s390_page_nx() ? "" : "; this CPU has no protection against execution");
	return HELD;
}

SCENARIO(permissions) = {
	.name = "hw/protection",
	.rule = "page or segment protection stops stores, execution protection stops fetches, a fault names its cause, and no CPU writes to an entry",
	.reference = "Principles of Operation, chapter 3, \"Protection\" (DAT protection, instruction-execution protection)",
	.mode = MODE_PROBE,
	.least = {AT_LEAST(NR_LOOKS, "accesses, and looks at the entry")},
	.roles = {{"cpu", look}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
