/* SPDX-License-Identifier: MIT */
/* Takes each fault of a user access to the space it happened in. */
#include "kernel/hooks/upcalls.h"
#include "kernel/smp/percpu.h"
#include "mm/fault/vm_fault.h"

bool mm_fault(const struct fault *fault)
{
	struct mm *mm = this_cpu()->mm;

	if (!mm || fault->cause & FAULT_RESERVED)
		return false;
	return handle_mm_fault(mm, fault) == VM_FAULT_DONE;
}
