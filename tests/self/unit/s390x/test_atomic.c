/* SPDX-License-Identifier: MIT */
/*
 * Tests asm/atomic.h, entry_xchg() of asm/pgtable.h and asm/irq.h, and the code around COMPARE AND
 * SWAP and the system mask in them. Each asm statement of these headers is a call here, by the
 * names of its operands.
 */
#include "kernel/compiler.h"
#include "kernel/hooks/guard.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

static void compare_and_swap(u32 *p, u32 *expected, u32 value);
static void compare_and_swap_64(u64 *p, u64 *expected, u64 value);
static u8 system_mask(const char *instruction);

#define __asm__
#define __volatile__(...) compare_and_swap(p, &expected, value)
#include <asm/atomic.h>
#undef __volatile__
#define __volatile__(...) compare_and_swap_64(&ep->word[0], &expected.word[0], value.word[0])
#include <asm/pgtable.h>
#undef __volatile__
#define __volatile__(...) mask = system_mask(#__VA_ARGS__), (void)mask
#include <asm/irq.h>
#undef __volatile__
#undef __asm__

#include "tests/self/unit/tap.h"

static volatile unsigned others,
	looks; /* stores of another CPU still to come, and instructions executed so far */
static jmp_buf failed;
static const void *volatile failed_at;
static u8 mask_now;

/* Another CPU adds 0x100 just before. */
static void compare_and_swap(u32 *p, u32 *expected, u32 value)
{
	looks++;
	if (others) {
		others--;
		*p += 0x100;
	}
	if (*p == *expected)
		*p = value;
	else
		*expected = *p;
}

static void compare_and_swap_64(u64 *p, u64 *expected, u64 value)
{
	looks++;
	if (others) {
		others--;
		*p += 0x100;
	}
	if (*p == *expected)
		*p = value;
	else
		*expected = *p;
}

/* STNSM and STOSM return the old mask, then AND or OR the immediate into it. */
static u8 system_mask(const char *instruction)
{
	u8 old = mask_now;
	unsigned immediate;

	if (sscanf(instruction, "\"stnsm %%0,0x%x\"", &immediate) == 1)
		mask_now &= (u8)immediate;
	else if (sscanf(instruction, "\"stosm %%0,0x%x\"", &immediate) == 1)
		mask_now |= (u8)immediate;
	return old;
}

void compare_and_swap_failed(const u32 *p)
{
	failed_at = p;
	longjmp(failed, 1);
}

void entry_exchange_failed(const entry_t *ep)
{
	failed_at = ep;
	longjmp(failed, 1);
}

void cpu_idle(void)
{
	mask_now |= 0x40;
}

/* After `call` meets another CPU's stores, *at is `after`, with one instruction more for each. */
#define OPERATION(at, call, start, interferences, after)                                           \
	({                                                                                         \
		*(at) = (start);                                                                   \
		others = (interferences);                                                          \
		looks = 0;                                                                         \
		call;                                                                              \
		*(at) == (after) && looks == (interferences) + 1;                                  \
	})

static void test_words(void)
{
	u32 word, old = 0, expected = 5;

	CHECK(OPERATION(&word, old = atomic_cmpxchg(&word, 5, 6), 5, 0u, 6) && old == 5,
	      "what was expected");
	CHECK(OPERATION(&word, old = atomic_cmpxchg(&word, 5, 6), 7, 0u, 7) && old == 7,
	      "another word: stays");
	CHECK(OPERATION(&word, old = atomic_try_cmpxchg(&word, &expected, 6), 5, 0u, 6) && old &&
		      expected == 5,
	      "tried: done");
	CHECK(OPERATION(&word, old = atomic_try_cmpxchg(&word, &expected, 6), 7, 0u, 7) && !old &&
		      expected == 7,
	      "tried: what it was");
	for (unsigned n = 0; n < 3; n++) {
		u32 before = 0x36 + n * 0x100;

		CHECK(OPERATION(&word, old = atomic_xchg(&word, 9), 0x36, n, 9) && old == before,
		      "exchange");
		CHECK(OPERATION(&word, old = atomic_fetch_add(&word, 9), 0x36, n, before + 9) &&
			      old == before,
		      "add");
		CHECK(OPERATION(&word, atomic_or(&word, 0x0f), 0x36, n, before | 0x0f), "or");
		CHECK(OPERATION(&word, atomic_and(&word, ~0x0fu), 0x36, n, before & ~0x0fu), "and");
	}
}

static void test_entries(void)
{
	entry_t slot, old = {{0}};
	CHECK(OPERATION(&slot.word[0],
			old = entry_cmpxchg(&slot, entry_from_value(5), entry_from_value(6)), 5, 0u,
			6) &&
		      old.word[0] == 5,
	      "an entry that was expected");
	for (unsigned n = 0; n < 3; n++)
		CHECK(OPERATION(&slot.word[0], old = entry_xchg(&slot, entry_from_value(9)), 0x36,
				n, 9) &&
			      old.word[0] == 0x36 + n * 0x100,
		      "an entry is exchanged");
}

/* An operation never left alone is refused many times, and then a screen comes. */
static void test_failure(void)
{
	static u32 word;
	static entry_t slot;

	looks = 0;
	others = ~0u;
	if (!setjmp(failed))
		atomic_or(&word, 1);
	CHECK(failed_at == &word && looks == 10000000,
	      "a word that is another one ten million times");
	looks = 0;
	others = ~0u;
	if (!setjmp(failed))
		entry_xchg(&slot, slot);
	CHECK(failed_at == &slot && looks == 10000001, "an entry as well, after the first");
	others = 0;
}

/* External interruptions need bit 7 of the PSW, the last one of the system mask. */
static void test_irqs(void)
{
	u32 flags;

	mask_now = 0x05;
	CHECK(irqs_enabled() && mask_now == 0x05, "on, and left so");
	flags = irq_save();
	CHECK(mask_now == 0x04 && flags == 0x05 && !irqs_enabled(),
	      "saved: off, nothing else changes");
	irq_restore(flags);
	CHECK(mask_now == 0x05, "restored: on");
	irq_disable();
	CHECK(mask_now == 0x04 && !irqs_enabled() && irq_flags() == 0x04, "off");
	irq_restore(irq_save());
	CHECK(mask_now == 0x04, "saved and restored: off still");
	irq_enable();
	CHECK(mask_now == 0x05, "on");
	CHECK(cpu_nap(1) && mask_now == 0x45, "a nap is idling");
}

int main(void)
{
	test_words();
	test_entries();
	test_failure();
	test_irqs();
	return tap_done();
}
