/* SPDX-License-Identifier: MIT */
/*
 * A store right behind an invalidation may be relied on by its readers, because the instruction has
 * ended before. This is tested with a bare IPTE and with the port's own use of such instructions. A
 * round has one page. Rounds go on until a page was used too long, or for a while.
 *
 * An emulator serves the requests of other CPUs only between blocks of code. So the loader is one
 * long block that reads the mark and uses the page in turns. The store behind the bare IPTE is in
 * one block with it.
 */
#include <asm/clock.h>

#include "kernel/finish.h"
#include "kernel/random.h"
#include "mm/table/pgtable.h"
#include "tests/hw/slot.h"

#define ROUNDS_MOST 20000u
#define LATE_MOST   100u
#define LEAST	    8u /* rounds */
#define NS_MOST	    500000000ull
#define DELAY_MOST  64u

enum {
	LOADER,
	WRITER,
};

static struct {
	u32 ready;   /* shared, the round with a valid entry */
	u32 warm;    /* shared, the round of the loader's translation */
	u32 gone;    /* shared, the round of the loader's fault */
	u32 looks;   /* shared, looks of the loader */
	bool over;   /* shared, set when the loader will do no more */
	bool ending; /* shared, the same of the writer */
	u32 late;
	u32 *mark; /* shared, the round of the removed entry, in the page behind the tested one */
} found;

static vaddr_t mark_va(const struct variant *v)
{
	return v->va + PAGE_SIZE;
}

static bool setup(struct variant *v)
{
	struct page *page = alloc_page(ZONE_DIRECT);

	found = (typeof(found)){.ready = 0};
	if (!page || !mm_establish(&v->mm, mark_va(v), lab_entry(page)))
		return false;
	found.mark = page_map(page_to_pfn(page), WINDOW_A);
	WRITE_ONCE(*found.mark, 0);
	return slot_one_frame(v);
}

/* u64 look_asm(vaddr_t mark, vaddr_t va, u32 *seen) returns 1 and the mark before the last of many
 * loads from va, or 0 if one of them faulted. */
u64 look_asm(vaddr_t mark, vaddr_t va, u32 *seen);
__asm__(".pushsection .text.try, \"ax\"\n"
	".balign 2048\n" /* a block ends with its page */
	"look_asm:\n"
	"	sacf 256\n"
	".rept 200\n"
	"	l %r0,0(%r2)\n"
	"	l %r1,0(%r3)\n"
	".endr\n"
	"	sacf 0\n"
	"	st %r0,0(%r4)\n"
	"	lghi %r2,1\n"
	"	br %r14\n"
	".popsection\n");

/* The store is in one block with the IPTE. */
static __noinline __aligned(256) void bare(struct variant *v, u32 round)
{
	u32 *mark = found.mark;

	ipte(v->ptep, v->va);
	WRITE_ONCE(*mark, round);
}

/* The port's three ways take turns. */
static void by_port(struct variant *v, u32 round)
{
	switch (round % 3) {
	case 0:
		ptep_invalidate(v->ptep, v->va);
		break;
	case 1:
		pmdp_invalidate(pmd_lookup(&v->mm, v->va), v->va);
		break;
	default:
		entry_write_word(v->ptep, PRESENT_WORD,
				 pte_mkinvalid(lab_entry(v->a)).word[PRESENT_WORD]);
		tlb_flush_space(mm_root(&v->mm));
	}
	WRITE_ONCE(*found.mark, round);
}

static void write(struct variant *v, void (*invalidate)(struct variant *v, u32 round))
{
	pmd_t *pmdp = pmd_lookup(&v->mm, v->va), pmd = entry_read(pmdp);
	struct random random = random_stream(run_seed, WRITER);
	struct lab_patience patience = {0};

	for (u32 round = 1; !READ_ONCE(found.over); round++) {
		slot_write(v->ptep, lab_entry(v->a));
		WRITE_ONCE(found.ready, round);
		while (READ_ONCE(found.warm) != round &&
		       lab_go_on(&patience, &found.over, &found.looks))
			;
		for (u32 n = random_below(&random, DELAY_MOST); n; n--)
			barrier();
		invalidate(v, round);
		while (READ_ONCE(found.gone) != round &&
		       lab_go_on(&patience, &found.over, &found.looks))
			;
		set_pte(pmdp, pmd);
	}
	WRITE_ONCE(found.ending, true);
	slot_write(v->ptep, lab_entry(v->a)); /* it has a reference of its own */
	slot_flush(v);
	lab_meet_last(v); /* the tables are whole again */
}

static void write_bare(struct variant *v)
{
	write(v, bare);
}

static void write_by_port(struct variant *v)
{
	write(v, by_port);
}

/* Loads until a load faults. A load that begins after the mark is seen must fault. */
static void look(struct variant *v, u32 round)
{
	struct lab_patience patience = {0};
	u32 seen;

	while (found.late < LATE_MOST && lab_go_on(&patience, &found.ending, &found.ready) &&
	       look_asm(mark_va(v), v->va, &seen)) {
		found.late += seen == round;
		WRITE_ONCE(found.looks, found.looks + 1);
		WRITE_ONCE(found.warm, round);
	}
	WRITE_ONCE(found.gone, round);
}

static void load(struct variant *v)
{
	struct lab_patience patience = {0};
	u64 end = clock_ns() + NS_MOST;
	u32 round = 1;

	for (; !found.late && round <= ROUNDS_MOST && clock_ns() < end; round++) {
		while (READ_ONCE(found.ready) != round &&
		       lab_go_on(&patience, &found.ending, &found.ready))
			;
		look(v, round);
	}
	WRITE_ONCE(found.over, true);
	lab_meet_last(v);
}

static enum verdict judge(struct variant *v)
{
	if (found.late) {
		lab_saw(v,
			"in round %u a CPU saw the store behind the invalidation, and then used "
			"the old entry, %u times",
			found.gone, found.late);
		return VIOLATED;
	}
	lab_counted(v, found.gone);
	lab_evidence(v,
		     "%u rounds, %u looks beside them; none used the page after the store behind",
		     found.gone, found.looks);
	return HELD;
}

#define ROW(...)                                                                                   \
	{                                                                                          \
		.reference = "Principles of Operation, chapter 10, IPTE, IDTE: serialization; "    \
			     "not completed before the other CPUs have cleared",                   \
		.least = {AT_LEAST_MET(LEAST, "rounds")}, .mode = MODE_PROBE, CELLS(HOLDS()),      \
		.setup = setup, .judge = judge, __VA_ARGS__                                        \
	}

SCENARIO(ipte_done) =
	ROW(.name = "hw/ipte-done",
	    .rule = "a store behind IPTE is seen only after the invalidation has reached every CPU",
	    .finding = "F-031", .roles = {{"loader", load}, {"writer", write_bare}});
SCENARIO(invalidate_done) =
	ROW(.name = "hw/invalidate-done",
	    .rule = "after ptep_invalidate(), pmdp_invalidate() or tlb_flush_space() no CPU "
		    "uses a translation that they removed",
	    .roles = {{"loader", load}, {"writer", write_by_port}});
