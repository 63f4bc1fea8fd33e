/* SPDX-License-Identifier: MIT */
/* Prints the words of the trap screen. */
#include "arch/asm-generic/print_code.h"
#include "arch/x86/cpu.h"
#include "arch/x86/entry.h"
#include "arch/x86/features.h"
#include "arch/x86/image.h"
#include "arch/x86/msr.h"
#include "kernel/printk.h"
#include <asm/io.h>
#include <asm/smp.h>
#include <asm/trap.h>

#define NMI_STATUS_PORT 0x61
#define NMI_SERR	BIT(7)
#define NMI_IOCHK	BIT(6)

/* SDM vol. 3, 15.3.1 and 15.3.2. */
#define MCG_BANKS      0xff
#define MSR_MC0_STATUS 0x401
#define MSR_MC0_ADDR   0x402
#define MC_VALID       ((u64)1 << 63)
#define MC_ADDRESS     ((u64)1 << 58)

/* SDM vol. 3, table 6-1. */
static const char *const names[NR_EXCEPTIONS] = {
	"#DE divide error",
	"#DB debug",
	"NMI",
	"#BP breakpoint",
	"#OF overflow",
	"#BR bound range exceeded",
	"#UD invalid opcode",
	"#NM no math coprocessor",
	"#DF double fault",
	"coprocessor segment overrun",
	"#TS invalid TSS",
	"#NP segment not present",
	"#SS stack segment fault",
	"#GP general protection",
	"#PF page fault",
	"reserved",
	"#MF math fault",
	"#AC alignment check",
	"#MC machine check",
	"#XM SIMD exception",
	"#VE virtualization",
	"#CP control protection",
};

const char *trap_name(const struct trap_frame *frame)
{
	if (frame->vector < NR_EXCEPTIONS && names[frame->vector])
		return names[frame->vector];
	return frame->vector == VECTOR_USER_CALL ? "user call" : "unknown";
}

/* Prints the chipset's reason, in two of the bits of port 0x61, as since the AT. */
static void print_nmi_reason(void)
{
	u8 port = inb(NMI_STATUS_PORT);

	printk("# port 0x61=%#x: %s%s%s\n", port, port & NMI_SERR ? "memory parity or SERR# " : "",
	       port & NMI_IOCHK ? "IOCHK# " : "",
	       port & (NMI_SERR | NMI_IOCHK) ? "" : "not from the chipset");
}

/* Prints the banks with a valid status (SDM vol. 3, 15.3.2). */
static void print_machine_check(void)
{
	u32 banks = x86_features.mca ? (u32)msr_read(MSR_MCG_CAP) & MCG_BANKS : 0;

	if (!x86_features.mca)
		printk("# this CPU has no machine check banks\n");
	for (u32 i = 0; i < banks; i++) {
		u64 status = msr_read(MSR_MC0_STATUS + 4 * i);

		if (status & MC_VALID)
			printk("# machine check bank %u: status=%#llx address=%#llx\n", i,
			       (unsigned long long)status,
			       status & MC_ADDRESS
				       ? (unsigned long long)msr_read(MSR_MC0_ADDR + 4 * i)
				       : 0);
	}
}

/* The page fault that found no stack left its address in CR2. */
static void print_overflow(void)
{
	const struct x86_cpu *c = x86_this_cpu();

	if (read_cr2() - (c->bottom - GUARD_SIZE) < GUARD_SIZE)
		printk("# stack overflow: a push at %#lx, below the stack of %u bytes of CPU %u\n",
		       read_cr2(), STACK_SIZE, cpu_id());
}

static void print_cause(const struct trap_frame *frame)
{
	u32 cause = frame->error;

	if (frame->vector == VECTOR_NMI) {
		print_nmi_reason();
		return;
	}
	if (frame->vector == VECTOR_MC) {
		print_machine_check();
		return;
	}
	if (frame->vector == VECTOR_DF)
		print_overflow();
	if (frame->vector != VECTOR_PF) {
		printk("# error=%#x\n", cause);
		return;
	}
	printk("# error=%#x: %s of %#lx in %s mode, %s%s\n", cause,
	       cause & FAULT_EXEC    ? "fetch"
	       : cause & FAULT_WRITE ? "store"
				     : "load",
	       trap_fault(frame).address, cause & FAULT_USER ? "user" : "kernel",
	       cause & FAULT_PROTECTION ? "protection" : "not present",
	       cause & FAULT_RESERVED ? ", reserved bit set" : "");
}

static void print_control(void)
{
	u32 cr0, cr2, cr3, cr4;

	__asm__ __volatile__("movl %%cr0,%0; movl %%cr2,%1; movl %%cr3,%2; movl %%cr4,%3"
			     : "=r"(cr0), "=r"(cr2), "=r"(cr3), "=r"(cr4));
	printk("# cr0=%08x cr2=%08x cr3=%08x cr4=%08x\n", cr0, cr2, cr3, cr4);
}

void trap_print(const struct trap_frame *frame)
{
	bool user = trap_from_user(frame);

	/* PUSHA stored the stack pointer as it was before PUSHA. */
	u32 esp = user ? frame->user_esp : frame->esp_dummy + FRAME_POPPED;

	printk("# trap %u %s, %s mode\n", frame->vector, trap_name(frame),
	       user ? "user" : "kernel");
	print_cause(frame);
	printk("# eip=%08x eflags=%08x cs=%04x ds=%04x es=%04x fs=%04x\n", frame->eip,
	       frame->eflags, frame->cs & 0xffff, frame->ds & 0xffff, frame->es & 0xffff,
	       frame->fs & 0xffff);
	printk("# eax=%08x ebx=%08x ecx=%08x edx=%08x\n", frame->eax, frame->ebx, frame->ecx,
	       frame->edx);
	printk("# esi=%08x edi=%08x ebp=%08x esp=%08x\n", frame->esi, frame->edi, frame->ebp, esp);
	print_control();
	print_code(frame->eip);
}
