/* SPDX-License-Identifier: MIT */
/* Finds, starts and signals CPUs by SIGP. */
#include "arch/s390x/cpu.h"
#include "arch/s390x/entry.h"
#include "arch/s390x/instructions.h"
#include "arch/s390x/paging.h"
#include "arch/s390x/smp.h"
#include <asm/sigp.h>
#include "boot/bootmem.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/printk.h"
#include <asm/atomic.h>
#include <asm/barrier.h>
#include <asm/clock.h>
#include <asm/ipi.h>
#include <asm/smp.h>

#define CPU_ADDRESSES 256u /* we ask these, the architecture has 65536, but no machine so many */
#define SIGP_US	      1000000u

static unsigned cpu_count = 1, cpus_ignored;

enum sigp_answer sigp(u32 hw_id, enum sigp_order order, u64 parameter, u32 *status)
{
	u64 from = clock_cycles(), patience = (u64)SIGP_US * clock_cycles_per_us();
	enum sigp_answer answer;

	while ((answer = sigp_once(hw_id, order, parameter, status)) == SIGP_BUSY &&
	       clock_cycles() - from < patience)
		cpu_relax();
	return answer;
}

/* Prepares prefix area and stacks for one CPU. */
static struct lowcore *add_cpu(unsigned cpu, u32 hw_id)
{
	paddr_t pa = ALIGN_UP(boot_alloc(2 * PREFIX_SIZE - PAGE_SIZE), (paddr_t)PREFIX_SIZE);
	vaddr_t block = (vaddr_t)phys_to_virt(boot_alloc(STACK_BLOCK_SIZE));

	lowcores[cpu] = phys_to_virt(pa);
	clear_page(lowcores[cpu]);
	clear_page((u8 *)lowcores[cpu] + PAGE_SIZE);
	lowcore_prepare(lowcores[cpu], cpu, hw_id, block);
	paging_unmap(block);
	paging_unmap(block + GUARD_SIZE + EMERGENCY_STACK_SIZE);
	return lowcores[cpu];
}

/* The boot CPU's stack stays, but its prefix area so far is the loaders', so it moves. */
static void move_boot_cpu(u32 self)
{
	struct lowcore *lowcore = add_cpu(0, self);

	lowcore->stack = this_lowcore()->stack;
	lowcore->emergency = this_lowcore()->emergency;
	lowcore_set_dat(lowcore);
	lowcore->live = 1;
	spx((u32)virt_to_phys(lowcore));
}

void smp_discover(void)
{
	u32 self = stap(), status;

	move_boot_cpu(self);
	for (u32 hw_id = 0; hw_id < CPU_ADDRESSES; hw_id++) {
		if (hw_id == self || sigp(hw_id, SIGP_SENSE, 0, &status) == SIGP_NOT_OPERATIONAL)
			continue;
		if (cpu_count == MAX_CPUS)
			cpus_ignored++;
		else
			add_cpu(cpu_count++, hw_id);
	}
}

unsigned smp_enumerate(void)
{
	if (cpus_ignored)
		printk("# %u CPUs answered: the first %u are used, more are not supported\n",
		       cpu_count + cpus_ignored, MAX_CPUS);
	printk("# ev=firmware tables=sigp cpus=%u usable=%u ignored=%u\n", cpu_count + cpus_ignored,
	       cpu_count, cpus_ignored);
	return cpu_count;
}

unsigned smp_count(void)
{
	return cpu_count;
}

bool smp_incomplete(void)
{
	return cpus_ignored;
}

u32 smp_hw_id(unsigned cpu)
{
	return lowcore_of(cpu)->hw_id;
}

/* After its reset a CPU has prefix 0 and address translation off, so its restart PSW is the only
 * one without translation. */
bool smp_start_cpu(unsigned cpu)
{
	struct lowcore *lowcore = lowcores[cpu];
	u32 status;

	lowcore_set_dat(lowcore);
	lowcore->new[CLASS_RESTART] = (struct psw){PSW_64, (vaddr_t)ap_entry};
	return sigp(lowcore->hw_id, SIGP_INITIAL_CPU_RESET, 0, &status) == SIGP_ACCEPTED &&
	       sigp(lowcore->hw_id, SIGP_SET_PREFIX, virt_to_phys(lowcore), &status) ==
		       SIGP_ACCEPTED &&
	       sigp(lowcore->hw_id, SIGP_RESTART, 0, &status) == SIGP_ACCEPTED;
}

void s390_ap_start(void)
{
	this_lowcore()->new[CLASS_RESTART] = (struct psw){PSW_KERNEL, (vaddr_t)entry_restart};
	cpu_load();
	WRITE_ONCE(this_lowcore()->live, 1);
	ap_main();
}

/* Only CPUs started by this kernel run. */
void smp_report_unlisted(void)
{
}

void ipi_send(unsigned cpu, enum ipi ipi)
{
	struct lowcore *lowcore = lowcore_of(cpu);
	enum sigp_answer answer;
	u32 status;

	atomic_or(&lowcore->ipi_pending, BIT(ipi));
	answer = sigp(lowcore->hw_id, SIGP_EMERGENCY, 0, &status);
	if (answer != SIGP_ACCEPTED)
		panic("no emergency signal to CPU %u: SIGP said %u, status %#x", cpu, answer,
		      answer == SIGP_STATUS_STORED ? status : 0);
}

/* One signal may stand for several. A later one may find everything served already. */
void smp_emergency(void)
{
	u32 pending = atomic_xchg(&this_lowcore()->ipi_pending, 0);

	if (pending & BIT(IPI_SHOOTDOWN))
		interrupt_shootdown();
	if (pending & BIT(IPI_CALL))
		interrupt_call();
	if (pending & BIT(IPI_WAKE))
		interrupt_wake();
}
