/* SPDX-License-Identifier: MIT */
/* with: arch/x86/device.c boot/ranges.c */
/* Tests each step from head.S to kernel_main() in arch/x86/setup.c, in order, and its parts of the
 * list of RAM. */
#include "arch/x86/setup.c"

#include "tests/self/unit/x86/process.h"

__asm__(".globl __image_start, __image_end, boot_stacks, boot_pgd\n"
	".set __image_start, 0xc0200000\n"
	".set __image_end, 0xc0300000\n"
	".set boot_stacks, 0xc0250000\n"
	".set boot_pgd, 0xc0260000\n");

struct x86_cpu x86_cpus[MAX_CPUS];
static const char *problem;
static u64 pfn_limit = 0x100000;
static unsigned rsdp_size = 36;

#define SAYS(name)                                                                                 \
	void name(void)                                                                            \
	{                                                                                          \
		note(#name);                                                                       \
	}
SAYS(x86_idt_init)
SAYS(console_early_init)
SAYS(x86_features_init)
SAYS(paging_init)
SAYS(i8259_init)
SAYS(apic_map)
SAYS(apic_init)
SAYS(apic_take_nmi)
SAYS(bootmem_finish)

void x86_cpu_prepare(unsigned cpu, u32 hw_id, vaddr_t block)
{
	note("prepare %u %u %#lx", cpu, hw_id, block);
}

void x86_cpu_set_df_root(unsigned cpu, paddr_t root)
{
	note("root %u %#llx", cpu, root);
}

void x86_cpu_load(unsigned cpu)
{
	note("load %u", cpu);
}

void console_write(const char *bytes, size_t n)
{
	note("write %zu %#x", n, bytes[0]);
}

const char *multiboot_parse(const struct boot_view *view, u32 magic, u32 info, paddr_t limit,
			    struct boot_info *to, struct boot_rsdp *rsdp)
{
	note("parse %#lx %#llx %#llx, %#x %#x %#llx", (vaddr_t)view->bytes, view->start, view->size,
	     magic, info, limit);
	rsdp->size = rsdp_size;
	snprintk(to->cmdline, sizeof(to->cmdline), "options");
	to->nr_ram = 1;
	to->ram[0] = (struct boot_range){0, 0x200000000};
	return problem;
}

void early_options(const char *line)
{
	note("early %s", line);
}

void x86_screen_early(const struct boot_info *info)
{
	note("screen early %u", info == &boot);
}

u64 x86_pfn_limit(void)
{
	return pfn_limit;
}

void paging_set_direct_map(const struct boot_info *info)
{
	note("direct map, RAM:");
	for (unsigned i = 0; i < info->nr_ram; i++)
		note("%#llx-%#llx", info->ram[i].start, info->ram[i].end);
	note("unreachable %#llx", info->ram_unreachable);
}

paddr_t direct_map_end(void)
{
	return 0x8000000;
}

void bootmem_init(struct boot_info *info, paddr_t limit)
{
	note("bootmem %u %#llx", info == &boot, limit);
}

void x86_screen_init(struct boot_info *info)
{
	note("screen %u", info == &boot);
}

paddr_t pgd_kernel(void)
{
	return 0x7654320;
}

void paging_unmap(vaddr_t va)
{
	note("unmap %#lx", va);
}

void smp_discover(const struct boot_info *info)
{
	note("cpus %u, live %u, rsdp %u", info == &boot, x86_cpus[0].live,
	     boot.rsdp == virt_to_phys(boot_rsdp.bytes));
}

void x86_ioapic_init(const struct boot_info *info)
{
	note("ioapics %u", info == &boot);
}

void x86_machine_read(const struct boot_info *info)
{
	note("machine %u", info == &boot);
}

paddr_t find_cpus_rsdp(void)
{
	return 0xe0010;
}

void x86_console_init(const struct boot_info *info, paddr_t rsdp)
{
	note("console %u %#llx", info == &boot, rsdp);
}

void x86_clock_discover(const struct boot_info *info, paddr_t rsdp)
{
	note("clock %u %#llx, from %#llx", info == &boot, rsdp, info->ram[0].start);
}

void *map_physical(paddr_t pa, size_t size, enum memory_type type)
{
	(void)pa;
	(void)size;
	(void)type;
	return NULL;
}

void kernel_main(const struct boot_info *info)
{
	note("kernel_main %u, from %#llx, %u", info == &boot, info->ram[0].start, info->nr_ram);
	process_end();
}

#define FIRST                                                                                      \
	"prepare 0 0 0xc0250000\nroot 0 0x260000\nx86_idt_init\nload 0\nconsole_early_init\n"      \
	"write 1 0xa\nparse 0xc0000000 0 0x3ffff000, 0x2badb002 0x9500 0x10000000000000\n"         \
	"early options\nscreen early 1\n"

void test(void)
{
	u8 *bios = (u8 *)0xc0000400;

	process_map(KERNEL_BASE, 4096);
	bios[0x13] = 0x80; /* 0x27c KiB */
	bios[0x14] = 0x02;
	bios[0x0e] = 0xc0;
	bios[0x0f] = 0x9d;
	CHECK(ENDS(x86_start(0x2badb002, 0x9500)), "the way to kernel_main()");
	DID(FIRST "x86_features_init\ndirect map, RAM:\n"
		  "0x1000-0x9d000\n0x100000-0x200000\n0x300000-0x100000000\n"
		  "unreachable 0x100000000\nbootmem 1 0x8000000\npaging_init\nscreen 1\n"
		  "root 0 0x7654320\nunmap 0xc0250000\nunmap 0xc0253000\ni8259_init\napic_map\n"
		  "apic_init\napic_take_nmi\ncpus 1, live 1, rsdp 1\nioapics 1\nmachine 1\n"
		  "console 1 0xe0010\nclock 1 0xe0010, from 0x1000\nbootmem_finish\n"
		  "kernel_main 1, from 0x100000, 2\n",
	    "each step, once, in order");
	problem = "no map";
	CHECK(ENDS(x86_start(0x2badb002, 0x9500)), "a loader that makes no sense");
	DID(FIRST "panic: bad boot information: no map (magic=0x2badb002, information at 0x9500)\n",
	    "is told, on screen and port");
	problem = NULL;
	rsdp_size = 0;
	boot.rsdp = 0x1234;
	CHECK(ENDS(x86_start(0x2badb002, 0x9500)) && boot.rsdp == 0x1234, "no copy of the RSDP");
	noted_also("");
	CHECK(!map_device(&boot, 0xfec00000, 32), "no device is mapped here");
}
