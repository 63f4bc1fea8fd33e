/* SPDX-License-Identifier: MIT */
/*
 * If two entries of the TLB match one address, a CPU may raise a machine check at the write of the
 * second one or at an access. It may also use one of the two (MIPS32 volume III, Status.TS and
 * "Machine Check Exception"). The kernel never writes two. Call machine_check_expect() before you
 * do it on purpose.
 */
#pragma once

#include "kernel/compiler.h"

/* From here on this CPU survives a machine check. It empties its TLB, and goes on behind the TLB
 * operation that raised it, or tries the access again. */
void machine_check_expect(void);
/* Ends this. Returns the number of machine checks taken. */
u32 machine_checks_taken(void);
