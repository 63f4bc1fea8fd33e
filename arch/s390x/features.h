/* SPDX-License-Identifier: MIT */
/* What STORE FACILITY LIST EXTENDED says of the boot CPU; the others are taken to be like it. */
#pragma once

#include "kernel/compiler.h"

struct s390_features {
	bool iep; /* instruction-execution protection: 130 */
};

extern struct s390_features s390_features;

void s390_features_init(void);
