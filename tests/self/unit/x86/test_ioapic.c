/* SPDX-License-Identifier: MIT */
/* Tests arch/x86/ioapic.c for the place of its tables, each access to its registers, and its
 * messages about inputs left on, with the lists in tests/self/unit/test_ioapic.c. */
#include "tests/self/unit/x86/own_io.h"

#define note note_input /* the test has a note() */
#include "arch/x86/ioapic.c"
#undef note

#include "tests/self/unit/x86/process.h"

static u8 page[32];
static u32 regs[256], selected;
static paddr_t rsdp, mp;
static bool no_table, no_device;
static unsigned found;

void *map_physical(paddr_t pa, size_t size, enum memory_type type)
{
	note("map %#llx %zu %u", pa, size, type);
	return page;
}

void *map_device(const struct boot_info *boot, paddr_t at, size_t size)
{
	note("device %u %#llx %zu", boot->nr_ram, at, size);
	return no_device ? NULL : page;
}

u32 mmio_read32(const volatile void *p)
{
	CHECK((const volatile u8 *)p == page + 16, "the second word");
	return regs[selected & 0xff];
}

void mmio_write32(volatile void *p, u32 value)
{
	if ((volatile u8 *)p == page) {
		selected = value;
	} else {
		note("reg %#x=%#x", selected, value);
		regs[selected & 0xff] = value;
	}
}

paddr_t find_cpus_rsdp(void)
{
	return rsdp;
}

paddr_t find_cpus_mptable(void)
{
	return mp;
}

const u8 *acpi_find(paddr_t at, const char *signature, firmware_map_t *map, size_t *size)
{
	note("acpi %#llx %s %u", at, signature, map == map_table);
	*size = 44;
	return no_table ? NULL : page;
}

const u8 *mptable_find(paddr_t at, firmware_map_t *map, size_t *size, struct cpu_list *complaints)
{
	note("mp %#llx %u %u", at, map == map_table, complaints->count);
	*size = 88;
	return no_table ? NULL : page;
}

void ioapic_list_madt(const u8 *madt, size_t n, struct ioapic_list *to)
{
	note("madt %u %zu", madt == page, n);
	to->count = found;
	to->at[0] = 0xfec00000;
	to->at[1] = 0xfec10000;
}

void ioapic_list_mp(const u8 *table, size_t n, struct ioapic_list *to)
{
	note("mp list %u %zu", table == page, n);
	to->count = 1;
	to->at[0] = 0xfec20000;
}

unsigned smp_count(void)
{
	return 3;
}

u32 smp_hw_id(unsigned cpu)
{
	return 2 * cpu;
}

static void test_tables(void)
{
	const struct boot_info boot = {.nr_ram = 9};

	no_device = true;
	x86_ioapic_init(&boot);
	DID("", "no tables");
	rsdp = 0xe0010;
	found = 2;
	mp = 0xf0020;
	x86_ioapic_init(&boot);
	DID("acpi 0xe0010 APIC 1\nmadt 1 44\ndevice 9 0xfec00000 32\ndevice 9 0xfec10000 32\n",
	    "those of the MADT");
	CHECK(absent == 2, "they are not there");
	list.count = found = 0;
	x86_ioapic_init(&boot);
	DID("acpi 0xe0010 APIC 1\nmadt 1 44\nmp 0xf0020 1 0\nmp list 1 88\ndevice 9 0xfec20000 32\n",
	    "or of the MP tables");
	list.count = 0;
	no_table = true;
	x86_ioapic_init(&boot);
	DID("acpi 0xe0010 APIC 1\nmp 0xf0020 1 0\n", "or none");
	CHECK(map_table(0x1230, 40) == page && noted("map 0x1230 40 0\n"), "tables may be cached");
	no_device = false;
	absent = 0;
}

static void test_inputs(void)
{
	const struct boot_info boot = {.nr_ram = 9};
	bool good = true;

	regs[1] = 0x00050020; /* six inputs */
	for (unsigned i = 0; i < 256; i++)
		regs[i] = i < 0x10 ? regs[i] : 0x30 + i;
	for (unsigned i = 0; i < 8; i++)
		regs[0x11 + 2 * i] = 0x02000000;
	regs[0x10] = 0x10031;
	regs[0x12] = 0x231;
	mask_all(&boot, 0xfec00000);
	DID("device 9 0xfec00000 32\nreg 0x14=0x10044\nreg 0x16=0x10046\nreg 0x18=0x10048\n"
	    "reg 0x1a=0x1004a\n",
	    "masked, but for what is masked or the firmware's");
	CHECK(nr_left_on == 4 && left_on[0].ioapic == 0xfec00000 && left_on[0].number == 2 &&
		      left_on[0].low == 0x44 && left_on[0].high == 0x02000000,
	      "and kept");
	for (u32 mode = 0; mode < 8; mode++) {
		nr_left_on = 0;
		note_input((struct input){.low = mode << 8});
		good &= nr_left_on == (mode < 2);
	}
	CHECK(good, "fixed and lowest priority are told");
	for (unsigned i = 0; i < 240; i++)
		regs[0x10 + i] = 0;
	regs[1] = 0x00ff0020;
	nr_left_on = 0;
	mask_all(&boot, 0xfec00000);
	CHECK(nr_left_on == 120 && noted_also("reg 0xfc=0x10000\nreg 0xfe=0x10000\n"),
	      "no more than have numbers");
	regs[1] = 0xffffffff;
	mask_all(&boot, 0xfec00000);
	regs[1] = 0;
	mask_all(&boot, 0xfec00000);
	CHECK(absent == 2, "a device that is not there");
	noted_also("");
}

static void test_told(void)
{
	absent = list.dropped = 0;
	nr_left_on = 3;
	left_on[0] = (struct input){0xfec00000, 2, 0x1044, 0x02000000};
	left_on[1] = (struct input){0xfec00000, 23, 0x8, 0x03000000};
	left_on[2] = (struct input){0xfec10000, 4, 0x845, 0x0f000000};
	x86_ioapic_print();
	DID("# ev=warning what=\"stray interrupt avoided: vector 0x44 on CPU 1, left on by the "
	    "firmware, is masked\" ioapic=0xfec00000 input=2 vector=0x44\n"
	    "# ev=warning what=\"stray interrupt avoided: vector 0x08 on APIC id 3, left on by the "
	    "firmware, is masked\" ioapic=0xfec00000 input=23 vector=0x08\n"
	    "# ev=warning what=\"stray interrupt avoided: vector 0x45 on CPUs of logical id 0x0f, "
	    "left on by the firmware, is masked\" ioapic=0xfec10000 input=4 vector=0x45\n",
	    "each input that was on");
	nr_left_on = 8;
	x86_ioapic_print();
	CHECK(!noted_also("more inputs"), "eight");
	nr_left_on = 11;
	list.count = 2;
	list.dropped = 3;
	absent = 1;
	x86_ioapic_print();
	CHECK(noted_also("# ev=warning what=\"more inputs of I/O APICs were on, now masked\" "
			 "inputs=3\n# ev=warning what=\"firmware tables: I/O APICs that are not "
			 "there\" listed=5 dropped=3 absent=1\n"),
	      "eleven");
	nr_left_on = list.dropped = 0;
	x86_ioapic_print();
	CHECK(noted_also("absent=1"), "one that is not there is enough");
}

void test(void)
{
	test_tables();
	test_inputs();
	test_told();
}
