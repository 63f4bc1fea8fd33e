/* SPDX-License-Identifier: MIT */
/* Barriers stand in the log. */
#pragma once

#include "arch/mips/include/asm/barrier.h"

void host_barrier(const char *name);
extern unsigned host_relaxes;

#undef smp_mb
#undef smp_rmb
#undef smp_wmb
#undef smp_load_acquire
#undef smp_store_release
#define cpu_relax() (host_relaxes++) /* too often for the log */
#define smp_mb()    host_barrier("sync")
#define smp_rmb()   host_barrier("rmb")
#define smp_wmb()   host_barrier("wmb")
#define smp_load_acquire(p)                                                                        \
	({                                                                                         \
		__typeof__(*(p)) loaded_ = READ_ONCE(*(p));                                        \
		host_barrier("acquire");                                                           \
		loaded_;                                                                           \
	})
#define smp_store_release(p, value)                                                                \
	do {                                                                                       \
		host_barrier("release");                                                           \
		WRITE_ONCE(*(p), (value));                                                         \
	} while (0)
