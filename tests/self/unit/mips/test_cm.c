/* SPDX-License-Identifier: MIT */
/* Tests each access of arch/mips/cm.c to the coherence manager and power controller, in order. */
#include "arch/mips/cm.c"

#include "tests/self/unit/mips/host.h"

#define GCR 0xbfbf8000ul /* KSEG1 */
#define CPC 0xbbde0000ul

static u32 gcr_base, running, ticks;

u32 mmio_read32(const volatile void *p)
{
	switch ((unsigned long)p) {
	case GCR + 0x8:
		return gcr_base;
	case GCR + 0x0:
		return 0xfffffe03;
	case GCR + 0x2010:
		return 0xffffffff;
	case CPC + 0x2030:
		return running;
	}
	host_note("r%lx", (unsigned long)p);
	return 0;
}

void mmio_write32(volatile void *p, u32 value)
{
	host_note("w%lx=%x", (unsigned long)p, value);
}

void mips_store64(volatile void *at, u32 low, u32 high)
{
	host_note("sd%lx=%x:%x", (unsigned long)at, high, low);
}

u64 clock_cycles(void)
{
	return ticks++;
}

u32 clock_cycles_per_us(void)
{
	return 2;
}

static void machine(u32 config3, u32 cmgcrbase, u32 base)
{
	host_reset(0);
	gcr = cpc = NULL;
	present = false;
	host_cp0[16][3] = config3;
	host_cp0[15][3] = cmgcrbase;
	gcr_base = base;
}

/* Config3.CMGCR. CMGCRBase holds bits 35:11 of the address, at 31:... of the register. */
static void test_init(void)
{
	machine(0xdfffffff, 0x01fbf800, 0x1fbf8000);
	cm_init();
	CHECK(!cm_present() && host_did(""), "no CMGCR in Config3: nothing is touched");
	CHECK(far_device() == 0 && host_did(""), "and no device is far away");
	machine(BIT(29), 0x01fbf800, 0x1fbf0000);
	cm_init();
	CHECK(!cm_present() && host_did(""), "GCR_BASE says something else: not there");
	machine(BIT(29), 0x02000000, 0x20000000);
	CHECK(DIES(cm_init()) &&
		      host_said("CMGCRBase is 0x2000000: the registers are out of KSEG1's reach"),
	      "512 MiB is out of reach");
	machine(BIT(29), 0x01fbf400, 0x1fbf4000);
	CHECK(DIES(cm_init()), "32 KiB are aligned");
	machine(BIT(29), 0x01fbf800, 0x1fbfffff);
	cm_init();
	CHECK(cm_present() && host_did("wbfbf8088=1bde0001 wbfbf8080=1bdc0001 sync"),
	      "the power controller, then the interrupt controller, at their places; a barrier");
	CHECK((unsigned long)cm_gic() == 0xbbdc0000, "the interrupt controller in KSEG1");
	CHECK(cm_virtual_processors() == 0x400 && cm_other_cores() == 3,
	      "virtual processors, cores");
}

static void test_start(void)
{
	running = BIT(3);
	CHECK(cm_start(3, (const void *)0x80123000) &&
		      host_did("wbfbfa018=3 wbfbfc020=80123000 sync wbbde2028=8"),
	      "cm_start(): whom, where, a barrier, run");
	ticks = 0;
	CHECK(!cm_start(2, (const void *)0x80123000) && ticks == 2000001,
	      "one that does not come: a second, by the clock");
	CHECK(host_did("wbfbfa018=2 wbfbfc020=80123000 sync wbbde2028=4"), "asked once");
}

static void test_far(void)
{
	host_cp0[12][0] = 0x0000fc01;
	CHECK(far_device() == 0x2500002, "the power controller's page at 0x2500000000");
	CHECK(host_did("mtc0 12.0=2400fc01 sdbfbf8088=25:1 mtc0 12.0=fc01 sync"),
	      "moved by one store of 64 bits, with the coprocessor usable for that long");
	CHECK(far_device() == 0x2500002 && host_did(""), "once");
}

int main(void)
{
	test_init();
	test_start();
	test_far();
	return tap_done();
}
