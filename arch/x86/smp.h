/* SPDX-License-Identifier: MIT */
#pragma once

#include "boot/boot_info.h"

/* Finds the CPUs and takes what their start needs from boot memory. Prints nothing: smp_enumerate()
 * tells. */
void smp_discover(const struct boot_info *boot);
/* Where ACPI's RSDP is, after smp_discover(); 0: nowhere. */
paddr_t smp_rsdp(void);
/* And the MP floating pointer structure, which is looked for only if ACPI lists no CPU; 0: nowhere.
 */
paddr_t smp_mptable(void);

/* trampoline.S: APIC ids and stacks of CPUs 0 to ap_slots - 1, and the CPUID leaf by which a CPU
 * knows its id. The boot CPU has no stack there. */
extern u32 ap_id[MAX_CPUS], ap_stack_top[MAX_CPUS], ap_slots, ap_id_leaf;
_Noreturn void x86_ap_start(u32 cpu);

/* trampoline.S: the code that is copied below 1 MiB, and what is to be patched in it. */
extern const u8 ap_trampoline[], ap_trampoline_end[];
extern const u8 ap_trampoline_gdt_base[], ap_trampoline_target[];
