/* SPDX-License-Identifier: MIT */
/* Page faults in generic terms: a test makes them up. */
#pragma once

#include "kernel/compiler.h"

#define FAULT_PROTECTION  BIT(0) /* the entry was present */
#define FAULT_WRITE	  BIT(1)
#define FAULT_USER	  BIT(2)
#define FAULT_RESERVED	  BIT(3)
#define FAULT_EXEC	  BIT(4)
#define FAULT_LIMIT	  BIT(5)  /* beyond what the space can map: the model tells it apart */
#define FAULT_NOT_PRESENT BIT(31) /* inside the model */

struct fault {
	vaddr_t address;
	u32 cause; /* FAULT_* */
};

/* One load, one store at an address that may fault; false if it did, *fault filled. */
bool try_load(vaddr_t va, u32 *value, struct fault *fault);
bool try_store(vaddr_t va, u32 value, struct fault *fault);
