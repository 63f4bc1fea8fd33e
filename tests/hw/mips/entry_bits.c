/* SPDX-License-Identifier: MIT */
/* The bits of an entry, where V allows every access, D stores, and XI forbids fetches, V and D in
 * entries only in the TLB, so no handler mends anything. */
#include <asm/trap.h>

#include "kernel/string.h"
#include "tests/hw/mips/tlb_entry.h"
#include "tests/hw/slot.h"

#define VA	     0x10000000u /* the lab maps nothing there */
#define ENTRYLO_D    BIT(2)
#define ENTRYLO_BITS (ENTRYLO_V | ENTRYLO_D)

static struct {
	u32 accesses;
	const char *what; /* the first check that failed */
	u32 bits, cause, want;
	bool made;
} found;

static bool setup(struct variant *v)
{
	u8 *code;

	found = (typeof(found)){.accesses = 0};
	v->a = alloc_page(ZONE_DIRECT);
	if (!v->a)
		return false;
	code = page_map(page_to_pfn(v->a), WINDOW_A);
	memcpy(code, user_peek, (size_t)(user_peek_end - user_peek));
	/* The mapping owns the frame, because the arena knows only tagged ones. */
	return mm_establish(&v->mm, v->va,
			    mk_pte(page_to_pfn(v->a), PTE_USER | PTE_EXEC | PTE_YOUNG));
}

static void expect(const char *what, u32 bits, bool made, u32 cause, bool may, u32 want)
{
	found.accesses++;
	if (found.what || (made == may && (made || cause == want)))
		return;
	found.what = what;
	found.bits = bits;
	found.cause = cause;
	found.made = made;
	found.want = want;
}

static void load_and_store(struct variant *v, u32 bits)
{
	struct tlb_entry e = entry_to_frame(VA | this_asid(), page_to_pfn(v->a));
	struct fault fault = {0, 0};
	bool made;
	u32 word;

	for (unsigned i = 0; i < 2; i++)
		e.lo[i].low = (e.lo[i].low & ~ENTRYLO_BITS) | bits;
	tlb_invalidate_everything();
	write_entry_at(0, &e);
	made = try_load(VA, &word, &fault);
	expect("load", bits, made, fault.cause, bits & ENTRYLO_V, 0);
	if (!made)
		word = 0;
	made = try_store(VA + PAGE_SIZE - sizeof(word), word, &fault);
	expect("store", bits, made, fault.cause, bits == ENTRYLO_BITS,
	       FAULT_WRITE | (bits & ENTRYLO_V ? FAULT_PROTECTION : 0));
}

/* Fetches as the user, by the page's own entry. */
static void fetch(struct variant *v, u32 right)
{
	struct fault fault = {0, 0};
	u32 word;
	bool made;

	slot_write(v->ptep, mk_pte(page_to_pfn(v->a), PTE_USER | PTE_YOUNG | right));
	tlb_flush_page(v->va);
	made = user_run(v->va, v->va, (u32)v->va, &word, &fault);
	expect("fetch", right, made, fault.cause, right,
	       FAULT_USER | FAULT_EXEC | FAULT_PROTECTION);
}

static void run(struct variant *v)
{
	static const u32 bits[] = {0, ENTRYLO_V, ENTRYLO_D, ENTRYLO_BITS};
	u32 status = all_irqs_save();

	for (unsigned i = 0; i < ARRAY_SIZE(bits); i++)
		load_and_store(v, bits[i]);
	tlb_invalidate_everything();
	all_irqs_restore(status);
	tlb_flush_all();
	fetch(v, 0);
	fetch(v, PTE_EXEC);
}

static enum verdict judge(struct variant *v)
{
	if (found.what) {
		lab_saw(v, "a %s, bits 0x%x: %s, cause 0x%x (a fault would have 0x%x)", found.what,
			found.bits, found.made ? "made" : "faulted", found.cause, found.want);
		return VIOLATED;
	}
	lab_counted(v, found.accesses);
	lab_evidence(v, "%u accesses by entries of all rights: made, or faulted with their cause",
		     found.accesses);
	return HELD;
}

SCENARIO(entry_bits) = {
	.name = "hw/entry-bits",
	.rule = "V off stops every access, D off stops stores, XI stops fetches, and a "
		"fault names its cause",
	.reference = "MIPS32 volume III, EntryLo0/1, PageGrain.XIE and IEC; TLB Invalid, TLB "
		     "Modified, Execute-Inhibit Exceptions",
	.mode = MODE_PROBE,
	.least = {AT_LEAST(10, "accesses")},
	.roles = {{"cpu", run}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
