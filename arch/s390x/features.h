/* SPDX-License-Identifier: MIT */
/* The boot CPU's answer to STORE FACILITY LIST EXTENDED. The other CPUs are taken to be like it. */
#pragma once

#include "kernel/compiler.h"

struct s390_features {
	bool iep; /* instruction-execution protection, facility 130 */
};

extern struct s390_features s390_features;

void s390_features_init(void);
