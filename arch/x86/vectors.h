/* SPDX-License-Identifier: MIT */
/* Tells exceptions from interrupts by their vectors. Pure code, tested in
 * tests/self/unit/test_apic.c. */
#pragma once

#include "arch/x86/asm_defs.h"
#include "kernel/compiler.h"

/* No CPU has an exception 15, 22-27 or 31 (SDM vol. 3, table 6-1, and APM vol. 2, 8.2, which has
 * 28). */
#define NO_EXCEPTIONS ((1u << 15) | (0x3fu << 22) | (1u << 31))

enum vector_kind {
	VECTOR_EXCEPTION, /* or the program's own INT */
	VECTOR_INTERRUPT,
	VECTOR_EITHER, /* an interrupt if it is in service in the local APIC */
};

/*
 * An interrupt may have the vector of an exception. Firmware may use any vector from 16 on, and an
 * 8259A any at all. An interrupt has no error code. If the exception with its vector has one, the
 * frame would be wrong and there would be no way back. So such a vector always counts as the
 * exception.
 */
static inline enum vector_kind vector_kind(unsigned vector)
{
	if (vector >= NR_EXCEPTIONS)
		return vector == VECTOR_USER_CALL ? VECTOR_EITHER : VECTOR_INTERRUPT;
	if (vector == VECTOR_NMI || ERROR_CODES & BIT(vector))
		return VECTOR_EXCEPTION;
	return NO_EXCEPTIONS & BIT(vector) ? VECTOR_INTERRUPT : VECTOR_EITHER;
}
