/* SPDX-License-Identifier: MIT */
/* Traps on purpose, for fault.trap=. */
#include "arch/mips/cpu.h"
#include "arch/mips/tlb.h"
#include <asm/cp0.h>
#include <asm/irq.h>
#include <asm/page.h>
#include <asm/trap.h>

/* Behind the windows, and never mapped. */
#define UNMAPPED (KERNEL_WINDOWS + NR_WINDOWS * PAGE_SIZE)
/* Nothing answers there. */
#define NOWHERE ((paddr_t)0x2f00000000)

static void load(vaddr_t va)
{
	u32 value;

	__asm__ __volatile__("lw %0,0(%1)" : "=r"(value) : "r"(va));
}

/*
 * Opcode 0x3b is undefined. All registers get known values, so the screen can be compared with
 * them.
 */
static void raise_ud(void)
{
	__asm__ __volatile__(
		".set push\n.set noat\n"
		".irp n,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25\n"
		"	li $\\n, 0x7e570000 + \\n\n"
		".endr\n"
		"	mthi $5\n	mtlo $6\n"
		".set pop\n"
		"	.word 0xec000000" ::
			: "$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12",
			  "$13", "$14", "$15", "$16", "$17", "$18", "$19", "$20", "$21", "$22",
			  "$23", "$24", "$25", "hi", "lo");
}

static void raise_pf(void)
{
	load(UNMAPPED);
}

/* A misaligned access is an address error. */
static void raise_gp(void)
{
	load(KERNEL_BASE + 1);
}

static void raise_bus(void)
{
	load((vaddr_t)map_device(NOWHERE));
}

static void raise_bp(void)
{
	__asm__ __volatile__("break");
}

/* The first of the two interrupts raised by software, on a line that nothing uses. */
static void raise_irq(void)
{
	irq_set_status(irq_flags() | STATUS_IM(0));
	cp0_set_cause(cp0_cause() | BIT(8));
}

/* A trap, with a stack pointer a little below the stack. */
static void raise_stack(void)
{
	__asm__ __volatile__("move $29,%0; break" ::"r"(mips_this_cpu()->bottom - 64));
}

/* The overrun reached the last word of the stack and no further. */
static void raise_canary(void)
{
	*(volatile u32 *)mips_this_cpu()->bottom = 0;
}

const struct planted_trap planted_traps[] = {
	{"ud", raise_ud},	{"pf", raise_pf},	  {"gp", raise_gp},
	{"bus", raise_bus},	{"bp", raise_bp},	  {"irq", raise_irq},
	{"stack", raise_stack}, {"canary", raise_canary}, {NULL, NULL},
};
