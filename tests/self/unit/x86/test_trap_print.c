/* SPDX-License-Identifier: MIT */
/* Tests the whole text of the trap screen in arch/x86/trap_print.c, for frames of known values, and
 * the registers read by arch/x86/microcode.c and machine.c with the line on them. */
#include "tests/self/unit/x86/own_io.h"

#include "arch/x86/machine.c"
#include "arch/x86/microcode.c"
#define names trap_names /* machine.c has its own */
#include "arch/x86/trap_print.c"
#undef names

#include "tests/self/unit/x86/process.h"

__asm__(".globl __text_start, __text_end\n"
	".set __text_start, 0xc0900000\n"
	".set __text_end, 0xc0901000\n");

#define TEXT ((u8 *)0xc0900000)

struct x86_cpu x86_cpus[MAX_CPUS];
struct x86_features x86_features;
static u8 port_61;
static vaddr_t cr2;
static u32 absent_msr, cpuid_asked;

struct x86_cpu *x86_this_cpu(void)
{
	return &x86_cpus[cpu_id()];
}

u8 inb(u16 port)
{
	note("in %#x", port);
	return port_61;
}

vaddr_t read_cr2(void)
{
	return cr2;
}

bool trap_from_user(const struct trap_frame *frame)
{
	return frame->cs == 0x1b;
}

struct fault trap_fault(const struct trap_frame *frame)
{
	return (struct fault){frame->error + 0x40200000, frame->error};
}

static u64 rdmsr(u32 msr)
{
	static const struct {
		u32 msr;
		u64 value;
	} values[] = {
		{0x179, 0xffffff05},   {0x401, 0x8000000000000001},
		{0x402, 0x1111},       {0x405, 0x7fffffffffffffff},
		{0x406, 0x2222},       {0x409, 0x8400000000000002},
		{0x40a, 0x123456789a}, {0x40d, 0xffffffffffffffff},
		{0x40e, 0x3333},       {0x411, 0x8000000000000003},
		{0x412, 0x4444},       {0x415, 0xffffffffffffffff},
	};

	for (unsigned i = 0; i < ARRAY_SIZE(values); i++)
		if (values[i].msr == msr)
			return values[i].value;
	note("rdmsr %#x", msr);
	return 0;
}

static const struct trap_frame plain = {
	.fs = 0xabcd0029,
	.es = 0xabcd0013,
	.ds = 0xabcd0011,
	.edi = 0xd1d10006,
	.esi = 0x51510005,
	.ebp = 0xe1e10007,
	.esp_dummy = 0x1000,
	.ebx = 0xbbbb0002,
	.edx = 0xdddd0004,
	.ecx = 0xcccc0003,
	.eax = 0xaaaa0001,
	.vector = 6,
	.error = 0x15,
	.eip = 0x1234,
	.cs = 0xabcd0008,
	.eflags = 0x202,
	.user_esp = 0x5678,
};

#define REGISTERS                                                                                  \
	"# eip=00001234 eflags=00000202 cs=0008 ds=0011 es=0013 fs=0029\n"                         \
	"# eax=aaaa0001 ebx=bbbb0002 ecx=cccc0003 edx=dddd0004\n"                                  \
	"# esi=51510005 edi=d1d10006 ebp=e1e10007 esp=00001014\n"                                  \
	"# cr0=80010031 cr2=00012345 cr3=00abcde0 cr4=00000070\n"

static bool prints(u32 vector, u32 error, const char *cause)
{
	struct trap_frame frame = plain;
	char text[1200];

	frame.vector = vector;
	frame.error = error;
	trap_print(&frame);
	snprintk(text, sizeof(text), "# trap %u %s, kernel mode\n%s" REGISTERS, vector,
		 trap_name(&frame), cause);
	return noted(text);
}

static void test_registers(void)
{
	struct trap_frame frame = plain;

	CHECK(prints(6, 0x15, "# error=0x15\n"), "a trap of the kernel");
	frame.cs = 0x1b;
	trap_print(&frame);
	DID("# trap 6 #UD invalid opcode, user mode\n# error=0x15\n"
	    "# eip=00001234 eflags=00000202 cs=001b ds=0011 es=0013 fs=0029\n"
	    "# eax=aaaa0001 ebx=bbbb0002 ecx=cccc0003 edx=dddd0004\n"
	    "# esi=51510005 edi=d1d10006 ebp=e1e10007 esp=00005678\n"
	    "# cr0=80010031 cr2=00012345 cr3=00abcde0 cr4=00000070\n",
	    "and of a user");
}

static void test_names(void)
{
	static const char *const expected[] = {
		[0] = "#DE divide error",   [8] = "#DF double fault",
		[14] = "#PF page fault",    [15] = "reserved",
		[18] = "#MC machine check", [21] = "#CP control protection",
		[22] = "unknown",	    [31] = "unknown",
		[32] = "unknown",	    [0x80] = "user call",
		[0x81] = "unknown",
	};
	bool good = true;

	for (unsigned v = 0; v < ARRAY_SIZE(expected); v++) {
		const struct trap_frame frame = {.vector = v};

		good &= !expected[v] || !__builtin_strcmp(trap_name(&frame), expected[v]);
	}
	CHECK(good, "names (SDM vol. 3, table 6-1)");
}

static void test_faults(void)
{
	CHECK(prints(14, 0, "# error=0: load of 0x40200000 in kernel mode, not present\n") &&
		      prints(14, 3,
			     "# error=0x3: store of 0x40200003 in kernel mode, protection\n") &&
		      prints(14, 0x14,
			     "# error=0x14: fetch of 0x40200014 in user mode, not present\n") &&
		      prints(14, 0x0b,
			     "# error=0xb: store of 0x4020000b in kernel mode, protection, reserved bit set\n"),
	      "page faults");
}

static void test_chipset(void)
{
	port_61 = 0x3f;
	CHECK(prints(2, 0, "in 0x61\n# port 0x61=0x3f: not from the chipset\n"), "an NMI");
	port_61 = 0x80;
	CHECK(prints(2, 0, "in 0x61\n# port 0x61=0x80: memory parity or SERR# \n"), "SERR#");
	port_61 = 0x40;
	CHECK(prints(2, 0, "in 0x61\n# port 0x61=0x40: IOCHK# \n"), "IOCHK#");
	x86_features.mca = false;
	CHECK(prints(18, 0, "# this CPU has no machine check banks\n"), "a machine check");
	x86_features.mca = true;
	CHECK(prints(18, 0,
		     "# machine check bank 0: status=0x8000000000000001 address=0\n"
		     "# machine check bank 2: status=0x8400000000000002 address=0x123456789a\n"
		     "# machine check bank 3: status=0xffffffffffffffff address=0x3333\n"
		     "# machine check bank 4: status=0x8000000000000003 address=0\n"),
	      "the banks that have something to say");
}

static void test_overflow(void)
{
	x86_cpus[3].id = 3;
	x86_cpus[3].bottom = 0xc0a01000;
	process_percpu(&x86_cpus[3].id);
	for (unsigned last = 0; last < 2; last++) {
		cr2 = last ? 0xc0a00fff : 0xc0a00000;
		CHECK(prints(8, 0,
			     last ? "# stack overflow: a push at 0xc0a00fff, below the stack of 16384 bytes of CPU 3\n# error=0\n"
				  : "# stack overflow: a push at 0xc0a00000, below the stack of 16384 bytes of CPU 3\n# error=0\n"),
		      "in the page below the stack");
	}
	cr2 = 0xc0a01000;
	CHECK(prints(8, 0, "# error=0\n"), "above it is no overflow");
	cr2 = 0xc0a00000 - 1;
	CHECK(prints(8, 0, "# error=0\n"), "nor below");
}

static void test_code(void)
{
	for (unsigned i = 0; i < 32; i++)
		TEXT[i] = (u8)(0xf0 + i);
	TEXT[0xffd] = 1;
	TEXT[0xfff] = 3;
	print_code(0xc0900000);
	DID("# code: f0 f1 f2 f3 f4 f5 f6 f7 f8 f9 fa fb fc fd fe ff\n", "sixteen bytes");
	print_code(0xc0900ffd);
	DID("# code: 01 00 03\n", "up to the end of the text");
	trap_print(&(struct trap_frame){.eip = 0xc0900fff});
	CHECK(noted_also("cr4=00000070\n# code: 03\n"), "last of all");
	print_code(0xc08fffff);
	print_code(0xc0901000);
	DID("", "and of nothing else");
}

/* The line of the machine. */
struct cpuid x86_cpuid(u32 leaf)
{
	cpuid_asked = leaf;
	note("cpuid %u", leaf);
	return (struct cpuid){0, 0, 0, 0};
}

bool msr_try_read(u32 msr, u64 *value)
{
	note("read %#x", msr);
	*value = 0x1234567887654321;
	return absent_msr != msr;
}

bool msr_try_write(u32 msr, u64 value)
{
	note("write %#x=%#llx", msr, value);
	return absent_msr != 0x1000 + msr;
}

static bool microcode(const char *vendor, u32 signature, u32 expected)
{
	u32 revision = 1;

	snprintk(x86_features.vendor, sizeof(x86_features.vendor), "%s", vendor);
	x86_features.signature = signature;
	return x86_microcode(&revision) ? revision == expected : !expected && revision == 1;
}

static void test_microcode(void)
{
	CHECK(microcode("GenuineIntel", 0x600, 0x12345678), "Intel's, from family 6 on");
	DID("write 0x8b=0\ncpuid 1\nread 0x8b\n", "0 is written, CPUID brings it");
	CHECK(microcode("AuthenticAMD", 0xf00, 0x87654321), "AMD's, from family 15 on");
	DID("read 0x8b\n", "is only read");
	CHECK(!microcode("GenuineIntel", 0xffff05ff, 1) && microcode("GenuineIntel", 0x5ff, 0) &&
		      microcode("AuthenticAMD", 0xeff, 0) && microcode("SomebodyElse", 0xf00, 0),
	      "older ones, and others'");
	DID("", "are not asked");
	absent_msr = 0x8b;
	CHECK(microcode("GenuineIntel", 0x600, 0) && microcode("AuthenticAMD", 0xf00, 0),
	      "one that does not answer");
	absent_msr = 0x108b;
	noted_also("");
	CHECK(microcode("GenuineIntel", 0x600, 0), "or cannot be written");
	DID("write 0x8b=0\n", "is not read");
}

static u8 rom[16];
static size_t found_at;
static paddr_t efi_names;
static bool unmapped;

void *map_physical(paddr_t pa, size_t size, enum memory_type type)
{
	note("map %#llx %#zx %u", pa, size, type);
	return unmapped ? NULL : rom;
}

size_t smbios_scan(const u8 *p, size_t n)
{
	note("scan %u %#zx", p == rom, n);
	return found_at;
}

void smbios_read(paddr_t entry, firmware_map_t *map, struct smbios_names *to)
{
	note("names at %#llx %u", entry, map == map_table && to == &names);
}

paddr_t efi_find_smbios(paddr_t table, unsigned bits, firmware_map_t *map)
{
	note("efi %#llx %u %u", table, bits, map == map_table);
	return efi_names;
}

void smbios_firmware(const struct smbios_names *n, const char *kind, char title[SMBIOS_TITLE])
{
	snprintk(title, SMBIOS_TITLE, "%s%s", kind, n == &names ? "" : "?");
}

void smbios_machine(const struct smbios_names *n, char title[SMBIOS_TITLE])
{
	snprintk(title, SMBIOS_TITLE, "a PC%s", n == &names ? "" : "?");
}

static void test_machine(void)
{
	struct boot_info boot = {.efi_table = 0x7000};

	found_at = 0xfff0;
	x86_machine_read(&boot);
	DID("map 0xf0000 0x10000 0\nscan 1 0x10000\nnames at 0xffff0 1\n", "a BIOS: in the ROM");
	found_at = 0x10000;
	x86_machine_read(&boot);
	DID("map 0xf0000 0x10000 0\nscan 1 0x10000\n", "or not there");
	unmapped = true;
	x86_machine_read(&boot);
	DID("map 0xf0000 0x10000 0\n", "or no ROM");
	absent_msr = 0;
	microcode("GenuineIntel", 0x601, 0x12345678);
	noted_also("");
	x86_machine_print();
	DID("write 0x8b=0\ncpuid 1\nread 0x8b\n# ev=machine cpu=\"GenuineIntel\" "
	    "signature=0x00000601 microcode=0x12345678 firmware=\"BIOS\" product=\"a PC\"\n",
	    "its line");
	efi_names = 0x1230;
	boot.efi_bits = 64;
	x86_machine_read(&boot);
	DID("efi 0x7000 64 1\nnames at 0x1230 1\n", "UEFI: by its table");
	x86_features.brand[0] = 'B';
	microcode("Nobody", 0x601, 0);
	x86_machine_print();
	DID("# ev=machine cpu=\"B\" signature=0x00000601 microcode=unknown firmware=\"UEFI x64\" product=\"a PC\"\n",
	    "its line");
	boot.efi_bits = 32;
	x86_machine_read(&boot);
	noted_also("");
	x86_machine_print();
	CHECK(noted_also("firmware=\"UEFI ia32\""), "of 32 bits");
}

void test(void)
{
	process_map(0xc08ff000, 0x3000);
	process_rdmsr = rdmsr;
	process_cr[0] = 0x80010031;
	process_cr[2] = 0x12345;
	process_cr[3] = 0xabcde0;
	process_cr[4] = 0x70;
	test_registers();
	test_names();
	test_faults();
	test_chipset();
	test_overflow();
	test_code();
	test_microcode();
	test_machine();
}
