/* SPDX-License-Identifier: MIT */
#include "tests/self/unit/x86/process.h"

void kernel_printk(const char *format, ...) __printf(1, 2);
#define printk kernel_printk /* ours is below */
#include "kernel/printk.c"
#undef printk

/* Linux, i386. */
#define SYS_EXIT	    1
#define SYS_WRITE	    4
#define SYS_RT_SIGACTION    174
#define SYS_SIGALTSTACK	    186
#define SYS_MUNMAP	    91
#define SYS_MMAP2	    192
#define SYS_SET_THREAD_AREA 243
#define SIGILL		    4
#define SIGFPE		    8
#define SIGSEGV		    11
#define SA_ONSTACK	    0x08000000u
#define SA_NODEFER	    0x40000000u
#define SA_SIGINFO	    4u
#define MAP_ANYWHERE	    0x22u /* private, anonymous */
#define MAP_FIXED	    0x10u

#define STACK_AREA	0xff700000u /* at most 8 MiB below the end are left out by chance */
#define STACK_AREA_SIZE 0x8fd000

struct signal_context {
	u32 flags, link, stack[3];
	struct process_registers r;
};

void *process_target[5];
void (*process_watch)(void);
u32 process_cr[5];
u64 (*process_rdmsr)(u32 msr);
u32 (*process_in)(u16 port, unsigned bytes);
bool (*process_fault)(struct process_registers *r);

static char record[16384];
static size_t recorded;
static unsigned points, failures;
static u8 signal_stack[65536] __aligned(16);
extern u8 own_stack[];
u8 own_stack[65536] __aligned(16);

void _start(void);
_Noreturn void process_start(void);

static long call(long number, long a, long b, long c, long d)
{
	long result;

	__asm__ __volatile__("int $0x80"
			     : "=a"(result)
			     : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d)
			     : "memory");
	return result;
}

static void print(const char *text)
{
	call(SYS_WRITE, 1, (long)text, (long)strlen(text), 0);
}

static _Noreturn void leave(int status)
{
	for (;;)
		call(SYS_EXIT, status, 0, 0, 0);
}

static void print_commented(const char *what, const char *text)
{
	print(what);
	for (; *text; text++) {
		const char c[] = {*text, *text == '\n' ? '#' : 0, *text == '\n' ? ' ' : 0, 0};

		print(c);
	}
	print("\n");
}

bool check(bool good, int line, const char *format, ...)
{
	char text[400], head[64];
	va_list args;

	snprintk(head, sizeof(head), "%s %u - ", good ? "ok" : "not ok", ++points);
	print(head);
	va_start(args, format);
	vsnprintk(text, sizeof(text), format, args);
	va_end(args);
	print(text);
	snprintk(head, sizeof(head), "\n#   at line %d", line);
	print(good ? "\n" : head);
	print(good ? "" : "\n");
	failures += !good;
	return good;
}

static __printf(1, 0) void add(const char *format, va_list args)
{
	int n = vsnprintk(record + recorded, sizeof(record) - recorded, format, args);

	recorded +=
		(size_t)n < sizeof(record) - recorded ? (size_t)n : sizeof(record) - recorded - 1;
}

void note(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(format, args);
	va_end(args);
	printk("\n");
}

void printk(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(format, args);
	va_end(args);
}

bool noted(const char *expected)
{
	bool same = !strcmp(record, expected);

	if (!same) {
		print_commented("# expected:\n# ", expected);
		print_commented("# did:\n# ", record);
	}
	record[recorded = 0] = 0;
	return same;
}

bool noted_also(const char *part)
{
	bool found = false;

	for (const char *p = record; *p && !found; p++)
		found = !strncmp(p, part, strlen(part));
	record[recorded = 0] = 0;
	return found;
}

/* kernel_printk() is never called. A test may have a console of its own. */
__attribute__((weak)) void console_write(const char *bytes, size_t n)
{
	(void)bytes;
	(void)n;
}

bool panic_running(unsigned cpu)
{
	return cpu;
}

_Noreturn void process_end(void)
{
	__builtin_longjmp(process_target, 1);
}

#define DIES(name)                                                                                 \
	_Noreturn void name(const char *format, ...)                                               \
	{                                                                                          \
		va_list args;                                                                      \
                                                                                                   \
		printk(#name ": ");                                                                \
		va_start(args, format);                                                            \
		add(format, args);                                                                 \
		va_end(args);                                                                      \
		printk("\n");                                                                      \
		process_end();                                                                     \
	}
DIES(panic)
DIES(refuse)
DIES(refuse_machine)

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

static bool emulated(struct process_registers *r)
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

/* The program does not come back from this. */
static void last(const struct process_registers *r)
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

static void on_signal(int signal, void *info, struct signal_context *context)
{
	struct process_registers old = context->r;
	char text[96];

	(void)info;
	/* The kernel's flags differ, because IF is 1 and CR0 is Linux's here. */
	if (signal == SIGSEGV && old.trap == 13) {
		if (emulated(&context->r))
			return;
		context->r = old;
		last(&old);
	}
	if (process_fault && process_fault(&context->r))
		return;
	snprintk(text, sizeof(text), "Bail out! signal %d, trap %u at %#x, address %#x\n", signal,
		 old.trap, old.eip, old.cr2);
	print(text);
	leave(1);
}

void process_percpu(const void *base)
{
	static u32 entry = ~0u;
	/* number, base, limit, and 32 bits, limit in pages, usable */
	u32 what[4] = {entry, (u32)base, 0xfffff, 0x51};

	call(SYS_SET_THREAD_AREA, (long)what, 0, 0, 0);
	entry = what[0];
	__asm__ __volatile__("movl %0,%%fs" ::"r"(entry << 3 | 3) : "memory");
}

/* mmap2() has six arguments, and %ebp is the frame pointer. */
void process_map(vaddr_t at, size_t size)
{
	long result = SYS_MMAP2;

	__asm__ __volatile__("pushl %%ebp\n\t"
			     "xorl %%ebp,%%ebp\n\t"
			     "int $0x80\n\t"
			     "popl %%ebp"
			     : "+a"(result)
			     : "b"(at), "c"(size), "d"(3), "S"(MAP_ANYWHERE | MAP_FIXED), "D"(-1)
			     : "memory");
	if (result != (long)at) {
		print("Bail out! no memory at a kernel's address\n");
		leave(1);
	}
}

static void catch (int signal)
{
	const u32 action[] = {(u32)on_signal, SA_SIGINFO | SA_ONSTACK | SA_NODEFER, 0, 0, 0};

	call(SYS_RT_SIGACTION, signal, (long)action, 0, 8);
}

_Noreturn void process_start(void)
{
	const u32 stack[] = {(u32)signal_stack, 0, sizeof(signal_stack)};
	char plan[32];

	/* Linux put a stack somewhere there, and makes it longer when its end is touched. Tests
	 * want unused addresses. */
	call(SYS_MUNMAP, (long)STACK_AREA, STACK_AREA_SIZE, 0, 0);
	call(SYS_SIGALTSTACK, (long)stack, 0, 0, 0);
	catch (SIGSEGV);
	catch (SIGILL);
	catch (SIGFPE);
	test();
	snprintk(plan, sizeof(plan), "1..%u\n", points);
	print(plan);
	leave(failures || !points);
}

__asm__(".globl _start\n"
	"_start:\n\t"
	"movl $own_stack+65536,%esp\n\t"
	"call process_start\n");
