/* SPDX-License-Identifier: MIT */
/* The revision of the CPU's microcode update, for reports. */
#pragma once

#include "kernel/compiler.h"

/* Reads this CPU's revision. 0 is a revision. Returns false if the vendor is unknown to us or the
 * CPU does not tell. */
bool x86_microcode(u32 *revision);
