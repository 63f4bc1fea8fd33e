/* SPDX-License-Identifier: MIT */
#pragma once

#include <asm/trap.h>

/*
 * Called by mips_trap(), see asm/machine_check.h. Returns false if the machine check was
 * unexpected.
 */
bool machine_check_survived(struct trap_frame *frame);
