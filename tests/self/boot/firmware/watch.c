/* SPDX-License-Identifier: MIT */
/* Watches Zapwalk's progress, for an unknown CPU that works beside it. */
#include "tests/self/boot/firmware/firmware.h"
#include <asm/io.h>

#define PAGE	      0x1000u
#define LOW_END	      0xa0000u
#define MIDDLE_START  0x800u
#define MIDDLE_END    0xc00u
#define INT3_WORD     0xccccccccu
#define SETTLE_US     500u
#define TRAMPOLINE_US 10000000u

static u32 word(u32 at)
{
	return mmio_read32((const void *)at);
}

/* Zapwalk fills its start-up page with INT3 before it copies code to the front. Its middle stays
 * so, and nothing else in low memory looks like that. */
static bool is_trampoline(u32 page)
{
	for (u32 at = page + MIDDLE_START; at < page + MIDDLE_END; at += 4)
		if (word(at) != INT3_WORD)
			return false;
	return word(page) != INT3_WORD;
}

static u32 look_for_trampoline(void)
{
	for (u32 page = PAGE; page < LOW_END; page += PAGE)
		if (is_trampoline(page))
			return page;
	return 0;
}

u32 await_trampoline(void)
{
	u32 page = 0;

	for (u32 us = 0; us < TRAMPOLINE_US && !page; us += SETTLE_US) {
		page = look_for_trampoline();
		spend_us(SETTLE_US);
	}
	if (!page)
		firmware_note("no start-up page seen");
	return page;
}

/* The clock of the PC/AT counts seconds of the host (MC146818 data sheet). Zapwalk does not use
 * it. */
#define RTC_INDEX   0x70
#define RTC_DATA    0x71
#define RTC_SECONDS 0
#define RTC_POLL_US 1000u
#define RTC_POLLS   10000u /* 10 s if the TSC is a fast one, more if not */

static u8 rtc_second(void)
{
	outb(RTC_INDEX, RTC_SECONDS);
	return inb(RTC_DATA);
}

void await_seconds(unsigned seconds)
{
	u8 before = rtc_second(), now;

	for (unsigned i = 0; i < RTC_POLLS && seconds; i++) {
		spend_us(RTC_POLL_US);
		now = rtc_second();
		seconds -= now != before;
		before = now;
	}
}
