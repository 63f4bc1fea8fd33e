/* SPDX-License-Identifier: MIT */
/* with: arch/x86/clock_rate.c */
/* Tests arch/x86/clock.c on a PIT, a PM timer and an HPET of its own, for each access to them, its
 * choice among them, and the time made of the answers. */
#include "tests/self/unit/x86/own_io.h"

#include "arch/x86/clock_rate.h"

#define clock_rate_measure measured
static u32 measured(const struct clock_counter *counter, u64 (*cycles)(void));

#define clock_cycles rdtsc /* the CPU's own would be the host's, and ours is below */
#include "arch/x86/clock.c"
#undef clock_cycles

#include "tests/self/unit/x86/process.h"

/* arch/x86/clock.c calls rdtsc(), which it defines, so the factor steers the time. */
struct x86_features x86_features = {.signature = 0x506c0};

static bool silent = true; /* accesses are not noted */
static u8 pit_bytes[2], port_61;
static unsigned pit_at;
static u32 pm_values[32], pm_count, pm_at;
static u32 registers[256];
static u64 ahead;
static u32 leaves;
static bool no_fadt, no_hpet_table, in_ram;
static paddr_t hpet_at;

u8 inb(u16 port)
{
	if (!silent)
		note("in %#x", port);
	return port == 0x61 ? port_61 : pit_bytes[pit_at++ % 2];
}

void outb(u16 port, u8 value)
{
	if (!silent)
		note("out %#x=%#x", port, value);
}

u32 inl(u16 port)
{
	if (!silent)
		note("inl %#x", port);
	return pm_values[pm_at++ % pm_count];
}

u32 mmio_read32(const volatile void *p)
{
	u32 at = (u32)((const volatile u8 *)p - (const u8 *)registers);

	if (!silent)
		note("get %#x", at);
	return registers[at / 4];
}

void mmio_write32(volatile void *p, u32 value)
{
	u32 at = (u32)((volatile u8 *)p - (u8 *)registers);

	note("%#x=%#x", at, value);
	registers[at / 4] = value;
}

u64 clock_ahead_ns(unsigned cpu)
{
	return ahead + cpu;
}

struct cpuid x86_cpuid(u32 leaf)
{
	if (leaf == 0)
		return (struct cpuid){leaves, 0, 0, 0};
	if (leaf == 0x15)
		return (struct cpuid){2, 160, 24000000, 0};
	return (struct cpuid){leaf == 0x16 ? 0xffff0bb8 : 0, 0, 0, 0};
}

void *map_physical(paddr_t pa, size_t size, enum memory_type type)
{
	return pa == 0x1000 && size == 8 && type == MEMORY_WB ? registers : NULL;
}

void *map_device(const struct boot_info *boot, paddr_t at, size_t size)
{
	note("device %u %#llx %zu", boot->nr_ram, at, size);
	return in_ram ? NULL : registers;
}

const u8 *acpi_find(paddr_t rsdp, const char *signature, firmware_map_t *map, size_t *size)
{
	bool hpet_asked = signature[0] == 'H';

	note("find %s from %#llx %u", signature, rsdp, map(0x1000, 8) == (const u8 *)registers);
	*size = hpet_asked ? 56 : 116;
	return (hpet_asked ? no_hpet_table : no_fadt) ? NULL : (const u8 *)registers;
}

bool fadt_pm_timer(const u8 *fadt, size_t n, struct pm_timer *timer)
{
	note("FADT %u %zu", fadt == (const u8 *)registers, n);
	*timer = (struct pm_timer){0x608, 24};
	return pm_count;
}

paddr_t hpet_place(const u8 *table, size_t n)
{
	note("HPET %u %zu", table == (const u8 *)registers, n);
	return hpet_at;
}

bool hpet_period_is_sane(u32 femtoseconds)
{
	return femtoseconds == 10000000;
}

static u32 rates[3]; /* of PIT, PM timer, HPET */

static u32 measured(const struct clock_counter *c, u64 (*cycles)(void))
{
	unsigned which = c->read == pit_read ? 0 : c->read == pm_read ? 1 : 2;

	note("measure %u by mask %#x, %u fs", which, c->mask, c->period_fs);
	CHECK(cycles == rdtsc &&
		      c->start == (which == 0	? pit_start
				   : which == 1 ? NULL
						: hpet_start) &&
		      c->stop == (which == 0   ? pit_stop
				  : which == 1 ? NULL
					       : hpet_stop) &&
		      (which != 2 || c->read == hpet_read),
	      "a counter and its functions");
	return rates[which];
}

#define PIT  "measure 0 by mask 0xffff, 838095110 fs\n"
#define PM24 "measure 1 by mask 0xffffff, 279365115 fs\n"
#define PM32 "measure 1 by mask 0xffffffff, 279365115 fs\n"
#define HPET "measure 2 by mask 0xffffffff, 10000000 fs\n"

/* The first two that count. */
static void test_measured(void)
{
	u64 before = rdtsc();

	leaves = 0;
	pm_timer = (struct pm_timer){0x608, 24};
	hpet = (volatile u8 *)registers;
	registers[1] = 10000000;
	rates[0] = 3000000;
	rates[1] = 3000300;
	rates[2] = 3000600;
	clock_init();
	DID(PIT PM24 "# ev=clock source=pit mhz=3000 khz=3000000 check=pmtimer check_khz=3000300\n",
	    "PIT and PM timer");
	CHECK(start >= before && start <= rdtsc() && cycles_per_us == 3000, "time begins there");
	rates[0] = 0;
	pm_timer.bits = 32;
	clock_init();
	DID(PIT PM32 HPET
	    "# ev=clock source=pmtimer mhz=3000 khz=3000300 check=hpet check_khz=3000600\n",
	    "no PIT");
	pm_timer.bits = 0;
	clock_init();
	DID(PIT HPET "# ev=clock source=hpet mhz=3000 khz=3000600 check=none check_khz=0\n",
	    "the HPET alone");
}

static void test_pit(void)
{
	silent = false;
	port_61 = 0xfe;
	pit_start();
	DID("in 0x61\nout 0x61=0xfd\nout 0x43=0xb0\nout 0x42=0xff\nout 0x42=0xff\n",
	    "the PIT: gate on, speaker off, mode 0, from 65535");
	pit_bytes[0] = 0x34;
	pit_bytes[1] = 0x12;
	CHECK(pit_read() == 0xffff - 0x1234, "it counts down, its low byte first");
	DID("out 0x43=0x80\nin 0x42\nin 0x42\n", "latched");
	port_61 = 0xdf;
	CHECK(pit_stop() && noted("in 0x61\nout 0x61=0xfe\n"), "the gate as it was");
	port_61 = 0x20;
	CHECK(!pit_stop() && noted("in 0x61\nout 0x61=0xfe\n"), "its count has ended: no trust");
}

static void test_pm_timer(void)
{
	static const u32 late[] = {9, 5, 6, 9, 9, 8, 7, 8, 8};

	pm_timer = (struct pm_timer){0x608, 24};
	pm_count = 9;
	__builtin_memcpy(pm_values, late, sizeof(late));
	CHECK(pm_read() == 8 && pm_at == 9, "the PM timer: three readings in order count");
	DID("inl 0x608\ninl 0x608\ninl 0x608\ninl 0x608\ninl 0x608\ninl 0x608\ninl 0x608\n"
	    "inl 0x608\ninl 0x608\n",
	    "of its port");
	pm_at = 0;
	pm_count = 3;
	pm_values[0] = 9;
	pm_values[1] = 5;
	CHECK(pm_read() == 5 && pm_at == 30, "ten tries");
	pm_at = 0;
	pm_values[0] = pm_values[1] = pm_values[2] = 7;
	CHECK(pm_read() == 7 && pm_at == 3, "one that stands still is in order");
	noted_also("");
}

static void test_hpet(void)
{
	hpet = (volatile u8 *)registers;
	registers[4] = 2;
	hpet_start();
	DID("get 0x10\n0x10=0x3\n", "the HPET: switched on");
	registers[0xf0 / 4] = 0x77;
	CHECK(hpet_read() == 0x77 && noted("get 0xf0\n"), "read");
	CHECK(hpet_stop() && noted("0x10=0x2\n"), "and off again");
	registers[4] = 3;
	hpet_start();
	CHECK(hpet_stop() && noted("get 0x10\n"), "one that is on stays");
}

static void test_discover(void)
{
	const struct boot_info boot = {.nr_ram = 6};

	pm_timer.bits = 1;
	hpet = NULL;
	x86_clock_discover(&boot, 0);
	CHECK(noted("") && pm_timer.bits == 1, "without tables nothing is looked for");
	hpet_at = 0xfed00000;
	registers[1] = 10000000;
	x86_clock_discover(&boot, 0xe0000);
	DID("find FACP from 0xe0000 1\nFADT 1 116\nfind HPET from 0xe0000 1\nHPET 1 56\n"
	    "device 6 0xfed00000 1024\nget 0x4\n",
	    "both tables are asked");
	CHECK(pm_timer.bits == 24 && hpet == (volatile u8 *)registers, "and both are there");
	registers[1] = 1;
	pm_count = 0;
	x86_clock_discover(&boot, 0xe0000);
	CHECK(!pm_timer.bits && !hpet, "no timer in the FADT, an HPET that cannot be");
	registers[1] = 10000000;
	pm_count = 3;
	no_fadt = true;
	in_ram = true;
	x86_clock_discover(&boot, 0xe0000);
	CHECK(!pm_timer.bits && !hpet, "no FADT, an HPET in RAM");
	in_ram = false;
	hpet_at = 0;
	noted_also("");
	x86_clock_discover(&boot, 0xe0000);
	CHECK(!hpet && !noted_also("device"), "an HPET nowhere");
	hpet_at = 0xfed00000;
	no_hpet_table = true;
	x86_clock_discover(&boot, 0xe0000);
	CHECK(!hpet && !noted_also("device"), "no table of it");
	silent = true;
}

static void test_time(void)
{
	static u32 cpu = 3;
	u64 a, b;

	process_percpu(&cpu);
	CHECK(factor == 838860 && cycles_per_us == 5000 && clock_cycles_per_us() == 5000,
	      "before it is known: 5 GHz");
	factor = 1u << 22;
	start = rdtsc() - 0x300000000;
	a = clock_ns();
	CHECK(a >= 0x300000003 && a < 0x380000003, "2^22: a nanosecond a cycle, in both halves");
	factor = 1u << 21;
	start = rdtsc() - 0x300000000;
	ahead = 1ull << 40;
	a = clock_ns() - ahead;
	CHECK(a >= 0x180000003 && a < 0x1c0000003, "half of it, and what is planted");
	factor = 3u << 22;
	start = rdtsc() - 0x100000000;
	a = clock_ns() - ahead;
	CHECK(a >= 0x300000003 && a < 0x480000003, "three times");
	ahead = 0;
	cycles_per_us = 1000;
	a = rdtsc();
	delay_us(3000);
	b = rdtsc() - a;
	CHECK(b >= 3000000 && b < 3000000000u, "a delay is no shorter");
	a = __builtin_ia32_rdtsc();
	b = rdtsc();
	CHECK(a <= b && b <= __builtin_ia32_rdtsc(), "the TSC, all 64 bits");
}

static void test_choice(void)
{
	u32 khz[NR_CLOCK_SOURCES] = {0};
	struct clock_choice choice = {CLOCK_PIT, 2000500, CLOCK_HPET, 2001000, true};

	leaves = 0x16;
	ask_cpu(khz);
	CHECK(khz[CLOCK_CPUID15] == 1920000 && khz[CLOCK_CPUID16] == 3000000, "CPUID says both");
	leaves = 0x15;
	khz[CLOCK_CPUID15] = khz[CLOCK_CPUID16] = 0;
	ask_cpu(khz);
	CHECK(khz[CLOCK_CPUID15] == 1920000 && !khz[CLOCK_CPUID16], "or one");
	leaves = 0x14;
	khz[CLOCK_CPUID15] = 0;
	ask_cpu(khz);
	CHECK(!khz[CLOCK_CPUID15] && !khz[CLOCK_CPUID16], "or none");
	noted_also("");
	print_choice(&choice);
	DID("# ev=clock source=pit mhz=2000 khz=2000500 check=hpet check_khz=2001000\n", "a line");
	choice.agree = false;
	print_choice(&choice);
	DID("# ev=clock source=pit mhz=2000 khz=2000500 check=hpet check_khz=2001000\n"
	    "# ev=warning what=\"clock: pit and hpet disagree about the TSC: the faster rate is "
	    "taken, so that no wait is too short\"\n",
	    "they disagree");
	choice = (struct clock_choice){CLOCK_GUESS, 5000000, CLOCK_GUESS, 0, true};
	print_choice(&choice);
	DID("# ev=clock source=guess mhz=5000 khz=5000000 check=none check_khz=0\n"
	    "# ev=warning what=\"clock: no PIT, PM timer or HPET counts and CPUID says nothing: "
	    "TSC taken as 5000 MHz, so times are wrong and waits too long\"\n",
	    "a guess");
}

static void test_init(void)
{
	hpet = NULL;
	pm_timer.bits = 0;
	rates[0] = 0;
	leaves = 0x15;
	clock_init(); /* a PIT that stands still */
	DID(PIT "# ev=clock source=cpuid15 mhz=1920 khz=1920000 check=none check_khz=0\n",
	    "what CPUID says, where nothing counts");
	CHECK(factor == (1000000ull << 22) / 1920000 && cycles_per_us == 1920, "time by it");
}

void test(void)
{
	test_time();
	test_pit();
	test_pm_timer();
	test_hpet();
	test_discover();
	test_choice();
	test_measured();
	test_init();
}
