/* SPDX-License-Identifier: MIT */
/* with: arch/x86/entry.S */
/* Tests the descriptors and gates of arch/x86/cpu.c as the CPU reads them, and the order of their
 * loads. */
#include "arch/x86/cpu.c"

#include "tests/self/unit/x86/process.h"

/* The gates want these addresses, which are not tested here. */
__asm__(".globl x86_park, x86_arrival_nmi\n"
	".set x86_park, 0xc0123450\n"
	".set x86_arrival_nmi, 0xc0165430\n");

_Noreturn void x86_double_fault(void)
{
	process_end();
}

void x86_trap(struct trap_frame *frame)
{
	(void)frame;
}

static u8 block[STACK_BLOCK_SIZE] __aligned(4096);

/* By SDM vol. 3, figure 3-8, the access byte is at bits 40 to 47, the flags at 52 to 55. */
static bool is_segment(u64 descriptor, u32 base, u32 limit, u8 access, u8 flags)
{
	return (u32)(descriptor >> 16 & 0xffffff) == (base & 0xffffff) &&
	       descriptor >> 56 == base >> 24 && (descriptor & 0xffff) == (limit & 0xffff) &&
	       (descriptor >> 48 & 0xf) == limit >> 16 && (descriptor >> 40 & 0xff) == access &&
	       (descriptor >> 52 & 0xf) == flags;
}

static void test_segments(void)
{
	const struct x86_cpu *c = &x86_cpus[3];

	CHECK(NR_SEGMENTS == 8 && !c->gdt[0], "eight descriptors, of which the first is none");
	CHECK(c->gdt[1] == 0x00cf9a000000ffff && c->gdt[2] == 0x00cf92000000ffff,
	      "kernel code and data: 4 GiB");
	CHECK(c->gdt[3] == 0x00cffa000000ffff && c->gdt[4] == 0x00cff2000000ffff,
	      "user code and data");
	CHECK(is_segment(c->gdt[5], (u32)c, sizeof(*c) - 1, 0x92, 0x4),
	      "%%fs: this CPU's structure, in bytes");
	CHECK(is_segment(c->gdt[6], (u32)&c->tss, 103, 0x89, 0), "the TSS");
	CHECK(is_segment(c->gdt[7], (u32)&c->df_tss, 103, 0x89, 0), "the double-fault task's");
	CHECK(segment(0x13355779, 0xabcde, 0xc09a) == 0x13ca9a355779bcde,
	      "each part of base and limit has its place");
}

static void test_stacks(void)
{
	struct x86_cpu *c = &x86_cpus[3];
	u32 at = (u32)block;

	CHECK(c->id == 3 && c->hw_id == 0x1234, "its numbers");
	CHECK(STACK_BLOCK_SIZE == 32768 && c->df_bottom == at + 4096 && c->df_top == at + 12288 &&
		      c->bottom == at + 16384 && c->top == at + 32768,
	      "a page, 8 KiB, a page, 16 KiB");
	CHECK(*(u32 *)c->bottom == 0x5ca1ab1e && *(u32 *)c->df_bottom == 0x5ca1ab1e &&
		      !*(u32 *)(c->bottom + 4) && stack_intact(3),
	      "a canary at the bottom of each");
	*(u32 *)c->bottom ^= 1;
	CHECK(!stack_intact(3), "the stack's is gone");
	*(u32 *)c->bottom ^= 1;
	*(u32 *)c->df_bottom ^= 0x80000000;
	CHECK(!stack_intact(3), "the other's is gone");
	*(u32 *)c->df_bottom ^= 0x80000000;
	CHECK(stack_intact(3), "both are back");
}

static void test_tasks(void)
{
	struct x86_tss expected = {.ss0 = 0x10, .io_map = 104};
	const struct x86_cpu *c = &x86_cpus[3];

	CHECK(!__builtin_memcmp(&c->tss, &expected, sizeof(expected)),
	      "the TSS: the kernel's stack segment, no map of ports");
	expected = (struct x86_tss){.eip = (u32)double_fault_entry,
				    .eflags = 2,
				    .esp = c->df_top,
				    .cs = 0x08,
				    .ss = 0x10,
				    .ds = 0x10,
				    .es = 0x10,
				    .fs = 0x28,
				    .io_map = 104};
	CHECK(!__builtin_memcmp(&c->df_tss, &expected, sizeof(expected)), "the double-fault task");
	x86_cpu_set_df_root(3, 0x7654320);
	expected.cr3 = 0x7654320;
	CHECK(!__builtin_memcmp(&c->df_tss, &expected, sizeof(expected)), "and its root");
}

static bool is_gate(const struct gate *gate, u32 offset, u16 selector, u16 flags)
{
	const u16 *words = (const u16 *)gate;

	return words[0] == (offset & 0xffff) && words[1] == selector && words[2] == flags &&
	       words[3] == offset >> 16;
}

static void test_gates(void)
{
	bool good = true;

	x86_idt_init();
	for (unsigned v = 0; v < 256; v++)
		if (v != 8 && v != 0x80)
			good &= is_gate(&idt[v], (u32)vector_stubs + 16 * v, 8, 0x8e00);
	CHECK(good && sizeof(idt) == 2048, "each vector its stub, interrupts off");
	CHECK(is_gate(&idt[0x80], (u32)vector_stubs + 16 * 0x80, 8, 0xee00),
	      "the user's call may come from user mode");
	CHECK(is_gate(&idt[8], 0, 0x38, 0x8500), "a double fault changes the task");
	good = true;
	for (unsigned v = 0; v < 32; v++) {
		good &= is_gate(&x86_park_idt[v], 0xc0123450, 8, 0x8e00);
		good &= is_gate(&x86_arrival_idt[v], v == 2 ? 0xc0165430 : 0xc0123450, 8, 0x8e00);
	}
	CHECK(good && sizeof(x86_park_idt) == 256 && sizeof(x86_arrival_idt) == 256,
	      "parked CPUs, and those on their way: all parks them, but for an NMI on the way");
}

static void test_load(void)
{
	char expected[256];
	u32 fs, gs;

	snprintk(expected, sizeof(expected),
		 "lgdt 0x3f:%#lx\nljmp 0x8\nds=0x10\nes=0x10\nss=0x10\n"
		 "ltr 0x30\nlidt 0x7ff:%#lx\n",
		 (unsigned long)x86_cpus[3].gdt, (unsigned long)idt);
	x86_cpu_load(3);
	__asm__ __volatile__("movl %%fs,%0; movl %%gs,%1" : "=r"(fs), "=r"(gs));
	CHECK((fs & ~3u) == 0x28 && !gs, "%%fs and %%gs, as far as Linux keeps them (it sets RPL)");
	DID(expected, "the tables of CPU 3, in an order that works");
	process_percpu(&x86_cpus[3]);
	CHECK(cpu_id() == 3 && x86_this_cpu() == &x86_cpus[3], "and this is CPU 3");
}

void test(void)
{
	x86_cpu_prepare(3, 0x1234, (vaddr_t)block);
	test_segments();
	test_stacks();
	test_tasks();
	test_gates();
	test_load();
}
