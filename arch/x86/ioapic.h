/* SPDX-License-Identifier: MIT */
/* The I/O APICs (82093AA data sheet): the kernel uses none, so all that the firmware left on in
 * them is switched off. */
#pragma once

#include "boot/boot_info.h"

/* Boot CPU, once, after smp_discover() and before bootmem_finish(): masks every input of the I/O
 * APICs that the firmware's tables list. Prints nothing. */
void x86_ioapic_init(const struct boot_info *boot);
/* What was on, as warnings. */
void x86_ioapic_print(void);
