/* SPDX-License-Identifier: MIT */
/*
 * The s390x port's C on the host, with the real headers. Each instruction, and each call that
 * leaves the tested file, is recorded as a line of text. A test includes this and then the file. It
 * compares the record as a whole, so no extra line and no other order goes unseen.
 */
#pragma once

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch/s390x/cpu.h"
#include "arch/s390x/instructions.h"
#include "kernel/printk.h"
#include "tests/self/unit/tap.h"
#include <asm/atomic.h>
#include <asm/barrier.h>
#include <asm/clock.h>
#include <asm/irq.h>
#include <asm/page.h>
#include <asm/pgtable.h>
#include <asm/sigp.h>
#include <asm/smp.h>
#include <asm/tlb.h>

/* Adds to the record. */
void record(const char *format, ...) __printf(1, 2);
/* Returns true if the record is `expected`, with any number of blanks for a newline. Empties it. */
bool recorded(const char *expected);
void record_clear(void);
#define EXPECT(expected, ...) CHECK(recorded(expected), __VA_ARGS__)

/* A function that never returns (panic(), load_psw()) comes back here, with true. */
extern jmp_buf fake_end;
#define ENDS(call) (setjmp(fake_end) ? true : ((call), false))
_Noreturn void fake_stop(void);

/* The machine, set by the test and changed by the instructions. */
struct fake {
	u64 clock, tick;       /* the TOD clock, and its advance at each look */
	u64 control[16];       /* control registers */
	bool irqs;	       /* set while external interruptions are on */
	unsigned cpu;	       /* cpu_id() */
	u16 address;	       /* STAP */
	u64 facilities[4];     /* STFLE */
	void (*on_irqs)(void); /* called when interruptions go on */
	enum sigp_answer (*on_sigp)(u32 hw_id, enum sigp_order order, u64 parameter, u32 *status);
	int (*on_servc)(u32 command, void *sccb);
};
extern struct fake fake;
extern struct lowcore fake_lowcore; /* at real address 0 */
/* Resets everything to the start of a program. */
void fake_reset(void);

u64 fake_stckf(void);
void fake_stfle(u64 *list, unsigned n);
u64 fake_read_control(unsigned n);
void fake_write_control(unsigned n, u64 value);
_Noreturn void fake_load_psw(struct psw psw);
enum sigp_answer fake_sigp_once(u32 hw_id, enum sigp_order order, u64 parameter, u32 *status);
int fake_servc(u32 command, void *sccb);
void fake_irq_disable(void);
void fake_irq_enable(void);
u32 fake_irq_save(void);
void fake_irq_restore(u32 flags);
void fake_atomic_or(u32 *p, u32 bits);
u32 fake_atomic_xchg(u32 *p, u32 value);

#define stckf	     fake_stckf
#define stfle	     fake_stfle
#define stap()	     (fake.address)
#define spx(prefix)  record("spx %#x", (u32)(prefix))
#define servc	     fake_servc
#define dat_on()     record("dat on")
#define idte_asce(a) record("idte asce %#lx", (unsigned long)(a))
#undef read_control
#define read_control(n) fake_read_control(n)
#undef write_control
#define write_control(n, value)	  fake_write_control((n), (value))
#define load_psw		  fake_load_psw
#define sigp_once		  fake_sigp_once
#define irq_disable		  fake_irq_disable
#define irq_enable		  fake_irq_enable
#define irq_save		  fake_irq_save
#define irq_restore		  fake_irq_restore
#define atomic_or		  fake_atomic_or
#define atomic_xchg		  fake_atomic_xchg
#define this_lowcore()		  (&fake_lowcore)
#define cpu_id()		  (fake.cpu)
#define cpu_relax()		  record("relax")
#define smp_mb()		  record("mb")
#define tlb_flush_all()		  record("ptlb")
#define end_translation_block()	  record("end block")
#define ptep_invalidate(ptep, va) (*(ptep) = PTE_NONE, record("ipte %#lx", (unsigned long)(va)))
