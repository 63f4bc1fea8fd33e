/* SPDX-License-Identifier: MIT */
/* Tests the boot CPU's way from head.S to kernel_main() in arch/mips/setup.c, step by step. */
#include "arch/mips/image.h"

/* As from the linker, an image of 1 MiB at 1 MiB. */
#define __image_start ((u8 *)0x80100000ul)
#define __image_end   ((u8 *)0x80200000ul)
#define boot_stacks   ((u8 *)0x80180000ul)
#include "arch/mips/setup.c"

#include "tests/self/unit/mips/host.h"

static struct boot_range ram[2];
static unsigned nr_ram;
static const char *problem;

const char *yamon_parse(const u8 *view, u32 argv, u32 envp, u32 memory, struct boot_info *info)
{
	host_note("parse %lx %x %x %x", (unsigned long)view, argv, envp, memory);
	info->cmdline[0] = 'w';
	for (unsigned i = 0; i < nr_ram; i++)
		info->ram[i] = ram[i];
	info->nr_ram = nr_ram;
	return problem;
}

void early_options(const char *line)
{
	host_note("options %s", line);
}

void ranges_remove(struct boot_info *info, paddr_t start, paddr_t end)
{
	host_note("remove %llx-%llx%s", (unsigned long long)start, (unsigned long long)end,
		  info == &boot ? "" : "?");
}

void bootmem_init(struct boot_info *info, paddr_t limit)
{
	host_note("bootmem %llx%s", (unsigned long long)limit, info == &boot ? "" : "?");
}

void bootmem_finish(void)
{
	host_note("finish");
}

void smp_discover(void)
{
	host_note("discover");
}

void console_early_init(void)
{
	host_note("console");
}

void mips_cpu_prepare(unsigned cpu, u32 hw_id, vaddr_t block)
{
	host_note("prepare %u %x %lx", cpu, hw_id, block);
	mips_cpus[cpu].hw_id = hw_id;
}

void mips_cpu_init(void)
{
	host_note("cpu_init");
	host_cp0[12][0] = 0x2000;
}

void tlb_init(void)
{
	host_note("tlb_init");
}

void cm_init(void)
{
	host_note("cm_init");
}

void outb(u16 port, u8 value)
{
	host_note("out %x=%x", port, value);
}

void kernel_main(const struct boot_info *info)
{
	host_note("main%s live=%u", info == &boot ? "" : "?", mips_cpus[0].live);
	longjmp(host_death, 1);
}

/* A CPU that stops others sends to the live ones, so they must be able to take the interrupt. */
static void tell_live(unsigned number)
{
	host_note("live=%u", number == 12 ? mips_cpus[0].live : 9);
}

static void machine(u32 ebase, unsigned pieces, paddr_t end)
{
	host_reset(0);
	host_at_mtc0 = tell_live;
	map_end = 0;
	host_cp0[15][1] = ebase;
	ram[0] = (struct boot_range){0x10000, pieces > 1 ? 0x100000 : end};
	ram[1] = (struct boot_range){0x300000, end};
	nr_ram = pieces;
	problem = NULL;
}

#define FIRST                                                                                      \
	"prepare 0 0 80180000 console cpu_init tlb_init out 21=ff out a1=ff cm_init "              \
	"parse 80000000 11 22 33 options w"
#define STRUCK FIRST " remove 0-10000 remove 100000-200000"

static void test_way(paddr_t end, const char *did, paddr_t map)
{
	machine(0x80000000, 2, end);
	CHECK(DIES(mips_start(9, 0x11, 0x22, 0x33)) && host_did(did),
	      "RAM up to %llx: each step in its order", (unsigned long long)end);
	CHECK(direct_map_end() == map, "and a direct map up to %llx", (unsigned long long)map);
}

int main(void)
{
	test_way(0x4000000,
		 STRUCK " bootmem 4000000 discover finish mtc0 12.0=2001 live=0 main live=1",
		 0x4000000);
	test_way(0x8000000,
		 STRUCK " bootmem 8000000 discover finish mtc0 12.0=2001 live=0 main live=1",
		 0x8000000);
	test_way(0x8001000,
		 STRUCK " bootmem 8000000 discover finish mtc0 12.0=2001 live=0 main live=1",
		 0x8000000);

	machine(0x80000002, 2, 0x4000000);
	CHECK(DIES(mips_start(9, 0x11, 0x22, 0x33)) &&
		      host_said("booted by virtual processor 2, not 0 (EBase.CPUNum)"),
	      "another virtual processor booted us");
	CHECK(host_did("prepare 0 2 80180000 console cpu_init tlb_init"), "which can be told");
	machine(0x80000400, 2, 0x4000000);
	CHECK(DIES(mips_start(9, 0x11, 0x22, 0x33)) && host_said(""), "the number has ten bits");
	host_forget();

	machine(0, 2, 0x4000000);
	problem = "bad option";
	CHECK(DIES(mips_start(9, 0x11, 0x22, 0x33)) &&
		      host_said(
			      "bad boot information: bad option (argv=0x11, envp=0x22, memory=0x33)"),
	      "what is wrong with the boot information is named");
	CHECK(host_did(FIRST), "after the console= and exit= of its options");

	machine(0, 0, 0);
	CHECK(DIES(mips_start(9, 0x11, 0x22, 0x33)) &&
		      host_said("end of RAM at 0, below the end of the kernel's image at 0x200000"),
	      "no RAM");
	machine(0, 1, 0x1ff000);
	CHECK(DIES(mips_start(9, 0x11, 0x22, 0x33)) &&
		      host_said("end of RAM at 0x1ff000, below the end of the kernel's image at 0x200000"),
	      "RAM that ends in the image");
	machine(0, 1, 0x200000);
	host_forget();
	CHECK(DIES(mips_start(9, 0x11, 0x22, 0x33)) && host_said("") &&
		      direct_map_end() == 0x200000,
	      "RAM that ends with the image is the boot memory's to complain of");
	return tap_done();
}
