/* SPDX-License-Identifier: MIT */
/* Barriers: each is a call, which an exploration obeys and a unit test counts. */
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
