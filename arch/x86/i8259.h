/* SPDX-License-Identifier: MIT */
/*
 * The PC's two legacy interrupt controllers (8259A data sheet). The kernel uses none of their
 * lines. But if a line goes away before the CPU acknowledges it, the controller sends its vector 7
 * for nothing, masked or not. A BIOS has this vector at 0x0f, among the exceptions.
 */
#pragma once

#include "kernel/compiler.h"

/* Sets vectors VECTOR_I8259 to VECTOR_I8259 + 15 and masks all lines. Call once, on the boot
 * CPU. */
void i8259_init(void);
/* Ends the interrupt if it is real. Call on any CPU for one of these vectors that did not come from
 * the local APIC. */
void i8259_ack(unsigned vector);
