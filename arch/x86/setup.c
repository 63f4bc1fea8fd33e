/* SPDX-License-Identifier: MIT */
/* Leads from head.S to kernel_main(), with the boot CPU, the boot information and the kernel's own
 * page tables. */
#include "arch/x86/apic.h"
#include "arch/x86/clock.h"
#include "arch/x86/console.h"
#include "arch/x86/cpu.h"
#include "arch/x86/device.h"
#include "arch/x86/features.h"
#include "arch/x86/find_cpus.h"
#include "arch/x86/i8259.h"
#include "arch/x86/image.h"
#include "arch/x86/ioapic.h"
#include "arch/x86/machine.h"
#include "arch/x86/paging.h"
#include "arch/x86/screen.h"
#include "arch/x86/setup.h"
#include "arch/x86/smp.h"
#include "boot/bootmem.h"
#include "boot/early.h"
#include "boot/ranges.h"
#include "boot/x86/multiboot.h"
#include "boot/x86/reserve.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/printk.h"
#include <asm/console.h>
#include <asm/pgtable.h>

/* The memory head.S maps at KERNEL_BASE, without its last page so that no pointer wraps. */
#define BOOT_VIEW_SIZE ((1ul << 30) - PAGE_SIZE)
#define ADDRESSES_MAX  ((paddr_t)1 << 52) /* of any CPU (SDM vol. 3, 4.1.4, MAXPHYADDR) */

static struct boot_info boot;
static struct boot_rsdp boot_rsdp;

static void read_boot_info(u32 magic, u32 info)
{
	const struct boot_view view = {(const u8 *)KERNEL_BASE, 0, BOOT_VIEW_SIZE};
	const char *problem = multiboot_parse(&view, magic, info, ADDRESSES_MAX, &boot, &boot_rsdp);

	early_options(boot.cmdline);
	x86_screen_early(&boot);
	if (problem)
		panic("bad boot information: %s (magic=%#x, information at %#x)", problem, magic,
		      info);
	if (boot_rsdp.size)
		boot.rsdp = virt_to_phys(boot_rsdp.bytes);
}

static void reserve(void)
{
	const struct boot_range image = {virt_to_phys(__image_start), virt_to_phys(__image_end)};

	reserve_ram(&boot, x86_pfn_limit() << PAGE_SHIFT, phys_to_virt(BIOS_DATA), image);
}

/* Firmware is known to write below 1 MiB as long as the machine runs, so nothing of ours may be
 * there. boot_alloc_low() has already taken the memory for real mode. Linux leaves the rest alone
 * as well (arch/x86/realmode/init.c, reserve_real_mode()). */
static void leave_low_memory(void)
{
	ranges_remove(&boot, 0, LOW_END);
}

/* This must come first, because without %fs there is no cpu_id(), hence no panic(). */
static void start_boot_cpu(void)
{
	x86_cpu_prepare(0, 0, (vaddr_t)boot_stacks);
	x86_cpu_set_df_root(0, virt_to_phys(boot_pgd));
	x86_idt_init();
	x86_cpu_load(0);
	console_early_init();
	console_write("\n", 1); /* ends the line of head.S's mark and the loader's words */
}

void x86_start(u32 magic, u32 info)
{
	start_boot_cpu();
	read_boot_info(magic, info);
	x86_features_init();
	reserve();
	paging_set_direct_map(&boot);
	bootmem_init(&boot, direct_map_end());
	paging_init();
	x86_screen_init(&boot);
	x86_cpu_set_df_root(0, pgd_kernel());
	paging_unmap((vaddr_t)boot_stacks);
	paging_unmap((vaddr_t)boot_stacks + GUARD_SIZE + DF_STACK_SIZE);
	i8259_init();
	apic_map();
	apic_init();
	apic_take_nmi();
	WRITE_ONCE(x86_cpus[0].live, 1);
	smp_discover(&boot);
	x86_ioapic_init(&boot);
	x86_machine_read(&boot);
	x86_console_init(&boot, find_cpus_rsdp());
	x86_clock_discover(&boot, find_cpus_rsdp());
	leave_low_memory();
	bootmem_finish();
	kernel_main(&boot);
}
