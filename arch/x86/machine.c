/* SPDX-License-Identifier: MIT */
#include "arch/x86/features.h"
#include "arch/x86/machine.h"
#include "arch/x86/microcode.h"
#include "arch/x86/paging.h"
#include "drivers/smbios.h"
#include "kernel/printk.h"

#define ROM	 0xf0000u /* a BIOS has the entry point here (SMBIOS 5.2) */
#define ROM_SIZE 0x10000u

static struct smbios_names names;
static const char *firmware = "BIOS";

static const u8 *map_table(paddr_t at, size_t size)
{
	return map_physical(at, size, MEMORY_WB);
}

static paddr_t scan_rom(void)
{
	const u8 *rom = map_table(ROM, ROM_SIZE);
	size_t at = rom ? smbios_scan(rom, ROM_SIZE) : ROM_SIZE;

	return at < ROM_SIZE ? ROM + at : 0;
}

void x86_machine_read(const struct boot_info *boot)
{
	paddr_t entry;

	if (boot->efi_bits)
		firmware = boot->efi_bits == 64 ? "UEFI x64" : "UEFI ia32";
	entry = boot->efi_bits ? efi_find_smbios(boot->efi_table, boot->efi_bits, map_table)
			       : scan_rom();
	if (entry)
		smbios_read(entry, map_table, &names);
}

void x86_machine_print(void)
{
	char from[SMBIOS_TITLE], product[SMBIOS_TITLE], microcode[16] = "unknown";
	u32 revision;

	_Static_assert(2 * SMBIOS_TITLE + sizeof(x86_features.brand) + 96 < PRINTK_LINE,
		       "the line has room for the longest names");
	smbios_firmware(&names, firmware, from);
	smbios_machine(&names, product);
	if (x86_microcode(&revision))
		snprintk(microcode, sizeof(microcode), "0x%08x", revision);
	printk("# ev=machine cpu=\"%s\" signature=0x%08x microcode=%s firmware=\"%s\" product=\"%s\"\n",
	       x86_features.brand[0] ? x86_features.brand : x86_features.vendor,
	       x86_features.signature, microcode, from, product);
}
