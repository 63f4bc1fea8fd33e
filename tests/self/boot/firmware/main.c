/* SPDX-License-Identifier: MIT */
/* Finds the case named by the command line, and starts Zapwalk in it. */
#include "kernel/string.h"
#include "tests/self/boot/firmware/firmware.h"

#define MB1_BOOT_MAGIC 0x2badb002u

const struct firmware_case *the_case;

static const struct firmware_case *find_case(const char *name)
{
	const struct firmware_case *c = cases_start;

	for (; c < cases_end; c++)
		if (!strcmp(c->name, name))
			return c;
	print("# firmware: unknown case \"");
	print(name);
	print("\". Valid:");
	for (c = cases_start; c < cases_end; c++) {
		print(" ");
		print(c->name);
	}
	print("\n");
	refuse("name a case behind the module: -initrd \"zapwalk.elf CASE\"");
}

_Noreturn void firmware_main(u32 magic, const u8 *info); /* called by head.S */
void firmware_main(u32 magic, const u8 *info)
{
	const u8 *rsdp;
	size_t size;

	if (magic != MB1_BOOT_MAGIC)
		refuse("this is a kernel for QEMU's -kernel");
	the_case = find_case(module_case(info));
	print("# firmware: case=");
	print(the_case->name);
	print("\n");
	cpus_start(acpi_count_cpus());
	rsdp = acpi_make(&size);
	hand_over(info, rsdp, size);
}
