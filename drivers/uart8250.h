/* SPDX-License-Identifier: MIT */
/* A serial port of the 8250/16550 family, polled. */
#pragma once

#include "kernel/compiler.h"

#define UART8250_CLOCK	   1843200u /* of a PC's */
#define UART8250_SPEED_MAX (UART8250_CLOCK / 16)

#define UART8250_BYTES 32u /* of eight registers, 4 bytes apart */

/* Where it is, and how it is reached. */
struct uart8250_place {
	paddr_t at;	/* an I/O port, or a physical address */
	u8 memory_step; /* 0: I/O ports; else bytes from register to register: 1, 2, 4 */
	u8 access;	/* in memory: bytes of an access, 1 or 4 */
	u32 speed; /* bits a second; 0: as the firmware set it, which uart8250_init() fills in */
	u32 clock; /* Hz; 0: UART8250_CLOCK */
	/* The divisor stays as the firmware set it, because the clock is not known; so speed is
	 * what somebody says it is. A speed that no divisor gives counts as 0. */
	bool keep_divisor;
};

struct uart8250 {
	struct uart8250_place place;
	volatile void *memory;
	bool present;
	bool stuck;	  /* it once did not get rid of its bytes in time */
	unsigned divisor; /* how long a character takes: 87 us for each 1 with a PC's clock */
	unsigned fifo;	  /* bytes it takes when its holding register is empty */
};

/* 8N1. memory: where the registers of place->memory_step are mapped, or NULL. Waits, bounded, until
 * characters that somebody else sent have left. False, and writes do nothing, if there is no such
 * device. */
bool uart8250_init(struct uart8250 *uart, const struct uart8250_place *place, void *memory);
/* The same for a device in memory if it is not sure how far apart its registers are: tries what
 * place->memory_step and access say, then the other distances that exist. memory: UART8250_BYTES at
 * place->at, which is a multiple of 4. uart->place says what was found. */
bool uart8250_find(struct uart8250 *uart, const struct uart8250_place *place, void *memory);
extern const char uart8250_shapes[]; /* what it tries, for messages */
/* Bounded: bytes that a dead device does not take are lost. */
void uart8250_write(struct uart8250 *uart, const char *bytes, size_t n);
/* A character that came in whole, if one did. Never waits. */
bool uart8250_read(struct uart8250 *uart, u8 *byte);
#define UART8250_CTRL_C 0x03
/* Waits, bounded, until the last bit that was written has left. */
void uart8250_drain(struct uart8250 *uart);
