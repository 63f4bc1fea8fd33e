/* SPDX-License-Identifier: MIT */
/* Raises traps on purpose for fault.trap=. */
#include "arch/x86/apic.h"
#include "arch/x86/cpu.h"
#include <asm/clock.h>
#include <asm/page.h>
#include <asm/trap.h>

/* Below the windows, and never mapped. */
#define UNMAPPED      (KERNEL_WINDOWS - PAGE_SIZE)
#define UNUSED_VECTOR 0x42u
#define STORM	      100u /* more than kernel/stray.h blames on the firmware */

static void self_ipi(u32 icr)
{
	apic_send(x86_this_cpu()->hw_id, icr | ICR_ASSERT);
	apic_delivered();
}

/* Ends at the unmapped page below the stack, long before `left` is 0. */
static __noinline u32 overflow(u32 left)
{
	volatile u32 frame[64];

	frame[left % ARRAY_SIZE(frame)] = left;
	return left ? overflow(left - 1) + frame[left % ARRAY_SIZE(frame)] : 0;
}

/* Gives each register a value of its own, so the screen's line of each can be compared. */
static void raise_ud(void)
{
	__asm__ __volatile__("movl $0xaaaa0001,%%eax\n\t"
			     "movl $0xbbbb0002,%%ebx\n\t"
			     "movl $0xcccc0003,%%ecx\n\t"
			     "movl $0xdddd0004,%%edx\n\t"
			     "movl $0x51510005,%%esi\n\t"
			     "movl $0xd1d10006,%%edi\n\t"
			     "ud2" ::
				     : "eax", "ebx", "ecx", "edx", "esi", "edi");
}

static void raise_pf(void)
{
	__asm__ __volatile__("movl (%0),%%eax" ::"r"(UNMAPPED) : "eax");
}

/* There is no stack to push a page fault on. */
static void raise_df(void)
{
	__asm__ __volatile__("movl %0,%%esp; pushl $0" ::"r"(UNMAPPED) : "memory");
}

/* Loads a selector beyond the table. */
static void raise_gp(void)
{
	__asm__ __volatile__("movl %0,%%es" ::"r"(0xfff8));
}

static void raise_de(void)
{
	__asm__ __volatile__("divl %0" ::"r"(0), "a"(0), "d"(0) : "cc");
}

static void raise_mc(void)
{
	__asm__ __volatile__("int %0" ::"i"(VECTOR_MC));
}

static void raise_nmi(void)
{
	self_ipi(ICR_NMI);
}

static void raise_irq(void)
{
	self_ipi(ICR_FIXED | UNUSED_VECTOR);
}

/* A moment passes after each, so it is taken before the next. */
static void raise_storm(void)
{
	for (unsigned i = 0; i < STORM; i++) {
		raise_irq();
		delay_us(20);
	}
}

/* Spurious interrupts are counted and not fatal. The second one comes only if the first one was
 * ended. */
static void raise_spurious(void)
{
	for (unsigned i = 0; i < 2; i++) {
		self_ipi(ICR_FIXED | VECTOR_SPURIOUS);
		delay_us(20);
	}
}

static void raise_stack(void)
{
	overflow(STACK_SIZE);
}

/* Acts as an overrun that came to the last word of the stack and no further. */
static void raise_canary(void)
{
	*(volatile u32 *)x86_this_cpu()->bottom = 0;
}

const struct planted_trap planted_traps[] = {
	{"ud", raise_ud},	{"pf", raise_pf},	  {"df", raise_df},
	{"gp", raise_gp},	{"de", raise_de},	  {"mc", raise_mc},
	{"nmi", raise_nmi},	{"irq", raise_irq},	  {"spurious", raise_spurious},
	{"stack", raise_stack}, {"canary", raise_canary}, {"storm", raise_storm},
	{NULL, NULL},
};
