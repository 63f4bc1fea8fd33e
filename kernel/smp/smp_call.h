/* SPDX-License-Identifier: MIT */
/* IPI calls run a function on other CPUs, in their interrupt context, and wait until all have. */
#pragma once

#include "kernel/compiler.h"

/* Calls function(argument) on each CPU of the mask, this one included if its bit is set. Returns
 * after all have finished. The function must not wait. Call with interrupts on. */
void call_cpus(cpumask_t mask, void (*function)(void *argument), void *argument);
