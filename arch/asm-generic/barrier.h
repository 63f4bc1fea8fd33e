/* SPDX-License-Identifier: MIT */
/*
 * Barriers of a port on which a load may overtake an older store, and nothing else is reordered
 * (CAP_STORE_ORDERED): they only tell the compiler. The port adds smp_mb() and cpu_relax().
 */
#pragma once

#include "kernel/compiler.h"

#define smp_rmb() barrier()
#define smp_wmb() barrier()

/* Acquire load, release store: one access, ordered against what follows, what precedes. */
#define smp_load_acquire(p)                                                                        \
	({                                                                                         \
		__typeof__(*(p)) loaded_ = READ_ONCE(*(p));                                        \
		barrier();                                                                         \
		loaded_;                                                                           \
	})
#define smp_store_release(p, value)                                                                \
	do {                                                                                       \
		barrier();                                                                         \
		WRITE_ONCE(*(p), (value));                                                         \
	} while (0)
