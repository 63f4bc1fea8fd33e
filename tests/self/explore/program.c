/* SPDX-License-Identifier: MIT */
/* Reads a program of one line, explores it, and compares its outcomes with the expected ones. */
#include "tests/self/explore/program.h"

#include <asm/atomic.h>
#include <asm/barrier.h>
#include <asm/irq.h>
#include <asm/tlb.h>
#include <asm/trap.h>

#include <string.h>

#include "arch/model/model.h"
#include "kernel/printk.h"
#include "kernel/smp/smp_call.h"
#include "kernel/wait/wait.h"
#include "mm/mm.h"
#include "mm/table/pgtable.h"
#include "tools/interleave/lab.h"
#include "tools/interleave/explored.h"

#define FIRST_FRAME 1u /* of x, where each variable has a frame of its own */
#define FIRST_ROOT  8u /* frame of the tables for R=0 */

static const char variables[PROGRAM_VARIABLES + 1] = "xyzw";

static const char *program;
static u32 reg[PROGRAM_REGISTERS] EXPLORED;
static struct mm mm EXPLORED;
static vaddr_t va EXPLORED;
static pte_t *ptep EXPLORED; /* of va */

void program_set(const char *threads)
{
	program = threads;
}

unsigned program_threads(void)
{
	unsigned nr = 1;

	for (const char *at = program; (at = strstr(at, " | ")); at++)
		nr++;
	return nr;
}

static unsigned digit(char c, unsigned below)
{
	unsigned n = (unsigned)(c - '0');

	if (n >= below)
		panic("\"%s\": no digit below %u: '%c'", program, below, c);
	return n;
}

static pfn_t frame_of(char name)
{
	const char *at = name ? strchr(variables, name) : NULL;

	if (!at)
		panic("\"%s\": no variable '%c'", program, name);
	return FIRST_FRAME + (pfn_t)(at - variables);
}

static u32 *variable(char name)
{
	if (name == 't')
		return (u32 *)(ptep + 1);
	return model_frame(frame_of(name));
}

static u32 *register_of(char number)
{
	return &reg[digit(number, PROGRAM_REGISTERS)];
}

/* Returns true if a step has this end. */
static bool ends_in(const char *step, const char *end)
{
	return !strncmp(step + strcspn(step, " |,.<"), end, strlen(end));
}

/* rN=... */
static void load(const char *step)
{
	u32 *to = register_of(step[1]);
	const char *from = step + 3;
	pte_t pte;

	if (!strncmp(from, "walk", 4))
		*to = model_load(va, &pte);
	else if (*from == '*')
		*to = READ_ONCE(*(u32 *)phys_to_virt((paddr_t)frame_of(from[1]) << PAGE_SHIFT));
	else if (ends_in(from, "<-"))
		*to = atomic_xchg(variable(*from), digit(from[3], 10));
	else if (ends_in(from, ".acq"))
		*to = smp_load_acquire(variable(*from));
	else
		*to = READ_ONCE(*variable(*from));
}

/* x=... */
static void store(const char *step)
{
	if (step[1] == '|')
		atomic_or(variable(*step), digit(step[3], 10));
	else if (ends_in(step, ".rel"))
		smp_store_release(variable(*step), digit(step[2], 10));
	else
		WRITE_ONCE(*variable(*step), digit(step[2], 10));
}

static void access_in_interrupt(void *step)
{
	const char *text = step;

	if (*text == 'r')
		load(step);
	else if (*text == 'R')
		pgd_load((paddr_t)(FIRST_ROOT + READ_ONCE(*variable(text[2]))) << PAGE_SHIFT);
	else
		store(step);
}

/* The CPU's handler when it is woken. */
static void woken(void)
{
	char word[] = "wake0:";
	const char *step;

	word[4] = (char)(word[4] + cpu_id());
	step = strstr(program, word);
	for (step += strlen(word); *step && *step != ' ';) {
		access_in_interrupt((void *)step);
		step += strcspn(step, " ,");
		step += *step == ',';
	}
}

static bool is(const char *step, const char *word)
{
	size_t n = strcspn(step, " |");

	return n == strlen(word) && !strncmp(step, word, n);
}

static void perform(const char *step)
{
	struct fault fault;

	if (is(step, "mb"))
		smp_mb();
	else if (is(step, "rmb"))
		smp_rmb();
	else if (is(step, "wmb"))
		smp_wmb();
	else if (!strncmp(step, "u=", 2))
		try_store(va, digit(step[2], 10), &fault);
	else if (CAP_BROADCAST_FLUSH && is(step, "ipte"))
		ptep_invalidate(ptep, va);
	else if (is(step, "map"))
		set_pte(ptep, mk_pte(FIRST_FRAME, PTE_USER | PTE_YOUNG));
	else if (is(step, "off"))
		irq_disable();
	else if (is(step, "on"))
		irq_enable();
	else if (!strncmp(step, "until:", 6))
		wait_until(READ_ONCE(*variable(step[6])) == digit(step[8], 10), WAIT_JOB, 0);
	else if (!strncmp(step, "fill:", 5))
		fill_page(variable(step[5]), digit(step[7], 10));
	else if (!strncmp(step, "call", 4))
		call_cpus(BIT(digit(step[4], program_threads())), access_in_interrupt,
			  (void *)(step + 6));
	else if (!strncmp(step, "wake", 4))
		ipi_send(digit(step[4], program_threads()), IPI_WAKE);
	else
		access_in_interrupt((void *)step);
}

/* Loads an empty table everywhere. x, y and z are in frames taken before. */
static void make_space(void)
{
	for (unsigned i = 0; i < PROGRAM_VARIABLES; i++)
		assert(alloc_page(ZONE_DIRECT));
	assert(mm_create(&mm));
	va = (vaddr_t)1 << pgd_shift(mm.pgd);
	ptep = pte_alloc(&mm, va);
	if (strstr(program, "u="))
		set_pte(ptep, mk_pte(FIRST_FRAME, PTE_USER | PTE_WRITE | PTE_YOUNG | PTE_DIRTY));
	for (unsigned cpu = 0; cpu < program_threads(); cpu++) {
		model_switch_cpu(cpu);
		mm_switch(&mm);
	}
	model_switch_cpu(0);
}

bool program_walks(void)
{
	return strstr(program, "walk") || strstr(program, "u=");
}

bool program_broadcasts(void)
{
	return strstr(program, "ipte");
}

void program_setup(const void *context)
{
	(void)context;
	lab_reset(program_threads());
	model_wake_hook = woken;
	if (program_walks())
		make_space();
}

void program_run(unsigned cpu)
{
	const char *at = program;

	while (cpu--)
		at = strstr(at, " | ") + 3;
	for (at += strspn(at, " "); *at && *at != '|'; at += strspn(at, " ")) {
		perform(at);
		at += strcspn(at, " ");
	}
}

const char *program_role(unsigned cpu)
{
	static const char *const name[MODEL_CPUS] = {"thread-0", "thread-1", "thread-2",
						     "thread-3"};

	return name[cpu];
}

bool program_holds(const char *asked)
{
	for (const char *at = asked; *at; at += strspn(at, " ")) {
		u32 is_now = *at == 'r'	  ? *register_of(at[1])
			     : *at == 'R' ? (u32)(model_cpu[1].root >> PAGE_SHIFT) - FIRST_ROOT
					  : *variable(*at);
		const char *value = strchr(at, '=') + 1;

		if (is_now != digit(*value, 10))
			return false;
		at = value + 1;
	}
	return true;
}

u64 program_outcome(void)
{
	u64 outcome = 0;

	for (unsigned i = 0; i < PROGRAM_REGISTERS; i++)
		outcome = outcome << 4 | (reg[i] & 15);
	for (unsigned i = 0; i < PROGRAM_VARIABLES; i++)
		outcome = outcome << 4 | (*variable(variables[i]) & 15);
	return outcome;
}
