/* SPDX-License-Identifier: MIT */
/*
 * Timers in ACPI's tables. The FADT names the power management timer (ACPI 6.5, 4.8.3.3 and 5.2.9),
 * and the HPET has a table of its own (IA-PC HPET Specification 1.0a, 2.3 and 3.2.4). Pure code.
 */
#pragma once

#include "kernel/compiler.h"

#define PM_TIMER_HZ 3579545u

/* The HPET's registers, in bytes from its place. */
#define HPET_SIZE     1024u
#define HPET_PERIOD   0x04u /* femtoseconds of a tick, the high half of the capabilities */
#define HPET_CONFIG   0x10u
#define HPET_ENABLED  BIT(0)
#define HPET_COUNTER  0xf0u
#define HPET_NS100    100000000u /* no tick is longer, says 2.3.4 */
#define HPET_NS_TENTH 100000u	 /* and none is shorter in any machine */

struct pm_timer {
	u16 port;
	u8 bits; /* 24 or 32 */
};

/* Takes a whole FADT of n bytes. Returns false if it names no such timer, or one not at an I/O
 * port. */
bool fadt_pm_timer(const u8 *fadt, size_t n, struct pm_timer *timer);
/* Returns the place of the registers in the HPET table of n bytes, or 0 if it names no memory. */
paddr_t hpet_place(const u8 *hpet, size_t n);
/* Tells whether HPET_PERIOD can be true. A missing device reads as 0 or all ones. */
bool hpet_period_is_sane(u32 femtoseconds);
