/* SPDX-License-Identifier: MIT */
/* Tests which memory of a screen arch/x86/screen.c maps, and how, because QEMU's TCG draws with any
 * memory type, so a boot cannot show that. */
#include <string.h>

#include "kernel/compiler.h"

#define KERNEL_BASE 0xc0000000u /* the model has no such address, and no code here asks for it */

#include "arch/x86/screen.c"
#include "tests/self/unit/tap.h"

#define AT   0xe0000000ull
#define SIZE (4096u * 768u)

static u8 memory[1];
static unsigned maps;
static paddr_t mapped_at;
static size_t mapped_size;
static enum memory_type mapped_as;

void *map_physical(paddr_t pa, size_t size, enum memory_type type)
{
	maps++;
	mapped_at = pa;
	mapped_size = size;
	mapped_as = type;
	return pa == AT ? memory : NULL;
}

void outb(u16 port, u8 value)
{
	(void)port;
	(void)value;
}

enum key ps2_key(void)
{
	return KEY_NONE;
}

void ps2_reset_machine(void)
{
}

static struct boot_info with_screen(paddr_t at)
{
	struct boot_info boot = {.framebuffer = {.at = at,
						 .pitch = 4096,
						 .width = 1024,
						 .height = 768,
						 .bits = 32,
						 .type = FRAMEBUFFER_RGB}};

	maps = 0;
	return boot;
}

/* Pitch and height have 32 bits each, so their product has more. */
static void test_large(void)
{
	struct boot_info boot = with_screen(AT);

	boot.framebuffer.pitch = 1u << 16;
	boot.framebuffer.height = 1u << 16;
	CHECK(!map_screen(&boot, &boot.framebuffer) && !maps &&
		      strstr(boot.framebuffer.problem, "size=4294967296 is out of reach"),
	      "4 GiB: not mapped as 0 bytes, and said: %s", boot.framebuffer.problem);
	boot.framebuffer.height++;
	CHECK(!map_screen(&boot, &boot.framebuffer) && !maps &&
		      strstr(boot.framebuffer.problem, "size=4295032832 is out of reach"),
	      "a line more: not mapped as that line: %s", boot.framebuffer.problem);
	boot.framebuffer.pitch--;
	boot.framebuffer.height -= 2;
	CHECK(map_screen(&boot, &boot.framebuffer) && mapped_size == 0xfffe0001,
	      "a size that 32 bits just hold is mapped");
	boot = with_screen(AT);
	boot.framebuffer.pitch = boot.framebuffer.height = 1u << 16;
	boot.nr_ram = 1;
	boot.ram[0] = (struct boot_range){AT + 0x80000000, AT + 0x80001000};
	CHECK(!map_screen(&boot, &boot.framebuffer) &&
		      strstr(boot.framebuffer.problem, "size=4294967296 lies in RAM"),
	      "4 GiB of which one page is RAM: %s", boot.framebuffer.problem);
}

int main(void)
{
	struct boot_info boot = with_screen(AT);

	CHECK(map_screen(&boot, &boot.framebuffer) == memory && !boot.framebuffer.problem[0],
	      "a screen is mapped");
	CHECK(mapped_at == AT && mapped_size == SIZE, "all of it");
	CHECK(mapped_as == MEMORY_UC_MINUS, "not cached, but an MTRR may make it write-combining");
	boot.nr_ram = 1;
	boot.ram[0] = (struct boot_range){AT + SIZE - 1, AT + SIZE + 0x1000};
	maps = 0;
	CHECK(!map_screen(&boot, &boot.framebuffer) && !maps &&
		      strstr(boot.framebuffer.problem, "lies in RAM"),
	      "its last byte is RAM: not mapped, and said");
	boot = with_screen(AT + 0x1000);
	CHECK(!map_screen(&boot, &boot.framebuffer) && maps == 1 &&
		      strstr(boot.framebuffer.problem, "out of reach"),
	      "out of reach: said");
	test_large();
	return tap_done();
}
