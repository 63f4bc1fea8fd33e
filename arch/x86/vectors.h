/* SPDX-License-Identifier: MIT */
/* Which vectors are exceptions, and which interrupts. Pure: see tests/self/unit/test_apic.c. */
#pragma once

#include "arch/x86/asm_defs.h"
#include "kernel/compiler.h"

/* No exception of any CPU: 15, 22-27, 31 (SDM vol. 3, table 6-1; APM vol. 2, 8.2, which has 28). */
#define NO_EXCEPTIONS ((1u << 15) | (0x3fu << 22) | (1u << 31))

enum vector_kind {
	VECTOR_EXCEPTION, /* or the program's own INT */
	VECTOR_INTERRUPT,
	VECTOR_EITHER, /* an interrupt if the local APIC has it in service */
};

/*
 * An interrupt may have the vector of an exception. Firmware may use any vector from 16 on, and an
 * 8259A any at all. An interrupt has no error code, so where an exception has one the frame would
 * be wrong and cannot be returned to; there it is taken for the exception.
 */
static inline enum vector_kind vector_kind(unsigned vector)
{
	if (vector >= NR_EXCEPTIONS)
		return vector == VECTOR_USER_CALL ? VECTOR_EITHER : VECTOR_INTERRUPT;
	if (vector == VECTOR_NMI || ERROR_CODES & BIT(vector))
		return VECTOR_EXCEPTION;
	return NO_EXCEPTIONS & BIT(vector) ? VECTOR_INTERRUPT : VECTOR_EITHER;
}
