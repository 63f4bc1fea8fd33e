/* SPDX-License-Identifier: MIT */
/*
 * Each barrier is a call. An exploration obeys it, and a unit test counts it.
 *
 * A full barrier waits for stores on their way, so it is a step if there are any. Any barrier is a
 * step if it changes something (ends a run of stores, puts older values out of sight) while an
 * interrupt may come, because the handler's own accesses come before it or after it. An acquire or
 * a release is no step besides its access.
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

/*
 * An acquire load comes before all later accesses, and a release store comes after all earlier
 * ones.
 */
#define smp_load_acquire(p) ((__typeof__(*(p)))model_read((p), sizeof(*(p)), MODEL_ACQUIRE))
#define smp_store_release(p, value)                                                                \
	model_write((p), sizeof(*(p)), (u64)(__typeof__(*(p)))(value), MODEL_RELEASE)

/* Called in every spin. Other CPUs run here (model_relax_hook), or the spin would never end. */
void cpu_relax(void);
