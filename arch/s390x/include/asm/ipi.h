/* SPDX-License-Identifier: MIT */
/*
 * Inter-processor interrupts: SIGNAL PROCESSOR, emergency signal (Principles of Operation, chapter
 * 4). What is meant is posted in a word of the target's before. IPI_SHOOTDOWN_NOWAIT is never sent,
 * as flushes are broadcast.
 */
#pragma once

#include "arch/asm-generic/ipi.h"
