/* SPDX-License-Identifier: MIT */
/* Fuzzes drivers/acpi_timers.c with a FADT and then an HPET table as its input. */
#include "drivers/acpi_timers.h"

#include "tests/self/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct pm_timer timer = {0, 0};

	if (fadt_pm_timer(data, size, &timer))
		MUST(timer.port && timer.port <= 0x10000 - 4 &&
		     (timer.bits == 24 || timer.bits == 32) && size >= 116);
	else
		MUST(!timer.port && !timer.bits);
	MUST(!hpet_place(data, size) || size >= 56);
	return 0;
}
