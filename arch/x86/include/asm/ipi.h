/* SPDX-License-Identifier: MIT */
/*
 * Inter-processor interrupts with fixed delivery, one edge-triggered vector each. The nowait one is
 * an NMI. A send is a store to the (uncached) local APIC, so it is ordered after the sender's older
 * stores. x2APIC's WRMSR is not (SDM vol. 3, 11.12.3), so callers put smp_mb() before it.
 */
#pragma once

#include "arch/asm-generic/ipi.h"
