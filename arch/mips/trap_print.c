/* SPDX-License-Identifier: MIT */
/* The words of the trap screen. */
#include "arch/mips/cpu.h"
#include "arch/mips/entry.h"
#include "arch/mips/image.h"
#include "kernel/printk.h"
#include <asm/cp0.h>
#include <asm/smp.h>
#include <asm/trap.h>

#define SP 29

/* MIPS32 volume III, table of Cause.ExcCode. */
static const char *const names[NR_EXC] = {
	[EXC_INTERRUPT] = "Int interrupt",
	[EXC_MODIFIED] = "Mod TLB modified",
	[EXC_TLB_LOAD] = "TLBL TLB load",
	[EXC_TLB_STORE] = "TLBS TLB store",
	[EXC_ADDRESS_LOAD] = "AdEL address error, load or fetch",
	[EXC_ADDRESS_STORE] = "AdES address error, store",
	[EXC_BUS_FETCH] = "IBE bus error, fetch",
	[EXC_BUS_DATA] = "DBE bus error, data",
	[EXC_SYSCALL] = "Sys system call",
	[9] = "Bp breakpoint",
	[10] = "RI reserved instruction",
	[11] = "CpU coprocessor unusable",
	[12] = "Ov overflow",
	[13] = "Tr trap",
	[EXC_NO_READ] = "TLBRI read inhibit",
	[EXC_NO_EXEC] = "TLBXI execute inhibit",
	[EXC_MACHINE_CHECK] = "MCheck machine check",
	[30] = "CacheErr cache error",
};

static const char *const register_names[32] = {
	"zero", "at", "v0", "v1", "a0", "a1", "a2", "a3", "t0", "t1", "t2",
	"t3",	"t4", "t5", "t6", "t7", "s0", "s1", "s2", "s3", "s4", "s5",
	"s6",	"s7", "t8", "t9", "k0", "k1", "gp", "sp", "fp", "ra",
};

const char *trap_name(const struct trap_frame *frame)
{
	const char *name = names[frame->cause >> 2 & (NR_EXC - 1)];

	return name ? name : "unknown";
}

static void print_cause(const struct trap_frame *frame)
{
	const struct mips_cpu *c = mips_this_cpu();
	struct fault fault;

	if (frame->reg[SP] < c->bottom + STACK_MARGIN && frame->reg[SP] > c->bottom - STACK_SIZE &&
	    !trap_from_user(frame))
		printk("# stack overflow: sp=%#x, the stack of %u bytes of CPU %u begins at %#lx\n",
		       frame->reg[SP], STACK_SIZE, cpu_id(), c->bottom);
	if (trap_kind(frame) != TRAP_PAGE_FAULT)
		return;
	fault = trap_fault(frame);
	printk("# %s of %#lx in %s mode, %s%s\n",
	       fault.cause & FAULT_EXEC	   ? "fetch"
	       : fault.cause & FAULT_WRITE ? "store"
					   : "load",
	       fault.address, fault.cause & FAULT_USER ? "user" : "kernel",
	       fault.cause & FAULT_PROTECTION ? "protection" : "not present",
	       fault.cause & FAULT_RESERVED ? ", no such physical address" : "");
}

static void print_registers(const struct trap_frame *frame)
{
	for (unsigned i = 0; i < 32; i += 4)
		printk("# %4s=%08x %4s=%08x %4s=%08x %4s=%08x\n", register_names[i],
		       i ? frame->reg[i] : 0, register_names[i + 1], frame->reg[i + 1],
		       register_names[i + 2], frame->reg[i + 2], register_names[i + 3],
		       frame->reg[i + 3]);
}

/* Prints only the kernel's text, because a read of anything else might trap again. */
static void print_code(vaddr_t pc)
{
	const u32 *p = (const u32 *)pc;

	if (pc % 4 || pc < (vaddr_t)__text_start || pc + 16 > (vaddr_t)__text_end)
		return;
	printk("# code: %08x %08x %08x %08x\n", p[0], p[1], p[2], p[3]);
}

void trap_print(const struct trap_frame *frame)
{
	bool user = trap_from_user(frame);

	printk("# trap %u %s, %s mode\n", frame->cause >> 2 & (NR_EXC - 1), trap_name(frame),
	       user ? "user" : "kernel");
	print_cause(frame);
	printk("# epc=%08x status=%08x cause=%08x badvaddr=%08x entryhi=%08x\n", frame->epc,
	       frame->status, frame->cause, frame->badvaddr, cp0_entryhi());
	print_registers(frame);
	printk("#   hi=%08x   lo=%08x\n", frame->hi, frame->lo);
	print_code(frame->epc);
}
