/* SPDX-License-Identifier: MIT */
/* Leads from head.S to kernel_main(), with the boot CPU, the boot information and the kernel's own
 * page tables. */
#include "arch/s390x/cpu.h"
#include "arch/s390x/features.h"
#include "arch/s390x/image.h"
#include "arch/s390x/paging.h"
#include "arch/s390x/sclp.h"
#include "arch/s390x/setup.h"
#include "arch/s390x/smp.h"
#include "boot/bootmem.h"
#include "boot/early.h"
#include "boot/ranges.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/printk.h"
#include <asm/console.h>
#include <asm/exit.h>
#include <asm/page.h>

static struct boot_info boot;

/* The loader cuts nothing, because QEMU refuses a longer line. */
static void read_command_line(void)
{
	unsigned n = 0;

	for (; n < BOOT_COMMAND_SIZE && boot_command[n]; n++)
		boot.cmdline[n] = boot_command[n];
	boot.cmdline[n] = 0;
	boot.cmdline_cut = n == BOOT_COMMAND_SIZE;
}

static void read_boot_info(void)
{
	u64 storage = sclp_storage();

	boot.protocol = "image";
	read_command_line();
	early_options(boot.cmdline);
	if (!storage)
		panic("bad boot information: SCLP does not say how much storage there is");
	ranges_add(&boot, 0, storage, ~(paddr_t)0);
	boot.ram_total = ranges_total(&boot);
}

/* Takes out the first prefix area, the loaders' area, and the kernel itself. boot_alloc() begins at
 * 1 MiB. */
static void reserve(void)
{
	ranges_remove(&boot, 0, 1ul << 20);
	ranges_remove(&boot, virt_to_phys(__image_start), virt_to_phys(__image_end));
}

/* This must come first, because without a prefix area there is no cpu_id(), hence no panic(). */
static void start_boot_cpu(void)
{
	lowcore_prepare(this_lowcore(), 0, 0, (vaddr_t)boot_stacks);
	console_early_init();
}

void s390_start(void)
{
	start_boot_cpu();
	s390_features_init();
	read_boot_info();
	reserve();
	paging_set_direct_map(&boot);
	bootmem_init(&boot, direct_map_end());
	paging_init();
	lowcore_set_dat(this_lowcore());
	cpu_load();
	paging_unmap((vaddr_t)boot_stacks);
	paging_unmap((vaddr_t)boot_stacks + GUARD_SIZE + EMERGENCY_STACK_SIZE);
	smp_discover();
	bootmem_finish();
	kernel_main(&boot);
}
