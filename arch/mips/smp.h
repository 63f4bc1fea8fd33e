/* SPDX-License-Identifier: MIT */
#pragma once

/* Counts the CPUs, and takes the memory for their start from boot memory. Prints nothing, because
 * smp_enumerate() does. */
void smp_discover(void);
