/* SPDX-License-Identifier: MIT */
/* Tests the order of the boot CPU's steps in arch/s390x/setup.c, and the data for the kernel. */
#include "tests/self/unit/s390x/fake.h"

#include "arch/s390x/image.h"

static char command[BOOT_COMMAND_SIZE + 8];

/* Set by linker/s390x.ld and head.S. */
#define __image_start ((u8 *)0x10000)
#define __image_end   ((u8 *)0x345000)
#define boot_stacks   ((u8 *)0x300000)
#define boot_command  ((const char *)command)

#include "arch/s390x/setup.c"

static u64 storage;
struct s390_features s390_features;

void console_early_init(void)
{
	record("console");
}

void early_options(const char *line)
{
	record("early options: %s", line);
}

u64 sclp_storage(void)
{
	record("storage");
	return storage;
}

void s390_features_init(void)
{
	record("features");
}

void ranges_add(struct boot_info *info, paddr_t start, paddr_t end, paddr_t limit)
{
	record("add %#lx to %#lx below %#lx", start, end, limit);
	info->nr_ram = 1;
}

void ranges_remove(struct boot_info *info, paddr_t start, paddr_t end)
{
	(void)info;
	record("remove %#lx to %#lx", start, end);
}

u64 ranges_total(const struct boot_info *info)
{
	return info->nr_ram ? storage : 0;
}

void lowcore_prepare(struct lowcore *lowcore, unsigned cpu, u32 hw_id, vaddr_t block)
{
	record("prepare %s cpu %u hw %u stacks %#lx", lowcore == &fake_lowcore ? "own" : "?", cpu,
	       hw_id, block);
}

void lowcore_set_dat(struct lowcore *lowcore)
{
	record("dat of %s", lowcore == &fake_lowcore ? "own" : "?");
}

void cpu_load(void)
{
	record("load");
}

void paging_set_direct_map(const struct boot_info *info)
{
	record("direct map, %u ranges", info->nr_ram);
}

paddr_t direct_map_end(void)
{
	return 0x7654000;
}

void bootmem_init(struct boot_info *info, paddr_t limit)
{
	(void)info;
	record("bootmem below %#lx", limit);
}

void bootmem_finish(void)
{
	record("bootmem ends");
}

void paging_init(void)
{
	record("paging");
}

void paging_unmap(vaddr_t va)
{
	record("unmap %#lx", va);
}

void smp_discover(void)
{
	record("CPUs");
}

void kernel_main(const struct boot_info *info)
{
	record("main: %s, total %#lx, cut %d, options '%s'", info->protocol, info->ram_total,
	       info->cmdline_cut, info->cmdline);
	fake_stop();
}

static bool cuts(unsigned length)
{
	memset(command, 'w', sizeof(command) - 1);
	if (length < BOOT_COMMAND_SIZE)
		command[length] = 0;
	memset(&boot, 0xff, sizeof(boot));
	read_command_line();
	return strlen(boot.cmdline) == (length < BOOT_COMMAND_SIZE ? length : BOOT_COMMAND_SIZE) &&
	       boot.cmdline_cut == (length >= BOOT_COMMAND_SIZE);
}

int main(void)
{
	storage = 0x8000000;
	strcpy(command, "run=hw/* list");
	CHECK(ENDS(s390_start()), "the boot");
	EXPECT("prepare own cpu 0 hw 0 stacks 0x300000 console features storage "
	       "early options: run=hw/* list add 0 to 0x8000000 below 0xffffffffffffffff "
	       "remove 0 to 0x100000 remove 0x10000 to 0x345000 direct map, 1 ranges "
	       "bootmem below 0x7654000 paging dat of own load unmap 0x300000 unmap 0x303000 CPUs "
	       "bootmem ends main: image, total 0x8000000, cut 0, options 'run=hw/* list' ",
	       "step by step");
	storage = 0;
	CHECK(ENDS(s390_start()), "a machine that does not say what storage it has");
	EXPECT("prepare own cpu 0 hw 0 stacks 0x300000 console features storage "
	       "early options: run=hw/* list "
	       "panic: bad boot information: SCLP does not say how much storage there is ",
	       "ends after console= was obeyed");
	CHECK(cuts(0) && cuts(5) && cuts(895), "a command line that fits");
	CHECK(cuts(896), "one that fills its place: taken for cut");
	return tap_done();
}
