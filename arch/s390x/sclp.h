/* SPDX-License-Identifier: MIT */
/*
 * The service-call logical processor, the machine's console and its configuration. The Principles
 * of Operation do not have its interface, but Linux's drivers/s390/char/sclp.h and QEMU's
 * include/hw/s390x/sclp.h do.
 */
#pragma once

#include "kernel/compiler.h"

enum sclp_console {
	SCLP_NONE,
	SCLP_ASCII, /* bytes, as on a terminal */
	SCLP_LINE,  /* lines in EBCDIC, on the operator's console */
};

/* Returns BIT(enum sclp_console) for each console of the machine. Asks once. */
u32 sclp_consoles(void);
/* Writes at most SCLP_WRITE_MAX bytes. Returns false if the machine did not take them. */
#define SCLP_WRITE_MAX 3072u
bool sclp_write_ascii(const char *bytes, size_t n);
/* Writes one line without its newline. */
bool sclp_write_line(const char *bytes, size_t n);
/* Returns the bytes of storage from address 0 on, or 0 if the machine does not say. */
u64 sclp_storage(void);
