/* SPDX-License-Identifier: MIT */
/*
 * Starts secondary CPUs. Their MTRRs and PAT are left as the firmware set them, because it makes
 * them agree with the boot CPU's (SDM vol. 3, 12.11.8 wants this if software changes them).
 */
#include "arch/x86/apic.h"
#include "arch/x86/console.h"
#include "arch/x86/cpu.h"
#include "arch/x86/find_cpus.h"
#include "arch/x86/ioapic.h"
#include "arch/x86/machine.h"
#include "arch/x86/paging.h"
#include "arch/x86/smp.h"
#include "boot/bootmem.h"
#include "drivers/bytes.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/printk.h"
#include <asm/barrier.h>
#include <asm/clock.h>
#include <asm/pgtable.h>
#include <asm/smp.h>
#include <asm/tlb.h>

u32 ap_stack_top[MAX_CPUS];

static const struct cpu_list *firmware;
static unsigned cpu_count = 1, cpus_ignored;
static struct cpu_refusal unreachable;
/* shared, the number of arrived CPUs that are none of ours, the id of the last, and how many of
 * them were reported */
static u32 unlisted, unlisted_id, unlisted_reported;
static u8 *trampoline; /* NULL if there is no memory below 1 MiB */
static cpumask_t init_taken;
static u64 init_sent; /* clock_cycles() */

static void add_cpu(u32 hw_id)
{
	vaddr_t block = (vaddr_t)phys_to_virt(boot_alloc(STACK_BLOCK_SIZE));

	x86_cpu_prepare(cpu_count, hw_id, block);
	x86_cpu_set_df_root(cpu_count, pgd_kernel());
	paging_unmap(block);
	paging_unmap(block + GUARD_SIZE + DF_STACK_SIZE);
	ap_stack_top[cpu_count] = x86_cpus[cpu_count].top;
	cpu_count++;
}

#define INT3 0xcccccccc

static u8 *in_trampoline(const u8 *field)
{
	return trampoline + (field - ap_trampoline);
}

static void add_page_address(const u8 *field, paddr_t page)
{
	set32(in_trampoline(field), get32(field) + (u32)page);
}

/* Vector 2, the NMI's, is an offset and a segment in real mode, and a gate in protected mode. */
static void fill_trampoline_idt(paddr_t page)
{
	u32 handler = (u32)page + (u32)(ap_trampoline_nmi32 - ap_trampoline);

	set16(in_trampoline(ap_trampoline_idt) + 4 * VECTOR_NMI + 2, (u16)(page >> 4));
	set16(in_trampoline(ap_trampoline_idt) + 8 * VECTOR_NMI, (u16)handler);
	set16(in_trampoline(ap_trampoline_idt) + 8 * VECTOR_NMI + 6, (u16)(handler >> 16));
}

static void make_trampoline(void)
{
	paddr_t page = boot_alloc_low(PAGE_SIZE);
	size_t size = (size_t)(ap_trampoline_end - ap_trampoline);

	if (!page)
		return;
	assert(size <= AP_TRAMPOLINE_MAX);
	trampoline = phys_to_virt(page);
	fill_page(trampoline, INT3);
	__builtin_memcpy(trampoline, ap_trampoline, size);
	add_page_address(ap_trampoline_gdt_base, page);
	add_page_address(ap_trampoline_idt_base, page);
	add_page_address(ap_trampoline_target, page);
	fill_trampoline_idt(page);
}

static bool signal(u32 hw_id, u32 icr)
{
	apic_errors();
	return apic_send(hw_id, icr) && apic_delivered() && !apic_errors();
}

/* Sends all INITs at once and early, so that this CPU goes on booting in the 10 ms before the
 * start-up signals. */
static void init_all(void)
{
	for (unsigned cpu = 1; cpu < cpu_count; cpu++)
		if (signal(x86_cpus[cpu].hw_id, ICR_INIT | ICR_ASSERT))
			init_taken |= BIT(cpu);
	init_sent = clock_cycles();
}

static void take_listed(u32 hw_id)
{
	if (hw_id > apic_id_max()) {
		if (!unreachable.entries++)
			unreachable.id = hw_id;
	} else if (trampoline && cpu_count < MAX_CPUS) {
		add_cpu(hw_id);
	} else {
		cpus_ignored++;
	}
}

/* A list of one CPU may lack the boot CPU. */
static bool lists_others(u32 self)
{
	return firmware->count > 1 || (firmware->count && firmware->id[0] != self);
}

void smp_discover(const struct boot_info *boot)
{
	u32 self = apic_id();

	x86_cpus[0].hw_id = self;
	firmware = find_cpus(boot->rsdp);
	if (lists_others(self))
		make_trampoline();
	for (unsigned i = 0; i < firmware->count; i++)
		if (firmware->id[i] != self)
			take_listed(firmware->id[i]);
	cpus_ignored += firmware->dropped;
	init_all();
}

unsigned smp_enumerate(void)
{
	paddr_t tables_at;
	const char *tables = find_cpus_source(&tables_at);

	find_cpus_warn();
	if (cpus_ignored && !trampoline)
		printk("# ev=warning what=\"no page of usable RAM below 1 MiB, where other CPUs start: one CPU\"\n");
	if (cpu_count == MAX_CPUS && cpus_ignored)
		printk("# %u CPUs listed: the first %u are used, more are not supported\n",
		       firmware->count + firmware->dropped, MAX_CPUS);
	if (unreachable.entries)
		printk("# ev=warning what=\"%u CPUs have an APIC id above %u, which cannot be addressed without x2APIC, the first %#x: not started\"\n",
		       unreachable.entries, apic_id_max(), unreachable.id);
	x86_machine_print();
	x86_console_print();
	x86_ioapic_print();
	printk("# ev=firmware apic=%s tables=%s at=%#llx cpus=%u usable=%u ignored=%u refused=%u disabled=%u duplicates=%u shadowed=%u cut=%u\n",
	       apic_is_x2apic() ? "x2apic" : "xapic", tables, (unsigned long long)tables_at,
	       firmware->count, cpu_count, cpus_ignored,
	       unreachable.entries + firmware->broadcast.entries + firmware->repeats.entries,
	       firmware->disabled, firmware->duplicates, firmware->shadowed,
	       find_cpus_incomplete());
	return cpu_count;
}

unsigned smp_count(void)
{
	return cpu_count;
}

bool smp_incomplete(void)
{
	return cpus_ignored || find_cpus_incomplete();
}

u32 smp_hw_id(unsigned cpu)
{
	return x86_cpus[cpu].hw_id;
}

/* Sends INIT, 10 ms, start-up, 200 us, start-up, 200 us (MP specification 1.4, B.4). */
bool smp_start_cpu(unsigned cpu)
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

u32 x86_ap_identify(void)
{
	u32 id;

	paging_load();
	apic_enable();
	id = apic_id();
	for (unsigned cpu = 1; cpu < cpu_count; cpu++) {
		if (x86_cpus[cpu].hw_id == id && !x86_cpus[cpu].arrived) {
			x86_cpus[cpu].arrived = true;
			return cpu;
		}
	}
	WRITE_ONCE(unlisted_id, id);
	smp_store_release(&unlisted, unlisted + 1);
	return 0;
}

void x86_ap_start(u32 cpu)
{
	x86_cpu_load(cpu);
	apic_init();
	WRITE_ONCE(x86_cpus[cpu].live, 1);
	ap_main();
}

/* The trampoline and the identity map in boot_pgd stay as they are, because a late or unlisted CPU
 * may be on its way through them at any time. No other CPU has boot_pgd loaded, and nothing of ours
 * touches the trampoline's page again. */
void smp_report_unlisted(void)
{
	u32 now = smp_load_acquire(&unlisted);

	if (now == unlisted_reported)
		return;
	printk("# ev=warning what=\"woken and parked, as no table lists them or another CPU has their id: %u CPUs, the last with APIC id %#x\"\n",
	       now - unlisted_reported, READ_ONCE(unlisted_id));
	unlisted_reported = now;
}
