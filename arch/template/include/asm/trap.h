/* SPDX-License-Identifier: MIT */
/* Traps in generic terms. */
#pragma once

#include "arch/asm-generic/trap.h"

/* As the port's trap entry fills it. */
struct trap_frame {
	u32 pc;
};

/* The instruction of the user's call, and one that a user may not execute. */
#define USER_RETURN_WORD  0u
#define USER_ILLEGAL_WORD 1u
