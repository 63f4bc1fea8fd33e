/* SPDX-License-Identifier: MIT */
/*
 * A place to sleep for a CPU that the kernel does not use, for instance one that no firmware table
 * lists and that answers a start-up signal anyway.
 */
#pragma once

#include "kernel/compiler.h"

/*
 * Any CPU, from C by a call or from assembly by a jump. Wants 32-bit protected mode, paging on with
 * KERNEL_BASE mapped as in boot_pgd, and a flat code segment at SEL_KERNEL_CODE in the GDT that is
 * loaded. Needs neither a stack nor %fs; loads an IDT and a GDT of its own, which stay.
 *
 * Interrupts are off for good. Each vector of that IDT leads to x86_park() again, so a parked CPU
 * survives an NMI, which nothing can mask, and one machine check. The way back is a jump and not an
 * IRET, so the CPU keeps further NMIs blocked from the first one on (SDM vol. 3, 6.7.1). That is
 * wanted: one is held pending forever, and none can wake the CPU again. INIT and a start-up signal
 * still work.
 */
_Noreturn void x86_park(void);

/*
 * For LIDT and LGDT: the tables of parked CPUs. A CPU on its way into the kernel loads the GDT as
 * soon as paging is on, and with it another IDT, until it has its own %fs and stack:
 * x86_arrival_idt, where every exception parks it and an NMI is ignored.
 */
extern const u8 x86_park_idtr[], x86_park_gdtr[], x86_arrival_idtr[];
/* Does nothing but return, from an NMI (trampoline.S). */
void x86_arrival_nmi(void);
/* The top of the stack that parked CPUs share. */
extern const u8 x86_park_stack_top[];
