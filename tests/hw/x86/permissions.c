/* SPDX-License-Identifier: MIT */
/* User, write and no-execute in the entries of both the page directory and the page, and write
 * protection in ring 0 on and off, with every access against a small rule, as in kvm-unit-tests'
 * x86/access.c. */
#include <asm/tlb.h>
#include <asm/trap.h>

#include "kernel/smp/percpu.h"
#include "kernel/string.h"
#include "mm/table/pgtable.h"
#include "tests/lab/lab.h"

/* The tested page begins with the routines of a user's accesses, the load first. Data is behind
 * them. */
#define DATA (v->va + PAGE_SIZE / 2)
/* A page in another table, open to user mode, with the same routines. */
#define CODE (v->va + 0x400000)
#define POKE (CODE + (vaddr_t)(user_store_code - user_code))

#define CR0_WP BIT(16)

/* Rights of one entry. */
#define USER	  BIT(0)
#define WRITE	  BIT(1)
#define NO_EXEC	  BIT(2)
#define NR_RIGHTS 8u

enum access {
	LOAD,
	STORE,
	USER_LOAD,
	USER_STORE,
	USER_FETCH,
	NR_ACCESSES
};
static const char *const access_name[NR_ACCESSES] = {"load", "store", "user load", "user store",
						     "user fetch"};

struct trial {
	unsigned pmd, pte; /* rights */
	bool wp;
	enum access access;
};

static struct {
	unsigned permitted, refused, wrong;
	struct trial first; /* the first wrong trial, with its result */
	u32 cause, low;
} found;

static bool stores(enum access access)
{
	return access == STORE || access == USER_STORE;
}

/* Returns the FAULT_* bits, or 0 if the access is permitted. */
static u32 expected_cause(const struct trial *t)
{
	bool user = t->access >= USER_LOAD, fetch = t->access == USER_FETCH;
	bool refused = user && !(t->pmd & t->pte & USER);

	refused |= stores(t->access) && !(t->pmd & t->pte & WRITE) && (user || t->wp);
	refused |= fetch && (t->pmd | t->pte) & NO_EXEC;
	if (!refused)
		return 0;
	return FAULT_PROTECTION | (stores(t->access) ? FAULT_WRITE : 0) | (user ? FAULT_USER : 0) |
	       (fetch && x86_nx_high() ? FAULT_EXEC : 0);
}

static u32 cause_of(struct variant *v, enum access access)
{
	struct fault fault = {0, 0};
	bool done;
	u32 value;

	switch (access) {
	case LOAD:
		done = try_load(DATA, &value, &fault);
		break;
	case STORE:
		done = try_store(DATA, 0, &fault);
		break;
	case USER_FETCH:
		done = user_run(v->va, 0, CODE, 0, &value, &fault);
		break;
	default:
		done = user_run(access == USER_LOAD ? CODE : POKE, 0, DATA, 0, &value, &fault);
	}
	return done ? 0 : fault.cause;
}

static entry_t with_rights(entry_t e, unsigned rights)
{
	e.word[PRESENT_WORD] &= ~(X86_US | X86_RW | X86_A | X86_D);
	e.word[PRESENT_WORD] |= (rights & USER ? X86_US : 0) | (rights & WRITE ? X86_RW : 0);
	e.word[OTHER_WORD] &= ~X86_NX_HIGH;
	e.word[OTHER_WORD] |= rights & NO_EXEC ? X86_NX_HIGH : 0;
	return e;
}

static void try_one(struct variant *v, const struct trial *t)
{
	u32 cause, low;

	entry_xchg(v->ptep, with_rights(v->entry_a, t->pte));
	tlb_flush_page(v->va);
	cause = cause_of(v, t->access);
	low = entry_read_word(v->ptep, PRESENT_WORD);
	found.permitted += !cause;
	found.refused += cause != 0;
	/* Accessed is set by every permitted access, and Dirty by permitted stores and no other
	 * access. */
	if (cause == expected_cause(t) && (cause || low & X86_A) &&
	    !(low & X86_D) == !(stores(t->access) && !cause))
		return;
	if (!found.wrong++) {
		found.first = *t;
		found.cause = cause;
		found.low = low;
	}
}

static void set_write_protection(bool on)
{
	u32 cr0;

	__asm__ __volatile__("movl %%cr0,%0" : "=r"(cr0)::"memory");
	cr0 = on ? cr0 | CR0_WP : cr0 & ~CR0_WP;
	__asm__ __volatile__("movl %0,%%cr0" ::"r"(cr0) : "memory");
}

static void try_all(struct variant *v, pmd_t *pmdp, pmd_t pmd)
{
	unsigned rights = x86_nx_high() ? NR_RIGHTS : NO_EXEC; /* without it, the bit is reserved */
	struct trial t;

	for (t.pmd = 0; t.pmd < rights; t.pmd++) {
		entry_xchg(pmdp, with_rights(pmd, t.pmd));
		for (t.pte = 0; t.pte < rights; t.pte++)
			for (t.access = 0; t.access < NR_ACCESSES; t.access++) {
				t.wp = true;
				try_one(v, &t);
				t.wp = false;
				set_write_protection(false);
				try_one(v, &t);
				set_write_protection(true);
			}
	}
}

static void run(struct variant *v)
{
	pgd_t *pgdp = pgd_offset_pgd(v->mm.pgd, v->va);
	pmd_t *pmdp = pmd_offset(pud_offset(p4d_offset(pgdp, v->va), v->va), v->va);
	pmd_t pmd = entry_read(pmdp);
	struct cpu *cpu = this_cpu();

	WRITE_ONCE(cpu->mm, NULL); /* so mm_fault() lets each fault be */
	try_all(v, pmdp, pmd);
	WRITE_ONCE(cpu->mm, &v->mm);
	entry_xchg(pmdp, pmd);
	entry_xchg(v->ptep, v->entry_a);
	tlb_flush_page(v->va);
}

/* Maps a frame with the routines at its beginning. The mapping owns it, because the arena knows
 * only tagged ones. */
static bool map_routines(struct variant *v, vaddr_t va, pte_t *pte)
{
	struct page *page = alloc_page(ZONE_DIRECT);

	if (!page)
		return false;
	memcpy(page_map(page_to_pfn(page), WINDOW_A), user_code,
	       (size_t)(user_code_end - user_code));
	*pte = mk_pte(page_to_pfn(page), PTE_USER | PTE_EXEC | PTE_YOUNG);
	return mm_establish(&v->mm, va, *pte);
}

static bool setup(struct variant *v)
{
	found.permitted = found.refused = found.wrong = 0;
	return map_routines(v, v->va, &v->entry_a) && map_routines(v, CODE, &v->entry_b);
}

static enum verdict judge(struct variant *v)
{
	const struct trial *t = &found.first;

	if (found.wrong) {
		lab_saw(v,
			"%u wrong; first: %s, directory entry %c%c%c, page %c%c%c, CR0.WP=%u: cause 0x%x instead of 0x%x, entry's low word 0x%x",
			found.wrong, access_name[t->access], t->pmd & USER ? 'u' : '-',
			t->pmd & WRITE ? 'w' : '-', t->pmd & NO_EXEC ? '-' : 'x',
			t->pte & USER ? 'u' : '-', t->pte & WRITE ? 'w' : '-',
			t->pte & NO_EXEC ? '-' : 'x', t->wp, found.cause, expected_cause(t),
			found.low);
		return VIOLATED;
	}
	lab_counted(v, found.permitted);
	lab_counted(v, found.refused);
	lab_evidence(v, "%u accesses permitted, %u refused, each with its cause, A and D",
		     found.permitted, found.refused);
	return HELD;
}

SCENARIO(permissions) = {
	.name = "hw/permissions",
	.rule = "an access needs the rights of every level, and a fault names its cause",
	.reference =
		"Intel SDM vol. 3, 4.6.1 (rights), 4.7 (error code), 4.8 (A and D); kvm-unit-tests x86/access.c",
	.mode = MODE_PROBE,
	/* The numbers without no-execute. */
	.least = {AT_LEAST(70, "accesses permitted"), AT_LEAST(90, "refused")},
	.roles = {{"cpu", run}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
