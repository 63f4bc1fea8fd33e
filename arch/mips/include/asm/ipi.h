/* SPDX-License-Identifier: MIT */
/*
 * Inter-processor interrupts: one edge-triggered GIC source for each CPU and kind, routed to a CPU
 * interrupt of its own. A send is an uncached store, which cached ones may be behind: hence the
 * callers' smp_mb().
 */
#pragma once

#include "arch/asm-generic/ipi.h"
