/* SPDX-License-Identifier: MIT */
#pragma once

#include "boot/boot_info.h"

/* Finds the CPUs and takes memory for their start from boot memory. Prints nothing, because
 * smp_enumerate() does. */
void smp_discover(const struct boot_info *boot);

/* The stacks of CPUs 1 to smp_count() - 1, for trampoline.S. */
extern u32 ap_stack_top[MAX_CPUS];
/* Returns the number of this CPU, found by the id in its own local APIC, or 0 if it is none of
 * ours. CPUID leaf 1 has the id of the reset, and firmware may have given the APIC another one
 * since, so it will not do. Called by trampoline.S for one CPU at a time, on a shared stack, with
 * paging on by the boot tables. On return the kernel's own tables are loaded. */
u32 x86_ap_identify(void);
_Noreturn void x86_ap_start(u32 cpu);

/* The code of trampoline.S to copy below 1 MiB, and the fields to patch in it. */
extern const u8 ap_trampoline[], ap_trampoline_end[];
extern const u8 ap_trampoline_gdt_base[], ap_trampoline_idt_base[], ap_trampoline_target[];
extern const u8 ap_trampoline_idt[], ap_trampoline_nmi32[];
