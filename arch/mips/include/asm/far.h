/* SPDX-License-Identifier: MIT */
/* A device at a physical address above 4 GiB, where the board has no RAM. It is the registers of
 * the power controller, moved there. Its frame's number has bits in both words of an entry. */
#pragma once

#include "kernel/compiler.h"

/*
 * Returns the page's frame number, or 0 if this machine has no such device. Call after all CPUs
 * run.
 */
pfn_t far_device(void);
/* The offset of a word in that page, with one bit for each running virtual processor. */
#define FAR_DEVICE_RUNNING 0x30u
