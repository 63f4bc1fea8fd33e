/* SPDX-License-Identifier: MIT */
/* The parts of a CPU needed by printk(), which are interrupts, atomics, barriers and time. */
#include "arch/template/write_me.h"
#include <asm/atomic.h>
#include <asm/barrier.h>
#include <asm/clock.h>
#include <asm/irq.h>

WRITE_ME(u32, irq_flags, (void))
WRITE_ME(void, irq_disable, (void))
WRITE_ME(void, irq_enable, (void))
WRITE_ME(u32, irq_save, (void))
WRITE_ME(void, cpu_idle, (void))

WRITE_ME(u32, atomic_xchg, (u32 *p, u32 value))
WRITE_ME(u32, atomic_cmpxchg, (u32 *p, u32 expected, u32 value))
WRITE_ME(u32, atomic_fetch_add, (u32 *p, u32 value))
WRITE_ME(void, atomic_or, (u32 *p, u32 bits))
WRITE_ME(void, atomic_and, (u32 *p, u32 bits))

WRITE_ME(void, smp_mb, (void))
WRITE_ME(void, smp_rmb, (void))
WRITE_ME(void, smp_wmb, (void))
WRITE_ME(void, cpu_relax, (void))

WRITE_ME(void, clock_init, (void))
WRITE_ME(u64, clock_ns, (void))
WRITE_ME(u64, clock_cycles, (void))
WRITE_ME(u32, clock_cycles_per_us, (void))
WRITE_ME(void, delay_us, (u32 us))
