/* SPDX-License-Identifier: MIT */
/* with: boot/x86/trampoline.S arch/x86/park.S arch/x86/page.c */
/* Tests arch/x86/smp.c for the CPUs it takes, its trampoline, each signal, each wait and each
 * message. */
#include "tests/self/unit/x86/own_io.h"

#include "arch/x86/smp.c"

#include "tests/self/unit/x86/process.h"

#define POOL 0x2000000u
#define LOW  0x9c000u

__asm__(".globl boot_pgd, boot_cr4, x86_park_idt, x86_arrival_idt\n"
	".set boot_pgd, 0xc0123000\n"
	".set boot_cr4, 0xc0123f00\n"
	".set x86_park_idt, 0xc0124000\n"
	".set x86_arrival_idt, 0xc0125000\n");

struct x86_cpu x86_cpus[MAX_CPUS];
static struct cpu_list found;
static paddr_t next_block;
static u32 self, refused_id, error_after;
static bool x2apic, no_low, incomplete;
static u64 now;
static unsigned signals;

const struct cpu_list *find_cpus(paddr_t rsdp)
{
	note("tables from %#llx", rsdp);
	return &found;
}

u32 apic_id(void)
{
	return self;
}

u32 apic_id_max(void)
{
	return x2apic ? 0xfffffffe : 254;
}

bool apic_is_x2apic(void)
{
	return x2apic;
}

u32 apic_errors(void)
{
	note("errors");
	return error_after && signals == error_after ? 0x80 : 0;
}

bool apic_send(u32 hw_id, u32 icr)
{
	note("send %#x %#x", hw_id, icr);
	signals++;
	return hw_id != refused_id;
}

bool apic_delivered(void)
{
	note("delivered");
	return true;
}

void apic_enable(void)
{
	note("apic on");
}

void apic_init(void)
{
	note("apic init");
}

void paging_load(void)
{
	note("paging");
}

void paging_unmap(vaddr_t va)
{
	note("unmap %#lx", va);
}

paddr_t pgd_kernel(void)
{
	return 0x7654320;
}

paddr_t boot_alloc(size_t size)
{
	next_block += size;
	return next_block - size;
}

paddr_t boot_alloc_low(size_t size)
{
	return no_low || size != 4096 ? 0 : LOW;
}

void x86_cpu_prepare(unsigned cpu, u32 hw_id, vaddr_t block)
{
	note("prepare %u %#x %#lx", cpu, hw_id, block);
	x86_cpus[cpu].hw_id = hw_id;
	x86_cpus[cpu].top = block + STACK_BLOCK_SIZE;
}

void x86_cpu_set_df_root(unsigned cpu, paddr_t root)
{
	note("root %u %#llx", cpu, root);
}

void x86_cpu_load(unsigned cpu)
{
	note("load %u", cpu);
}

u64 clock_cycles(void)
{
	return now += 1000;
}

u32 clock_cycles_per_us(void)
{
	return 3;
}

void delay_us(u32 us)
{
	note("delay %u", us);
}

void ap_main(void)
{
	note("ap_main, live %u", x86_cpus[2].live);
	process_end();
}

const char *find_cpus_source(paddr_t *at)
{
	*at = 0xf1234;
	return "acpi";
}

bool find_cpus_incomplete(void)
{
	return incomplete;
}

void find_cpus_warn(void)
{
	note("tables' warnings");
}

void x86_machine_print(void)
{
	note("machine");
}

void x86_console_print(void)
{
	note("console");
}

void x86_ioapic_print(void)
{
	note("ioapics");
}

static void reset(unsigned n, const u32 *ids)
{
	found = (struct cpu_list){.count = n};
	for (unsigned i = 0; i < n; i++)
		found.id[i] = ids[i];
	cpu_count = 1;
	cpus_ignored = 0;
	unreachable = (struct cpu_refusal){0, 0};
	trampoline = NULL;
	init_taken = 0;
	signals = 0;
	next_block = POOL;
	refused_id = ~0u;
	error_after = 0;
	no_low = x2apic = incomplete = false;
	self = 0x20;
}

static const struct boot_info boot = {.rsdp = 0xe0010};

static void test_discover(void)
{
	reset(3, (const u32[]){0x20, 0x21, 0x23});
	refused_id = 0x21;
	now = 0;
	smp_discover(&boot);
	DID("tables from 0xe0010\n"
	    "prepare 1 0x21 0xc2000000\nroot 1 0x7654320\nunmap 0xc2000000\nunmap 0xc2003000\n"
	    "prepare 2 0x23 0xc2008000\nroot 2 0x7654320\nunmap 0xc2008000\nunmap 0xc200b000\n"
	    "errors\nsend 0x21 0x4500\nerrors\nsend 0x23 0x4500\ndelivered\nerrors\n",
	    "each other CPU: stacks with guard pages, and INIT");
	CHECK(smp_count() == 3 && x86_cpus[0].hw_id == 0x20 && smp_hw_id(2) == 0x23 &&
		      ap_stack_top[1] == 0xc2008000 && ap_stack_top[2] == 0xc2010000 &&
		      init_taken == 4 && init_sent == 1000,
	      "known by their numbers; one did not take it");
	reset(1, (const u32[]){0x20});
	smp_discover(&boot);
	CHECK(smp_count() == 1 && !trampoline, "a list of this CPU alone: nothing to start");
	reset(0, NULL);
	smp_discover(&boot);
	CHECK(smp_count() == 1 && !trampoline && !smp_incomplete(), "as without a list");
	reset(1, (const u32[]){0x22});
	smp_discover(&boot);
	CHECK(smp_count() == 2 && trampoline == (u8 *)0xc009c000, "a list without this CPU");
	reset(2, (const u32[]){0x22, 0x20});
	no_low = true;
	smp_discover(&boot);
	CHECK(smp_count() == 1 && cpus_ignored == 1 && smp_incomplete(), "no low page: one CPU");
	noted_also("");
}

static void test_many(void)
{
	u32 ids[40];

	for (unsigned i = 0; i < 40; i++)
		ids[i] = i;
	reset(40, ids);
	self = 0;
	found.dropped = 2;
	smp_discover(&boot);
	CHECK(smp_count() == 32 && cpus_ignored == 10, "32 are used");
	reset(4, (const u32[]){0x20, 254, 255, 0x123});
	smp_discover(&boot);
	CHECK(smp_count() == 2 && unreachable.entries == 2 && unreachable.id == 255,
	      "ids above 254 cannot be addressed");
	reset(2, (const u32[]){0x20, 0xfffffffe});
	x2apic = true;
	smp_discover(&boot);
	CHECK(smp_count() == 2 && !unreachable.entries, "but in x2APIC mode");
	noted_also("");
}

static void test_trampoline(void)
{
	size_t size = (size_t)(ap_trampoline_end - ap_trampoline);
	u8 *at = (u8 *)0xc0000000 + LOW, *idt = at + (ap_trampoline_idt - ap_trampoline);
	u32 handler = LOW + (u32)(ap_trampoline_nmi32 - ap_trampoline);
	unsigned differ = 0, rest = 0;

	__builtin_memset(at, 0, 4096);
	reset(2, (const u32[]){0x20, 0x21});
	smp_discover(&boot);
	noted_also("");
	for (size_t i = 0; i < 4096; i++)
		if (i >= size)
			rest += at[i] != 0xcc;
		else
			differ += at[i] != ap_trampoline[i];
	CHECK(!rest, "behind the code: INT3");
	CHECK(get32(at + (ap_trampoline_gdt_base - ap_trampoline)) ==
			      get32(ap_trampoline_gdt_base) + LOW &&
		      get32(at + (ap_trampoline_idt_base - ap_trampoline)) ==
			      get32(ap_trampoline_idt_base) + LOW &&
		      get32(at + (ap_trampoline_target - ap_trampoline)) ==
			      get32(ap_trampoline_target) + LOW,
	      "three addresses are the page's");
	CHECK(get16(idt + 10) == LOW >> 4, "an NMI in real mode: segment");
	CHECK(get16(idt + 16) == (handler & 0xffff) && get16(idt + 22) == handler >> 16,
	      "and in protected mode: a gate");
	CHECK(differ >= 6 && differ <= 3 * 4 + 6, "nothing else differs from the code: %u", differ);
}

static void test_kick(void)
{
	reset(2, (const u32[]){0x20, 0x21});
	now = 0;
	smp_discover(&boot);
	noted_also("");
	now = 5000;
	CHECK(smp_start_cpu(1), "a CPU that took INIT");
	DID("errors\nsend 0x21 0x469c\ndelivered\nerrors\ndelay 200\n"
	    "errors\nsend 0x21 0x469c\ndelivered\nerrors\ndelay 200\n",
	    "two start-up signals, with the page's number");
	CHECK(now == 31000, "10 ms after INIT");
	error_after = signals + 1;
	CHECK(!smp_start_cpu(1) && noted("errors\nsend 0x21 0x469c\ndelivered\nerrors\n"),
	      "an error ends it");
	error_after = signals + 2;
	CHECK(!smp_start_cpu(1), "of the second, too");
	error_after = 0;
	init_taken = 0;
	noted_also("");
	CHECK(!smp_start_cpu(1) && noted(""), "one that did not take INIT");
}

static void test_identify(void)
{
	reset(4, (const u32[]){0x20, 0x21, 0x22, 0x22});
	smp_discover(&boot);
	noted_also("");
	self = 0x22;
	CHECK(x86_ap_identify() == 2 && noted("paging\napic on\n"), "by the id of its APIC");
	CHECK(x86_ap_identify() == 3, "each entry once");
	CHECK(x86_ap_identify() == 0, "no more than are listed");
	self = 0x20;
	CHECK(x86_ap_identify() == 0, "the boot CPU's is no other's");
	self = 0x21;
	CHECK(x86_ap_identify() == 1, "the first");
	noted_also("");
	smp_report_unlisted();
	DID("# ev=warning what=\"woken and parked, as no table lists them or another CPU has their "
	    "id: 2 CPUs, the last with APIC id 0x20\"\n",
	    "those that nobody listed are told");
	smp_report_unlisted();
	DID("", "once");
	self = 0x77;
	x86_ap_identify();
	noted_also("");
	smp_report_unlisted();
	CHECK(noted_also("id: 1 CPUs, the last with APIC id 0x77"), "and later ones");
	CHECK(ENDS(x86_ap_start(2)), "the way into the kernel");
	DID("load 2\napic init\nap_main, live 1\n", "is complete");
}

#define COUNTS "cpus=3 usable=%u"

static void test_told(void)
{
	reset(3, (const u32[]){0x20, 0x21, 0x123});
	found.disabled = 4;
	found.duplicates = 5;
	found.shadowed = 6;
	found.broadcast.entries = 10;
	found.repeats.entries = 20;
	smp_discover(&boot);
	noted_also("");
	CHECK(smp_enumerate() == 2 && !smp_incomplete(), "what was found");
	DID("tables' warnings\n"
	    "# ev=warning what=\"1 CPUs have an APIC id above 254, which cannot be addressed "
	    "without "
	    "x2APIC, the first 0x123: not started\"\n"
	    "machine\nconsole\nioapics\n"
	    "# ev=firmware apic=xapic tables=acpi at=0xf1234 cpus=3 usable=2 ignored=0 refused=31 "
	    "disabled=4 duplicates=5 shadowed=6 cut=0\n",
	    "is told");
	incomplete = x2apic = true;
	smp_enumerate();
	CHECK(smp_incomplete() && noted_also("apic=x2apic"), "CPUs may be missing");
	reset(2, (const u32[]){0x20, 0x21});
	no_low = true;
	smp_discover(&boot);
	noted_also("");
	smp_enumerate();
	DID("tables' warnings\n"
	    "# ev=warning what=\"no page of usable RAM below 1 MiB, where other CPUs start: one "
	    "CPU\"\nmachine\nconsole\nioapics\n"
	    "# ev=firmware apic=xapic tables=acpi at=0xf1234 cpus=2 usable=1 ignored=1 refused=0 "
	    "disabled=0 duplicates=0 shadowed=0 cut=0\n",
	    "no low page");
	reset(1, (const u32[]){0x20});
	smp_discover(&boot);
	noted_also("");
	smp_enumerate();
	CHECK(!noted_also("no page of usable RAM"), "or none needed");
	reset(0, NULL);
	found.dropped = 3;
	found.count = 30;
	cpu_count = 32;
	cpus_ignored = 5;
	trampoline = (u8 *)0xc009c000;
	firmware = &found;
	smp_enumerate();
	CHECK(noted_also("# 33 CPUs listed: the first 32 are used, more are not supported\n"),
	      "more than are supported");
	cpus_ignored = 0;
	smp_enumerate();
	CHECK(!noted_also("listed: the first"), "just as many");
	cpus_ignored = 5;
	cpu_count = 31;
	smp_enumerate();
	CHECK(!noted_also("listed: the first"), "fewer");
	cpu_count = 1;
}

void test(void)
{
	process_map(KERNEL_BASE + LOW, 4096);
	test_discover();
	test_many();
	test_trampoline();
	test_kick();
	test_identify();
	test_told();
}
