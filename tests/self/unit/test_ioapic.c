/* SPDX-License-Identifier: MIT */
/* Tests drivers/ioapic_list.c on sound and unsound tables, and arch/x86/ioapic.c on I/O APICs of
 * its own. */
#include "kernel/compiler.h"

u32 smp_hw_id(unsigned cpu);

#include "arch/x86/device.c"
#include "arch/x86/ioapic.c"
#include "tests/self/unit/bytes.h"
#include "tests/self/unit/tap.h"

#define INPUTS 24u
#define FIRST  0xfec00000u

static struct bytes madt, mp;

/* Two I/O APICs at FIRST, a page each, and a page that reads as ones. */
static struct device {
	u8 page[0x20];
	u32 select, version, entry[2 * INPUTS];
} devices[2];
static u8 nobody[0x20];
static unsigned wrong, maps;

static u32 *reg_of(struct device *device)
{
	static u32 none;

	if (device->select == 1)
		return &device->version;
	if (device->select >= 0x10 && device->select < 0x10 + 2 * INPUTS)
		return &device->entry[device->select - 0x10];
	wrong++;
	return &none;
}

static struct device *device_of(const volatile void *p, u32 *offset)
{
	for (unsigned i = 0; i < ARRAY_SIZE(devices); i++) {
		*offset = (u32)((const volatile u8 *)p - devices[i].page);
		if (*offset < sizeof(devices[i].page))
			return &devices[i];
	}
	return NULL;
}

u32 mmio_read32(const volatile void *p)
{
	u32 offset;
	struct device *device = device_of(p, &offset);

	wrong += device && offset != 0x10;
	return device ? *reg_of(device) : ~0u;
}

void mmio_write32(volatile void *p, u32 value)
{
	u32 offset;
	struct device *device = device_of(p, &offset);

	wrong += device && offset && offset != 0x10;
	if (device && offset == 0)
		device->select = value;
	else if (device && reg_of(device) != &device->version)
		*reg_of(device) = value;
}

void *map_physical(paddr_t pa, size_t size, enum memory_type type)
{
	maps++;
	wrong += type != MEMORY_UC || size != 0x20;
	if (pa >= FIRST && pa < FIRST + sizeof(devices) / sizeof(*devices) * 0x1000)
		return devices[(pa - FIRST) / 0x1000].page;
	return nobody;
}

paddr_t find_cpus_rsdp(void)
{
	return 0;
}

paddr_t find_cpus_mptable(void)
{
	return 0;
}

u32 smp_hw_id(unsigned cpu)
{
	return 2 * cpu;
}

static void new_devices(void)
{
	memset(devices, 0, sizeof(devices));
	for (unsigned i = 0; i < ARRAY_SIZE(devices); i++) {
		devices[i].version = (INPUTS - 1) << 16 | 0x20;
		for (unsigned n = 0; n < INPUTS; n++)
			devices[i].entry[2 * n] = 0x10000;
	}
	nr_left_on = absent = wrong = maps = 0;
	list = (struct ioapic_list){.count = 0};
}

static void test_mask(void)
{
	static const struct boot_info none;
	u32 *entry = devices[1].entry;

	new_devices();
	entry[0] = 0x00700; /* the 8259As' line */
	entry[2 * 2] = 0x0000f;
	entry[2 * 2 + 1] = 2u << 24;
	entry[2 * 9] = 0x0a931;	 /* level, low, logical, lowest priority */
	entry[2 * 11] = 0x00200; /* SMI */
	entry[2 * 12] = 0x10041;
	entry[2 * 23] = 0x00055;
	mask_all(&none, FIRST + 0x1000);
	CHECK(entry[0] == 0x10700 && entry[4] == 0x1000f && entry[18] == 0x1a931 &&
		      entry[46] == 0x10055,
	      "inputs that are on, the last one too: masked, else as they were");
	CHECK(entry[22] == 0x00200, "one that raises an SMI is the firmware's");
	CHECK(entry[24] == 0x10041 && devices[0].entry[0] == 0x10000, "others are left alone");
	CHECK(nr_left_on == 3 && left_on[0].number == 2 && left_on[0].low == 0x0f &&
		      left_on[0].high == 2u << 24 && left_on[1].number == 9,
	      "those that would have reached CPUs are told");
	CHECK(!wrong && !absent, "no register that there is not");
	CHECK(cpu_of(2) == 1 && cpu_of(3) == smp_count(), "APIC id 2 is CPU 1, 3 none of ours");
}

static void test_many(void)
{
	static const struct boot_info none;

	new_devices();
	for (unsigned n = 0; n < INPUTS; n++)
		devices[0].entry[2 * n] = 0x30 + n;
	mask_all(&none, FIRST);
	CHECK(nr_left_on == INPUTS && left_on[LEFT_ON_MAX - 1].number == LEFT_ON_MAX - 1 && !wrong,
	      "more than can be told: counted");
}

static void test_absent(void)
{
	struct boot_info boot = {.nr_ram = 1};

	new_devices();
	mask_all(&boot, FIRST + 0x2000);
	CHECK(absent == 1 && !wrong, "nothing answers: told");
	devices[0].entry[0] = 0x20;
	boot.ram[0].start = FIRST - 0x1000;
	boot.ram[0].end = FIRST + 0x10;
	maps = 0;
	mask_all(&boot, FIRST);
	CHECK(absent == 2 && !maps && devices[0].entry[0] == 0x20, "in RAM: not touched, told");
	mask_all(&boot, (u32)direct_map_end() - 0x10);
	CHECK(absent == 3 && !maps,
	      "in the direct map, where RAM in use is no longer listed: the same");
}

/* The search for a UART and for the HPET must keep away from this memory as well. */
static void test_device(void)
{
	struct boot_info boot = {.nr_ram = 1, .ram = {{0x200000000, 0x280000000}}};

	new_devices();
	CHECK(map_device(&boot, 0x280000000, 0x20) && maps == 1, "behind RAM: mapped");
	CHECK(map_device(&boot, 0x1ffffffe0, 0x20) && maps == 2, "in front of it: mapped");
	CHECK(map_device(&boot, direct_map_end(), 0x20) && maps == 3,
	      "behind the direct map: mapped");
	CHECK(!map_device(&boot, 0x1ffffffe1, 0x20) && !map_device(&boot, 0x27fffffff, 0x20),
	      "a byte of it in RAM: not mapped");
	CHECK(map_device(&boot, RAM_MAX - 0x20, 0x20) && maps == 4, "up to RAM_MAX: mapped");
	CHECK(!map_device(&boot, RAM_MAX - 0x1f, 0x20) && !map_device(&boot, ~0ull - 0xf, 0x20) &&
		      maps == 4,
	      "beyond, where nobody knows what is RAM, or round the end: not mapped");
}

static void add_ioapic(u32 at, u8 length)
{
	size_t end = madt.size;

	put8(&madt, end, 1);
	put8(&madt, end + 1, length);
	put8(&madt, end + length - 1u, 0);
	put32(&madt, end + 4, at);
}

static struct ioapic_list listed(size_t n)
{
	struct ioapic_list found = {.count = 0};
	u8 *copy = exact_copy(madt.at, n);

	ioapic_list_madt(copy, n, &found);
	free(copy);
	return found;
}

static void test_madt(void)
{
	struct ioapic_list found;

	madt = (struct bytes){.size = 44};
	add_ioapic(0xfec00000, 12);
	put8(&madt, madt.size + 7, 0); /* a CPU */
	madt.at[madt.size - 7] = 8;
	add_ioapic(0xfec10000, 12);
	add_ioapic(0xfec00000, 12);
	add_ioapic(0, 12);
	add_ioapic(0xfec00008, 12);
	found = listed(madt.size);
	CHECK(found.count == 2 && found.at[0] == 0xfec00000 && found.at[1] == 0xfec10000,
	      "MADT: each one once, in order");
	CHECK(found.dropped == 2, "MADT: address 0, and one that is not aligned: dropped");
	CHECK(listed(44 + 11).count == 0 && listed(44 + 12).count == 1 && listed(43).count == 0 &&
		      listed(45).count == 0,
	      "MADT: cut");
	madt.at[45] = 0;
	CHECK(!listed(madt.size).count, "MADT: an entry of length 0 ends the list");
	madt.size = 44;
	for (u32 i = 0; i < IOAPIC_LIST_MAX + 3; i++)
		add_ioapic(0xfec00000 + i * 0x1000, 12);
	found = listed(madt.size);
	CHECK(found.count == IOAPIC_LIST_MAX && found.dropped == 3, "MADT: more than fit");
}

static void mp_ioapic(u32 at, u8 flags)
{
	size_t end = mp.size;

	put32(&mp, end, (u32)flags << 24 | 2);
	put32(&mp, end + 4, at);
	mp.at[34]++;
}

static void test_mp(void)
{
	struct ioapic_list found = {.count = 0};
	u8 *copy;

	mp = (struct bytes){.size = 44};
	mp_ioapic(0xfec00000, 1);
	put8(&mp, mp.size + 19, 0); /* a CPU */
	mp.at[34]++;
	mp_ioapic(0xfec10000, 0);
	mp_ioapic(0xfec20000, 1);
	ioapic_list_mp(mp.at, mp.size, &found);
	CHECK(found.count == 2 && found.at[0] == 0xfec00000 && found.at[1] == 0xfec20000,
	      "MP table: those that are usable");
	found.count = 0;
	copy = exact_copy(mp.at, mp.size - 1);
	ioapic_list_mp(copy, mp.size - 1, &found);
	CHECK(found.count == 1, "MP table: cut in the last entry");
	free(copy);
	mp.at[34] = 200;
	found.count = 0;
	copy = exact_copy(mp.at, mp.size);
	ioapic_list_mp(copy, mp.size, &found);
	CHECK(found.count == 2, "MP table: a count that is too high");
	free(copy);
}

int main(void)
{
	test_mask();
	test_many();
	test_absent();
	test_device();
	test_madt();
	test_mp();
	return tap_done();
}
