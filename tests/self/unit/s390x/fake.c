/* SPDX-License-Identifier: MIT */
#include "tests/self/unit/s390x/fake.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

#define RECORD_MAX 16384

jmp_buf fake_end;
struct fake fake;
struct lowcore fake_lowcore;
static char text[RECORD_MAX];
static size_t used;

static __printf(1, 0) void add(const char *format, va_list args)
{
	int n = vsnprintf(text + used, sizeof(text) - used, format, args);

	if (n < 0 || used + (size_t)n + 1 >= sizeof(text)) {
		printf("Bail out! the record is too long\n");
		exit(1);
	}
	used += (size_t)n;
}

static void end_line(void)
{
	if (used && text[used - 1] != '\n') {
		text[used++] = '\n';
		text[used] = 0;
	}
}

void record(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(format, args);
	va_end(args);
	end_line();
}

static bool same_but_for_blanks(const char *a, const char *b)
{
	for (;; a++, b++) {
		while (isspace((unsigned char)*a) && isspace((unsigned char)a[1]))
			a++;
		while (isspace((unsigned char)*b) && isspace((unsigned char)b[1]))
			b++;
		if (isspace((unsigned char)*a) && isspace((unsigned char)*b))
			continue;
		if (isspace((unsigned char)*a) && !a[1])
			a++;
		if (isspace((unsigned char)*b) && !b[1])
			b++;
		if (*a != *b)
			return false;
		if (!*a)
			return true;
	}
}

void record_clear(void)
{
	used = 0;
	text[0] = 0;
}

bool recorded(const char *expected)
{
	bool same = same_but_for_blanks(text, expected);

	if (!same)
		printf("# recorded:\n%s# expected:\n%s\n", text, expected);
	record_clear();
	return same;
}

void fake_reset(void)
{
	memset(&fake, 0, sizeof(fake));
	memset(&fake_lowcore, 0, sizeof(fake_lowcore));
	record_clear();
}

_Noreturn void fake_stop(void)
{
	longjmp(fake_end, 1);
}

/* Functions of the port's other files, for tests that need them. */
__attribute__((weak)) u64 clock_cycles(void)
{
	return fake_stckf();
}

__attribute__((weak)) u32 clock_cycles_per_us(void)
{
	return 4096;
}

__attribute__((weak)) void clear_page(void *p)
{
	memset(p, 0, PAGE_SIZE);
}

u64 fake_stckf(void)
{
	u64 now = fake.clock;

	fake.clock += fake.tick;
	return now;
}

void fake_stfle(u64 *list, unsigned n)
{
	for (unsigned i = 0; i < n && i < ARRAY_SIZE(fake.facilities); i++)
		list[i] = fake.facilities[i];
	record("stfle %u", n);
}

u64 fake_read_control(unsigned n)
{
	return fake.control[n];
}

void fake_write_control(unsigned n, u64 value)
{
	fake.control[n] = value;
	record("cr%u = %#lx", n, value);
}

_Noreturn void fake_load_psw(struct psw psw)
{
	record("psw %#lx %#lx", psw.mask, psw.address);
	fake_stop();
}

enum sigp_answer fake_sigp_once(u32 hw_id, enum sigp_order order, u64 parameter, u32 *status)
{
	record("sigp %u order %#x parameter %#lx", hw_id, (unsigned)order, parameter);
	return fake.on_sigp ? fake.on_sigp(hw_id, order, parameter, status) : SIGP_ACCEPTED;
}

int fake_servc(u32 command, void *sccb)
{
	record("servc %#x", command);
	return fake.on_servc(command, sccb);
}

void fake_irq_disable(void)
{
	fake.irqs = false;
	record("irqs off");
}

void fake_irq_enable(void)
{
	fake.irqs = true;
	record("irqs on");
	if (fake.on_irqs)
		fake.on_irqs();
}

u32 fake_irq_save(void)
{
	u32 flags = fake.irqs;

	record("irqs save");
	fake.irqs = false;
	return flags;
}

void fake_irq_restore(u32 flags)
{
	fake.irqs = flags;
	record("irqs restore %u", flags);
	if (flags && fake.on_irqs)
		fake.on_irqs();
}

void fake_atomic_or(u32 *p, u32 bits)
{
	*p |= bits;
	record("or %#x", bits);
}

u32 fake_atomic_xchg(u32 *p, u32 value)
{
	u32 old = *p;

	*p = value;
	record("xchg %#x", value);
	return old;
}

void printk(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(format, args);
	va_end(args);
}

int snprintk(char *buffer, size_t size, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(buffer, size, format, args);
	va_end(args);
	return n;
}

static _Noreturn __printf(2, 0) void die(const char *kind, const char *format, va_list args)
{
	record("%s:", kind);
	add(format, args);
	end_line();
	fake_stop();
}

_Noreturn void panic(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	die("panic", format, args);
}

_Noreturn void refuse_machine(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	die("refused", format, args);
}
