/* SPDX-License-Identifier: MIT */
/* Raises traps on purpose for fault.trap=. */
#include "arch/s390x/cpu.h"
#include <asm/sigp.h>
#include <asm/irq.h>
#include <asm/page.h>
#include <asm/trap.h>

/* Above the windows, and never mapped. */
#define UNMAPPED (2 * KERNEL_WINDOWS)

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
	__asm__ __volatile__(".irp n,0,1,2,3,4,5,6,7,8,9,10\n"
			     "	llilf %%r\\n, 0x7e570000 + \\n\n"
			     ".endr\n"
			     "	.short 0" ::
				     : "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
}

static void load(vaddr_t at)
{
	__asm__ __volatile__("lg %%r0,0(%0)" ::"a"(at) : "0", "memory");
}

static void raise_pf(void)
{
	load(UNMAPPED);
}

/* Loads from beyond the end of the kernel's top-level table. */
static void raise_asce(void)
{
	load(~0ul << 43);
}

static void raise_null(void)
{
	__asm__ __volatile__("lghi %%r1,0; stg %%r1,0(%%r1)" ::: "1", "memory");
}

static void raise_de(void)
{
	__asm__ __volatile__("lghi %%r0,0; lghi %%r1,1; lghi %%r2,0; dlgr %%r0,%%r2" ::
				     : "0", "1", "2", "cc");
}

static void raise_svc(void)
{
	__asm__ __volatile__("svc 1");
}

static void raise_new_psw(enum trap_class class)
{
	load_psw(this_lowcore()->new[class]);
}

/* Nothing on the machine makes one, so the handler is entered as if there were one. */
static void raise_mc(void)
{
	write_control(0, read_control(0) & ~CR0_LOW_PROTECTION);
	this_lowcore()->old[CLASS_MACHINE_CHECK] = (struct psw){PSW_KERNEL, (vaddr_t)raise_mc};
	raise_new_psw(CLASS_MACHINE_CHECK);
}

static void raise_restart(void)
{
	u32 status;

	sigp(this_lowcore()->hw_id, SIGP_RESTART, 0, &status);
}

/* Sends an external call, which nobody else sends. */
static void raise_irq(void)
{
	u32 status;

	write_control(0, read_control(0) | CR0_EXTERNAL_CALL);
	sigp(this_lowcore()->hw_id, SIGP_EXTERNAL_CALL, 0, &status);
	irq_enable();
}

static void raise_stack(void)
{
	overflow(STACK_SIZE);
}

/* Acts as an overrun that came to the last word of the stack and no further. */
static void raise_canary(void)
{
	*(volatile u64 *)this_lowcore()->stack = 0;
}

const struct planted_trap planted_traps[] = {
	{"ud", raise_ud},	{"pf", raise_pf},	    {"asce", raise_asce},
	{"null", raise_null},	{"de", raise_de},	    {"svc", raise_svc},
	{"mc", raise_mc},	{"restart", raise_restart}, {"irq", raise_irq},
	{"stack", raise_stack}, {"canary", raise_canary},   {NULL, NULL},
};
