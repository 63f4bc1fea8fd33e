/* SPDX-License-Identifier: MIT */
/*
 * Barriers: each is a call, which an exploration obeys and a unit test counts.
 *
 * A full barrier is a step if stores are on their way, as it waits for them. Any barrier is one if
 * it changes something (ends a run of stores, puts older values out of sight) while an interrupt
 * may come: the handler's own accesses come before it or after it. An acquire or a release is its
 * access.
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
#define smp_load_acquire(p) ((__typeof__(*(p)))model_read((p), sizeof(*(p)), MODEL_ACQUIRE))
#define smp_store_release(p, value)                                                                \
	model_write((p), sizeof(*(p)), (u64)(__typeof__(*(p)))(value), MODEL_RELEASE)

/* In every spin: other CPUs run (model_relax_hook), or the spin would never end. */
void cpu_relax(void);
