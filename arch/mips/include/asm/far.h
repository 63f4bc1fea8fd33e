/* SPDX-License-Identifier: MIT */
/* Something that answers at a physical address above 4 GiB, where the board has no RAM: registers
 * of the power controller, moved there. Its frame's number has bits in both words of an entry. */
#pragma once

#include "kernel/compiler.h"

/* The page's frame number; 0: this machine has no such thing. Not before all CPUs run. */
pfn_t far_device(void);
/* Offset of a word in that page: which virtual processors run, a bit each. */
#define FAR_DEVICE_RUNNING 0x30u
