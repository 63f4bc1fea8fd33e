/* SPDX-License-Identifier: MIT */
/* Does the work of a privileged instruction for the x86 port as a process of Linux. */
#include "tests/self/unit/x86/instructions.h"

/* A general register by its number in an instruction (SDM vol. 2, table 2-2). */
static u32 *reg(struct process_registers *r, unsigned n)
{
	u32 *const regs[8] = {&r->eax, &r->ecx, &r->edx, &r->ebx,
			      &r->esp, &r->ebp, &r->esi, &r->edi};

	return regs[n & 7];
}

static u32 word_at(const u8 *p)
{
	return p[0] | (u32)p[1] << 8 | (u32)p[2] << 16 | (u32)p[3] << 24;
}

/* Returns the address of a ModR/M byte at *p, and moves *p behind it. There is no scaled index. */
static u32 address(struct process_registers *r, const u8 **p)
{
	u8 modrm = *(*p)++;
	unsigned mod = modrm >> 6, base = modrm & 7;
	u32 at;

	if (base == 4)
		base = *(*p)++ & 7; /* SIB */
	at = mod == 0 && base == 5 ? 0 : *reg(r, base);
	if (mod == 1)
		at += (u32)(int8_t) * (*p)++;
	if (mod == 2 || (mod == 0 && base == 5)) {
		at += word_at(*p);
		*p += 4;
	}
	return at;
}

static bool system_table(struct process_registers *r, const u8 *p)
{
	static const char *const names[] = {[2] = "lgdt", [3] = "lidt"};
	unsigned which = *p >> 3 & 7;
	const u8 *operand;

	if (which == 7) {
		note("invlpg %#x", address(r, &p));
	} else if (which == 2 || which == 3) {
		operand = (const u8 *)address(r, &p);
		note("%s %#x:%#x", names[which], operand[0] | operand[1] << 8,
		     word_at(operand + 2));
	} else {
		return false;
	}
	r->eip = (u32)p;
	return true;
}

static bool two_bytes(struct process_registers *r, const u8 *p)
{
	u64 value;

	r->eip += 2;
	switch (p[0]) {
	case 0x00:
		note("ltr %#x", *reg(r, p[1]) & 0xffff);
		r->eip++;
		return (p[1] & 0xf8) == 0xd8;
	case 0x01:
		return system_table(r, p + 1);
	case 0x06:
		note("clts");
		return true;
	case 0x20:
		*reg(r, p[1]) = process_cr[p[1] >> 3 & 7];
		r->eip++;
		return true;
	case 0x22:
		process_cr[p[1] >> 3 & 7] = *reg(r, p[1]);
		note("cr%u=%#x", p[1] >> 3 & 7, *reg(r, p[1]));
		r->eip++;
		return true;
	case 0x30:
		note("wrmsr %#x=%#llx", r->ecx, (unsigned long long)r->edx << 32 | r->eax);
		return true;
	case 0x32:
		if (!process_rdmsr)
			return false;
		value = process_rdmsr(r->ecx);
		r->eax = (u32)value;
		r->edx = (u32)(value >> 32);
		return true;
	}
	return false;
}

static bool port(struct process_registers *r, const u8 *p)
{
	bool immediate = !(*p & 8);
	u16 at = immediate ? p[1] : (u16)r->edx;

	r->eip += 1 + immediate;
	if (*p & 2)
		note("outb %#x=%#x", at, r->eax & 0xff);
	else if (*p & 1)
		r->eax = process_in(at, 4);
	else
		r->eax = (r->eax & ~0xffu) | (process_in(at, 1) & 0xff);
	return true;
}

static bool move_to_segment(struct process_registers *r, const u8 *p)
{
	static const char *const names[8] = {"es", "cs", "ss", "ds", "fs", "gs", "?", "?"};

	if (*p >> 6 != 3)
		return false;
	note("%s=%#x", names[*p >> 3 & 7], *reg(r, *p) & 0xffff);
	r->eip += 2;
	return true;
}

bool instruction_emulated(struct process_registers *r)
{
	const u8 *p = (const u8 *)r->eip;

	if (process_watch)
		process_watch();
	switch (*p) {
	case 0x0f:
		return two_bytes(r, p + 1);
	case 0x8e:
		return move_to_segment(r, p + 1);
	case 0xe4:
	case 0xe5:
	case 0xe6:
	case 0xec:
	case 0xed:
	case 0xee:
		return port(r, p);
	case 0xea:
		note("ljmp %#x", p[5] | p[6] << 8);
		r->eip = word_at(p + 1);
		return true;
	case 0xfa:
	case 0xfb:
		note(*p == 0xfa ? "cli" : "sti");
		r->eip++;
		return true;
	}
	return false;
}

void instruction_ends(const struct process_registers *r)
{
	const u8 *p = (const u8 *)r->eip;
	const u32 *stack = (const u32 *)r->esp;

	if (*p == 0xf4)
		note("hlt");
	else if (*p == 0xcd)
		note("int %#x", p[1]);
	else if (*p == 0xcf && !process_fault)
		note("iret %#x:%#x %#x, stack %#x:%#x", stack[1], stack[0], stack[2], stack[4],
		     stack[3]);
	else
		return;
	process_end();
}
