/* SPDX-License-Identifier: MIT */
/* Barriers. All of them are compiler barriers too. */
#pragma once

#include "kernel/compiler.h"

/* Order all accesses before them with all after them, loads with loads, and stores with stores. */
void smp_mb(void);
void smp_rmb(void);
void smp_wmb(void);

/* An acquire load comes before all later accesses, and a release store comes after all earlier
 * ones. A full barrier always serves. If the CPU has a lighter one, take that. */
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

/* Called in every spin. Tells the core, or the emulator, that this CPU only waits. */
void cpu_relax(void);
