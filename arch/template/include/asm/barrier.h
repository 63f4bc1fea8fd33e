/* SPDX-License-Identifier: MIT */
/* Barriers. All of them are compiler barriers too. */
#pragma once

#include "kernel/compiler.h"

/* Orders all accesses before it with all after it; loads with loads; stores with stores. */
void smp_mb(void);
void smp_rmb(void);
void smp_wmb(void);

/* Acquire load, release store: one access, ordered against what follows, what precedes. A full
 * barrier always serves; where the CPU has a lighter one, take that. */
#define smp_load_acquire(p)                                                                        \
	({                                                                                         \
		__typeof__(*(p)) loaded_ = READ_ONCE(*(p));                                        \
		smp_mb();                                                                          \
		loaded_;                                                                           \
	})
#define smp_store_release(p, value)                                                                \
	do {                                                                                       \
		smp_mb();                                                                          \
		WRITE_ONCE(*(p), (value));                                                         \
	} while (0)

/* In every spin: tells the core, or the emulator, that this CPU only waits. */
void cpu_relax(void);
