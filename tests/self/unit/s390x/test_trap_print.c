/* SPDX-License-Identifier: MIT */
/* Tests the whole text of a trap's screen in arch/s390x/trap_print.c. */
#include "tests/self/unit/s390x/trap_lab.h"

#define HEAD(what, mode) "# " what ", " mode " mode "
#define REGISTERS                                                                                  \
	"# r0=0000000000000100 r1=0000000000000101 r2=0000000000000102 r3=0000000000000103 "       \
	"# r4=0000000000000104 r5=0000000000000105 r6=0000000000000106 r7=0000000000000107 "       \
	"# r8=0000000000000108 r9=0000000000000109 r10=000000000000010a r11=000000000000010b "     \
	"# r12=000000000000010c r13=000000000000010d r14=000000000000010e r15=000000000000010f "   \
	"# cr0=0000000000000a00 cr1=0000000000000a01 cr7=0000000000000a07 cr13=0000000000000a0d "
#define REST "# psw=0000000000000000 0000000000000000 " REGISTERS

static struct trap_frame screen_frame(enum trap_class class)
{
	struct trap_frame frame = {.class = class};

	for (unsigned n = 0; n < 16; n++) {
		frame.gpr[n] = 0x100 + n;
		fake.control[n] = 0xa00 + n;
	}
	return frame;
}

static bool prints(const struct trap_frame *frame, const char *expected)
{
	trap_print(frame);
	return recorded(expected);
}

static void test_names(void)
{
	static const char *const programs[NR_PROGRAMS] = {
		[1] = "operation",
		"privileged operation",
		"execute",
		"protection",
		"addressing",
		"specification",
		"data",
		"fixed-point overflow",
		"fixed-point divide",
		[16] = "segment translation",
		"page translation",
		"translation specification",
		"special operation",
		[21] = "operand",
		[56] = "ASCE type",
		"region-first translation",
		"region-second translation",
		"region-third translation",
	};
	bool good = true;

	for (unsigned code = 0; code < 128; code++) {
		struct trap_frame frame = program(code);
		const char *name = code < ARRAY_SIZE(programs) && programs[code]
					   ? programs[code]
					   : "unknown program check";

		good = good && !strcmp(trap_name(&frame), name);
	}
	CHECK(good && NR_PROGRAMS == 64, "every program interruption has its name");
	CHECK(!strcmp(trap_name(&(struct trap_frame){.class = NR_CLASSES}), "unknown"),
	      "no such class");
}

static void test_screens(void)
{
	struct trap_frame frame = screen_frame(CLASS_RESTART);
	char text[1024];

	CHECK(prints(&frame, HEAD("restart: restart", "kernel") REST), "a restart");
	frame.address = TEXT + 63;
	snprintf(text, sizeof(text),
		 HEAD("restart: restart", "kernel") "# psw=%016lx %016lx %s# code: 7f ", 0ul,
		 frame.address, REGISTERS);
	CHECK(prints(&frame, text), "in the kernel's text: its code as well");
	frame = screen_frame(CLASS_EXTERNAL);
	CHECK(prints(&frame, HEAD("external: external", "kernel") REST),
	      "an external interruption");
	frame = screen_frame(CLASS_IO);
	CHECK(prints(&frame, HEAD("I/O: I/O", "kernel") REST), "an I/O interruption");
	frame = screen_frame(CLASS_SVC);
	CHECK(prints(&frame, HEAD("supervisor call: supervisor call", "kernel") REST), "a call");
	frame = screen_frame(CLASS_MACHINE_CHECK);
	frame.machine_check = 0xabc;
	CHECK(prints(&frame, HEAD("machine check: machine check",
				  "kernel") "# machine check code=0xabc " REST),
	      "a machine check: its code");
	frame = screen_frame(CLASS_PROGRAM);
	frame.program = 0x0001;
	CHECK(prints(&frame, HEAD("program check: operation",
				  "kernel") "# program interruption code=0x1 length=0 " REST),
	      "an operation that there is not");
	frame.program = 0x0011;
	frame.translation = 0x7001;
	CHECK(prints(&frame, HEAD("program check: page translation",
				  "kernel") "# program interruption code=0x11 length=0 # identification=0x7001: load of the page at 0x7000, access register space " REST),
	      "a load");
	frame.translation = 0x7402;
	CHECK(prints(&frame, HEAD("program check: page translation",
				  "kernel") "# program interruption code=0x11 length=0 # identification=0x7402: store of the page at 0x7000, secondary space " REST),
	      "a store");
	frame.program = 0x0004;
	frame.program_length = 4;
	frame.translation = 0x7083;
	frame.address = 4;
	CHECK(prints(&frame,
		     HEAD("program check: protection",
			  "kernel") "# program interruption code=0x4 length=4 "
				    "# identification=0x7083: fetch of the page at 0, home space "
				    "# psw=0000000000000000 0000000000000004 "
				    "# r0=0000000000000100 r1=0000000000000101 r2=0000000000000102 "
				    "r3=0000000000000103 "
				    "# r4=0000000000000104 r5=0000000000000105 r6=0000000000000106 "
				    "r7=0000000000000107 "
				    "# r8=0000000000000108 r9=0000000000000109 "
				    "r10=000000000000010a r11=000000000000010b "
				    "# r12=000000000000010c r13=000000000000010d "
				    "r14=000000000000010e r15=000000000000010f "
				    "# cr0=0000000000000a00 cr1=0000000000000a01 "
				    "cr7=0000000000000a07 cr13=0000000000000a0d "),
	      "a fetch");
}

static void test_overflow(void)
{
	struct trap_frame frame = screen_frame(CLASS_PROGRAM);

	fake.cpu = 5;
	c->stack = 0x9000;
	frame.program = 0x0010;
	frame.translation = 0x8400;
	CHECK(prints(&frame, HEAD("program check: segment translation",
				  "kernel") "# program interruption code=0x10 length=0 "
					    "# identification=0x8400: store of the page at 0x8000, "
					    "primary space "
					    "# stack overflow: an access at 0x8000, below the "
					    "stack of 16384 bytes of CPU 5 " REST),
	      "in the page below the stack: an overflow");
	frame.mask = PSW_PROBLEM;
	frame.translation = 0x9400;
	c->stack = 0x8000;
	frame.program = 0x0091;
	trap_print(&frame);
	EXPECT(HEAD("program check: page translation",
		    "user") "# program interruption code=0x91 length=0 "
			    "# identification=0x9400: store of the page at 0x9000, primary space "
			    "# psw=0001000000000000 0000000000000000 "
			    "# r0=0000000000000100 r1=0000000000000101 r2=0000000000000102 "
			    "r3=0000000000000103 "
			    "# r4=0000000000000104 r5=0000000000000105 r6=0000000000000106 "
			    "r7=0000000000000107 "
			    "# r8=0000000000000108 r9=0000000000000109 r10=000000000000010a "
			    "r11=000000000000010b "
			    "# r12=000000000000010c r13=000000000000010d r14=000000000000010e "
			    "r15=000000000000010f "
			    "# cr0=0000000000000a00 cr1=0000000000000a01 cr7=0000000000000a07 "
			    "cr13=0000000000000a0d ",
	       "another page, a user's: none");
}

static void test_code(void)
{
	print_code(TEXT);
	EXPECT("# code: 40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f ", "16 bytes of code");
	print_code(TEXT + 62);
	EXPECT("# code: 7e 7f ", "as far as the text goes");
	print_code(TEXT + 64);
	print_code(TEXT - 1);
	EXPECT("", "none outside of it");
}

int main(void)
{
	test_names();
	test_screens();
	test_overflow();
	test_code();
	return tap_done();
}
