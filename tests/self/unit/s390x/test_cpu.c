/* SPDX-License-Identifier: MIT */
/* Tests arch/s390x/cpu.c, and the numbers of asm_defs.h, psw.h, cpu.h, sigp.h and caps.h fixed by
 * hardware or assembly. */
#include "tests/self/unit/s390x/fake.h"

#include "arch/s390x/cpu.c"
#include "arch/s390x/trap.h"
#include <asm/caps.h>

const u8 entry_restart[1], entry_external[1], entry_svc[1], entry_program[1],
	entry_machine_check[1], entry_io[1];
struct s390_features s390_features;
static struct lowcore core;

u64 paging_asce(void)
{
	return 0x1007;
}

paddr_t pgd_kernel(void)
{
	return 0x2000;
}

u64 pgd_asce(paddr_t root)
{
	return root | 0xb;
}

static bool new_psw(enum trap_class class, u64 mask, const u8 *address)
{
	return core.new[class].mask == mask &&core.new[class].address == (vaddr_t)address;
}

static bool all_new(u64 mask)
{
	return new_psw(CLASS_RESTART, mask, entry_restart) &&
	       new_psw(CLASS_EXTERNAL, mask, entry_external) &&
	       new_psw(CLASS_SVC, mask, entry_svc) && new_psw(CLASS_PROGRAM, mask, entry_program) &&
	       new_psw(CLASS_MACHINE_CHECK, mask, entry_machine_check) &&
	       new_psw(CLASS_IO, mask, entry_io);
}

static void test_lowcore(void)
{
	static u8 block[4096 + 8192 + 4096 + 16384] __aligned(4096);
	const u64 canary = 0x5ca1ab1e0ddba115;

	memset(&core, 0xff, sizeof(core));
	lowcores[3] = &core;
	lowcore_prepare(&core, 3, 77, (vaddr_t)block);
	CHECK(all_new(0x180000000), "each class its handler, without translation");
	CHECK(core.id == 3 && core.hw_id == 77, "our number and the hardware's");
	CHECK(core.emergency == (vaddr_t)block + 4096 &&
		      core.stack == (vaddr_t)block + 4096 + 8192 + 4096,
	      "two stacks, each above a page that will not be mapped");
	CHECK(sizeof(block) == STACK_BLOCK_SIZE, "and the block ends with the second");
	CHECK(!core.user_context && !core.ipi_pending && !core.live && !core.stopped,
	      "nothing runs, nothing is pending");
	for (unsigned i = 0; i < sizeof(block); i += 8) {
		u64 word, expected = i == 4096 || i == 16384 ? canary : 0;

		memcpy(&word, block + i, 8);
		if (word != expected)
			CHECK(false, "a canary at the bottom of each stack: 0x%x", i);
	}
	CHECK(stack_intact(3), "which are intact");
	block[4096 + 7] ^= 1;
	CHECK(!stack_intact(3), "until one of the emergency stack is not");
	block[4096 + 7] ^= 1;
	block[16384] ^= 1;
	CHECK(!stack_intact(3), "or of the stack");
	lowcore_set_dat(&core);
	CHECK(all_new(0x404000180000000), "with translation, and with machine checks");
}

/* The same areas as CPU 0 and as CPU 2 sees them. */
static void test_areas(void)
{
	static struct lowcore others[3];

	for (unsigned cpu = 0; cpu < ARRAY_SIZE(others); cpu++)
		lowcores[cpu] = &others[cpu];
	CHECK(lowcore_of(0) == &fake_lowcore && lowcore_of(1) == lowcores[1], "own area: at 0");
	CHECK(lowcore_absolute() == lowcores[0], "absolute 0 is seen where the own area is");
	fake.cpu = 2;
	CHECK(lowcore_of(2) == &fake_lowcore && lowcore_of(0) == lowcores[0] &&
		      lowcore_absolute() == lowcores[2],
	      "on another CPU as well");
	fake.cpu = 0;
}

static void test_load(void)
{
	s390_features.iep = true;
	cpu_load();
	EXPECT("cr0 = 0x14104000 cr1 = 0x1007 cr7 = 0x200b cr13 = 0x200b dat on ",
	       "secondary mode, emergency signals, low protection, execution protection; the kernel's space, and no user's");
	s390_features.iep = false;
	cpu_load();
	EXPECT("cr0 = 0x14004000 cr1 = 0x1007 cr7 = 0x200b cr13 = 0x200b dat on ",
	       "without execution protection where there is none");
}

/* Principles of Operation, chapter 3, "Assigned Storage Locations", and of Linux's boot
 * protocol. */
static void test_numbers(void)
{
	static const struct {
		const char *name;
		u64 is, should_be;
	} numbers[] = {
		{"external interruption", LC_EXTERNAL, 0x80},
		{"program interruption", LC_PROGRAM, 0x8c},
		{"translation-exception identification", LC_TRANSLATION, 0xa8},
		{"machine-check interruption code", LC_MACHINE_CHECK, 0xe8},
		{"restart old PSW", LC_OLD_PSWS, 0x120},
		{"restart new PSW", LC_NEW_PSWS, 0x1a0},
		{"store-status PSW", LC_STATUS_PSW, 0x1300},
		{"restart old PSW in C", offsetof(struct lowcore, old[CLASS_RESTART]), 0x120},
		{"external old PSW", offsetof(struct lowcore, old[CLASS_EXTERNAL]), 0x130},
		{"supervisor-call old PSW", offsetof(struct lowcore, old[CLASS_SVC]), 0x140},
		{"program old PSW", offsetof(struct lowcore, old[CLASS_PROGRAM]), 0x150},
		{"machine-check old PSW", offsetof(struct lowcore, old[CLASS_MACHINE_CHECK]),
		 0x160},
		{"I/O old PSW", offsetof(struct lowcore, old[CLASS_IO]), 0x170},
		{"I/O new PSW", offsetof(struct lowcore, new[CLASS_IO]), 0x1f0},
		{"prefix area", PREFIX_SIZE, 8192},
		{"frame of the ABI", ABI_FRAME, 160},
		{"Linux image", IMAGE_START, 0x10000},
		{"Linux boot magic", BOOT_MAGIC, 0x10008},
		{"Linux command line", BOOT_COMMAND, 0x10480},
		{"Linux command line's size", BOOT_COMMAND_SIZE, 896},
		{"PSW: translation", PSW_DAT, 1ul << (63 - 5)},
		{"PSW: external", PSW_EXTERNAL, 1ul << (63 - 7)},
		{"PSW: machine check", PSW_MCHECK, 1ul << (63 - 13)},
		{"PSW: wait", PSW_WAIT, 1ul << (63 - 14)},
		{"PSW: problem state", PSW_PROBLEM, 1ul << (63 - 15)},
		{"PSW: home space", PSW_HOME, 3ul << (63 - 17)},
		{"PSW: 64 bits", PSW_64, 3ul << (63 - 32)},
		{"PSW of the kernel", PSW_KERNEL, 0x404000180000000},
		{"CR0: secondary-space control", CR0_SPACE, 1ul << (63 - 37)},
		{"CR0: emergency signal", CR0_EMERGENCY, 1ul << (63 - 49)},
		{"CR0: external call", CR0_EXTERNAL_CALL, 1ul << (63 - 50)},
		{"CR0: service signal", CR0_SERVICE, 1ul << (63 - 54)},
		{"CR0: low-address protection", CR0_LOW_PROTECTION, 1ul << (63 - 35)},
		{"CR0: execution protection", CR0_IEP, 1ul << (63 - 43)},
		{"CR0: all external kinds", CR0_NOT_OURS | CR0_EMERGENCY | CR0_SERVICE, 0xfff0},
		{"CR0: none of ours", CR0_NOT_OURS & (CR0_EMERGENCY | CR0_SERVICE), 0},
		{"SIGP sense", SIGP_SENSE, 0x01},
		{"SIGP external call", SIGP_EXTERNAL_CALL, 0x02},
		{"SIGP emergency signal", SIGP_EMERGENCY, 0x03},
		{"SIGP start", SIGP_START, 0x04},
		{"SIGP stop", SIGP_STOP, 0x05},
		{"SIGP restart", SIGP_RESTART, 0x06},
		{"SIGP stop and store status", SIGP_STOP_AND_STORE_STATUS, 0x09},
		{"SIGP initial CPU reset", SIGP_INITIAL_CPU_RESET, 0x0b},
		{"SIGP set prefix", SIGP_SET_PREFIX, 0x0d},
		{"SIGP status: stopped", SIGP_STATUS_STOPPED, 1u << (63 - 57)},
		{"condition code: no such CPU", SIGP_NOT_OPERATIONAL, 3},
		{"program: protection", PROGRAM_PROTECTION, 0x04},
		{"program: segment translation", PROGRAM_SEGMENT, 0x10},
		{"program: page translation", PROGRAM_PAGE, 0x11},
		{"program: translation specification", PROGRAM_TRANSLATION_SPECIFICATION, 0x12},
		{"program: ASCE type", PROGRAM_ASCE_TYPE, 0x38},
		{"program: region-third translation", PROGRAM_REGION3, 0x3b},
	};

	for (unsigned i = 0; i < ARRAY_SIZE(numbers); i++)
		CHECK(numbers[i].is == numbers[i].should_be, "%s: 0x%lx", numbers[i].name,
		      numbers[i].should_be);
}

/* Rows ask for these, so they are printed at boot and decide which rows run. */
static void test_caps(void)
{
	CHECK(!CAP_SPLIT_ENTRIES && CAP_ATOMIC64 == 1 && CAP_HW_WALKER == 1 && !CAP_HW_AD,
	      "an entry is one word, read by hardware, which writes to none");
	CHECK(!CAP_ASIDS && CAP_DYNAMIC_FOLDING == 1 && !CAP_SHARED_SPACE,
	      "a space is its root, of two to five levels, and all the user's");
	CHECK(CAP_BROADCAST_FLUSH == 1 && CAP_NOWAIT_FLUSH == 1, "flushes reach every CPU");
	CHECK(CAP_STORE_ORDERED == 1 && !CAP_NAP && !CAP_RELAX_YIELDS, "order, waits");
}

int main(void)
{
	test_lowcore();
	test_areas();
	test_load();
	test_numbers();
	test_caps();
	return tap_done();
}
