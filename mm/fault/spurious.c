/* SPDX-License-Identifier: MIT */
/* Makes an access again if its entry permits it but it faulted. */
#include <asm/tlb.h>

#include "kernel/printk.h"
#include "kernel/smp/percpu.h"
#include "mm/fault/vm_fault.h"
#include "mm/table/locks.h"
#include "mm/table/pgtable.h"
#include "mm/table/rights.h"

#define FAULT_RETRIES 1000u

/* Most machines drop a translation that refused an access. Where one keeps it (Hercules), and no
 * flush has reached this CPU, this many faults in a row drop it. */
#define FLUSH_EVERY 16u

/* For each CPU, its faults in a row at va although the entry permitted the access. */
static struct {
	vaddr_t va;
	u32 again;
} __aligned(64) last[MAX_CPUS];

bool lets_through(pte_t pte, u32 cause)
{
	return pte_access_permitted(pte, cause & FAULT_WRITE) &&
	       (!(cause & FAULT_EXEC) || pte_exec(pte)) && !entry_same(pte, pte_mkinvalid(pte));
}

/* Marks the entry for the access, where neither the hardware nor a TLB handler does. A store to a
 * clean page faults for the mark alone there. Performs a deferred flush, if there is one. */
static void mark_accessed(const struct vm_fault *vmf)
{
	pte_lock(vmf->pte);
	if (lets_through(entry_read(vmf->pte), vmf->cause)) {
		ptep_set_access_flags(vmf->mm, vmf->address, vmf->pte, vmf->cause & FAULT_WRITE);
		flush_rights(vmf->mm, vmf->address, vmf->address + PAGE_SIZE, false);
	}
	pte_unlock(vmf->pte);
}

/*
 * The fault came from a translation stricter than its entry, from the middle of a change, or from
 * the entry as it was before a change. If the machine still refuses the access after FAULT_RETRIES,
 * more of them change nothing. Linux handle_pte_fault(), where ptep_set_access_flags() finds
 * nothing to change.
 */
enum vm_fault_result do_spurious_fault(const struct vm_fault *vmf)
{
	unsigned cpu = cpu_id();

	if (!guard(spurious_fault))
		return VM_FAULT_SIGSEGV;
	if (!CAP_HW_AD || CAP_BROADCAST_FLUSH)
		mark_accessed(vmf);
	last[cpu].again = last[cpu].va == vmf->address ? last[cpu].again + 1 : 1;
	last[cpu].va = vmf->address;
	if (last[cpu].again % FLUSH_EVERY == 0)
		tlb_flush_page(vmf->address);
	if (last[cpu].again <= FAULT_RETRIES)
		return VM_FAULT_DONE;
	printk("# ev=warning what=\"CPU %u: the access to 0x%llx faults, although its entry 0x%llx lets it through: given up after %u times\"\n",
	       cpu, (unsigned long long)vmf->address,
	       (unsigned long long)entry_value(vmf->orig_pte), FAULT_RETRIES);
	last[cpu].again = 0;
	return VM_FAULT_SIGBUS;
}
