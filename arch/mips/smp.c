/* SPDX-License-Identifier: MIT */
/*
 * Secondary CPUs are the other virtual processors of this core, numbered as the hardware does.
 * Where cores have caches of their own to set up before they are coherent, firmware must have done
 * it.
 */
#include "arch/mips/cm.h"
#include "arch/mips/cpu.h"
#include "arch/mips/entry.h"
#include "arch/mips/gic.h"
#include "arch/mips/smp.h"
#include "arch/mips/tlb.h"
#include "boot/bootmem.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/printk.h"
#include <asm/barrier.h>
#include <asm/io.h>
#include <asm/irq.h>
#include <asm/page.h>
#include <asm/smp.h>

struct mips_cpu *mips_ap_cpu[MAX_CPUS];

static unsigned cpu_count = 1, present = 1, other_cores;

void smp_discover(void)
{
	unsigned routable;

	if (!cm_present())
		return;
	routable = gic_init();
	if (!routable)
		panic("the interrupt controller has no sources for IPIs (GIC_SH_CONFIG=%#x)",
		      mmio_read32(cm_gic()));
	present = cm_virtual_processors();
	other_cores = cm_other_cores();
	cpu_count = min(present, MAX_CPUS);
	cpu_count = min(cpu_count, routable);
	for (unsigned cpu = 1; cpu < cpu_count; cpu++) {
		paddr_t block = boot_alloc(EMERGENCY_SIZE + STACK_SIZE);

		mips_cpu_prepare(cpu, cpu, (vaddr_t)phys_to_virt(block));
		mips_ap_cpu[cpu] = &mips_cpus[cpu];
	}
	for (unsigned cpu = 0; cpu < cpu_count; cpu++)
		gic_route(cpu, cpu);
	gic_timer_init();
}

static unsigned ignored(void)
{
	return present - cpu_count + other_cores;
}

unsigned smp_enumerate(void)
{
	if (!cm_present())
		printk("# no coherence manager (CMGCRBase, GCR_BASE): one CPU\n");
	if (other_cores)
		printk("# %u more cores: only the first one's virtual processors are used\n",
		       other_cores);
	if (present > cpu_count)
		printk("# %u CPUs listed: the first %u are used, more are not supported\n", present,
		       cpu_count);
	printk("# ev=firmware tables=%s cpus=%u usable=%u ignored=%u cores=%u\n",
	       cm_present() ? "gcr" : "none", present, cpu_count, ignored(), other_cores + 1);
	return cpu_count;
}

unsigned smp_count(void)
{
	return cpu_count;
}

bool smp_incomplete(void)
{
	return ignored();
}

u32 smp_hw_id(unsigned cpu)
{
	return mips_cpus[cpu].hw_id;
}

bool smp_start_cpu(unsigned cpu)
{
	return cm_start(mips_cpus[cpu].hw_id, mips_ap_entry);
}

/* Only CPUs started by this kernel run, so there is nothing to report. */
void smp_report_unlisted(void)
{
}

/* Called by boot/mips/head.S on the CPU's own stack. */
void mips_ap_start(void)
{
	mips_cpu_init();
	tlb_init();
	gic_timer_init();
	irq_set_status(irq_flags() | STATUS_IE); /* from here on a panic can stop it */
	WRITE_ONCE(mips_this_cpu()->live, 1);
	ap_main();
}
