/* SPDX-License-Identifier: MIT */
/* The words of the trap screen, and traps on purpose. */
#include "arch/x86/entry.h"
#include "arch/x86/image.h"
#include "kernel/printk.h"
#include <asm/page.h>
#include <asm/trap.h>

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

static void print_cause(const struct trap_frame *frame)
{
	u32 cause = frame->error;

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

/* Of the kernel's text only: reading anything else might trap again. */
static void print_code(vaddr_t pc)
{
	const u8 *p = (const u8 *)pc;
	char line[3 * 16 + 1];
	unsigned n = 0;

	if (pc < (vaddr_t)__text_start || pc >= (vaddr_t)__text_end)
		return;
	for (unsigned i = 0; i < 16 && p + i < __text_end; i++)
		n += (unsigned)snprintk(line + n, sizeof(line) - n, " %02x", p[i]);
	printk("# code:%s\n", line);
}

void trap_print(const struct trap_frame *frame)
{
	bool user = trap_from_user(frame);

	/* PUSHA stored the stack pointer as it was before itself. */
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

/* Between the windows and whatever lies below: never mapped. */
#define UNMAPPED (KERNEL_WINDOWS - PAGE_SIZE)

const char trap_raise_names[] = "ud, pf, df, gp, de";

static bool is(const char *name, const char *other)
{
	return name[0] == other[0] && name[1] == other[1] && !name[2];
}

bool trap_raise(const char *name)
{
	if (!name[0] || !name[1])
		return false;
	if (is(name, "ud"))
		__asm__ __volatile__("ud2");
	else if (is(name, "pf"))
		__asm__ __volatile__("movl (%0),%%eax" ::"r"(UNMAPPED) : "eax");
	else if (is(name, "df")) /* no stack to push a page fault on */
		__asm__ __volatile__("movl %0,%%esp; pushl $0" ::"r"(UNMAPPED) : "memory");
	else if (is(name, "gp")) /* a selector beyond the table */
		__asm__ __volatile__("movl %0,%%es" ::"r"(0xfff8));
	else if (is(name, "de"))
		__asm__ __volatile__("divl %0" ::"r"(0), "a"(0), "d"(0) : "cc");
	else
		return false;
	return true;
}
