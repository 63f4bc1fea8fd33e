/* SPDX-License-Identifier: MIT */
/*
 * Marked accesses on the model are calls, so a scheduler can stand between any two of them. This
 * file is included ahead of every file compiled for the model (-include). kernel/compiler.h leaves
 * READ_ONCE and WRITE_ONCE to a port with its own.
 */
#pragma once

#include <stdint.h>

enum model_order {
	MODEL_RELAXED,
	MODEL_ACQUIRE,
	MODEL_RELEASE,
	MODEL_FULL,
};

enum model_rmw {
	RMW_XCHG,
	RMW_CMPXCHG, /* stores `value` if the old value is `expected` */
	RMW_ADD,
	RMW_OR,
	RMW_AND,
};

/* size is 1, 2, 4 or 8, naturally aligned. Loads and read-modify-writes return the old value. */
uint64_t model_read(const volatile void *p, unsigned size, enum model_order order);
void model_write(volatile void *p, unsigned size, uint64_t value, enum model_order order);
uint64_t model_rmw(volatile void *p, unsigned size, enum model_rmw kind, uint64_t value,
		   uint64_t expected, enum model_order order);

/* Loads a pointer. Loads through it come after this load. */
uint64_t model_read_pointer(const volatile void *p, enum model_order order);

#define model_once(x) _Static_assert(sizeof(x) <= sizeof(long), "wider than one access")
#define IS_POINTER(x) (__builtin_classify_type(x) == 5) /* gcc's typeclass.h */
#define READ_ONCE(x)                                                                               \
	({                                                                                         \
		model_once(x);                                                                     \
		(__typeof__(x))(IS_POINTER(x) ? model_read_pointer(&(x), MODEL_RELAXED)            \
					      : model_read(&(x), sizeof(x), MODEL_RELAXED));       \
	})
#define WRITE_ONCE(x, value)                                                                       \
	do {                                                                                       \
		model_once(x);                                                                     \
		model_write(&(x), sizeof(x), (uint64_t)(__typeof__(x))(value), MODEL_RELAXED);     \
	} while (0)
