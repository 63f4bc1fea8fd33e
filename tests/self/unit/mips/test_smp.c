/* SPDX-License-Identifier: MIT */
/* arch/mips/smp.c: which CPUs are counted and prepared, what the log says of them, how one
 * starts. */
#include "arch/mips/smp.c"

#include "tests/self/unit/mips/host.h"

static bool has_cm;
static unsigned vps, cores, sources;
static paddr_t next_block;
const u8 mips_ap_entry[4];

bool cm_present(void)
{
	return has_cm;
}

unsigned gic_init(void)
{
	host_note("gic");
	return sources;
}

volatile u8 *cm_gic(void)
{
	return (volatile u8 *)0xbbdc0000ul;
}

u32 mmio_read32(const volatile void *p)
{
	return p == cm_gic() ? 0x50000 : 0;
}

unsigned cm_virtual_processors(void)
{
	return vps;
}

unsigned cm_other_cores(void)
{
	return cores;
}

void gic_route(unsigned cpu, u32 vp)
{
	host_note("route %u->%u", cpu, vp);
}

void gic_timer_init(void)
{
	host_note("timer");
}

paddr_t boot_alloc(size_t size)
{
	next_block += 0x10000;
	host_note("alloc %zu", size);
	return next_block;
}

void mips_cpu_prepare(unsigned cpu, u32 hw_id, vaddr_t block)
{
	host_note("prepare %u %u %lx", cpu, hw_id, block);
	mips_cpus[cpu].hw_id = hw_id + 10;
}

bool cm_start(unsigned vp, const void *entry)
{
	host_note("start %u%s", vp, entry == mips_ap_entry ? "" : " elsewhere");
	return vp == 12;
}

void mips_cpu_init(void)
{
	host_note("cpu_init live=%u", mips_this_cpu()->live);
}

void tlb_init(void)
{
	host_note("tlb_init");
}

void ap_main(void)
{
	host_note("ap_main live=%u", mips_this_cpu()->live);
	longjmp(host_death, 1);
}

static void machine(bool cm, unsigned listed, unsigned others, unsigned routable)
{
	host_reset(0);
	has_cm = cm;
	vps = listed;
	cores = others;
	sources = routable;
	cpu_count = present = 1;
	other_cores = 0;
	next_block = 0x100000;
	for (unsigned i = 0; i < MAX_CPUS; i++)
		mips_ap_cpu[i] = NULL;
}

static void test_one(void)
{
	machine(false, 7, 7, 7);
	smp_discover();
	CHECK(host_did("") && smp_enumerate() == 1 && smp_count() == 1 && !smp_incomplete(),
	      "no coherence manager: one CPU");
	CHECK(host_said("# no coherence manager (CMGCRBase, GCR_BASE): one CPU\n"
			"# ev=firmware tables=none cpus=1 usable=1 ignored=0 cores=1\n"),
	      "the log says so");
	machine(true, 2, 0, 0);
	CHECK(DIES(smp_discover()) && host_said("the interrupt controller has no sources for IPIs (GIC_SH_CONFIG=0x50000)"),
	      "no sources for IPIs");
}

static void test_three(void)
{
	machine(true, 3, 0, 40);
	smp_discover();
	CHECK(host_did("gic alloc 20480 prepare 1 1 80110000 alloc 20480 prepare 2 2 80120000 route 0->0 route 1->1 route 2->2 timer"),
	      "each secondary CPU has stacks and its place, and each CPU its interrupts");
	CHECK(!mips_ap_cpu[0] && mips_ap_cpu[1] == &mips_cpus[1] &&
		      mips_ap_cpu[2] == &mips_cpus[2] && !mips_ap_cpu[3],
	      "head.S finds those that are awaited");
	CHECK(smp_enumerate() == 3 && smp_count() == 3 && !smp_incomplete(),
	      "three CPUs, all used");
	CHECK(host_said("# ev=firmware tables=gcr cpus=3 usable=3 ignored=0 cores=1\n"), "the log");
	CHECK(smp_hw_id(2) == 12 && smp_start_cpu(2) && !smp_start_cpu(1) &&
		      host_did("start 12 start 11"),
	      "started by the hardware's number, at head.S's entry");
}

static void test_more(void)
{
	machine(true, 40, 2, 50);
	smp_discover();
	CHECK(smp_count() == 32 && mips_ap_cpu[31] && smp_incomplete(), "40 CPUs: the first 32");
	smp_enumerate();
	CHECK(host_said("# 2 more cores: only the first one's virtual processors are used\n"
			"# 40 CPUs listed: the first 32 are used, more are not supported\n"
			"# ev=firmware tables=gcr cpus=40 usable=32 ignored=10 cores=3\n"),
	      "the log names what is left out");
	machine(true, 8, 0, 5);
	smp_discover();
	CHECK(smp_count() == 5, "interrupt sources for 5: five of 8");
	machine(true, 4, 1, 4);
	smp_discover();
	CHECK(smp_count() == 4 && smp_incomplete(), "another core is left out");
	smp_report_unlisted();
	CHECK(host_said(""), "nobody comes unlisted");
}

/* A CPU that stops others sends to the live ones, so they must be able to take the interrupt. */
static void tell_live(unsigned number)
{
	host_note("live=%u", number == 12 ? mips_this_cpu()->live : 9);
}

static void test_secondary(void)
{
	machine(true, 2, 0, 2);
	host_gp = &mips_cpus[1];
	host_at_mtc0 = tell_live;
	host_cp0[12][0] = 0x2000;
	CHECK(DIES(mips_ap_start()) &&
		      host_did("cpu_init live=0 tlb_init timer mtc0 12.0=2001 live=0 ap_main live=1"),
	      "a secondary CPU: CP0, interrupts, live, up into the kernel");
}

int main(void)
{
	test_one();
	test_three();
	test_more();
	test_secondary();
	return tap_done();
}
