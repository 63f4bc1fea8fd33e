/* SPDX-License-Identifier: MIT */
/* Into user mode and back: by a call, through a page fault that is mended, by one that is not. */
#include <asm/caps.h>
#include <asm/trap.h>

#include "kernel/string.h"
#include "tests/lab/lab.h"

/* Code at v->va; its data and stack are anonymous memory that nobody has touched yet. */
#define DATA  (v->va + 0x100000)
#define STACK (DATA + 3 * PAGE_SIZE)

enum {
	PROGRAM, /* ran to its call; what it returned */
	KERNEL,	 /* the same program, pointed at the kernel */
};

static bool setup(struct variant *v)
{
	u8 *code;

	v->a = alloc_page(ZONE_DIRECT);
	if (!v->a)
		return false;
	code = page_map(page_to_pfn(v->a), WINDOW_A);
	memcpy(code, user_program, (size_t)(user_program_end - user_program));
	v->mm.anon_start = DATA;
	v->mm.anon_end = STACK;
	/* The mapping owns the frame: the arena knows only tagged ones. */
	return mm_establish(&v->mm, v->va,
			    mk_pte(page_to_pfn(v->a), PTE_USER | PTE_EXEC | PTE_YOUNG));
}

static void run(struct variant *v)
{
	struct fault fault = {0, 0};

	v->flag[PROGRAM] = user_run(v->va, STACK, (u32)DATA, &v->value[PROGRAM], &fault);
	v->flag[KERNEL] = user_run(v->va, STACK, (u32)KERNEL_BASE, &v->value[KERNEL], &fault);
	v->value[2] = fault.cause;
	v->value[3] = (u32)fault.address;
}

static enum verdict judge(struct variant *v)
{
	u32 expected = user_program_expected(0);

	if (!v->flag[PROGRAM] || v->value[PROGRAM] != expected) {
		lab_saw(v,
			"the program returned 0x%x instead of 0x%x: registers or memory did not "
			"survive",
			v->flag[PROGRAM] ? v->value[PROGRAM] : 0, expected);
		return VIOLATED;
	}
	if (v->flag[KERNEL] || !(v->value[2] & FAULT_USER) ||
	    (CAP_SHARED_SPACE && !(v->value[2] & FAULT_PROTECTION))) {
		lab_saw(v, "user mode reached the kernel at 0x%x (cause 0x%x)", v->value[3],
			v->value[2]);
		return VIOLATED;
	}
	lab_counted(v, v->flag[PROGRAM]);
	lab_counted(v, !v->flag[KERNEL]);
	lab_evidence(
		v, "two faults mended under the program, its registers intact; the kernel refused");
	return HELD;
}

SCENARIO(user_trap) = {
	.name = "hw/user-trap",
	.rule = "a trap from user mode and its return preserve the program; the kernel's pages "
		"stay closed",
	.reference = "Intel SDM vol. 3, 4.6.1 (access rights), 6.12 (interrupt and exception "
		     "procedures)",
	.mode = "probe",
	.least = {AT_LEAST(1, "program that came back"), AT_LEAST(1, "that was refused")},
	.roles = {{"cpu", run}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
