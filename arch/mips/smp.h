/* SPDX-License-Identifier: MIT */
#pragma once

/* Counts the CPUs and takes what their start needs from boot memory. Prints nothing:
 * smp_enumerate() tells. */
void smp_discover(void);
