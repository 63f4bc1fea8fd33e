/* SPDX-License-Identifier: MIT */
#pragma once

#include "kernel/types.h"

/* Does not return if another CPU panics. Called by the NMI's handler with the interrupted pc. */
void x86_stop_if_asked(vaddr_t pc);
