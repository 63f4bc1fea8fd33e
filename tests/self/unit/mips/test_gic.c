/* SPDX-License-Identifier: MIT */
/* Tests each access of arch/mips/gic.c to the interrupt controller's registers, in order. */
#include "arch/mips/gic.c"

#include "tests/self/unit/mips/host.h"

static u32 registers[0x9000 / 4];
static u32 ticks_a_read, carries; /* of the counter */

volatile u8 *cm_gic(void)
{
	return (volatile u8 *)registers;
}

static u32 offset_of(const volatile void *p)
{
	return (u32)((const volatile u8 *)p - (volatile u8 *)registers);
}

u32 mmio_read32(const volatile void *p)
{
	u32 at = offset_of(p), value = registers[at / 4];

	host_note("r%x", at);
	if (at == 0x10)
		registers[at / 4] += ticks_a_read;
	if (at == 0x14 && carries) {
		carries--;
		registers[at / 4]++;
	}
	return value;
}

void mmio_write32(volatile void *p, u32 value)
{
	host_note("w%x=%x", offset_of(p), value);
	registers[offset_of(p) / 4] = value;
}

/* GIC_SH_CONFIG: bits 23:16 are the sources / 8 - 1. Each CPU takes four, from 64 on. */
static void cpus_of(u32 config, unsigned cpus)
{
	host_reset(0);
	registers[0] = config;
	CHECK(gic_init() == cpus && host_did("r0"), "GIC_SH_CONFIG %x: sources for %u CPUs", config,
	      cpus);
}

static bool timer_set(u32 high, u32 low, u32 later)
{
	registers[0x14 / 4] = high;
	registers[0x10 / 4] = low;
	ticks_a_read = later;
	host_forget();
	return gic_timer_set(1000);
}

static void test_timer(void)
{
	host_forget();
	gic_timer_init();
	CHECK(host_did("w800c=3f w8044=80000004 w8010=2"),
	      "gic_timer_init(): all local sources off, Compare to pin 4, and on");
	CHECK(GIC_TIMER_LINE == 6 && STATUS_IM_TIMER == STATUS_IM(6), "pin 4 is Cause.IP6");
	CHECK(timer_set(0, 500, 0) && host_did("r14 r10 r14 w80a4=0 w80a0=5dc r10"),
	      "gic_timer_set(): the moment, its lower word last");
	CHECK(timer_set(7, 0xffffff00, 0) && host_did("r14 r10 r14 w80a4=8 w80a0=2e8 r10"),
	      "beyond a carry");
	carries = 1;
	CHECK(timer_set(7, 3, 0) && host_did("r14 r10 r14 r14 r10 r14 w80a4=8 w80a0=3eb r10"),
	      "a carry between the words: read again");
	CHECK(timer_set(0, 0xfffffe00, 999), "one tick is left");
	CHECK(!timer_set(0, 0xfffffe00, 1000), "the moment has passed");
	ticks_a_read = 0;
}

int main(void)
{
	cpus_of(0x00060000, 0); /* 56 */
	cpus_of(0x00070000, 0); /* 64 */
	cpus_of(0x00080000, 2); /* 72 */
	cpus_of(0x04090308, 4); /* 80 */
	cpus_of(0xff1fffff, 48);
	cpus_of(0x00ff0000, 496);

	host_reset(7);
	registers[0x188 / 4] = 0x00000001;
	registers[0x108 / 4] = 0x04000000;
	gic_route(7, 5);
	/* Sources 92 to 95, bits 28 to 31 of the third word: rising edges, to pins 0 to 3 of VP
	 * 5. */
	CHECK(host_did(
		      "r188 w188=10000001 r108 w108=14000000 w670=80000000 w2b80=20 w388=10000000 "
		      "r188 w188=30000001 r108 w108=34000000 w674=80000001 w2ba0=20 w388=20000000 "
		      "r188 w188=70000001 r108 w108=74000000 w678=80000002 w2bc0=20 w388=40000000 "
		      "r188 w188=f0000001 r108 w108=f4000000 w67c=80000003 w2be0=20 w388=80000000"),
	      "gic_route(): edge, polarity, pin, virtual processor, then unmasked");
	gic_route(8, 0);
	CHECK(host_did("r18c w18c=1 r10c w10c=1 w680=80000000 w2c00=1 w38c=1 "
		       "r18c w18c=3 r10c w10c=3 w684=80000001 w2c20=1 w38c=2 "
		       "r18c w18c=7 r10c w10c=7 w688=80000002 w2c40=1 w38c=4 "
		       "r18c w18c=f r10c w10c=f w68c=80000003 w2c60=1 w38c=8"),
	      "gic_route(): sources 96 to 99 are in the next word");
	ipi_send(0, IPI_SHOOTDOWN);
	ipi_send(5, IPI_SHOOTDOWN_NOWAIT);
	CHECK(host_did("w280=80000040 w280=80000057"), "ipi_send(): raises the source");
	gic_ack(IPI_WAKE);
	CHECK(host_did("w280=5e sync"), "gic_ack(): lowers this CPU's source, then a barrier");
	CHECK(GIC_LINE(IPI_SHOOTDOWN) == 2 && GIC_LINE(IPI_SHOOTDOWN_NOWAIT) == 5,
	      "pin n is Cause.IP n + 2");

	test_timer();
	host_forget();
	registers[0x10 / 4] = 0x7fffffff;
	CHECK(gic_counter() == 0x7fffffff && host_did("rmb r10"), "gic_counter(): the lower half");
	registers[0x10 / 4] = 0x80000000;
	CHECK(gic_counter() == 0x80000000 && half_turns == 1 && host_did("rmb r10"),
	      "half a turn on");
	registers[0x10 / 4] = 5;
	CHECK(gic_counter() == 0x100000005 && half_turns == 2, "it has wrapped");
	return tap_done();
}
