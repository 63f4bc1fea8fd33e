/* SPDX-License-Identifier: MIT */
/* Inter-processor interrupts. Name the accesses that a send is ordered against. */
#pragma once

#include "arch/asm-generic/ipi.h"
