/* SPDX-License-Identifier: MIT */
/* A serial port of the 8250/16550 family, output only, polled. */
#pragma once

#include "kernel/compiler.h"

#define UART8250_SPEED_MAX 115200u

/* Where it is, and how it is reached. */
struct uart8250_place {
	paddr_t at;	/* an I/O port, or a physical address */
	u8 memory_step; /* 0: I/O ports; else bytes from register to register: 1, or 4 with 32-bit
			   accesses */
	u32 speed; /* bits a second, at most UART8250_SPEED_MAX; 0: left as the firmware set it */
};

struct uart8250 {
	struct uart8250_place place;
	volatile void *memory;
	bool present;
	bool stuck;    /* it once did not get rid of its bytes in time */
	unsigned fifo; /* bytes it takes when its holding register is empty */
};

/* 8N1. memory: where the registers of place->memory_step are mapped, or NULL. False, and writes do
 * nothing, if there is no such device. */
bool uart8250_init(struct uart8250 *uart, const struct uart8250_place *place, void *memory);
/* Bounded: bytes that a dead device does not take are lost. */
void uart8250_write(struct uart8250 *uart, const char *bytes, size_t n);
