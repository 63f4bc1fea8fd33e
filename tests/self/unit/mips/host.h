/* SPDX-License-Identifier: MIT */
/*
 * The mips port's C on the host, with its own headers, over a CPU of the test's. The effects of the
 * code on the machine are a text, in order, and a test compares it as a whole:
 *
 *	mtc0 10.0=5	MTC0 (register.select=value in hexadecimal); mthc0 2=... the upper half
 *	tlbp tlbr tlbwi tlbwr tlbinvf
 *	sync rmb wmb acquire release wait
 *
 * The test's own fakes add words by host_note(). Words are separated by a space.
 */
#pragma once

#include <setjmp.h>

#include "arch/mips/cpu.h"
#include "kernel/hooks/guard.h"
#include "tests/self/unit/tap.h"

extern u32 host_cp0[32][8], host_cp0_high[32];
/* Called behind each TLB operation. May be NULL. */
extern void (*host_tlb)(const char *op);
extern void (*host_at_mtc0)(unsigned number);	  /* called before the register changes */
extern void (*host_at_barrier)(const char *name); /* called at each barrier */

/* Clears the log and the printed text. CP0 is 0, guards are on, $gp points to mips_cpus[cpu]. */
void host_reset(unsigned cpu);
void host_note(const char *format, ...) __printf(1, 2);
void host_forget(void); /* clears the log */
/* Returns true if the log since the last call is exactly this. Prints it if not. */
bool host_did(const char *expected);
/* The same for the text printed by printk(), panic() or refuse_machine(). */
bool host_said(const char *expected);

/* Maps physical memory [0, size) in KSEG0. */
void host_memory(size_t size);

/* True if the statement panics, refuses the machine, or stops the CPU. */
#define DIES(statement)                                                                            \
	({                                                                                         \
		volatile bool died_ = true;                                                        \
		if (!setjmp(host_death)) {                                                         \
			statement;                                                                 \
			died_ = false;                                                             \
		}                                                                                  \
		died_;                                                                             \
	})
extern jmp_buf host_death;

#define GUARD_OFF(name) (guard_off[GUARD_##name] = 1)
