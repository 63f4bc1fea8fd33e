/* SPDX-License-Identifier: MIT */
/* A screen behind a PCI device, set up as firmware leaves one. */
#include "tests/self/boot/firmware/firmware.h"

/* PCI configuration mechanism 1 (PCI specification 3.0, 3.2.2.3.2). */
#define PCI_ADDRESS 0xcf8
#define PCI_DATA    0xcfc
#define PCI_ENABLE  0x80000000u
#define PCI_COMMAND 0x04u
#define PCI_MEMORY  BIT(1) /* in the command, set if the device answers to its memory addresses */
#define PCI_BAR2    0x18u
#define PCI_DEVICES 32u

#define IVSHMEM 0x11101af4u /* device and vendor of QEMU's ivshmem-plain; its memory is BAR 2 */

static void out32(u16 port, u32 value)
{
	__asm__ __volatile__("outl %0,%1" ::"a"(value), "Nd"(port) : "memory");
}

static u32 in32(u16 port)
{
	u32 value;

	__asm__ __volatile__("inl %1,%0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

static u32 pci_read(u32 device, u32 reg)
{
	out32(PCI_ADDRESS, PCI_ENABLE | device << 11 | reg);
	return in32(PCI_DATA);
}

static void pci_write(u32 device, u32 reg, u32 value)
{
	out32(PCI_ADDRESS, PCI_ENABLE | device << 11 | reg);
	out32(PCI_DATA, value);
}

/* Returns its device number on bus 0, or PCI_DEVICES if there is none. */
static u32 find_ivshmem(void)
{
	for (u32 device = 0; device < PCI_DEVICES; device++)
		if (pci_read(device, 0) == IVSHMEM)
			return device;
	return PCI_DEVICES;
}

/* A deep colour screen, as firmware sets up for some monitors, has 2560x1600 pixels and 10 bits a
 * colour in 32. Its pixels are memory shared by QEMU with a file (16 MiB), so the test can look at
 * them. */
static bool ten_bit_screen(struct boot_framebuffer *screen)
{
	u32 device = find_ivshmem();

	if (device == PCI_DEVICES)
		return false;
	pci_write(device, PCI_COMMAND, pci_read(device, PCI_COMMAND) | PCI_MEMORY);
	*screen = (struct boot_framebuffer){
		.at = (pci_read(device, PCI_BAR2) & ~0xfu) | (u64)pci_read(device, PCI_BAR2 + 4)
								     << 32,
		.pitch = 2560 * 4,
		.width = 2560,
		.height = 1600,
		.bits = 32,
		.type = FRAMEBUFFER_RGB,
		.red = {20, 10},
		.green = {10, 10},
		.blue = {0, 10},
	};
	return screen->at;
}

FIRMWARE_CASE(ten_bit) = {.name = "ten-bit-screen", .screen = ten_bit_screen};
