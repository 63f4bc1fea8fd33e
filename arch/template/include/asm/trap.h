/* SPDX-License-Identifier: MIT */
/* Traps in generic terms. */
#pragma once

#include "arch/asm-generic/trap.h"

/* As the port's trap entry fills it. */
struct trap_frame {
	u32 pc;
};
