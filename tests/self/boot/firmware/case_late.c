/* SPDX-License-Identifier: MIT */
/*
 * A CPU starts after Zapwalk has given it up. Run with 4 CPUs.
 *
 * CPU 2 is listed, but it has another id when Zapwalk sends it the start-up signal. After 2 s
 * Zapwalk calls it silent and tries the last CPU of the list. That CPU does not exist, and so costs
 * another 2 s. In that time CPU 2 takes its own id, and the unlisted CPU 3 starts it.
 */
#include "tests/self/boot/firmware/firmware.h"
#include <asm/barrier.h>

#define LATE	     2u
#define HIDDEN	     0x40u
#define ABSENT	     0x30u
#define STARTER	     3u
#define LATE_SECONDS 3u	     /* that is after 2 to 3 s, */
#define LATE_US	     100000u /* and this, so that it is never exactly 2 s */
#define WAIT_US	     1000u
#define WAITS	     20000u

static const u8 late_and_absent[] = {MADT_CPU(2, LATE, 1), MADT_CPU(3, ABSENT, 1)};

static u32 is_back;

static u32 hide(u32 id)
{
	return id == LATE ? HIDDEN : id;
}

static void come_back(void)
{
	if (!await_trampoline())
		return;
	await_seconds(LATE_SECONDS);
	spend_us(LATE_US);
	apic_write(APIC_ID, LATE << 24);
	WRITE_ONCE(is_back, 1);
}

static void start_late_cpu(void)
{
	u32 page = await_trampoline();

	for (unsigned i = 0; i < WAITS && !READ_ONCE(is_back); i++)
		spend_us(WAIT_US);
	if (!page || !READ_ONCE(is_back))
		return;
	apic_write(APIC_SVR, SVR_ENABLED);
	apic_send(LATE, ICR_INIT);
	spend_us(10000);
	apic_send(LATE, ICR_STARTUP | page >> 12);
	firmware_note("CPU 2 started late");
}

static void play(u32 id)
{
	if (id != HIDDEN && id != STARTER)
		return;
	cpus_await_release();
	if (id == HIDDEN)
		come_back();
	else
		start_late_cpu();
}

FIRMWARE_CASE(late_cpu) = {
	.name = "late-cpu",
	.new_id = hide,
	.listed = 2,
	.more = late_and_absent,
	.more_size = sizeof(late_and_absent),
	.secondary = play,
};
