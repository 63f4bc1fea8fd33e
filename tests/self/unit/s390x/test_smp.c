/* SPDX-License-Identifier: MIT */
/*
 * Tests arch/s390x/smp.c for the orders sent to each CPU, and for its message about too many CPUs.
 */
#include "tests/self/unit/s390x/fake.h"

/* After this the CPU no longer sees its area at the area's address. */
#undef spx
#define spx(prefix) record("spx %#x, live %u", (prefix), lowcores[0]->live)

#include "arch/s390x/smp.c"

#define MOST_ALLOCATIONS (2 * (MAX_CPUS + 1))

const u8 ap_entry[1], entry_restart[1];
struct lowcore *lowcores[MAX_CPUS];

static struct {
	unsigned cpus; /* hw_id 0 .. cpus - 1 answer */
	enum sigp_answer refused;
	u32 refusing; /* the enum sigp_order refused */
	unsigned busy;
} machine;

static enum sigp_answer on_sigp(u32 hw_id, enum sigp_order order, u64 parameter, u32 *status)
{
	(void)parameter;
	*status = 0x1230;
	if (machine.busy) {
		machine.busy--;
		return SIGP_BUSY;
	}
	if (machine.cpus && hw_id >= machine.cpus)
		return SIGP_NOT_OPERATIONAL;
	if (machine.refusing == order)
		return machine.refused;
	return order == SIGP_SENSE ? SIGP_STATUS_STORED : SIGP_ACCEPTED;
}

/* An allocation is all ones, at a page at no multiple of 8 KiB. */
paddr_t boot_alloc(size_t size)
{
	static unsigned n;
	static u8 memory[MOST_ALLOCATIONS][8 * PAGE_SIZE + 2 * PREFIX_SIZE] __aligned(PREFIX_SIZE);
	u8 *found = memory[n++ % MOST_ALLOCATIONS] + (size < STACK_BLOCK_SIZE ? PAGE_SIZE : 0);

	memset(found, 0xff, size);
	record("boot_alloc %#zx", size);
	return (paddr_t)found;
}

static vaddr_t block_of_last;

void paging_unmap(vaddr_t va)
{
	record("unmap block + %#lx", va - block_of_last);
}

static bool all_zero(const void *p, size_t n)
{
	while (n--)
		if (((const u8 *)p)[n])
			return false;
	return true;
}

void lowcore_prepare(struct lowcore *lowcore, unsigned cpu, u32 hw_id, vaddr_t block)
{
	record("prepare %u hw %u%s%s", cpu, hw_id, (u64)lowcore % PREFIX_SIZE ? ", crooked" : "",
	       all_zero(lowcore, PREFIX_SIZE) ? "" : ", not cleared");
	block_of_last = block;
	lowcore->hw_id = hw_id;
	lowcore->stack = lowcore->emergency = 1;
}

struct lowcore *lowcore_of(unsigned cpu)
{
	return cpu == cpu_id() ? &fake_lowcore : lowcores[cpu];
}

void lowcore_set_dat(struct lowcore *lowcore)
{
	for (unsigned class = 0; class < NR_CLASSES; class ++)
		lowcore->new[class].mask |= PSW_DAT;
	record("dat for %s", lowcore == lowcores[0] ? "0" : "another");
}

void cpu_load(void)
{
	record("load, restart psw %#lx %s, live %u", fake_lowcore.new[CLASS_RESTART].mask,
	       fake_lowcore.new[CLASS_RESTART].address == (vaddr_t)entry_restart ? "entry" : "?",
	       fake_lowcore.live);
}

void ap_main(void)
{
	record("ap_main, live %u", fake_lowcore.live);
	fake_stop();
}

void interrupt_shootdown(void)
{
	record("shootdown");
}

void interrupt_call(void)
{
	record("call");
}

void interrupt_wake(void)
{
	record("wake");
}

static void test_sigp(void)
{
	u32 status = 0;

	fake.on_sigp = on_sigp;
	fake.tick = 4096 * 250000ul;
	machine.busy = 2;
	CHECK(sigp(7, SIGP_STOP, 5, &status) == SIGP_ACCEPTED && status == 0x1230,
	      "a CPU that is busy is asked again");
	EXPECT("sigp 7 order 0x5 parameter 0x5 relax sigp 7 order 0x5 parameter 0x5 relax sigp 7 order 0x5 parameter 0x5 ",
	       "with the same order");
	machine.busy = 100;
	CHECK(sigp(7, SIGP_STOP, 5, &status) == SIGP_BUSY, "one that stays busy: said so");
	EXPECT("sigp 7 order 0x5 parameter 0x5 relax sigp 7 order 0x5 parameter 0x5 relax "
	       "sigp 7 order 0x5 parameter 0x5 relax sigp 7 order 0x5 parameter 0x5 ",
	       "after a second");
	fake.tick = 4096 * 1000000ul - 1;
	sigp(7, SIGP_STOP, 5, &status);
	EXPECT("sigp 7 order 0x5 parameter 0x5 relax sigp 7 order 0x5 parameter 0x5 ",
	       "not earlier");
	fake.tick++;
	sigp(7, SIGP_STOP, 5, &status);
	EXPECT("sigp 7 order 0x5 parameter 0x5 ", "and not later");
	machine.busy = 0;
	fake.tick = 0;
}

/* CPU 1 of three boots. */
static void test_discover(void)
{
	char asked[24576];
	size_t n = 0;

	machine.cpus = 3;
	fake.address = 1;
	fake_lowcore.stack = 0x1111;
	fake_lowcore.emergency = 0x2222;
	smp_discover();
	n += (size_t)sprintf(asked + n,
			     "boot_alloc 0x3000 boot_alloc 0x8000 prepare 0 hw 1 unmap block + 0 unmap block + 0x3000 dat for 0 spx %#x, live 1 ",
			     (u32)(u64)lowcores[0]);
	for (u32 id = 0; id < 256; id++) {
		if (id != 1)
			n += (size_t)sprintf(asked + n, "sigp %u order 0x1 parameter 0 ", id);
		if (id == 0 || id == 2)
			n += (size_t)sprintf(asked + n,
					     "boot_alloc 0x3000 boot_alloc 0x8000 prepare %u hw %u unmap block + 0 unmap block + 0x3000 ",
					     id ? 2 : 1, id);
	}
	EXPECT(asked, "the boot CPU is 0; each other that answers gets an area and stacks");
	CHECK(lowcores[0]->stack == 0x1111 && lowcores[0]->emergency == 0x2222 &&
		      lowcores[0]->live == 1 && !lowcores[1]->live,
	      "the boot CPU keeps its stacks, and is live");
	CHECK(smp_count() == 3 && !smp_incomplete(), "three, none too many");
	CHECK(smp_enumerate() == 3, "as they are told");
	EXPECT("# ev=firmware tables=sigp cpus=3 usable=3 ignored=0 ", "in one line");
	CHECK(smp_hw_id(1) == 0 && smp_hw_id(2) == 2, "the hardware's numbers");
}

static void test_too_many(void)
{
	cpu_count = 1;
	machine.cpus = MAX_CPUS;
	smp_discover();
	record_clear();
	CHECK(smp_count() == MAX_CPUS && !smp_incomplete(), "as many as we know: all are used");
	cpu_count = 1;
	machine.cpus = MAX_CPUS + 2;
	smp_discover();
	record_clear();
	CHECK(smp_count() == MAX_CPUS && smp_incomplete(), "two more: incomplete");
	CHECK(smp_enumerate() == MAX_CPUS, "the others are used");
	EXPECT("# 34 CPUs answered: the first 32 are used, more are not supported\n"
	       "# ev=firmware tables=sigp cpus=34 usable=32 ignored=2 ",
	       "and it is told");
}

#define RESET "sigp 0 order 0xb parameter 0 "

static void test_kick(void)
{
	char all[256];

	machine.cpus = 3;
	snprintf(all, sizeof(all),
		 "dat for another " RESET "sigp 0 order 0xd parameter %#lx sigp 0 order 0x6 parameter 0 ",
		 (u64)lowcores[1]);
	CHECK(smp_start_cpu(1), "a CPU is kicked");
	EXPECT(all, "by reset, prefix, restart");
	CHECK(lowcores[1]->new[CLASS_RESTART].mask == 0x180000000 &&
		      lowcores[1]->new[CLASS_RESTART].address == (vaddr_t)ap_entry,
	      "to where a CPU begins, without translation");
	machine.refused = SIGP_STATUS_STORED;
	machine.refusing = SIGP_INITIAL_CPU_RESET;
	CHECK(!smp_start_cpu(1), "no reset: not kicked");
	EXPECT("dat for another " RESET, "and no more orders");
	machine.refusing = SIGP_SET_PREFIX;
	CHECK(!smp_start_cpu(1), "no prefix: not kicked");
	record_clear();
	machine.refusing = SIGP_RESTART;
	CHECK(!smp_start_cpu(1), "no restart: not kicked");
	EXPECT(all, "though it was tried");
	machine.refusing = 0;
	fake_lowcore.live = 0;
	CHECK(ENDS(s390_ap_start()), "a CPU that starts");
	EXPECT("load, restart psw 0x404000180000000 entry, live 0 ap_main, live 1 ",
	       "takes restarts with translation, loads its registers, is live");
}

static void test_ipi(void)
{
	lowcores[1]->ipi_pending = 0;
	ipi_send(1, IPI_CALL);
	EXPECT("or 0x2 sigp 0 order 0x3 parameter 0 ", "what is meant is posted before the signal");
	CHECK(lowcores[1]->ipi_pending == BIT(IPI_CALL), "in the target's word");
	machine.refusing = SIGP_EMERGENCY;
	machine.refused = SIGP_STATUS_STORED;
	CHECK(ENDS(ipi_send(1, IPI_WAKE)), "a signal that is not taken: panic");
	EXPECT("or 0x4 sigp 0 order 0x3 parameter 0 panic: no emergency signal to CPU 1: SIGP said 1, status 0x1230 ",
	       "with the status");
	machine.refused = SIGP_NOT_OPERATIONAL;
	CHECK(ENDS(ipi_send(1, IPI_WAKE)), "no such CPU: panic");
	EXPECT("or 0x4 sigp 0 order 0x3 parameter 0 panic: no emergency signal to CPU 1: SIGP said 3, status 0 ",
	       "without a status");
	for (u32 pending = 0; pending < BIT(NR_IPIS); pending++) {
		char expected[64];

		fake_lowcore.ipi_pending = pending;
		smp_emergency();
		snprintf(expected, sizeof(expected), "xchg 0 %s%s%s",
			 pending & BIT(IPI_SHOOTDOWN) ? "shootdown " : "",
			 pending & BIT(IPI_CALL) ? "call " : "",
			 pending & BIT(IPI_WAKE) ? "wake " : "");
		EXPECT(expected, "a signal serves what is posted: 0x%x", pending);
		CHECK(!fake_lowcore.ipi_pending, "and no more of it");
	}
}

int main(void)
{
	test_sigp();
	test_discover();
	test_too_many();
	test_kick();
	test_ipi();
	smp_report_unlisted();
	EXPECT("", "nobody comes unasked");
	return tap_done();
}
