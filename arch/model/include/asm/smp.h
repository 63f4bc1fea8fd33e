/* SPDX-License-Identifier: MIT */
/* The test sets the number of CPUs. It is constant for a role, so reading it is no step. */
#pragma once

#include "kernel/compiler.h"

#define MODEL_CPUS 4u

unsigned cpu_id(void);
unsigned smp_count(void);

/* On a host every CPU is listed. */
static inline void smp_report_unlisted(void)
{
}
