/* SPDX-License-Identifier: MIT */
/*
 * Into user mode and back, by a call, through a page fault that is mended, and by one that is not.
 */
#include <asm/caps.h>
#include <asm/trap.h>

#include "kernel/string.h"
#include "tests/lab/lab.h"

/* Code at v->va. Its data and its stack are anonymous memory without pages yet. */
#define DATA  (v->va + 0x100000)
#define STACK (DATA + 3 * PAGE_SIZE)

enum {
	PROGRAM, /* the program's result, if it ran to its call */
	KERNEL,	 /* the same program with a kernel address */
	CAUSE,	 /* of the fault at that address, and the address */
	ADDRESS,
	WRONG, /* number of wrong words in the fresh page, and the first of them */
	FIRST,
};

/* The program's page faults take its two pages, and the tables above them. Each CPU takes several
 * frames at a time. */
#define FRESH (4 * PCP_MOST)

/* A frame unused since the machine was switched on may be clear by itself. Frames given back are
 * full of poison, and are handed out first. No CPU keeps any, because another one may play. */
static bool poison_fresh_frames(void)
{
	struct page *page[FRESH];
	unsigned n = 0;

	pcp_drain_all();
	while (n < FRESH && (page[n] = alloc_page(ZONE_DIRECT)))
		n++;
	for (unsigned i = 0; i < n; i++)
		put_page(page[i]);
	pcp_drain_all();
	return n == FRESH;
}

static bool setup(struct variant *v)
{
	u8 *code;

	if (!poison_fresh_frames())
		return false;
	v->a = alloc_page(ZONE_DIRECT);
	if (!v->a)
		return false;
	code = page_map(page_to_pfn(v->a), WINDOW_A);
	memcpy(code, user_program, (size_t)(user_program_end - user_program));
	if (is_error(do_mmap(&v->mm, DATA, STACK - DATA, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)))
		return false;
	/* The mapping owns the frame, because the arena knows only tagged ones. */
	return mm_establish(&v->mm, v->va,
			    mk_pte(page_to_pfn(v->a), PTE_USER | PTE_EXEC | PTE_YOUNG));
}

/* Returns the number of wrong words in the page made by the program's store, with the first of them
 * in *first. The page must hold only the complement stored by the program. The program came
 * into the kernel with its direction flag set, and the kernel's string instructions clear a
 * page. */
static u32 wrong_words(struct variant *v, u32 *first)
{
	struct fault fault;
	u32 wrong = 0;

	for (u32 i = 0; i < PAGE_SIZE / sizeof(u32); i++) {
		u32 word = 1, expected = i == 1 ? ~0u : 0;

		if (try_load(DATA + i * sizeof(u32), &word, &fault) && word == expected)
			continue;
		if (!wrong++)
			*first = i;
	}
	return wrong;
}

static void run(struct variant *v)
{
	struct fault fault = {0, 0};

	v->flag[PROGRAM] = user_run(v->va, STACK, DATA, ~(u32)DATA, &v->value[PROGRAM], &fault);
	v->value[WRONG] = wrong_words(v, &v->value[FIRST]);
	v->flag[KERNEL] =
		user_run(v->va, STACK, KERNEL_BASE, ~(u32)KERNEL_BASE, &v->value[KERNEL], &fault);
	v->value[CAUSE] = fault.cause;
	v->value[ADDRESS] = (u32)fault.address;
}

static enum verdict judge(struct variant *v)
{
	u32 expected = user_program_expected(0);

	if (!v->flag[PROGRAM] || v->value[PROGRAM] != expected) {
		lab_saw(v,
			"the program returned 0x%x instead of 0x%x: registers or memory did not survive",
			v->flag[PROGRAM] ? v->value[PROGRAM] : 0, expected);
		return VIOLATED;
	}
	if (v->value[WRONG]) {
		lab_saw(v,
			"a fresh page was not cleared: %u of its words are not as the program left them, word %u first",
			v->value[WRONG], v->value[FIRST]);
		return VIOLATED;
	}
	if (v->flag[KERNEL] || !(v->value[CAUSE] & FAULT_USER) ||
	    (CAP_SHARED_SPACE && !(v->value[CAUSE] & FAULT_PROTECTION))) {
		lab_saw(v, "user mode reached the kernel at 0x%x (cause 0x%x)", v->value[ADDRESS],
			v->value[CAUSE]);
		return VIOLATED;
	}
	lab_counted(v, v->flag[PROGRAM]);
	lab_counted(v, !v->flag[KERNEL]);
	lab_evidence(
		v,
		"faults mended under the program by the zero page and by cleared pages, its registers intact; the kernel refused");
	return HELD;
}

SCENARIO(user_trap) = {
	.name = "hw/user-trap",
	.rule = "a trap from user mode and its return preserve the program, and the kernel's pages stay closed to it",
	.reference = "Intel SDM vol. 3, 4.6.1 (access rights), 6.12 (interrupt and exception procedures)",
	.mode = MODE_PROBE,
	.least = {AT_LEAST(1, "program that came back"), AT_LEAST(1, "that was refused")},
	.roles = {{"cpu", run}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
