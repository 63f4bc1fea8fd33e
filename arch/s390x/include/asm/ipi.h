/* SPDX-License-Identifier: MIT */
/*
 * Inter-processor interrupts by SIGNAL PROCESSOR, emergency signal (Principles of Operation,
 * chapter 4). Before the signal, the sender posts its kind in a word of the target's.
 * IPI_SHOOTDOWN_NOWAIT is never sent, because flushes are broadcast.
 */
#pragma once

#include "arch/asm-generic/ipi.h"
