/* SPDX-License-Identifier: MIT */
/* Page faults alone: a test makes them up, or the model's own walker does. */
#pragma once

#include "arch/asm-generic/trap.h"

#define FAULT_NOT_PRESENT BIT(31) /* inside the model */
