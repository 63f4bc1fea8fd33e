/* SPDX-License-Identifier: MIT */
#pragma once

#include "kernel/types.h"

/* From the handler of the interrupt that is never masked, which interrupted pc: does not return if
 * another CPU panics. */
void mips_stop_if_asked(vaddr_t pc);
