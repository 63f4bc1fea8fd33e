/* SPDX-License-Identifier: MIT */
/* Inter-processor interrupts. Say what a send is ordered against. */
#pragma once

#include "arch/asm-generic/ipi.h"
