/* SPDX-License-Identifier: MIT */
/* CPUs: one number that the test sets. Constants of a role: no steps. */
#pragma once

#include "kernel/compiler.h"

#define MODEL_CPUS 4u

unsigned cpu_id(void);
unsigned smp_count(void);

/* A host has no CPU that nobody listed. */
static inline void smp_report_unlisted(void)
{
}
