/* SPDX-License-Identifier: MIT */
/* A serial port of the 8250/16550 family, polled. */
#pragma once

#include "kernel/compiler.h"

#define UART8250_CLOCK	   1843200u /* of a PC's */
#define UART8250_SPEED_MAX (UART8250_CLOCK / 16)

#define UART8250_BYTES 32u /* of eight registers at the widest step, 4 bytes */

/* Its place, and the way to reach it. */
struct uart8250_place {
	paddr_t at;	/* an I/O port, or a physical address */
	u8 memory_step; /* 0 for I/O ports, else 1, 2 or 4 bytes from register to register */
	u8 access;	/* bytes of an access to memory, 1 or 4 */
	u32 speed;	/* bits a second, 0 for the firmware's, then uart8250_init() fills it in */
	u32 clock;	/* Hz, 0 for UART8250_CLOCK */
	/* The divisor stays as the firmware set it, because the clock is not known. So nothing
	 * checks speed then. A speed that no divisor gives counts as 0. */
	bool keep_divisor;
};

struct uart8250 {
	struct uart8250_place place;
	volatile void *memory;
	bool present;
	bool stuck;	  /* bytes once did not leave in time */
	unsigned divisor; /* the time of a character, in units of 87 us with a PC's clock */
	unsigned fifo;	  /* bytes it takes with an empty holding register */
};

/* Sets 8N1. `memory` is the mapping of the registers at place->memory_step, or NULL for ports.
 * Waits, bounded, until characters of an earlier sender have left. Returns false if there is no
 * such device, and then writes do nothing. */
bool uart8250_init(struct uart8250 *uart, const struct uart8250_place *place, void *memory);
/* As uart8250_init() for a device in memory at an unsure distance between registers. Tries
 * place->memory_step and access first, then the other known shapes. `memory` is the mapping of
 * UART8250_BYTES at place->at, a multiple of 4. uart->place has the shape that answered. */
bool uart8250_find(struct uart8250 *uart, const struct uart8250_place *place, void *memory);
extern const char uart8250_shapes[]; /* the shapes it tries, for messages */
/* The wait is bounded, so a dead device loses bytes. */
void uart8250_write(struct uart8250 *uart, const char *bytes, size_t n);
/* Fetches a received character. Returns false if none came in whole. Never waits. */
bool uart8250_read(struct uart8250 *uart, u8 *byte);
#define UART8250_CTRL_C 0x03
/* Waits, bounded, until the last written bit has left. */
void uart8250_drain(struct uart8250 *uart);
