/* SPDX-License-Identifier: MIT */
/*
 * A place to sleep for a CPU the kernel does not use. Such a CPU may answer a start-up signal
 * although no firmware table lists it.
 */
#pragma once

#include "kernel/compiler.h"

/*
 * Parks any CPU. Call it from C, or jump to it from assembly. Needs 32-bit protected mode, paging
 * on with KERNEL_BASE mapped as in boot_pgd, and a flat code segment at SEL_KERNEL_CODE in the
 * loaded GDT. Needs neither a stack nor %fs. Loads an IDT and a GDT of its own, and they stay.
 *
 * Interrupts are off for good. Each vector of that IDT leads to x86_park() again, so a parked CPU
 * survives an NMI, which nothing can mask, and one machine check. It goes back by a jump and not by
 * an IRET, so the CPU keeps further NMIs blocked from the first one on (SDM vol. 3, 6.7.1). We want
 * this, because one is held pending forever, and none can wake the CPU again. INIT and a start-up
 * signal still work.
 */
_Noreturn void x86_park(void);

/*
 * The tables of parked CPUs, for LIDT and LGDT. A CPU on its way into the kernel loads the GDT as
 * soon as paging is on. Until it has its own %fs and stack, it uses x86_arrival_idt, where every
 * exception parks it and an NMI is ignored.
 */
extern const u8 x86_park_idtr[], x86_park_gdtr[], x86_arrival_idtr[];
/* Only returns, from an NMI (trampoline.S). */
void x86_arrival_nmi(void);
/* The top of the stack of all parked CPUs. */
extern const u8 x86_park_stack_top[];
