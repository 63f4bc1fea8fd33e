/* SPDX-License-Identifier: MIT */
/* A serial port of the 8250/16550 family, output only, polled. */
#pragma once

#include "kernel/compiler.h"

struct uart8250 {
	u16 port;
	bool present;
	bool stuck;    /* it once did not get rid of its bytes in time */
	unsigned fifo; /* bytes it takes when its holding register is empty */
};

/* 115200 8N1. False, and writes do nothing, if there is no such device at the port. */
bool uart8250_init(struct uart8250 *uart, u16 port);
/* Bounded: bytes that a dead device does not take are lost. */
void uart8250_write(struct uart8250 *uart, const char *bytes, size_t n);
