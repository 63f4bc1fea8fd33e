/* SPDX-License-Identifier: MIT */
/*
 * Barriers. The model runs one CPU at a time, so none has anything to do; each is a call all the
 * same, which counts it, so that a test sees where one stands and that its guard takes it away.
 */
#pragma once

#include "kernel/compiler.h"

enum model_barrier {
	MODEL_MB,
	MODEL_RMB,
	MODEL_WMB,
	NR_MODEL_BARRIERS
};

void model_barrier(enum model_barrier kind);

#define smp_mb()  model_barrier(MODEL_MB)
#define smp_rmb() model_barrier(MODEL_RMB)
#define smp_wmb() model_barrier(MODEL_WMB)

/* Acquire load, release store: one access, ordered against what follows, what precedes. */
#define smp_load_acquire(p)	    __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define smp_store_release(p, value) __atomic_store_n((p), (value), __ATOMIC_RELEASE)

/* In every spin: other CPUs run (model_relax_hook), or the spin would never end. */
void cpu_relax(void);
