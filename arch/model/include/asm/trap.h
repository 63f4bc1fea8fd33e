/* SPDX-License-Identifier: MIT */
/* Page faults in generic terms: a test makes them up. */
#pragma once

#include "kernel/compiler.h"

#define FAULT_PROTECTION BIT(0) /* the entry was present */
#define FAULT_WRITE	 BIT(1)
#define FAULT_USER	 BIT(2)
#define FAULT_RESERVED	 BIT(3)
#define FAULT_EXEC	 BIT(4)

struct fault {
	vaddr_t address;
	u32 cause; /* FAULT_* */
};
