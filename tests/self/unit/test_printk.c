/* SPDX-License-Identifier: MIT */
/* kernel/printk.c: formats, as the C library's snprintf() has them, and whole lines. */
#include "kernel/printk.h"

#include <asm/irq.h>

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "arch/model/machine.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

#define SAME(...)                                                                                  \
	do {                                                                                       \
		char ours[128], theirs[128];                                                       \
		int n = snprintk(ours, sizeof(ours), __VA_ARGS__);                                 \
		int m = snprintf(theirs, sizeof(theirs), __VA_ARGS__);                             \
                                                                                                   \
		CHECK(n == m && !strcmp(ours, theirs), "%s: \"%s\", not \"%s\"", #__VA_ARGS__,     \
		      theirs, ours);                                                               \
	} while (0)

static void test_formats(void)
{
	SAME("%s", "plain");
	SAME("%d %d %d", 0, 42, -42);
	SAME("%d %d", INT_MAX, INT_MIN);
	SAME("%u %u", 0u, UINT_MAX);
	SAME("%x %x", 0u, 0xdeadbeefu);
	SAME("%ld %ld", LONG_MAX, LONG_MIN);
	SAME("%lld %lld", LLONG_MAX, LLONG_MIN);
	SAME("%lu %lx", ULONG_MAX, ULONG_MAX);
	SAME("%llu %llx", ULLONG_MAX, 0x123456789abcdefull);
	SAME("%zu %zx", (size_t)77, (size_t)-1);
	SAME("[%5d][%-5d][%05d]", 42, 42, 42);
	SAME("[%5d][%-5d][%05d]", -42, -42, -42);
	SAME("[%8x][%-8x][%08x]", 0xabcu, 0xabcu, 0xabcu);
	SAME("[%#x][%#10x][%#010x][%-#10x]", 0xabcu, 0xabcu, 0xabcu, 0xabcu);
	SAME("[%#x][%#04x]", 0u, 0u);
	SAME("[%016llx][%20llu]", 0xabcull, 12345678901234ull);
	SAME("[%s][%10s][%-10s][%2s]", "abc", "abc", "abc", "abc");
	SAME("[%s]", "");
	SAME("[%c][%3c][%-3c]", 'x', 'y', 'z');
	SAME("100%%");
	SAME("%3d%%|%s|%c|%x", 7, "mixed", '!', 0x1fu);
}

static void test_pointer(void)
{
	char text[64];

	snprintk(text, sizeof(text), "%p", (void *)0x1f40);
	CHECK(!strcmp(text, "1f40") || !strcmp(text, "0x1f40"), "%%p is hexadecimal: %s", text);
}

static void test_sizes(void)
{
	for (size_t size = 0; size < 10; size++) {
		char ours[16], theirs[16];
		int n, m;

		memset(ours, '#', sizeof(ours));
		memset(theirs, '#', sizeof(theirs));
		n = snprintk(ours, size, "%s%d", "abc", 1234);
		m = snprintf(theirs, size, "%s%d", "abc", 1234);
		CHECK(n == m && !memcmp(ours, theirs, sizeof(ours)),
		      "cut at %zu bytes, nothing behind", size);
	}
}

static void test_lines(void)
{
	char text[PRINTK_LINE + 10];
	size_t n;

	machine_reset();
	printk("# ev=%s n=%u\n", "line", 1u);
	printk("second\n");
	CHECK(!strcmp(model_console, "# ev=line n=1\nsecond\n"), "whole lines, in order");
	machine_reset();
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = 0;
	printk("%s\n", text);
	n = strlen(model_console);
	CHECK(n == PRINTK_LINE - 1 && !strcmp(model_console + n - 4, "...\n"),
	      "a line too long is cut, and says so");
	printk("next\n");
	CHECK(!strcmp(model_console + n - 4, "...\nnext\n"), "with no byte behind it");
}

static jmp_buf spins;
static bool waited, masked;

static void leave_spin(void)
{
	longjmp(spins, 1);
}

/* CPU 0 has written half of its line. */
static void print_on_cpu_1(void)
{
	unsigned was = model_switch_cpu(0);

	masked = !irqs_enabled();
	model_switch_cpu(1);
	model_console_hook = NULL;
	model_relax_hook = leave_spin;
	waited = true;
	if (!setjmp(spins)) {
		printk("# ev=of n=1\n");
		waited = false;
	}
	model_relax_hook = NULL;
	model_switch_cpu(was);
}

static void test_two_printers(void)
{
	machine_reset();
	model_console_hook = print_on_cpu_1;
	printk("# ev=of n=0\n");
	CHECK(waited && !strcmp(model_console, "# ev=of n=0\n"),
	      "a CPU waits until the other one's line is out: %s", model_console);
	CHECK(masked && irqs_enabled(),
	      "no handler prints into a line, and interrupts are on again");
	machine_reset();
	AS_CPU(1, printk("# ev=of n=1\n"));
	printk("# ev=of n=0\n");
	CHECK(!strcmp(model_console, "# ev=of n=1\n# ev=of n=0\n"),
	      "afterwards everybody may print");
	irq_disable();
	printk("off\n");
	CHECK(!irqs_enabled(), "interrupts that were off stay off");
}

/* CPU 0 was stopped inside its line. */
static void print_while_dying(void)
{
	model_console_hook = NULL;
	machine_dying = 1;
	AS_CPU(1, printk("# ev=panic\n"));
	machine_dying = MAX_CPUS;
	AS_CPU(1, printk("# ev=done\n"));
}

static void test_dying(void)
{
	machine_reset();
	model_console_hook = print_while_dying;
	printk("# ev=of n=0\n");
	CHECK(!strcmp(model_console, "# ev=of\n# ev=panic\n# ev=done\n n=0\n"),
	      "a CPU that dies takes the console, ends the line, and gives it back");
}

/* An interrupt comes when they go on again, and prints. */
static void print_in_interrupt(void)
{
	printk("interrupt\n");
}

static void send_interrupt(void)
{
	model_console_hook = NULL;
	AS_CPU(1, ipi_send(0, IPI_WAKE));
}

static void test_interrupt(void)
{
	machine_reset();
	model_wake_hook = print_in_interrupt;
	model_relax_hook = leave_spin;
	model_console_hook = send_interrupt;
	if (!setjmp(spins))
		printk("whole line\n");
	model_relax_hook = NULL;
	CHECK(!strcmp(model_console, "whole line\ninterrupt\n"),
	      "an interrupt behind a line finds the console free");
}

static void test_scnprintk(void)
{
	char text[8];

	CHECK(scnprintk(text, sizeof(text), "%s", "abc") == 3, "what fits is counted");
	CHECK(scnprintk(text, sizeof(text), "%s", "abcdefg") == 7 && !strcmp(text, "abcdefg"),
	      "up to the last byte but one");
	CHECK(scnprintk(text, sizeof(text), "%s", "abcdefgh") == 7 && !strcmp(text, "abcdefg"),
	      "what does not is not");
}

int main(void)
{
	test_dying();
	test_interrupt();
	test_scnprintk();
	test_formats();
	test_pointer();
	test_sizes();
	test_lines();
	test_two_printers();
	return tap_done();
}
