/* SPDX-License-Identifier: MIT */
/*
 * Inter-processor interrupts: fixed delivery, one edge-triggered vector each; the nowait one is an
 * NMI. A send is a store to the (uncached) local APIC, so it is ordered after the sender's older
 * stores. x2APIC's WRMSR is not (SDM vol. 3, 11.12.3), which is why callers put smp_mb() before it.
 */
#pragma once

#include "arch/asm-generic/ipi.h"
