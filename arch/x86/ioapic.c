/* SPDX-License-Identifier: MIT */
#include "arch/x86/device.h"
#include "arch/x86/find_cpus.h"
#include "arch/x86/ioapic.h"
#include "arch/x86/paging.h"
#include "drivers/acpi.h"
#include "drivers/ioapic_list.h"
#include "drivers/mptable.h"
#include "kernel/printk.h"
#include <asm/io.h>
#include <asm/smp.h>

/* Registers (82093AA data sheet, 3.1 and 3.2). A register's number goes to the word at SELECT, and
 * then the word at WINDOW is this register. */
#define SELECT	      0x00
#define WINDOW	      0x10
#define REGISTERS     0x20u /* bytes */
#define REG_VERSION   0x01u /* the number of inputs - 1, in bits 23:16 */
#define REG_ENTRY     0x10u /* low word of input 0's entry, and each entry has two words */
#define ENTRY_MASKED  BIT(16)
#define ENTRY_LOGICAL BIT(11)
#define ENTRY_MODE    0x700u
#define MODE_LOWEST   0x100u /* fixed is 0 */
#define MODE_SMI      0x200u
#define ALL_ONES      0xffffffffu

#define LEFT_ON_MAX 8u

/* An input that could have sent interrupts to CPUs. */
struct input {
	u32 ioapic;
	unsigned number;
	u32 low, high; /* words of its entry */
};

static struct input left_on[LEFT_ON_MAX];
static unsigned nr_left_on; /* may be more than LEFT_ON_MAX */
static struct ioapic_list list;
static unsigned absent; /* listed, but nothing is there */

static const u8 *map_table(paddr_t at, size_t size)
{
	return map_physical(at, size, MEMORY_WB);
}

static u32 get(u8 *registers, u32 reg)
{
	mmio_write32(registers + SELECT, reg);
	return mmio_read32(registers + WINDOW);
}

static void set(u8 *registers, u32 reg, u32 value)
{
	mmio_write32(registers + SELECT, reg);
	mmio_write32(registers + WINDOW, value);
}

/* NMI, INIT and the 8259As' line are masked as well, but the firmware did not forget them. The last
 * is how a PC boots (MP specification 1.4, 3.6.2.2). */
static void note(struct input input)
{
	u32 mode = input.low & ENTRY_MODE;

	if (mode && mode != MODE_LOWEST)
		return;
	if (nr_left_on < LEFT_ON_MAX)
		left_on[nr_left_on] = input;
	nr_left_on++;
}

/* An input that raises an SMI is the firmware's as long as the machine runs. */
static void mask(u8 *registers, u32 at, unsigned number)
{
	u32 reg = REG_ENTRY + 2 * number, low = get(registers, reg);

	if (low & ENTRY_MASKED || (low & ENTRY_MODE) == MODE_SMI)
		return;
	set(registers, reg, low | ENTRY_MASKED);
	note((struct input){at, number, low, get(registers, reg + 1)});
}

static void mask_all(const struct boot_info *boot, u32 at)
{
	u8 *registers = map_device(boot, at, REGISTERS);
	u32 version = registers ? get(registers, REG_VERSION) : 0;

	if (!version || version == ALL_ONES) {
		absent++;
		return;
	}
	for (unsigned i = 0; i <= (version >> 16 & 0xff) && REG_ENTRY + 2 * i < 0xff; i++)
		mask(registers, at, i);
}

static void read_tables(void)
{
	struct cpu_list complaints = {.count = 0}; /* smp_enumerate() tells them */
	const u8 *table = NULL;
	size_t n;

	if (find_cpus_rsdp())
		table = acpi_find(find_cpus_rsdp(), "APIC", map_table, &n);
	if (table)
		ioapic_list_madt(table, n, &list);
	if (list.count || !find_cpus_mptable())
		return;
	table = mptable_find(find_cpus_mptable(), map_table, &n, &complaints);
	if (table)
		ioapic_list_mp(table, n, &list);
}

void x86_ioapic_init(const struct boot_info *boot)
{
	read_tables();
	for (unsigned i = 0; i < list.count; i++)
		mask_all(boot, list.at[i]);
}

/* Returns the CPU with this APIC id, or smp_count() if it is none of ours. */
static unsigned cpu_of(u32 hw_id)
{
	unsigned cpu = 0;

	while (cpu < smp_count() && smp_hw_id(cpu) != hw_id)
		cpu++;
	return cpu;
}

static void print_input(const struct input *input)
{
	u32 vector = input->low & 0xff, to = input->high >> 24;
	unsigned cpu = cpu_of(to);
	char whom[32];

	if (input->low & ENTRY_LOGICAL)
		snprintk(whom, sizeof(whom), "CPUs of logical id 0x%02x", to);
	else if (cpu < smp_count())
		snprintk(whom, sizeof(whom), "CPU %u", cpu);
	else
		snprintk(whom, sizeof(whom), "APIC id %u", to);
	printk("# ev=warning what=\"stray interrupt avoided: vector 0x%02x on %s, left on by the firmware, is masked\" ioapic=%#x input=%u vector=0x%02x\n",
	       vector, whom, input->ioapic, input->number, vector);
}

void x86_ioapic_print(void)
{
	for (unsigned i = 0; i < nr_left_on && i < LEFT_ON_MAX; i++)
		print_input(&left_on[i]);
	if (nr_left_on > LEFT_ON_MAX)
		printk("# ev=warning what=\"more inputs of I/O APICs were on, now masked\" inputs=%u\n",
		       nr_left_on - LEFT_ON_MAX);
	if (list.dropped + absent)
		printk("# ev=warning what=\"firmware tables: I/O APICs that are not there\" listed=%u dropped=%u absent=%u\n",
		       list.count + list.dropped, list.dropped, absent);
}
