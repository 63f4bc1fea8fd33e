/* SPDX-License-Identifier: MIT */
/* Tests arch/s390x/sclp.c and ebcdic.h on every byte of each request and every answer of the
 * machine. The host is little-endian, so halfwords and words are read as the host has them. */
#include "tests/self/unit/s390x/fake.h"

#include "arch/s390x/sclp.c"

#include <sys/wait.h>
#include <unistd.h>

#define BUSY 2 /* condition code */

static struct {
	int busy;	 /* refusals before a request is taken */
	int cc;		 /* the answer to it after that */
	u16 response;	 /* in the SCCB */
	unsigned signal; /* the look at which the service signal comes, or 0 for never */
	u32 consoles;	 /* known to READ EVENT DATA and WRITE EVENT MASK */
	u16 increments;
	u8 increment_mib;
	u8 asked[PAGE_SIZE];
	u64 control;
} machine;

static void on_irqs(void)
{
	if (machine.signal && !--machine.signal) {
		record("signal");
		fake_lowcore.service_done = 1;
	}
}

static int on_servc(u32 command, void *block)
{
	(void)command;
	if (machine.busy && machine.busy--)
		return BUSY;
	if (block != &sccb || (u64)block % PAGE_SIZE)
		record("not the SCCB, or it crosses a page");
	memcpy(machine.asked, &sccb, sizeof(sccb));
	machine.control = fake.control[0];
	sccb.response = machine.response;
	sccb.events.mask[2] = command == COMMAND_WRITE_EVENT_MASK ? machine.consoles : 0;
	if (command == COMMAND_READ_SCP_INFO) {
		memcpy((u8 *)&sccb + 8, &machine.increments, 2);
		((u8 *)&sccb)[10] = machine.increment_mib;
	}
	return machine.cc;
}

/* This machine answers at the first look. */
static void machine_new(u16 response)
{
	fake_reset();
	memset(&machine, 0, sizeof(machine));
	memset(&sccb, 0xee, sizeof(sccb));
	machine.response = response;
	machine.signal = 1;
	fake.on_irqs = on_irqs;
	fake.on_servc = on_servc;
}

/* Returns `size` bytes of the request at `at` as a number, and clears them. */
static u64 take(unsigned at, unsigned size)
{
	u64 value = 0;

	memcpy(&value, machine.asked + at, size);
	memset(machine.asked + at, 0, size);
	return value;
}

static bool rest_is_zero(void)
{
	for (unsigned i = 0; i < PAGE_SIZE; i++)
		if (machine.asked[i]) {
			printf("# byte %u is 0x%02x\n", i, machine.asked[i]);
			return false;
		}
	return true;
}

static void test_service(void)
{
	machine_new(0x0020);
	fake.control[0] = 0xffffffffffffffff;
	fake.irqs = true;
	fake_lowcore.service_done = 1; /* of an earlier request */
	machine.signal = 2;
	CHECK(service(0x12345678, 8), "a request that is taken at once");
	EXPECT("irqs save  cr0 = 0xffffffffffff9fff  servc 0x12345678"
	       "  irqs on irqs off  irqs on signal irqs off"
	       "  cr0 = 0xffffffffffffffff  irqs restore 1 ",
	       "only the service signal is let in, until it comes; then all is as it was");
	CHECK(take(0, 2) == 8 && take(6, 2) == 0, "the length is told, and no response yet");

	machine_new(0x0020);
	machine.busy = 2;
	machine.signal = 3;
	CHECK(service(1, 8), "a machine that is busy: asked again");
	EXPECT("irqs save  cr0 = 0x200  servc 0x1 irqs on irqs off  servc 0x1 irqs on irqs off"
	       "  servc 0x1 irqs on signal irqs off  cr0 = 0  irqs restore 0 ",
	       "each time after the signal of an earlier request may have come");

	machine_new(0x0020);
	machine.cc = 3;
	CHECK(!service(1, 8), "not operational: refused");
	EXPECT("irqs save cr0 = 0x200 servc 0x1 cr0 = 0 irqs restore 0 ", "and not waited for");
	fake_lowcore.service_done = 1;
	machine.cc = 1;
	CHECK(!service(1, 8), "another condition code: refused");
	fake_reset();
}

/* Both waits end after two seconds, not before. */
static void test_patience(void)
{
	machine_new(0x0020);
	machine.signal = 0;
	fake.tick = 4096 * 500000ul;
	CHECK(!service(1, 8), "no signal: given up");
	EXPECT("irqs save cr0 = 0x200 servc 0x1 irqs on irqs off irqs on irqs off irqs on irqs off"
	       " cr0 = 0 irqs restore 0 ",
	       "after two seconds");
	for (unsigned late = 0; late < 2; late++) {
		machine_new(0x0020);
		machine.signal = 0;
		fake.tick = 4096 * 2000000ul - !late;
		service(1, 8);
		EXPECT(late ? "irqs save cr0 = 0x200 servc 0x1 cr0 = 0 irqs restore 0 "
			    : "irqs save cr0 = 0x200 servc 0x1 irqs on irqs off cr0 = 0 irqs "
			      "restore 0 ",
		       late ? "not later" : "not earlier");
	}
	machine_new(0x0020);
	machine.busy = 100;
	fake.tick = 4096 * 500000ul;
	CHECK(!service(1, 8), "busy for ever: given up");
	EXPECT("irqs save cr0 = 0x200 servc 0x1 irqs on signal irqs off servc 0x1 irqs on irqs off"
	       " servc 0x1 irqs on irqs off servc 0x1 cr0 = 0 irqs restore 0 ",
	       "after two seconds");
}

static void test_storage(void)
{
	machine_new(0x0010);
	machine.increments = 0x1234;
	machine.increment_mib = 3;
	CHECK(sclp_storage() == 0x1234 * 3ul << 20, "storage: increments of so many MiB");
	EXPECT("irqs save cr0 = 0x200 servc 0x20001 irqs on signal irqs off cr0 = 0 irqs restore "
	       "0 ",
	       "READ SCP INFO");
	CHECK(take(0, 2) == 4096 && rest_is_zero(), "a page to answer in, else zero");
	machine_new(0x0020);
	machine.increments = machine.increment_mib = 1;
	CHECK(sclp_storage() == 0, "another response: not said");
	machine_new(0x0010);
	machine.increments = machine.increment_mib = 1;
	machine.cc = 3;
	CHECK(sclp_storage() == 0, "a refusal: not said");
}

static void test_ascii(void)
{
	machine_new(0x0020);
	CHECK(sclp_write_ascii("A\nz!", 3), "a terminal takes bytes");
	EXPECT("irqs save cr0 = 0x200 servc 0x760005 irqs on signal irqs off cr0 = 0 irqs restore "
	       "0 ",
	       "WRITE EVENT DATA");
	CHECK(take(0, 2) == 8 + 6 + 3 && take(8, 2) == 6 + 3, "lengths of SCCB and event");
	CHECK(take(10, 1) == 0x1a, "the type of an ASCII message");
	CHECK(take(14, 3) == ('A' | '\n' << 8 | 'z' << 16) && rest_is_zero(),
	      "the bytes, then none");
	machine_new(0x0010);
	CHECK(!sclp_write_ascii("A", 1), "another response: not taken");
	machine_new(0x0020);
	machine.cc = 3;
	CHECK(!sclp_write_ascii("A", 1), "a refusal: not taken");
	CHECK(SCLP_WRITE_MAX == 3072, "three quarters of a page at a time, as Linux has it");
}

/* A message descriptor block has the header of the event, 12 bytes, general object, line object. */
static void test_line(void)
{
	machine_new(0x0020);
	CHECK(sclp_write_line("Hi!", 2), "the operator's console takes a line");
	EXPECT("irqs save cr0 = 0x200 servc 0x760005 irqs on signal irqs off cr0 = 0 irqs restore "
	       "0 ",
	       "WRITE EVENT DATA");
	CHECK(take(0, 2) == 8 + 6 + 12 + 56 + 10 + 2 && take(8, 2) == 6 + 12 + 56 + 10 + 2,
	      "lengths of SCCB and event");
	CHECK(take(10, 1) == 0x02, "the type of a message");
	CHECK(take(14, 2) == 12 + 56 + 10 + 2 && take(16, 2) == 1 && take(18, 4) == 0xd4c4c240 &&
		      take(22, 4) == 1,
	      "the block: length, type, MDB, revision 1");
	CHECK(take(26, 2) == 56 && take(28, 2) == 1, "an object of general data: length, type");
	CHECK(take(82, 2) == 10 + 2 && take(84, 2) == 4 && take(86, 2) == 0x1000,
	      "an object for the line: length, type, its end");
	CHECK(take(92, 2) == 0x89c8 && rest_is_zero(), "the line in EBCDIC, then nothing");
	machine_new(0x0010);
	CHECK(!sclp_write_line("", 0), "another response: not taken");
}

/* sclp_consoles() asks once, so each answer needs a process of its own. */
static u32 consoles(u32 receives, u16 response, int cc)
{
	int status = -1;
	pid_t child = fork();

	if (!child) {
		machine_new(response);
		machine.consoles = receives;
		machine.cc = cc;
		_exit((int)(sclp_consoles() << 4 | sclp_consoles()));
	}
	waitpid(child, &status, 0);
	if (!WIFEXITED(status) || WEXITSTATUS(status) >> 4 != (WEXITSTATUS(status) & 0xf))
		return ~0u;
	return (u32)WEXITSTATUS(status) & 0xf;
}

#define ASCII	(0x80000000u >> 25) /* event 0x1a */
#define MESSAGE (0x80000000u >> 1)

static void test_consoles(void)
{
	CHECK(consoles(ASCII, 0x20, 0) == BIT(SCLP_ASCII), "it receives ASCII: a terminal");
	CHECK(consoles(MESSAGE, 0x20, 0) == BIT(SCLP_LINE), "it receives messages: lines");
	CHECK(consoles(~0u, 0x20, 0) == (BIT(SCLP_ASCII) | BIT(SCLP_LINE)), "it receives both");
	CHECK(consoles(~(ASCII | MESSAGE), 0x20, 0) == 0, "it receives other events: none");
	CHECK(consoles(~0u, 0x10, 0) == 0, "another response: none, and not asked again");
	CHECK(consoles(~0u, 0x20, 3) == 0, "a refusal: none, and not asked again");

	machine_new(0x0020);
	machine.consoles = ASCII;
	sclp_consoles();
	EXPECT("irqs save cr0 = 0x200 servc 0x780005 irqs on signal irqs off cr0 = 0 irqs restore "
	       "0 ",
	       "WRITE EVENT MASK");
	CHECK(take(0, 2) == 8 + 20 && take(10, 2) == 4, "lengths of SCCB and masks");
	CHECK(take(16, 4) == (ASCII | MESSAGE) && rest_is_zero(),
	      "we send messages and ASCII, and receive nothing");
	sclp_consoles();
	EXPECT("", "asked once: no request");
}

/* EBCDIC is code page 500. */
static void test_ebcdic(void)
{
	static const struct {
		const char *ascii;
		u8 first;
	} runs[] = {
		{"abcdefghi", 0x81}, {"jklmnopqr", 0x91}, {"stuvwxyz", 0xa2},	{"ABCDEFGHI", 0xc1},
		{"JKLMNOPQR", 0xd1}, {"STUVWXYZ", 0xe2},  {"0123456789", 0xf0}, {"[.<(+!", 0x4a},
		{"]$*);^-/", 0x5a},  {",%_>?", 0x6b},	  {"`:#@'=\"", 0x79},	{"~", 0xa1},
		{"{", 0xc0},	     {"}", 0xd0},	  {"\\", 0xe0},		{" ", 0x40},
		{"&", 0x50},	     {"|", 0xbb},
	};
	u8 expected[256];
	unsigned wrong = 0;

	memset(expected, 0x40, sizeof(expected));
	for (unsigned i = 0; i < ARRAY_SIZE(runs); i++)
		for (unsigned n = 0; runs[i].ascii[n]; n++)
			expected[(u8)runs[i].ascii[n]] = (u8)(runs[i].first + n);
	for (int c = -128; c < 128; c++)
		if (ebcdic_of((char)c) != expected[(u8)c]) {
			printf("# 0x%02x is 0x%02x\n", (u8)c, ebcdic_of((char)c));
			wrong++;
		}
	CHECK(!wrong, "every printable character in EBCDIC, all others a blank");
}

int main(void)
{
	test_service();
	test_patience();
	test_storage();
	test_ascii();
	test_line();
	test_consoles();
	test_ebcdic();
	return tap_done();
}
