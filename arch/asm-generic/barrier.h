/* SPDX-License-Identifier: MIT */
/*
 * Barriers of a port that only lets a load overtake an older store (CAP_STORE_ORDERED), so they
 * only tell the compiler. The port adds smp_mb() and cpu_relax().
 */
#pragma once

#include "kernel/compiler.h"

#define smp_rmb() barrier()
#define smp_wmb() barrier()

/*
 * An acquire load comes before all later accesses, and a release store comes after all earlier
 * ones.
 */
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
