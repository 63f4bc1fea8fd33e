/* SPDX-License-Identifier: MIT */
/* with: arch/x86/apic_quiet.c */
/*
 * Tests each access of arch/x86/apic.c to the local APIC, in both of its modes (SDM vol. 3, chapter
 * 11).
 */
#include "tests/self/unit/x86/own_io.h"

#include "arch/x86/apic.c"

#include "tests/self/unit/x86/process.h"

struct x86_cpu x86_cpus[MAX_CPUS];
struct x86_features x86_features = {.mca = true};

static u8 page[4096];
static bool out_of_reach;
static u32 version = 0x50014, pending, in_isr, errors, icr_reads;
static u64 base, capabilities = 0x400;

void *map_physical(paddr_t pa, size_t size, enum memory_type type)
{
	note("map %#llx %zu %u", pa, size, type);
	return out_of_reach ? NULL : page;
}

static u32 reg_value(u32 reg)
{
	if (reg == 0x20)
		return 0x56789abc;
	if (reg == 0x30)
		return version;
	if (reg == 0x280)
		return errors;
	if (reg == 0x300) {
		icr_reads++;
		return pending ? pending--, 0x1000 : 0xffffefff;
	}
	return reg == 0x120 ? in_isr : 0;
}

u32 mmio_read32(const volatile void *p)
{
	u32 reg = (u32)((const volatile u8 *)p - page);

	if (reg < 0x300 && reg != 0x120)
		note("get %#x", reg);
	return reg_value(reg);
}

void mmio_write32(volatile void *p, u32 value)
{
	note("%#x=%#x", (u32)((volatile u8 *)p - page), value);
}

static u64 rdmsr(u32 msr)
{
	return msr == 0x1b ? base : msr == 0x179 ? capabilities : reg_value((msr - 0x800) << 4);
}

#define SERVICE "get 0x100\nget 0x110\nget 0x130\nget 0x140\nget 0x150\nget 0x160\nget 0x170\n"

static void test_map(void)
{
	base = 0xabc12345fee00900;
	out_of_reach = true;
	CHECK(!apic_in_service(0x45) && ENDS(apic_map()), "not mapped");
	DID("map 0x12345fee00000 4096 1\n"
	    "panic: local APIC out of reach (IA32_APIC_BASE=0xabc12345fee00900)\n",
	    "and told");
}

static void test_xapic(void)
{
	base = 0x10fee00900;
	out_of_reach = false;
	apic_map();
	DID("map 0x10fee00000 4096 1\n", "the page is mapped, not cached");
	CHECK(!apic_is_x2apic() && apic_id_max() == 254, "xAPIC mode");
	base = 0x9990000fee01100;
	apic_enable();
	DID("wrmsr 0x1b=0x9900010fee00900\n", "on, at the boot CPU's address");
	base = 0;
	apic_init();
	DID("wrmsr 0x1b=0x10fee00800\n"
	    "0x80=0\n0xf0=0x1ff\nget 0x30\n0x370=0x100ff\n0x320=0x100ff\n0x350=0x100ff\n"
	    "0x360=0x100ff\n0x340=0x100ff\n0x330=0x100ff\n" SERVICE "0x280=0\nget 0x280\n",
	    "nothing is held back, all entries that it has are masked, errors are forgotten");
	version = 0x60015;
	apic_init();
	CHECK(noted_also("0x2f0=0x100ff\n"), "that of CMCI, where there is one");
	capabilities = ~0x400ull;
	apic_init();
	CHECK(!noted_also("0x2f0="), "but not where the CPU has none");
	capabilities = 0x400;
	x86_features.mca = false;
	apic_init();
	CHECK(!noted_also("0x2f0="), "or no machine checks");
	apic_only_ours();
	DID("0x80=0xe0\n", "only ours: priority class 15");
	apic_take_nmi();
	DID("0x360=0x400\n", "LINT1 is the chipset's NMI");
	CHECK(apic_id() == 0x56, "the id is in eight bits");
	apic_eoi();
	DID("get 0x20\n0xb0=0\n", "an end of interrupt");
	errors = 0x84;
	CHECK(apic_errors() == 0x84 && noted("0x280=0\nget 0x280\n"), "errors: written, then read");
	errors = 0;
}

static void test_in_service(void)
{
	bool good = true;

	for (unsigned bit = 0; bit < 32; bit++) {
		in_isr = BIT(bit);
		for (unsigned v = 64; v < 96; v++)
			good &= apic_in_service(v) == (v == 64 + bit);
	}
	CHECK(good, "in service: one bit for each vector");
	in_isr = ~0u;
	CHECK(!apic_in_service(63) && !apic_in_service(96), "one word for 32");
	noted_also("");
	in_isr = 0;
}

static void test_send(void)
{
	CHECK(apic_send(0xab, 0x4500) && noted("cli\n0x310=0xab000000\n0x300=0x4500\nsti\n"),
	      "the destination, then the command, without an interrupt in between");
	pending = 3;
	icr_reads = 0;
	CHECK(apic_send(0xab, 0x4500) && icr_reads == 4, "when the last one has left");
	noted_also("");
	pending = 999999;
	CHECK(apic_delivered(), "a million reads are waited");
	pending = 1000000;
	CHECK(!apic_delivered(), "and no more");
	pending = 1000000;
	CHECK(!apic_send(0xab, 0x4500) && noted("cli\nsti\n"), "then nothing is sent");
	pending = 0;
	x86_cpus[3].hw_id = 0x11;
	for (enum ipi ipi = 0; ipi < NR_IPIS; ipi++)
		ipi_send(3, ipi);
	DID("cli\n0x310=0x11000000\n0x300=0x40f0\nsti\n"
	    "cli\n0x310=0x11000000\n0x300=0x40f1\nsti\n"
	    "cli\n0x310=0x11000000\n0x300=0x40f2\nsti\n"
	    "cli\n0x310=0x11000000\n0x300=0x4400\nsti\n",
	    "the four IPIs, one of them an NMI");
	pending = ~0u;
	CHECK(ENDS(ipi_send(3, IPI_CALL)), "an APIC that is stuck");
	DID("cli\nsti\npanic: the local APIC keeps an IPI pending: none can be sent to CPU 3 (APIC id 17)\n",
	    "is told");
	pending = 0;
}

static void test_x2apic(void)
{
	base = 0xfee00d00;
	apic_map();
	DID("", "x2APIC mode needs no page");
	CHECK(apic_is_x2apic() && apic_id_max() == 0xfffffffe && apic_id() == 0x56789abc,
	      "32 bits");
	base = 0;
	version = 0x50014;
	apic_init();
	DID("wrmsr 0x1b=0xfee00800\nwrmsr 0x1b=0xfee00c00\n"
	    "wrmsr 0x808=0\nwrmsr 0x80f=0x1ff\nwrmsr 0x837=0x100ff\nwrmsr 0x832=0x100ff\n"
	    "wrmsr 0x835=0x100ff\nwrmsr 0x836=0x100ff\nwrmsr 0x834=0x100ff\n"
	    "wrmsr 0x833=0x100ff\nwrmsr 0x828=0\n",
	    "on in two steps, then as above");
	pending = ~0u;
	CHECK(apic_delivered() && apic_send(0x12345678, 0x4500), "a send is over at once");
	DID("wrmsr 0x830=0x1234567800004500\n", "one word");
}

void test(void)
{
	process_rdmsr = rdmsr;
	test_map();
	test_xapic();
	test_in_service();
	test_send();
	test_x2apic();
}
