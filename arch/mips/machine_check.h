/* SPDX-License-Identifier: MIT */
#pragma once

#include <asm/trap.h>

/* From mips_trap(): asm/machine_check.h. False: nobody expected it. */
bool machine_check_survived(struct trap_frame *frame);
