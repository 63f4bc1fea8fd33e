/* SPDX-License-Identifier: MIT */
/* Takes each fault of a user access to the space it happened in. */
#include "kernel/hooks/upcalls.h"
#include "kernel/smp/percpu.h"
#include "mm/fault/vm_fault.h"

bool mm_fault(struct fault *fault)
{
	struct mm *mm = READ_ONCE(this_cpu()->mm);
	enum vm_fault_result result;

	lock_order_none();
	if (!mm || fault->cause & (FAULT_RESERVED | FAULT_LIMIT))
		return false;
	read_lock(&mm->mmap_lock);
	result = handle_mm_fault(mm, fault);
	read_unlock(&mm->mmap_lock);
	if (result == VM_FAULT_SIGBUS)
		fault->cause |= FAULT_BUS;
	return result == VM_FAULT_DONE;
}
