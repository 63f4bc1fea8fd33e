/* SPDX-License-Identifier: MIT */
/*
 * Secondary CPUs. Their MTRRs and PAT are left as the firmware set them: it makes them agree with
 * the boot CPU's (SDM vol. 3, 12.11.8 wants that of whoever changes them).
 */
#include "arch/x86/smp.h"
#include "arch/x86/apic.h"
#include "arch/x86/console.h"
#include "arch/x86/cpu.h"
#include "arch/x86/image.h"
#include "arch/x86/ioapic.h"
#include "arch/x86/machine.h"
#include "arch/x86/paging.h"
#include "boot/bootmem.h"
#include "drivers/acpi.h"
#include "drivers/bytes.h"
#include "drivers/mptable.h"
#include "kernel/calls.h"
#include "kernel/printk.h"
#include <asm/barrier.h>
#include <asm/clock.h>
#include <asm/pgtable.h>
#include <asm/smp.h>
#include <asm/tlb.h>

#define LEAF_FEATURES 1u
#define LEAF_TOPOLOGY 0xbu

u32 ap_id[MAX_CPUS], ap_stack_top[MAX_CPUS], ap_slots = 1, ap_id_leaf = LEAF_FEATURES;

static struct cpu_list firmware;
static const char *tables = "none"; /* which ones list the CPUs, and where they begin */
static paddr_t tables_at, acpi_at, mp_at;
static const char *acpi_problem;
static u64 acpi_value;
static unsigned cpu_count = 1, cpus_ignored, unreachable;
static u8 *trampoline; /* NULL: no memory below 1 MiB */
static cpumask_t init_taken;
static u64 init_sent; /* clock_cycles() */

static const u8 *map_table(paddr_t at, size_t size)
{
	return map_physical(at, size, false);
}

static paddr_t scan(paddr_t start, size_t size, size_t (*find)(const u8 *p, size_t n))
{
	const u8 *p = map_physical(start, size, false);
	size_t at = p ? find(p, size) : size;

	return at < size ? start + at : 0;
}

/* A word of the BIOS data area. */
static u32 bios_word(unsigned at)
{
	const u8 *bda = map_physical(0x400, 0x100, false);

	return bda ? get16(bda + at) : 0;
}

/* The first KiB of the extended BIOS data area, whose segment is at 40:0e. */
static paddr_t scan_ebda(size_t (*find)(const u8 *p, size_t n))
{
	paddr_t ebda = (paddr_t)bios_word(0x0e) << 4;

	return ebda >= 0x400 && ebda < 0xa0000 ? scan(ebda, 1024, find) : 0;
}

/* ACPI 5.2.5.1: the EBDA, then the BIOS ROM. */
static void read_acpi(paddr_t rsdp)
{
	if (!rsdp)
		rsdp = scan_ebda(acpi_rsdp_scan);
	if (!rsdp)
		rsdp = scan(0xe0000, 0x20000, acpi_rsdp_scan);
	if (!rsdp)
		return;
	acpi_read_cpus(rsdp, map_table, &firmware);
	tables = "acpi";
	tables_at = acpi_at = rsdp;
}

/* MP specification 1.4, chapter 4: the EBDA, the last KiB of base memory (its KiB are at 40:13),
 * the BIOS ROM. */
static void read_mp(void)
{
	u32 base_kib = bios_word(0x13);
	paddr_t at = scan_ebda(mptable_scan);

	if (!at && base_kib >= 2 && base_kib <= 640)
		at = scan((base_kib - 1) << 10, 1024, mptable_scan);
	if (!at)
		at = scan(0xf0000, 0x10000, mptable_scan);
	if (!at)
		return;
	acpi_problem = firmware.problem;
	acpi_value = firmware.value;
	mptable_read_cpus(at, map_table, &firmware);
	tables = "mp";
	tables_at = mp_at = at;
}

static void add_cpu(u32 hw_id)
{
	vaddr_t block = (vaddr_t)phys_to_virt(boot_alloc(STACK_BLOCK_SIZE));

	x86_cpu_prepare(cpu_count, hw_id, block);
	x86_cpu_set_df_root(cpu_count, pgd_kernel());
	paging_unmap(block);
	paging_unmap(block + GUARD_SIZE + DF_STACK_SIZE);
	ap_id[cpu_count] = hw_id;
	ap_stack_top[cpu_count] = x86_cpus[cpu_count].top;
	ap_slots = ++cpu_count;
}

static void put32(u8 *p, u32 value)
{
	for (unsigned i = 0; i < 4; i++)
		p[i] = (u8)(value >> 8 * i);
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

/* All at once and early: the 10 ms that must pass before the start-up signals pass while this CPU
 * goes on booting. */
static void init_all(void)
{
	for (unsigned cpu = 1; cpu < cpu_count; cpu++)
		if (signal(x86_cpus[cpu].hw_id, ICR_INIT | ICR_ASSERT))
			init_taken |= BIT(cpu);
	init_sent = clock_cycles();
}

paddr_t smp_rsdp(void)
{
	return acpi_at;
}

paddr_t smp_mptable(void)
{
	return mp_at;
}

void smp_discover(const struct boot_info *boot)
{
	u32 self = apic_id();

	x86_cpus[0].hw_id = ap_id[0] = self;
	if (apic_is_x2apic())
		ap_id_leaf = LEAF_TOPOLOGY;
	read_acpi(boot->rsdp);
	if (!firmware.count)
		read_mp();
	if (firmware.count > 1)
		make_trampoline();
	for (unsigned i = 0; i < firmware.count; i++) {
		if (firmware.id[i] == self)
			continue;
		if (firmware.id[i] > apic_id_max())
			unreachable++;
		else if (trampoline && cpu_count < MAX_CPUS)
			add_cpu(firmware.id[i]);
		else
			cpus_ignored++;
	}
	cpus_ignored += unreachable + firmware.dropped;
	init_all();
}

unsigned smp_enumerate(void)
{
	if (acpi_problem)
		printk("# ACPI: %s %#llx\n", acpi_problem, (unsigned long long)acpi_value);
	if (firmware.problem)
		printk("# firmware tables (%s): %s %#llx\n", tables, firmware.problem,
		       (unsigned long long)firmware.value);
	if (firmware.unused)
		printk("# firmware tables (%s): duplicate MADT at %#llx, %u in all: not used, the "
		       "one at %#llx is\n",
		       tables, (unsigned long long)firmware.unused_at, firmware.unused,
		       (unsigned long long)firmware.table_at);
	if (!tables_at)
		printk("# neither ACPI nor MP tables in the loader's information, EBDA or BIOS "
		       "ROM: one CPU\n");
	if (firmware.count > 1 && !trampoline)
		printk("# no page of usable RAM below 1 MiB: one CPU\n");
	if (firmware.count > MAX_CPUS)
		printk("# %u CPUs listed: the first %u are used, more are not supported\n",
		       firmware.count, MAX_CPUS);
	if (unreachable)
		printk("# %u CPUs have an APIC id above 254: out of reach without x2APIC\n",
		       unreachable);
	x86_machine_print();
	x86_console_print();
	x86_ioapic_print();
	printk("# ev=firmware apic=%s tables=%s at=%#llx cpus=%u usable=%u ignored=%u disabled=%u "
	       "duplicates=%u\n",
	       apic_is_x2apic() ? "x2apic" : "xapic", tables, (unsigned long long)tables_at,
	       firmware.count, cpu_count, cpus_ignored, firmware.disabled, firmware.duplicates);
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

void x86_ap_start(u32 cpu)
{
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
