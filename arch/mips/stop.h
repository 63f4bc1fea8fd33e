/* SPDX-License-Identifier: MIT */
#pragma once

#include "kernel/types.h"

/* Called by the handler of the unmaskable interrupt, with the interrupted pc. Does not return if
 * another CPU panics. */
void mips_stop_if_asked(vaddr_t pc);
