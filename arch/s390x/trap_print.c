/* SPDX-License-Identifier: MIT */
/* Prints the words of the trap screen. */
#include "arch/asm-generic/print_code.h"
#include "arch/s390x/cpu.h"
#include "arch/s390x/image.h"
#include "arch/s390x/trap.h"
#include "kernel/printk.h"
#include <asm/smp.h>

static const char *const class_names[NR_CLASSES] = {
	[CLASS_RESTART] = "restart",
	[CLASS_EXTERNAL] = "external",
	[CLASS_SVC] = "supervisor call",
	[CLASS_PROGRAM] = "program check",
	[CLASS_MACHINE_CHECK] = "machine check",
	[CLASS_IO] = "I/O",
};

static const char *const names[NR_PROGRAMS] = {
	[0x01] = "operation",
	[0x02] = "privileged operation",
	[0x03] = "execute",
	[0x04] = "protection",
	[0x05] = "addressing",
	[0x06] = "specification",
	[0x07] = "data",
	[0x08] = "fixed-point overflow",
	[0x09] = "fixed-point divide",
	[0x10] = "segment translation",
	[0x11] = "page translation",
	[0x12] = "translation specification",
	[0x13] = "special operation",
	[0x15] = "operand",
	[0x38] = "ASCE type",
	[0x39] = "region-first translation",
	[0x3a] = "region-second translation",
	[0x3b] = "region-third translation",
};

static const char *const spaces[] = {"primary", "access register", "secondary", "home"};

const char *trap_name(const struct trap_frame *frame)
{
	unsigned code = program_code(frame);

	if (frame->class != CLASS_PROGRAM)
		return frame->class < NR_CLASSES ? class_names[frame->class] : "unknown";
	return code < NR_PROGRAMS && names[code] ? names[code] : "unknown program check";
}

/* The page translation that found no stack left its address. */
static void print_overflow(const struct fault *fault)
{
	const struct lowcore *c = this_lowcore();

	if (fault->address == c->stack - GUARD_SIZE)
		printk("# stack overflow: an access at %#lx, below the stack of %u bytes of CPU %u\n",
		       fault->address, STACK_SIZE, cpu_id());
}

static void print_cause(const struct trap_frame *frame)
{
	struct fault fault;

	if (frame->class == CLASS_MACHINE_CHECK)
		printk("# machine check code=%#llx\n", (unsigned long long)frame->machine_check);
	if (frame->class != CLASS_PROGRAM)
		return;
	printk("# program interruption code=%#x length=%u\n", frame->program,
	       frame->program_length);
	if (trap_kind(frame) != TRAP_PAGE_FAULT)
		return;
	fault = trap_fault(frame);
	printk("# identification=%#llx: %s of the page at %#lx, %s space\n",
	       (unsigned long long)frame->translation,
	       fault.cause & FAULT_EXEC	   ? "fetch"
	       : fault.cause & FAULT_WRITE ? "store"
					   : "load",
	       fault.address, spaces[frame->translation & 3]);
	print_overflow(&fault);
}

static void print_registers(const struct trap_frame *frame)
{
	for (unsigned n = 0; n < 16; n += 4)
		printk("# r%u=%016llx r%u=%016llx r%u=%016llx r%u=%016llx\n", n,
		       (unsigned long long)frame->gpr[n], n + 1,
		       (unsigned long long)frame->gpr[n + 1], n + 2,
		       (unsigned long long)frame->gpr[n + 2], n + 3,
		       (unsigned long long)frame->gpr[n + 3]);
}

void trap_print(const struct trap_frame *frame)
{
	bool user = trap_from_user(frame);

	printk("# %s: %s, %s mode\n", class_names[frame->class], trap_name(frame),
	       user ? "user" : "kernel");
	print_cause(frame);
	printk("# psw=%016llx %016llx\n", (unsigned long long)frame->mask,
	       (unsigned long long)frame->address);
	print_registers(frame);
	printk("# cr0=%016llx cr1=%016llx cr7=%016llx cr13=%016llx\n",
	       (unsigned long long)read_control(0), (unsigned long long)read_control(1),
	       (unsigned long long)read_control(7), (unsigned long long)read_control(13));
	print_code(trap_pc(frame));
}
