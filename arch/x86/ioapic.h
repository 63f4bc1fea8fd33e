/* SPDX-License-Identifier: MIT */
/* The I/O APICs (82093AA data sheet). The kernel uses none, so every input left on by the firmware
 * is switched off. */
#pragma once

#include "boot/boot_info.h"

/* Masks every input of the I/O APICs in the firmware's tables. Prints nothing. Call once, on the
 * boot CPU, after smp_discover() and before bootmem_finish(). */
void x86_ioapic_init(const struct boot_info *boot);
/* Prints a warning for each input that was on. */
void x86_ioapic_print(void);
