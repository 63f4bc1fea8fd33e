/* SPDX-License-Identifier: MIT */
/*
 * Secondary CPUs. Their MTRRs and PAT are left as the firmware set them: it makes them agree with
 * the boot CPU's (SDM vol. 3, 12.11.8 wants that of whoever changes them).
 */
#include "arch/x86/smp.h"
#include "arch/x86/apic.h"
#include "arch/x86/cpu.h"
#include "arch/x86/image.h"
#include "arch/x86/paging.h"
#include "boot/bootmem.h"
#include "drivers/acpi.h"
#include "kernel/calls.h"
#include "kernel/printk.h"
#include <asm/barrier.h>
#include <asm/clock.h>
#include <asm/pgtable.h>
#include <asm/smp.h>
#include <asm/tlb.h>

u32 ap_stack_top[256];

static struct acpi_cpus firmware;
static paddr_t rsdp;
static unsigned cpu_count = 1, cpus_ignored;
static u8 *trampoline; /* NULL: no memory below 1 MiB */
static cpumask_t init_taken;
static u64 init_sent; /* clock_cycles() */

static const u8 *map_table(paddr_t at, size_t size)
{
	return map_physical(at, size, false);
}

static paddr_t scan(paddr_t start, size_t size)
{
	const u8 *p = map_physical(start, size, false);
	size_t at = p ? acpi_rsdp_scan(p, size) : size;

	return at < size ? start + at : 0;
}

/* ACPI 5.2.5.1: the first KiB of the EBDA (its segment is at 40:0e), then the BIOS ROM. */
static paddr_t find_rsdp(const struct boot_info *boot)
{
	const u8 *bda = map_physical(0x400, 0x100, false);
	paddr_t ebda = bda ? (paddr_t)(bda[0x0e] | bda[0x0f] << 8) << 4 : 0, found = boot->rsdp;

	if (!found && ebda >= 0x400 && ebda < 0xa0000)
		found = scan(ebda, 1024);
	if (!found)
		found = scan(0xe0000, 0x20000);
	return found;
}

static void add_cpu(u32 hw_id)
{
	vaddr_t block = (vaddr_t)phys_to_virt(boot_alloc(STACK_BLOCK_SIZE));

	x86_cpu_prepare(cpu_count, hw_id, block);
	x86_cpu_set_df_root(cpu_count, pgd_kernel());
	paging_unmap(block);
	paging_unmap(block + GUARD_SIZE + DF_STACK_SIZE);
	ap_stack_top[hw_id] = x86_cpus[cpu_count].top;
	cpu_count++;
}

static void put32(u8 *p, u32 value)
{
	for (unsigned i = 0; i < 4; i++)
		p[i] = (u8)(value >> 8 * i);
}

static u32 get32(const u8 *p)
{
	return (u32)p[0] | (u32)p[1] << 8 | (u32)p[2] << 16 | (u32)p[3] << 24;
}

#define INT3 0xcccccccc

static void add_page_address(const u8 *field, paddr_t page)
{
	put32(trampoline + (field - ap_trampoline), get32(field) + (u32)page);
}

static void make_trampoline(void)
{
	paddr_t page = boot_alloc_low(PAGE_SIZE);
	size_t size = (size_t)(ap_trampoline_end - ap_trampoline);

	if (!page)
		return;
	assert(size <= PAGE_SIZE);
	trampoline = phys_to_virt(page);
	fill_page(trampoline, INT3);
	__builtin_memcpy(trampoline, ap_trampoline, size);
	add_page_address(ap_trampoline_gdt_base, page);
	add_page_address(ap_trampoline_target, page);
}

static bool signal(u32 hw_id, u32 icr)
{
	apic_errors();
	return apic_send(hw_id, icr) && apic_delivered() && !apic_errors();
}

/* All at once and early: the 10 ms that must pass before the start-up signals pass while this CPU goes
 * on booting. */
static void init_all(void)
{
	for (unsigned cpu = 1; cpu < cpu_count; cpu++)
		if (signal(x86_cpus[cpu].hw_id, ICR_INIT | ICR_ASSERT))
			init_taken |= BIT(cpu);
	init_sent = clock_cycles();
}

void smp_discover(const struct boot_info *boot)
{
	u32 self = apic_id();

	x86_cpus[0].hw_id = self;
	rsdp = find_rsdp(boot);
	if (rsdp)
		acpi_read_cpus(rsdp, map_table, &firmware);
	if (firmware.count > 1)
		make_trampoline();
	for (unsigned i = 0; i < firmware.count; i++) {
		if (firmware.id[i] == self)
			continue;
		if (trampoline && cpu_count < MAX_CPUS)
			add_cpu(firmware.id[i]);
		else
			cpus_ignored++;
	}
	cpus_ignored += firmware.unreachable;
	init_all();
}

unsigned smp_enumerate(void)
{
	if (!rsdp)
		printk("# no ACPI RSDP in the loader's information, EBDA or 0xe0000-0xfffff: one "
		       "CPU\n");
	if (firmware.problem)
		printk("# ACPI: %s %#llx\n", firmware.problem, (unsigned long long)firmware.value);
	if (firmware.count > 1 && !trampoline)
		printk("# no page of usable RAM below 1 MiB: one CPU\n");
	printk("# ev=firmware rsdp=%#llx cpus=%u usable=%u disabled=%u duplicates=%u x2apic=%u\n",
	       (unsigned long long)rsdp, firmware.count, cpu_count, firmware.disabled,
	       firmware.duplicates, firmware.unreachable);
	return cpu_count;
}

unsigned smp_count(void)
{
	return cpu_count;
}

unsigned smp_ignored(void)
{
	return cpus_ignored;
}

u32 smp_hw_id(unsigned cpu)
{
	return x86_cpus[cpu].hw_id;
}

/* MP specification 1.4, B.4: INIT, 10 ms, start-up, 200 us, start-up, 200 us. */
bool smp_kick(unsigned cpu)
{
	u32 vector = (u32)(virt_to_phys(trampoline) >> PAGE_SHIFT), hw_id = x86_cpus[cpu].hw_id;

	if (!(init_taken & BIT(cpu)))
		return false;
	while (clock_cycles() - init_sent < 10000ull * clock_cycles_per_us())
		cpu_relax();
	for (unsigned i = 0; i < 2; i++) {
		if (!signal(hw_id, ICR_STARTUP | ICR_ASSERT | vector))
			return false;
		delay_us(200);
	}
	return true;
}

void x86_ap_start(u32 hw_id)
{
	unsigned cpu = 1;

	while (x86_cpus[cpu].hw_id != hw_id)
		cpu++; /* it has a stack, so it is there */
	paging_load();
	x86_cpu_load(cpu);
	apic_init();
	WRITE_ONCE(x86_cpus[cpu].live, 1);
	ap_main();
}

/* A CPU that still comes finds a place to sleep. */
static const u8 sleep_code[] = {
	0xfa,	    /* cli */
	0xf4,	    /* hlt */
	0xeb, 0xfd, /* jmp to the hlt */
};

void smp_start_finished(void)
{
	if (trampoline)
		__builtin_memcpy(trampoline, sleep_code, sizeof(sleep_code));
	boot_pgd[0] = 0;
}
