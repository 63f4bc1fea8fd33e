/* SPDX-License-Identifier: MIT */
/* Tests arch/x86/stop.c for the CPUs stopped by an NMI and the length of a panic's wait, and the
 * planted traps of arch/x86/trap_raise.c as the CPU meets them. */
#include "tests/self/unit/x86/own_io.h"

#include "arch/x86/stop.c"
#include "arch/x86/trap_raise.c"

#include "tests/self/unit/x86/process.h"

__asm__(".globl __text_start, __text_end\n"
	".set __text_start, 0xc0900000\n"
	".set __text_end, 0xc0901000\n");

#define TEXT ((u8 *)0xc0900000)

struct x86_cpu x86_cpus[MAX_CPUS];
static unsigned cpus = 4;
static u64 now;
static unsigned late, refused = MAX_CPUS; /* a CPU stopping then, and one refusing signals */
static u64 late_at;

struct x86_cpu *x86_this_cpu(void)
{
	return &x86_cpus[cpu_id()];
}

unsigned smp_count(void)
{
	return cpus;
}

u64 clock_cycles(void)
{
	now += 1000;
	if (now >= late_at)
		x86_cpus[late].stopped = 1;
	return now;
}

u32 clock_cycles_per_us(void)
{
	return 1000;
}

void delay_us(u32 us)
{
	note("delay %u", us);
}

bool apic_send(u32 hw_id, u32 icr)
{
	note("send %#x %#x", hw_id, icr);
	return hw_id != 0x10 + refused;
}

bool apic_delivered(void)
{
	note("delivered");
	return true;
}

static void reset(void)
{
	for (unsigned i = 0; i < MAX_CPUS; i++)
		x86_cpus[i] = (struct x86_cpu){.id = i, .hw_id = 0x10 + i, .live = i != 3};
	x86_cpus[0].stopped = x86_cpus[4].stopped = 1;
	late = 2;
	now = 0;
	stopper = 0;
}

static void test_stopped(void)
{
	struct x86_cpu *c = &x86_cpus[2];

	reset();
	process_percpu(&x86_cpus[2].id);
	x86_stop_if_asked(0x1234);
	DID("", "nobody asks for it");
	stopper = 3;
	x86_stop_if_asked(0x1234);
	DID("", "this CPU itself does");
	stopper = 1;
	CHECK(ENDS(x86_stop_if_asked(0x1234)) && c->stopped == 1 && c->stopped_at == 0x1234,
	      "another one does: stopped, and where");
	DID("cli\nhlt\n", "for good");
	TEXT[0x10] = TEXT[0] = TEXT[0xfff] = 0xf4;
	CHECK(ENDS(x86_stop_if_asked(0xc0900011)) && !c->stopped_at, "asleep: behind a HLT");
	noted("cli\nhlt\n");
	CHECK(ENDS(x86_stop_if_asked(0xc0900010)) && c->stopped_at == 0xc0900010, "not at it");
	noted("cli\nhlt\n");
	CHECK(ENDS(x86_stop_if_asked(0xc0900001)) && !c->stopped_at, "the first instruction");
	noted("cli\nhlt\n");
	CHECK(ENDS(x86_stop_if_asked(0xc0901000)) && !c->stopped_at, "the last one");
	noted("cli\nhlt\n");
	TEXT[-1] = TEXT[0x1000] = 0xf4;
	CHECK(ENDS(x86_stop_if_asked(0xc0900000)) && c->stopped_at, "below the text, nobody looks");
	noted("cli\nhlt\n");
	CHECK(ENDS(x86_stop_if_asked(0xc0901001)) && c->stopped_at, "nor behind it");
	noted("cli\nhlt\n");
}

static void test_others(void)
{
	cpus = 5;
	process_percpu(&x86_cpus[1].id);
	reset();
	late_at = 50000;
	smp_stop_others();
	CHECK(stopper == 2 && now == 50000, "waits until the last one has stopped");
	DID("send 0x10 0x4400\nsend 0x12 0x4400\nsend 0x14 0x4400\n",
	    "an NMI to each other CPU that runs");
	reset();
	late_at = 1ull << 62;
	smp_stop_others();
	CHECK(now == 1000001000, "and no longer than a second");
	noted("send 0x10 0x4400\nsend 0x12 0x4400\nsend 0x14 0x4400\n");
	reset();
	late = 0;
	x86_cpus[0].stopped = 0;
	x86_cpus[2].stopped = 1;
	late_at = 60000;
	smp_stop_others();
	CHECK(now == 60000, "CPU 0 is waited for as well");
	noted_also("");
	reset();
	late_at = 0;
	refused = 2;
	smp_stop_others();
	DID("send 0x10 0x4400\nsend 0x12 0x4400\n", "an APIC that is stuck is left alone");
}

static void test_answers(void)
{
	vaddr_t pc = 7;

	reset();
	x86_cpus[0].stopped_at = 0x4711;
	CHECK(smp_stopped(0, &pc) && pc == 0x4711, "one that was stopped, where");
	CHECK(smp_stopped(3, &pc) && !pc, "one that never ran");
	pc = 7;
	CHECK(!smp_stopped(2, &pc) && !pc, "one that runs and did not answer");
}

static void by_name(const char *name)
{
	for (const struct planted_trap *t = planted_traps; t->name; t++)
		if (!__builtin_strcmp(t->name, name)) {
			t->raise();
			return;
		}
	note("no %s", name);
}

static bool look(struct process_registers *r)
{
	note("trap %u error %#x address %#x", r->trap, r->error, r->trap == 14 ? r->cr2 : 0);
	if (r->trap == 6)
		note("%x %x %x %x %x %x", r->eax, r->ebx, r->ecx, r->edx, r->esi, r->edi);
	process_end();
	return false;
}

static bool raises(const char *name, const char *expected)
{
	return ENDS(by_name(name)) && noted(expected);
}

static void test_raised(void)
{
	unsigned n = 0;
	static u32 canary[2] = {5, 5};
	char storm[8192];
	size_t used = 0;

	process_fault = look;
	reset();
	CHECK(raises("ud", "trap 6 error 0 address 0\n"
			   "aaaa0001 bbbb0002 cccc0003 dddd0004 51510005 d1d10006\n"),
	      "ud: known registers");
	CHECK(raises("pf", "trap 14 error 0x4 address 0xffbff000\n"), "pf: below the windows");
	CHECK(raises("df", "trap 14 error 0x6 address 0xffbfeffc\n"), "df: no stack");
	by_name("gp");
	DID("es=0xfff8\n", "gp: no such selector");
	CHECK(raises("de", "trap 0 error 0 address 0\n"), "de");
	CHECK(raises("mc", "int 0x12\n"), "mc");
	by_name("nmi");
	DID("send 0x11 0x4400\ndelivered\n", "nmi: to itself");
	by_name("irq");
	DID("send 0x11 0x4042\ndelivered\n", "irq: a vector that nobody uses");
	by_name("spurious");
	DID("send 0x11 0x40ff\ndelivered\ndelay 20\nsend 0x11 0x40ff\ndelivered\ndelay 20\n",
	    "spurious: twice");
	for (unsigned i = 0; i < 100; i++)
		used += (size_t)scnprintk(storm + used, sizeof(storm) - used,
					  "send 0x11 0x4042\ndelivered\ndelay 20\n");
	by_name("storm");
	DID(storm, "storm: a hundred");
	x86_cpus[1].bottom = (vaddr_t)canary;
	by_name("canary");
	CHECK(!canary[0] && canary[1] == 5, "canary: one word");
	while (planted_traps[n].name)
		n++;
	CHECK(n == 12, "and there are no others");
}

void test(void)
{
	process_map(0xc08ff000, 0x3000);
	test_stopped();
	test_others();
	test_answers();
	test_raised();
}
