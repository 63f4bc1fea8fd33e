/* SPDX-License-Identifier: MIT */
#include "tests/self/unit/mips/host.h"

#include <asm/atomic.h>
#include <asm/barrier.h>
#include <asm/cp0.h>
#include <asm/page.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "kernel/hooks/race.h"
#include "kernel/printk.h"

#define COUNT 9

u32 host_cp0[32][8], host_cp0_high[32];
void (*host_tlb)(const char *op), (*host_at_barrier)(const char *name);
void (*host_before_atomic)(u32 *p);
void (*host_at_mtc0)(unsigned number);
void *host_gp;
unsigned host_relaxes;
jmp_buf host_death;

/* A program that tests cpu.c has the real ones. */
__attribute__((weak)) struct mips_cpu mips_cpus[MAX_CPUS];

static char done[16384], said[16384];

void host_reset(unsigned cpu)
{
	memset(host_cp0, 0, sizeof(host_cp0));
	memset(host_cp0_high, 0, sizeof(host_cp0_high));
	memset(mips_cpus, 0, sizeof(mips_cpus));
	memset(guard_off, 0, sizeof(guard_off));
	host_tlb = host_at_barrier = NULL;
	host_relaxes = 0;
	host_before_atomic = NULL;
	host_at_mtc0 = NULL;
	race_hook = NULL;
	mips_cpus[cpu].id = cpu;
	host_gp = &mips_cpus[cpu];
	done[0] = said[0] = 0;
}

static void append(char *text, size_t size, const char *format, va_list args)
{
	size_t n = strlen(text);

	vsnprintf(text + n, size - n, format, args);
}

void host_note(const char *format, ...)
{
	va_list args;

	if (done[0])
		strncat(done, " ", sizeof(done) - strlen(done) - 1);
	va_start(args, format);
	append(done, sizeof(done), format, args);
	va_end(args);
}

static bool is_text(char *text, const char *expected, const char *verb)
{
	bool same = !strcmp(text, expected);

	if (!same)
		printf("# %s: %s\n# expected: %s\n", verb, text, expected);
	text[0] = 0;
	return same;
}

void host_forget(void)
{
	done[0] = 0;
}

bool host_did(const char *expected)
{
	return is_text(done, expected, "did");
}

bool host_said(const char *expected)
{
	return is_text(said, expected, "said");
}

void host_memory(size_t size)
{
	void *at = (void *)KERNEL_BASE;

	if (mmap(at, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
		 0) != at)
		abort();
}

u32 host_mfc0(unsigned number, unsigned select)
{
	return host_cp0[number][select];
}

void host_mtc0(unsigned number, unsigned select, u32 value)
{
	host_note("mtc0 %u.%u=%x", number, select, value);
	if (host_at_mtc0)
		host_at_mtc0(number);
	host_cp0[number][select] = value;
	host_cp0_high[number] = 0;
}

u32 host_mfhc0(unsigned number)
{
	return host_cp0_high[number];
}

void host_mthc0(unsigned number, u32 value)
{
	host_note("mthc0 %u=%x", number, value);
	host_cp0_high[number] = value;
}

void host_tlb_op(const char *name)
{
	host_note("%s", name);
	if (host_tlb)
		host_tlb(name);
}

/* A CPU asleep for good ends the tested code. */
void host_wait(void)
{
	host_note("wait");
	longjmp(host_death, 1);
}

void host_barrier(const char *name)
{
	host_note("%s", name);
	if (host_at_barrier)
		host_at_barrier(name);
}

static void others(u32 *p)
{
	void (*other)(u32 *) = host_before_atomic;

	host_before_atomic = NULL;
	if (other)
		other(p);
}

u32 atomic_xchg(u32 *p, u32 value)
{
	others(p);
	return __atomic_exchange_n(p, value, __ATOMIC_SEQ_CST);
}

u32 atomic_cmpxchg(u32 *p, u32 expected, u32 value)
{
	others(p);
	__atomic_compare_exchange_n(p, &expected, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	return expected;
}

bool atomic_try_cmpxchg(u32 *p, u32 *expected, u32 value)
{
	others(p);
	return __atomic_compare_exchange_n(p, expected, value, false, __ATOMIC_SEQ_CST,
					   __ATOMIC_SEQ_CST);
}

u32 atomic_fetch_add(u32 *p, u32 value)
{
	others(p);
	return __atomic_fetch_add(p, value, __ATOMIC_SEQ_CST);
}

void atomic_or(u32 *p, u32 bits)
{
	others(p);
	__atomic_fetch_or(p, bits, __ATOMIC_SEQ_CST);
}

void atomic_and(u32 *p, u32 bits)
{
	others(p);
	__atomic_fetch_and(p, bits, __ATOMIC_SEQ_CST);
}

race_hook_t *race_hook;

void race_reached(const struct race_site *site, u64 value)
{
	if (race_hook)
		race_hook(site, value);
}

void printk(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	append(said, sizeof(said), format, args);
	va_end(args);
}

void panic(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	append(said, sizeof(said), format, args);
	va_end(args);
	longjmp(host_death, 1);
}

void refuse_machine(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	append(said, sizeof(said), format, args);
	va_end(args);
	longjmp(host_death, 1);
}
