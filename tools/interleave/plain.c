/* SPDX-License-Identifier: MIT */
/* Finds plain accesses to shared data by each byte's readers and writers. */
#include "tools/interleave/plain.h"

#include <string.h>

#include "kernel/printk.h"
#include "tools/interleave/coroutine.h"
#include "tools/interleave/cpus.h"
#include "tools/interleave/explored.h"
#include "tools/interleave/place.h"
#include "tools/interleave/sharing.h"
#include "tools/interleave/site.h"

struct byte {
	u16 plain_reads, plain_writes, marked_reads, marked_writes; /* the CPUs, one bit each */
	u32 pc; /* of the last plain access. The program lies below 4 GiB (-no-pie) */
};

static struct byte bytes[4 * MAX_WORDS];
static bool learning;

void plain_learn_only(bool learn)
{
	learning = learn;
}

/* Returns NULL if the address is not part of the state. */
static struct byte *byte_at(u64 address)
{
	u64 offset = address - (u64)__start_explored_state;

	return offset < (u64)(__stop_explored_state - __start_explored_state) ? &bytes[offset]
									      : NULL;
}

static void refuse_access(const char *what, u64 address, u32 pc)
{
	char place[80];
	struct site site;

	if (learning)
		return;
	place_name(address, 1, place, sizeof(place));
	site_find((const void *)(u64)pc, &site);
	panic("%s at %s (%s)", what, site.file_line, place);
}

#define SHARED "plain access to shared data"

static void marked(u64 address, unsigned size, bool write, u16 who)
{
	struct byte *byte = byte_at(address);

	for (unsigned i = 0; i < size; i++) {
		u16 plain = byte[i].plain_writes | (write ? byte[i].plain_reads : 0);

		*(write ? &byte[i].marked_writes : &byte[i].marked_reads) |= who;
		if (plain & ~who)
			refuse_access(SHARED, address + i, byte[i].pc);
	}
}

void plain_reset(void)
{
	memset(bytes, 0, sizeof(bytes));
	sharing_marked = marked;
}

static void plain_byte(struct byte *byte, u64 address, bool write, u16 who, u32 pc)
{
	u16 others = byte->plain_writes | byte->marked_writes;

	others |= write ? byte->plain_reads | byte->marked_reads : 0;
	*(write ? &byte->plain_writes : &byte->plain_reads) |= who;
	byte->pc = pc;
	if (others & ~who)
		refuse_access(SHARED, address, pc);
}

/* A value stored outside the state would belong to another state. */
static void plain_outside(u64 address, bool write, unsigned cpu, u32 pc)
{
	int owner = coroutine_at(address);

	if (owner >= 0 ? owner != (int)cpu : write)
		refuse_access("plain access to what is not part of the state (see EXPLORED)",
			      address, pc);
}

static void plain(const void *p, size_t size, bool write, const void *pc)
{
	unsigned cpu = cpu_id();

	if (!cpus_inside())
		return;
	for (size_t i = 0; i < size; i++) {
		u64 address = (u64)p + i;
		struct byte *byte = byte_at(address);

		if (byte)
			plain_byte(byte, address, write, sharing_me(&model_cpu[cpu]), (u32)(u64)pc);
		else
			plain_outside(address, write, cpu, (u32)(u64)pc);
	}
}

/* --- called by the compiler's code ---------------------------------------------------------- */

void __tsan_init(void);
void __tsan_init(void)
{
}

void __tsan_func_entry(void *pc);
void __tsan_func_entry(void *pc)
{
	(void)pc;
}

void __tsan_func_exit(void);
void __tsan_func_exit(void)
{
}

#define PLAIN(suffix, write, size)                                                                 \
	void __tsan_##suffix(void *p);                                                             \
	void __tsan_##suffix(void *p)                                                              \
	{                                                                                          \
		plain(p, size, write, __builtin_return_address(0));                                \
	}
#define SIZE(n)                                                                                    \
	PLAIN(read##n, false, n)                                                                   \
	PLAIN(write##n, true, n)                                                                   \
	PLAIN(unaligned_read##n, false, n)                                                         \
	PLAIN(unaligned_write##n, true, n)
SIZE(1)
SIZE(2)
SIZE(4)
SIZE(8)
SIZE(16)

#define RANGE(suffix, write)                                                                       \
	void __tsan_##suffix##_range(void *p, size_t size);                                        \
	void __tsan_##suffix##_range(void *p, size_t size)                                         \
	{                                                                                          \
		plain(p, size, write, __builtin_return_address(0));                                \
	}
RANGE(read, false)
RANGE(write, true)

void *__tsan_memset(void *p, int byte, size_t size);
void *__tsan_memset(void *p, int byte, size_t size)
{
	plain(p, size, true, __builtin_return_address(0));
	return memset(p, byte, size);
}

void *__tsan_memcpy(void *to, const void *from, size_t size);
void *__tsan_memcpy(void *to, const void *from, size_t size)
{
	plain(from, size, false, __builtin_return_address(0));
	plain(to, size, true, __builtin_return_address(0));
	return memcpy(to, from, size);
}

void *__tsan_memmove(void *to, const void *from, size_t size);
void *__tsan_memmove(void *to, const void *from, size_t size)
{
	plain(from, size, false, __builtin_return_address(0));
	plain(to, size, true, __builtin_return_address(0));
	return memmove(to, from, size);
}

int __tsan_memcmp(const void *a, const void *b, size_t size);
int __tsan_memcmp(const void *a, const void *b, size_t size)
{
	plain(a, size, false, __builtin_return_address(0));
	plain(b, size, false, __builtin_return_address(0));
	return memcmp(a, b, size);
}
