/* SPDX-License-Identifier: MIT */
#pragma once

#include "boot/boot_info.h"

/* Finds the CPUs and takes what their start needs from boot memory. Prints nothing: smp_enumerate()
 * tells. */
void smp_discover(const struct boot_info *boot);

/* trampoline.S: stacks of CPUs 1 to smp_count() - 1. */
extern u32 ap_stack_top[MAX_CPUS];
/* Who this CPU is, by the id in its own local APIC; 0: none of ours. CPUID leaf 1 will not do, as
 * it has the id of the reset, and firmware may have given the APIC another one since. From
 * trampoline.S, one CPU at a time, on a stack that they share, with paging on by the boot tables.
 * The kernel's own are loaded on return. */
u32 x86_ap_identify(void);
_Noreturn void x86_ap_start(u32 cpu);

/* trampoline.S: the code that is copied below 1 MiB, and what is to be patched in it. */
extern const u8 ap_trampoline[], ap_trampoline_end[];
extern const u8 ap_trampoline_gdt_base[], ap_trampoline_idt_base[], ap_trampoline_target[];
extern const u8 ap_trampoline_idt[], ap_trampoline_nmi32[];
