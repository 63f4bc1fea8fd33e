/* SPDX-License-Identifier: MIT */
#pragma once

#include "kernel/types.h"

/* From the NMI's handler, which interrupted pc: does not return if another CPU panics. */
void x86_stop_if_asked(vaddr_t pc);
