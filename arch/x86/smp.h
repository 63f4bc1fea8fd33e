/* SPDX-License-Identifier: MIT */
#pragma once

#include "boot/boot_info.h"

/* Finds the CPUs and takes what their start needs from boot memory. Prints nothing: smp_enumerate()
 * tells. */
void smp_discover(const struct boot_info *boot);

/* trampoline.S: the stack of the CPU with that APIC id, 0 if none is kept for it. */
extern u32 ap_stack_top[256];
_Noreturn void x86_ap_start(u32 hw_id);

/* trampoline.S: the code that is copied below 1 MiB, and what is to be patched in it. */
extern const u8 ap_trampoline[], ap_trampoline_end[];
extern const u8 ap_trampoline_gdt_base[], ap_trampoline_target[];
