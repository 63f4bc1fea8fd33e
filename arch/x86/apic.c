/* SPDX-License-Identifier: MIT */
#include "arch/x86/apic.h"
#include "arch/x86/apic_quiet.h"
#include "arch/x86/apic_regs.h"
#include "arch/x86/cpu.h"
#include "arch/x86/features.h"
#include "arch/x86/msr.h"
#include "arch/x86/paging.h"
#include "kernel/printk.h"
#include <asm/barrier.h>
#include <asm/io.h>
#include <asm/ipi.h>
#include <asm/irq.h>
#include <asm/page.h>

#define MSR_APIC_BASE 0x1b

#define SVR_ENABLE  BIT(8)
#define ICR_PENDING BIT(12)

/* In REG_TPR, interrupts of this priority class and of lower ones stay pending (11.8.3.1). Ours are
 * the class above. */
#define TPR_ONLY_OURS (VECTOR_IPI - 0x10)
_Static_assert(!(VECTOR_IPI % 0x10), "the IPIs begin a priority class");

#define MCG_CMCI ((u64)1 << 10) /* of IA32_MCG_CAP (15.3.1.1) */

/* Reads of the pending bit. Delivery takes microseconds, but under a loaded emulator the target's
 * host thread may not run for tens of milliseconds. */
#define SEND_READS 1000000u

/* The mode is the firmware's choice, because a machine may rely on it (11.12.5), and a way out of
 * x2APIC mode would have to switch the APIC off in between. */
static bool x2apic;
static u64 boot_base;
static u8 *registers; /* in xAPIC mode */
static bool mapped;   /* the two above are known */

static u32 reg_read(u32 reg)
{
	return x2apic ? (u32)msr_read(x2apic_msr(reg)) : mmio_read32(registers + reg);
}

static void reg_write(u32 reg, u32 value)
{
	if (x2apic)
		msr_write(x2apic_msr(reg), value);
	else
		mmio_write32(registers + reg, value);
}

static const struct apic_access access = {reg_read, reg_write};

bool apic_is_x2apic(void)
{
	return x2apic;
}

u32 apic_id_max(void)
{
	return x2apic ? X2APIC_ID_MAX : XAPIC_ID_MAX;
}

static void map_registers(u64 base)
{
	registers = map_physical(boot_base, PAGE_SIZE, MEMORY_UC);
	if (!registers)
		panic("local APIC out of reach (IA32_APIC_BASE=%#llx)", (unsigned long long)base);
}

void apic_map(void)
{
	u64 base = msr_read(MSR_APIC_BASE);

	boot_base = base & BASE_ADDRESS;
	x2apic = base & BASE_X2APIC;
	if (!x2apic)
		map_registers(base);
	mapped = true;
}

/* A PC's chipset reports damage beyond repair at this input (MP specification 1.4, 3.6.2.1). One
 * CPU is enough. */
void apic_take_nmi(void)
{
	reg_write(REG_LVT_LINT1, ICR_NMI);
}

/* Only xAPIC mode leads to x2APIC mode, so there are two steps (figure 11-27). */
void apic_enable(void)
{
	u64 base = apic_base_enabled(msr_read(MSR_APIC_BASE), boot_base);

	msr_write(MSR_APIC_BASE, base);
	if (x2apic)
		msr_write(MSR_APIC_BASE, base | BASE_X2APIC);
}

void apic_init(void)
{
	apic_enable();
	reg_write(REG_TPR, 0);
	reg_write(REG_SVR, SVR_ENABLE | VECTOR_SPURIOUS);
	apic_mask_lvts(&access, x86_features.mca && msr_read(MSR_MCG_CAP) & MCG_CMCI);
	apic_end_service(&access);
	apic_errors();
}

void apic_only_ours(void)
{
	reg_write(REG_TPR, TPR_ONLY_OURS);
}

u32 apic_id(void)
{
	return apic_id_of(x2apic, reg_read(REG_ID));
}

void apic_eoi(void)
{
	reg_write(REG_EOI, 0);
}

bool apic_in_service(unsigned vector)
{
	return mapped && reg_read(REG_ISR + vector / 32 * 0x10) & BIT(vector % 32);
}

u32 apic_errors(void)
{
	reg_write(REG_ESR, 0); /* a write latches the errors since the last one */
	return reg_read(REG_ESR);
}

/* x2APIC mode has no such bit (11.12.9), because a send is done when the MSR is written. */
bool apic_delivered(void)
{
	if (x2apic)
		return true;
	for (u32 i = 0; i < SEND_READS; i++) {
		if (!(reg_read(REG_ICR_LOW) & ICR_PENDING))
			return true;
		cpu_relax();
	}
	return false;
}

/* Unlike other WRMSR, one to an x2APIC register is not ordered after older stores (11.12.3). */
static void send_x2apic(u32 hw_id, u32 icr)
{
	__asm__ __volatile__("mfence; lfence" ::: "memory");
	msr_write(x2apic_msr(REG_ICR_LOW), x2apic_icr(hw_id, icr));
}

static bool send_xapic(u32 hw_id, u32 icr)
{
	/* A send by a handler between the two stores would change the destination. */
	u32 flags = irq_save();
	bool done = apic_delivered();

	if (done) {
		reg_write(REG_ICR_HIGH, xapic_icr_high(hw_id));
		reg_write(REG_ICR_LOW, icr);
	}
	irq_restore(flags);
	return done;
}

bool apic_send(u32 hw_id, u32 icr)
{
	if (!x2apic)
		return send_xapic(hw_id, icr);
	send_x2apic(hw_id, icr);
	return true;
}

void ipi_send(unsigned cpu, enum ipi ipi)
{
	u32 kind = ipi == IPI_SHOOTDOWN_NOWAIT ? ICR_NMI : ICR_FIXED | (VECTOR_IPI + (u32)ipi);

	if (!apic_send(x86_cpus[cpu].hw_id, kind | ICR_ASSERT))
		panic("the local APIC keeps an IPI pending: none can be sent to CPU %u (APIC id %u)",
		      cpu, x86_cpus[cpu].hw_id);
}
