/* SPDX-License-Identifier: MIT */
/* The revision of the update that the CPU's microcode has, for reports. */
#pragma once

#include "kernel/compiler.h"

/* Of this CPU. False: it is of a vendor that we do not know, or it does not tell; 0 is a
 * revision. */
bool x86_microcode(u32 *revision);
