/* SPDX-License-Identifier: MIT */
/*
 * Timers that ACPI's tables name: the power management timer of the FADT (ACPI 6.5, 4.8.3.3 and
 * 5.2.9), and the HPET (IA-PC HPET Specification 1.0a, 2.3 and 3.2.4). Pure code.
 */
#pragma once

#include "kernel/compiler.h"

#define PM_TIMER_HZ 3579545u

/* The HPET's registers, bytes from where it is. */
#define HPET_SIZE     1024u
#define HPET_PERIOD   0x04u /* the high half of the capabilities: femtoseconds of a tick */
#define HPET_CONFIG   0x10u
#define HPET_ENABLED  BIT(0)
#define HPET_COUNTER  0xf0u
#define HPET_NS100    100000000u /* no tick is longer, says 2.3.4 */
#define HPET_NS_TENTH 100000u	 /* and none is shorter in any machine */

struct pm_timer {
	u16 port;
	u8 bits; /* 24 or 32 */
};

/* A whole FADT, n bytes. False if it names no such timer, or one that is not at an I/O port. */
bool fadt_pm_timer(const u8 *fadt, size_t n, struct pm_timer *timer);
/* Where the registers of the HPET table (n bytes) are; 0 if it names no place in memory. */
paddr_t hpet_place(const u8 *hpet, size_t n);
/* Whether HPET_PERIOD can be true. A device that is not there reads as 0 or all ones. */
bool hpet_period_is_sane(u32 femtoseconds);
