/* SPDX-License-Identifier: MIT */
/*
 * The service-call logical processor: the machine's console and its configuration. Its interface is
 * not in the Principles of Operation; Linux's drivers/s390/char/sclp.h and QEMU's
 * include/hw/s390x/sclp.h say what it is.
 */
#pragma once

#include "kernel/compiler.h"

enum sclp_console {
	SCLP_NONE,
	SCLP_ASCII, /* bytes, as on a terminal */
	SCLP_LINE,  /* lines, in EBCDIC: the operator's console */
};

/* Which consoles the machine has: BIT(enum sclp_console). Asks once. */
u32 sclp_consoles(void);
/* At most SCLP_WRITE_MAX bytes; false: the machine did not take them. */
#define SCLP_WRITE_MAX 3072u
bool sclp_write_ascii(const char *bytes, size_t n);
/* One line without its newline. */
bool sclp_write_line(const char *bytes, size_t n);
/* Bytes of storage from address 0 on; 0: the machine does not say. */
u64 sclp_storage(void);
