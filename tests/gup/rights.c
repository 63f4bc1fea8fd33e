/* SPDX-License-Identifier: MIT */
/* A walk without a lock meets an entry of every kind that it must not follow, each bit of the entry
 * being a right of its own, so a test of the wrong bit is noticed. */
#include <asm/caps.h>

#include "mm/gup/gup.h"
#include "tests/hw/slot.h"

#define STATE (PTE_YOUNG | PTE_DIRTY)

/* The content of the slot, and the walks that may have its page. */
struct kind {
	const char *name;
	pte_t pte;
	bool read, write;
};

static struct {
	unsigned given, refused;
	const char *wrong; /* the first kind of entry treated wrongly, or NULL */
	bool for_write;
} found;

static bool try_one(struct variant *v, const struct kind *kind, bool write)
{
	struct page *page = NULL;
	bool got = gup_fast(v->va, 1, write ? FOLL_WRITE : 0, &page);
	bool may = write ? kind->write : kind->read;

	if (got)
		put_page(page);
	found.given += got;
	found.refused += !got;
	return got == may && (!got || page == v->a);
}

static void try_both(struct variant *v, struct kind kind)
{
	slot_write(v->ptep, kind.pte);
	for (unsigned write = 0; write < 2; write++) {
		if (try_one(v, &kind, write) || found.wrong)
			continue;
		found.wrong = kind.name;
		found.for_write = write;
	}
}

static void run(struct variant *v)
{
	pfn_t pfn = page_to_pfn(v->a);
	pte_t pte = mk_pte(pfn, PTE_USER | PTE_WRITE | STATE);
	bool kernel = !CAP_HW_WALKER; /* without one, all of user space is the user's (asm/xpa.h) */

	try_both(v, (struct kind){"of the user's, writable", pte, true, true});
	try_both(v, (struct kind){"of the user's, writable, neither young nor dirty",
				  mk_pte(pfn, PTE_USER | PTE_WRITE), true, true});
	try_both(v, (struct kind){"of the user's, read-only",
				  mk_pte(pfn, PTE_USER | PTE_EXEC | STATE), true, false});
	try_both(v, (struct kind){"of the kernel's, writable",
				  mk_pte(pfn, PTE_WRITE | PTE_EXEC | STATE), kernel, kernel});
	try_both(v, (struct kind){"of the kernel's, read-only", mk_pte(pfn, STATE), kernel, false});
	try_both(v, (struct kind){"that the hardware alone must not use", pte_mkinvalid(pte), true,
				  true});
	try_both(v, (struct kind){"that is empty", PTE_NONE, false, false});
	try_both(v, (struct kind){"of a page in swap", mk_swap(0xff, pfn), false, false});
	slot_write(v->ptep, pte);
	slot_flush_here(v);
}

static enum verdict judge(struct variant *v)
{
	if (found.wrong) {
		lab_saw(v, "a walk that wants to %s did not treat an entry %s as it must",
			found.for_write ? "write" : "read", found.wrong);
		return VIOLATED;
	}
	lab_evidence(v, "%u walks got the page, and %u none, as the entry says", found.given,
		     found.refused);
	return HELD;
}

static bool setup(struct variant *v)
{
	found = (typeof(found)){.given = 0};
	return slot_one_frame(v);
}

SCENARIO(rights) = {
	.name = "gup/rights",
	.rule = "a lockless walk gets a page only if the entry is present, belongs to "
		"user space and allows the access",
	.reference = "Linux gup_fast_pte_range(): pte_access_permitted()",
	.mode = MODE_PROBE,
	.roles = {{"walker", run}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
