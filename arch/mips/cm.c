/* SPDX-License-Identifier: MIT */
/*
 * Registers of the coherence manager, from "MIPS Coherence Manager 2/3" (Technical Reference
 * Manuals of the multiprocessing systems), GCR and CPC chapters, at the physical places of QEMU's
 * Malta.
 */
#include "arch/mips/cm.h"
#include "arch/mips/entry.h"
#include "kernel/printk.h"
#include <asm/barrier.h>
#include <asm/clock.h>
#include <asm/cp0.h>
#include <asm/far.h>
#include <asm/io.h>
#include <asm/page.h>

#define CPC_PLACE 0x1bde0000u
#define GIC_PLACE 0x1bdc0000u
#define ENABLE	  1u /* bit 0 of a base register */

#define GCR_CONFIG	  0x0000 /* bits 7:0 are the number of cores - 1 */
#define GCR_BASE	  0x0008 /* base address of these registers */
#define GCR_GIC_BASE	  0x0080
#define GCR_CPC_BASE	  0x0088
#define GCR_CL_CONFIG	  0x2010 /* bits 9:0 are the number of virtual processors - 1 */
#define GCR_CL_OTHER	  0x2018 /* selects the core of the "other" registers */
#define GCR_CO_RESET_BASE 0x4020
#define CPC_CL_VP_RUN	  0x2028
#define CPC_RUNNING	  0x2030
#define CPC_FAR_PLACE	  ((paddr_t)0x2500000000)

#define CONFIG3_CMGCR BIT(29)

#define START_US 1000000ull

static volatile u8 *gcr, *cpc;
static bool present;

_Static_assert(CPC_RUNNING % PAGE_SIZE == FAR_DEVICE_RUNNING, "asm/far.h");

static u32 read(volatile u8 *base, u32 at)
{
	return mmio_read32(base + at);
}

static void write(volatile u8 *base, u32 at, u32 value)
{
	mmio_write32(base + at, value);
}

/* CMGCRBase has bits 35:11 of the address, shifted right by four. */
void cm_init(void)
{
	u32 base = cp0_cmgcrbase() << 4;

	if (!(cp0_config(3) & CONFIG3_CMGCR))
		return;
	if (base >= 0x20000000u || base % 0x8000u)
		panic("CMGCRBase is %#x: the registers are out of KSEG1's reach", cp0_cmgcrbase());
	gcr = (volatile u8 *)(KSEG1 + base);
	present = (read(gcr, GCR_BASE) & 0xffff8000u) == base;
	if (!present)
		return;
	cpc = (volatile u8 *)(KSEG1 + CPC_PLACE);
	write(gcr, GCR_CPC_BASE, CPC_PLACE | ENABLE);
	write(gcr, GCR_GIC_BASE, GIC_PLACE | ENABLE);
	smp_mb();
}

bool cm_present(void)
{
	return present;
}

volatile u8 *cm_gic(void)
{
	return (volatile u8 *)(KSEG1 + GIC_PLACE);
}

unsigned cm_virtual_processors(void)
{
	return (read(gcr, GCR_CL_CONFIG) & 0x3ff) + 1;
}

unsigned cm_other_cores(void)
{
	return read(gcr, GCR_CONFIG) & 0xff;
}

bool cm_start(unsigned vp, const void *entry)
{
	write(gcr, GCR_CL_OTHER, vp);
	write(gcr, GCR_CO_RESET_BASE, (u32)(vaddr_t)entry);
	smp_mb();
	write(cpc, CPC_CL_VP_RUN, BIT(vp));
	for (u64 from = clock_cycles(); clock_cycles() - from < START_US * clock_cycles_per_us();)
		if (read(cpc, CPC_RUNNING) & BIT(vp))
			return true;
	return false;
}

/* Only a store of 64 bits reaches the upper half of the register, and only a floating-point store
 * is that wide. The coprocessor is usable only in here. */
static void move_cpc(paddr_t pa)
{
	const u32 status_cu1_fr = BIT(29) | BIT(26);
	u32 status = cp0_status();

	cp0_set_status(status | status_cu1_fr);
	mips_store64(gcr + GCR_CPC_BASE, (u32)pa | ENABLE, (u32)(pa >> 32));
	cp0_set_status(status);
	smp_mb();
}

pfn_t far_device(void)
{
	static bool moved;

	if (!present)
		return 0;
	if (!moved)
		move_cpc(CPC_FAR_PLACE);
	moved = true;
	return (pfn_t)((CPC_FAR_PLACE + CPC_RUNNING) >> PAGE_SHIFT);
}
