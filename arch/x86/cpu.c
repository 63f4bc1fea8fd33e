/* SPDX-License-Identifier: MIT */
#include "arch/x86/cpu.h"
#include "arch/x86/entry.h"
#include "arch/x86/park.h"
#include <asm/page.h>
#include <asm/smp.h>
#include <asm/stack.h>

_Static_assert(KERNEL_OFFSET == KERNEL_BASE, "assembly and C disagree");
_Static_assert(offsetof(struct x86_cpu, id) == 0, "cpu_id()");
_Static_assert(offsetof(struct x86_cpu, user_context) == CPU_USER_CONTEXT, "user.S");
_Static_assert(offsetof(struct x86_cpu, tss.esp0) == CPU_TSS_ESP0, "user.S");
_Static_assert(offsetof(struct x86_cpu, tss.eip) == CPU_TSS_EIP, "entry.S");
_Static_assert(offsetof(struct x86_cpu, tss.ebp) == CPU_TSS_EBP, "entry.S");

#define CANARY 0x5ca1ab1eu

/* Descriptors (SDM vol. 3, 3.4.5): access byte and flags nibble, as in bits 55:40. */
#define SEG_CODE      0xc09au /* 32-bit, 4 KiB units, present, readable */
#define SEG_DATA      0xc092u /* writable */
#define SEG_BYTE_DATA 0x4092u /* limit in bytes */
#define SEG_TSS	      0x0089u /* 32-bit TSS, available (8.2.2) */
#define SEG_USER      0x0060u /* DPL 3 */
#define GATE_TASK     0x8500u
#define GATE_USER     0x6000u /* DPL 3 */

/* Gate (SDM vol. 3, figure 6-2). */
struct gate {
	u16 offset_low, selector, flags, offset_high;
};
_Static_assert(sizeof(struct gate) == 8, "SDM vol. 3, 6.11");

struct table_register {
	u16 limit;
	u32 base;
} __packed;
_Static_assert(sizeof(struct table_register) == 6, "SDM vol. 3, figure 2-6");

struct x86_cpu x86_cpus[MAX_CPUS];
static struct gate idt[256] __aligned(8);
struct gate x86_park_idt[PARK_VECTORS] __aligned(8);	/* park.S loads it, */
struct gate x86_arrival_idt[PARK_VECTORS] __aligned(8); /* trampoline.S this one */

struct x86_cpu *x86_this_cpu(void)
{
	return &x86_cpus[cpu_id()];
}

static u64 segment(u32 base, u32 limit, u32 flags)
{
	u32 low = base << 16 | (limit & 0xffff);
	u32 high = (base & 0xff000000) | (limit & 0xf0000) | (flags & 0xf0ff) << 8 |
		   (base >> 16 & 0xff);

	return (u64)high << 32 | low;
}

static void lay_canary(vaddr_t bottom)
{
	*(volatile u32 *)bottom = CANARY;
}

bool stack_intact(unsigned cpu)
{
	const struct x86_cpu *c = &x86_cpus[cpu];

	return *(const volatile u32 *)c->bottom == CANARY &&
	       *(const volatile u32 *)c->df_bottom == CANARY;
}

void x86_cpu_prepare(unsigned cpu, u32 hw_id, vaddr_t block)
{
	struct x86_cpu *c = &x86_cpus[cpu];
	vaddr_t df_bottom = block + GUARD_SIZE, df_top = df_bottom + DF_STACK_SIZE;
	vaddr_t bottom = df_top + GUARD_SIZE;

	*c = (struct x86_cpu){
		.id = cpu,
		.hw_id = hw_id,
		.df_bottom = df_bottom,
		.df_top = df_top,
		.bottom = bottom,
		.top = bottom + STACK_SIZE,
		.tss = {.ss0 = SEL_KERNEL_DATA, .io_map = sizeof(struct x86_tss)},
		.df_tss = {.eip = (vaddr_t)double_fault_entry,
			   .eflags = 2,
			   .esp = df_top,
			   .cs = SEL_KERNEL_CODE,
			   .ss = SEL_KERNEL_DATA,
			   .ds = SEL_KERNEL_DATA,
			   .es = SEL_KERNEL_DATA,
			   .fs = SEL_PERCPU,
			   .io_map = sizeof(struct x86_tss)},
		.gdt = {[SEL_KERNEL_CODE / 8] = segment(0, 0xfffff, SEG_CODE),
			[SEL_KERNEL_DATA / 8] = segment(0, 0xfffff, SEG_DATA),
			[SEL_USER_CODE / 8] = segment(0, 0xfffff, SEG_CODE | SEG_USER),
			[SEL_USER_DATA / 8] = segment(0, 0xfffff, SEG_DATA | SEG_USER),
			[SEL_PERCPU / 8] = segment((vaddr_t)c, sizeof(*c) - 1, SEG_BYTE_DATA),
			[SEL_TSS / 8] = segment((vaddr_t)&c->tss, sizeof(c->tss) - 1, SEG_TSS),
			[SEL_DF_TSS / 8] =
				segment((vaddr_t)&c->df_tss, sizeof(c->df_tss) - 1, SEG_TSS)},
	};
	lay_canary(df_bottom);
	lay_canary(bottom);
}

void x86_cpu_set_df_root(unsigned cpu, paddr_t root)
{
	x86_cpus[cpu].df_tss.cr3 = (u32)root;
}

void x86_cpu_load(unsigned cpu)
{
	struct x86_cpu *c = &x86_cpus[cpu];
	struct table_register gdtr = {sizeof(c->gdt) - 1, (vaddr_t)c->gdt};
	struct table_register idtr = {sizeof(idt) - 1, (vaddr_t)idt};

	__asm__ __volatile__("lgdt %0\n\t"
			     "ljmp %1,$1f\n"
			     "1:\tmovl %2,%%ds\n\t"
			     "movl %2,%%es\n\t"
			     "movl %2,%%ss\n\t"
			     "movl %3,%%fs\n\t"
			     "movl %4,%%gs\n\t"
			     "ltr %w5\n\t"
			     "lidt %6"
			     :
			     : "m"(gdtr), "i"(SEL_KERNEL_CODE), "r"(SEL_KERNEL_DATA),
			       "r"(SEL_PERCPU), "r"(0), "r"(SEL_TSS), "m"(idtr)
			     : "memory");
}

static struct gate gate(vaddr_t offset, u16 selector, u16 flags)
{
	return (struct gate){(u16)offset, selector, flags, (u16)(offset >> 16)};
}

static struct gate stub_gate(unsigned vector, u16 flags)
{
	return gate((vaddr_t)vector_stubs + (vector << STUB_SHIFT), SEL_KERNEL_CODE, flags);
}

void x86_idt_init(void)
{
	for (unsigned v = 0; v < ARRAY_SIZE(idt); v++)
		idt[v] = stub_gate(v, GATE_INT);
	idt[VECTOR_USER_CALL] = stub_gate(VECTOR_USER_CALL, GATE_INT | GATE_USER);
	/* A double fault means that the stack cannot be trusted, so a task brings its own
	 * (6.15). */
	idt[VECTOR_DF] = gate(0, SEL_DF_TSS, GATE_TASK);
	for (unsigned v = 0; v < ARRAY_SIZE(x86_park_idt); v++)
		x86_park_idt[v] = x86_arrival_idt[v] =
			gate((vaddr_t)x86_park, SEL_KERNEL_CODE, GATE_INT);
	x86_arrival_idt[VECTOR_NMI] = gate((vaddr_t)x86_arrival_nmi, SEL_KERNEL_CODE, GATE_INT);
}
