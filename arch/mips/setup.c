/* SPDX-License-Identifier: MIT */
/* From head.S to kernel_main(), with the boot CPU, the boot information and the devices the kernel
 * cannot do without. */
#include "arch/mips/cm.h"
#include "arch/mips/cpu.h"
#include "arch/mips/image.h"
#include "arch/mips/setup.h"
#include "arch/mips/smp.h"
#include "arch/mips/tlb.h"
#include "boot/bootmem.h"
#include "boot/early.h"
#include "boot/mips/yamon.h"
#include "boot/ranges.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/printk.h"
#include <asm/console.h>
#include <asm/cp0.h>
#include <asm/io.h>
#include <asm/irq.h>
#include <asm/page.h>

#define EBASE_CPU 0x3ffu
/* The boot loader keeps its exception vectors and its arguments below this. */
#define LOADER_END 0x10000u

static struct boot_info boot;
static paddr_t map_end;

paddr_t direct_map_end(void)
{
	return map_end;
}

static void read_boot_info(u32 argv, u32 envp, u32 memory)
{
	const char *problem = yamon_parse((const u8 *)KERNEL_BASE, argv, envp, memory, &boot);

	early_options(boot.cmdline);
	if (problem)
		panic("bad boot information: %s (argv=%#x, envp=%#x, memory=%#x)", problem, argv,
		      envp, memory);
}

static void reserve(void)
{
	ranges_remove(&boot, 0, LOADER_END);
	ranges_remove(&boot, virt_to_phys(__image_start), virt_to_phys(__image_end));
	map_end = boot.nr_ram ? boot.ram[boot.nr_ram - 1].end : 0;
	if (map_end > DIRECT_MAP_MAX)
		map_end = DIRECT_MAP_MAX;
	if (map_end < virt_to_phys(__image_end))
		panic("end of RAM at %#llx, below the end of the kernel's image at %#llx",
		      (unsigned long long)map_end, (unsigned long long)virt_to_phys(__image_end));
}

/* Masks the board's two 8259s. The kernel uses nothing of them, and without a GIC they are wired to
 * a line in use. */
static void mask_board_interrupts(void)
{
	outb(0x21, 0xff);
	outb(0xa1, 0xff);
}

/* $gp points to mips_cpus[0], and the stack is head.S's. Nothing else is set up. */
void mips_start(u32 argc, u32 argv, u32 envp, u32 memory)
{
	(void)argc; /* -1 if QEMU hands the options over by UHI as well */
	mips_cpu_prepare(0, cp0_read(15, 1) & EBASE_CPU, (vaddr_t)boot_stacks);
	console_early_init();
	mips_cpu_init();
	tlb_init();
	if (mips_cpus[0].hw_id)
		panic("booted by virtual processor %u, not 0 (EBase.CPUNum)", mips_cpus[0].hw_id);
	mask_board_interrupts();
	cm_init();
	read_boot_info(argv, envp, memory);
	reserve();
	bootmem_init(&boot, direct_map_end());
	smp_discover();
	bootmem_finish();
	irq_set_status(irq_flags() | STATUS_IE);
	WRITE_ONCE(mips_cpus[0].live, 1);
	kernel_main(&boot);
}
