/* SPDX-License-Identifier: MIT */
/*
 * The PC's two legacy interrupt controllers (8259A data sheet). The kernel uses none of their
 * lines. But a controller whose line went away before the CPU acknowledged it sends its vector 7
 * for nothing, masked or not, and a BIOS has that at vector 0x0f, among the exceptions.
 */
#pragma once

#include "kernel/compiler.h"

/* Boot CPU, once: vectors VECTOR_I8259 to VECTOR_I8259 + 15, all lines masked. */
void i8259_init(void);
/* Any CPU: one of these vectors came, and not from the local APIC. Ends it if it is real. */
void i8259_ack(unsigned vector);
