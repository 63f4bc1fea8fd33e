/* SPDX-License-Identifier: MIT */
/* A TLB handler of ours reads an entry word by word while a writer changes it. */
#include <asm/irq.h>

#include "tests/pte/refill.h"

#define REFERENCE                                                                                  \
	"Linux mips build_update_entries(): both halves, no second look; set_pte(): high; "        \
	"smp_wmb(); low"

/* --- an establish stopped between its stores (swap -> A) --- */

static bool swapped_out(struct variant *v)
{
	pte_t swap = mk_swap(SWAP_TYPE, SWAP_OFFSET);

	v->a = lab_frame(v, ZONE_DIRECT);
	if (!v->a)
		return false;
	for (unsigned word = 0; word < ENTRY_WORDS; word++)
		entry_write_word(v->ptep, word, swap.word[word]);
	return true;
}

static void establish(struct variant *v)
{
	lab_establish(v, lab_entry(v->a));
}

static enum verdict judge_present(struct variant *v)
{
	if (refill_strayed(v, v->a))
		return VIOLATED;
	if (!lab_script_complete(v))
		return NO_EVIDENCE;
	lab_evidence(v, "between the stores the entry was valid and not present: %s",
		     v->flag[LOADED] ? "the load waited for the rest" : "the load faulted");
	return HELD;
}

static const struct step load_between_the_stores[] = {
	STEP(READER, role_start, REACHED(WRITER, set_between_halves)),
	STEP(WRITER, set_between_halves, REACHED(READER, role_done)),
};

SCENARIO(refill_present) = {
	.name = "pte/refill-present",
	.rule = "the TLB is filled from an entry that is both valid and present, not "
		"from one that is only one of the two",
	.reference = REFERENCE,
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT | NEED_SOFT_TLB,
	.roles = {[READER] = {"reader", refill_load}, [WRITER] = {"writer", establish}},
	.script = STEPS(load_between_the_stores),
	CELLS(HOLDS(), BREAKS(refill_present)),
	.setup = swapped_out,
	.judge = judge_present,
};

/* --- a page out between the test and the use (A -> swap) --- */

static bool mapped(struct variant *v)
{
	v->a = lab_frame(v, ZONE_DIRECT);
	if (!v->a)
		return false;
	lab_establish(v, lab_entry(v->a));
	return true;
}

/* With interrupts off, as a kernel may, so the loaded entry is used before the shootdown's
 * interrupt comes and takes it away. */
static void load_irqs_off(struct variant *v)
{
	u32 flags = irq_save();

	refill_load(v);
	irq_restore(flags);
}

static enum verdict judge_once(struct variant *v)
{
	if (refill_strayed(v, v->a))
		return VIOLATED;
	if (!lab_script_complete(v))
		return NO_EVIDENCE;
	lab_evidence(v, "the entry changed after its test; what was tested was loaded, and the "
			"writer waited");
	return HELD;
}

static const struct step swap_out_after_the_test[] = {
	STEP(READER, fill_tested, REACHED(WRITER, clear_done), BLOCKED_ON_ME(WRITER)),
	STEP(WRITER, role_start, REACHED(READER, fill_tested)),
};

SCENARIO(refill_once) = {
	.name = "pte/refill-once",
	.rule = "the TLB is filled with the halves that were tested, because each half "
		"is read once",
	.reference = REFERENCE,
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT | NEED_SOFT_TLB,
	.roles = {[READER] = {"reader", load_irqs_off}, [WRITER] = {"writer", refill_swap_out}},
	.script = STEPS(swap_out_after_the_test),
	CELLS(HOLDS(), BREAKS(refill_read_once)),
	.setup = mapped,
	.judge = judge_once,
};

/* --- a whole cycle between the two reads (A -> none, flush, -> B) --- */

static bool two_frames(struct variant *v)
{
	v->b = lab_frame(v, ZONE_DIRECT);
	return v->b && mapped(v);
}

static void replace(struct variant *v)
{
	lab_zap(v);
	lab_establish(v, lab_entry(v->b));
}

/* The reader loads again after everything has ended, by the TLB's entry of that moment. */
static void load_twice(struct variant *v)
{
	refill_load(v);
	race_point(role_middle);
	refill_load(v);
}

static enum verdict judge_irqs(struct variant *v)
{
	unsigned over = lab_when(WRITER, RACE_role_done, 1);
	unsigned probed = lab_when(READER, RACE_role_probe, 2);

	v->outcome = refill_read(v, v->b)   ? "the new frame"
		     : refill_read(v, v->a) ? "the old frame"
					    : "not present";
	if (over && over < probed && refill_read(v, v->a)) {
		lab_saw(v,
			"frame 0x%x was replaced by 0x%x, and the TLB of CPU %u still leads to "
			"the old one",
			page_to_pfn(v->a), page_to_pfn(v->b), v->cpu[READER]);
		return VIOLATED;
	}
	if (!lab_script_complete(v))
		return NO_EVIDENCE;
	lab_evidence(v, "the writer waited for the handler; afterwards the reader found %s",
		     v->outcome);
	return HELD;
}

static const struct step replace_in_the_handler[] = {
	STEP(READER, fill_between_halves, REACHED(WRITER, role_done), BLOCKED_ON_ME(WRITER)),
	STEP(READER, role_middle, REACHED(WRITER, role_done)),
	STEP(WRITER, role_start, REACHED(READER, fill_between_halves)),
};

SCENARIO(refill_irqs_on) = {
	.name = "pte/refill-irqs-on",
	.rule = "no shootdown is answered between the first read of an entry and its arrival in "
		"the TLB",
	.reference = "MIPS32 volume III, Status.EXL: the refill handler runs with interrupts off",
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT | NEED_SOFT_TLB,
	.roles = {[READER] = {"reader", load_twice}, [WRITER] = {"writer", replace}},
	.script = STEPS(replace_in_the_handler),
	CELLS(HOLDS(WITH(flush, sync)), BREAKS(refill_irqs_off, WITH(flush, sync))),
	.setup = two_frames,
	.judge = judge_irqs,
};
