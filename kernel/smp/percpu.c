/* SPDX-License-Identifier: MIT */
/* The CPUs' own data, and the mask of the running CPUs. */
#include "kernel/smp/percpu.h"

struct cpu cpus[MAX_CPUS];
cpumask_t cpus_online;
