/* SPDX-License-Identifier: MIT */
/*
 * Two entries of the TLB that match one address: a CPU may raise a machine check for it, at the
 * write of the second one or at an access, or take one of the two (MIPS32 volume III, Status.TS and
 * "Machine Check Exception"). The kernel never writes two; who does so on purpose says so first.
 */
#pragma once

#include "kernel/compiler.h"

/* From here on this CPU survives a machine check: it empties its TLB and goes on behind the TLB
 * operation that raised it, or tries the access again. */
void machine_check_expect(void);
/* No longer. Returns how many there were. */
u32 machine_checks_taken(void);
