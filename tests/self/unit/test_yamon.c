/* SPDX-License-Identifier: MIT */
/* Tests boot/mips/yamon.c on YAMON's lists of strings in KSEG0, sound and unsound. */
#include <stdlib.h>
#include <string.h>

#include "boot/mips/yamon.h"
#include "tests/self/unit/sound.h"
#include "tests/self/unit/tap.h"

#define KSEG0	  0x80000000u
#define VIEW	  (1u << 20)
#define MIB	  (1u << 20)
#define ARGV	  0x1000u
#define ENVP	  0x2000u
#define LINE	  0x3000u
#define NAMES	  0x8000u
#define NAME_SIZE 0x100u

/* Physical memory for the parser, an object of the heap, and not a byte more. */
static u8 *memory;
static struct boot_info boot;
static unsigned nr_names; /* of the list at ENVP */

static void put_word(u32 at, u32 word)
{
	memcpy(memory + at, &word, sizeof(word));
}

static void add_environment(const char *name, const char *value)
{
	u32 at = NAMES + 2 * NAME_SIZE * nr_names;

	strcpy((char *)memory + at, name);
	strcpy((char *)memory + at + NAME_SIZE, value);
	put_word(ENVP + 8 * nr_names, KSEG0 + at);
	put_word(ENVP + 8 * nr_names + 4, KSEG0 + at + NAME_SIZE);
	nr_names++;
}

/* A program's name, and a command line if there is one. */
static void set_up(const char *line)
{
	memset(memory, 0, VIEW);
	nr_names = 0;
	put_word(ARGV, KSEG0 + NAMES);
	put_word(ARGV + 4, line ? KSEG0 + LINE : 0);
	if (line)
		strcpy((char *)memory + LINE, line);
}

static const char *parse(void)
{
	memset(&boot, 0xa5, sizeof(boot));
	return yamon_parse(memory, KSEG0 + ARGV, KSEG0 + ENVP, 64 * MIB, &boot);
}

static bool ram_is(paddr_t end, u64 total)
{
	return boot.nr_ram == 1 && !boot.ram[0].start && boot.ram[0].end == end &&
	       boot.ram_total == total && ram_is_sound(&boot, end);
}

static void test_line(void)
{
	char longest[BOOT_CMDLINE_SIZE + 1];

	set_up("run=pte/torn-read iters=7");
	CHECK(!parse() && !strcmp(boot.cmdline, "run=pte/torn-read iters=7") && !boot.cmdline_cut,
	      "the command line is argv[1]");
	CHECK(!strcmp(boot.protocol, "yamon") && !boot.rsdp && !boot.framebuffer.at,
	      "and nothing else is claimed");
	set_up(NULL);
	CHECK(!parse() && !boot.cmdline[0] && !boot.cmdline_cut, "none: an empty one");
	set_up("");
	CHECK(!parse() && !boot.cmdline[0] && !boot.cmdline_cut, "an empty one");
	memset(longest, 'x', BOOT_CMDLINE_SIZE - 1);
	longest[BOOT_CMDLINE_SIZE - 1] = 0;
	set_up(longest);
	CHECK(!parse() && !strcmp(boot.cmdline, longest) && !boot.cmdline_cut,
	      "the longest that there is room for");
	longest[BOOT_CMDLINE_SIZE - 1] = 'y';
	longest[BOOT_CMDLINE_SIZE] = 0;
	set_up(longest);
	CHECK(!parse() && strlen(boot.cmdline) == BOOT_CMDLINE_SIZE - 1 &&
		      !strncmp(boot.cmdline, longest, BOOT_CMDLINE_SIZE - 1) && boot.cmdline_cut,
	      "one letter more: cut, and that is said");
}

static bool refused(u32 argv, const char *problem)
{
	const char *said = yamon_parse(memory, argv, KSEG0 + ENVP, 64 * MIB, &boot);

	return said && strstr(said, problem);
}

static void test_refused(void)
{
	set_up("x");
	CHECK(refused(0, "argv is not in") && refused(KSEG0 + VIEW, "argv is not in") &&
		      refused(KSEG0 - 8, "argv is not in") && refused(0xfffffff8, "argv is not in"),
	      "argv outside the first MiB");
	CHECK(refused(KSEG0 + VIEW - 7, "argv is not in") &&
		      refused(KSEG0 + ARGV + 2, "argv is not in"),
	      "argv that is no multiple of 4");
	CHECK(refused(KSEG0 + VIEW - 4, "argv is not in"), "argv[1] behind the first MiB");
	put_word(VIEW - 4, KSEG0 + LINE);
	CHECK(!yamon_parse(memory, KSEG0 + VIEW - 8, 0, 64 * MIB, &boot) &&
		      !strcmp(boot.cmdline, "x"),
	      "argv[1] as its last word");
	put_word(ARGV + 4, LINE);
	CHECK(refused(KSEG0 + ARGV, "argv[1] is not"), "a string outside KSEG0");
	put_word(ARGV + 4, KSEG0 + VIEW - 3);
	memcpy(memory + VIEW - 3, "ab", 3);
	CHECK(!parse() && !strcmp(boot.cmdline, "ab"), "a string whose end is the first MiB's");
	memory[VIEW - 1] = 'c';
	CHECK(refused(KSEG0 + ARGV, "argv[1] is not"), "one that does not end there");
}

static bool memsize_gives(const char *value, u64 total)
{
	set_up(NULL);
	add_environment("memsize", value);
	return !parse() && boot.ram_total == total;
}

static void test_memsize(void)
{
	set_up(NULL);
	CHECK(!parse() && ram_is(64 * MIB, 64 * MIB), "no memsize: as much as the caller says");
	CHECK(memsize_gives("134217728", 128 * MIB) && ram_is(128 * MIB, 128 * MIB),
	      "memsize=134217728: 128 MiB");
	CHECK(memsize_gives("268435456", 256 * MIB) && ram_is(256 * MIB, 256 * MIB),
	      "256 MiB: all of them");
	CHECK(memsize_gives("536870912", 512 * MIB) && ram_is(256 * MIB, 512 * MIB),
	      "512 MiB: those below Malta's devices, but all are told");
	CHECK(memsize_gives("4294967295", 0xffffffff), "the largest of 32 bits");
	CHECK(memsize_gives("4294967296", 64 * MIB) && memsize_gives("42949672950", 64 * MIB) &&
		      memsize_gives("18446744073709551617", 64 * MIB),
	      "what is larger is not believed");
	CHECK(memsize_gives("0x8000000", 64 * MIB) && memsize_gives("128M", 64 * MIB) &&
		      memsize_gives("-1", 64 * MIB) && memsize_gives("", 64 * MIB) &&
		      memsize_gives("12:4567", 64 * MIB) && memsize_gives("12/4567", 64 * MIB),
	      "nor is what is no decimal number");
	CHECK(memsize_gives("9", 9) && memsize_gives("0", 0), "every digit is one");
	CHECK(memsize_gives("00000000000000016777216", 16 * MIB), "23 digits fit");
	CHECK(memsize_gives("000000000000000167772160", 64 * MIB), "24 do not");
}

static void test_environment(void)
{
	set_up(NULL);
	add_environment("ethaddr", "52:54:00:12:34:56");
	add_environment("memsiz", "1048576");
	add_environment("memsizes", "2097152");
	add_environment("memsize", "33554432");
	add_environment("memsize", "4194304");
	CHECK(!parse() && ram_is(32 * MIB, 32 * MIB),
	      "the first name that is memsize, to the letter");
	put_word(ENVP + 8, 0);
	CHECK(!parse() && ram_is(64 * MIB, 64 * MIB), "a list that ends before it has none");
	set_up(NULL);
	for (unsigned i = 0; i < 31; i++)
		add_environment("x", "y");
	add_environment("memsize", "33554432");
	CHECK(!parse() && ram_is(32 * MIB, 32 * MIB), "the 32nd pair is looked at");
	set_up(NULL);
	for (unsigned i = 0; i < 32; i++)
		add_environment("x", "y");
	add_environment("memsize", "33554432");
	CHECK(!parse() && ram_is(64 * MIB, 64 * MIB), "a 33rd is not: a list has an end");
}

/* An error in the list must not prevent the start. */
static void test_bad_environment(void)
{
	set_up("x");
	add_environment("memsize", "33554432");
	put_word(ENVP + 4, 0);
	CHECK(!parse() && ram_is(64 * MIB, 64 * MIB), "a name without a value");
	put_word(ENVP + 4, KSEG0 + VIEW);
	CHECK(!parse() && ram_is(64 * MIB, 64 * MIB), "a value outside the first MiB");
	put_word(ENVP, KSEG0 + VIEW);
	CHECK(!parse() && ram_is(64 * MIB, 64 * MIB), "a name outside it");
	CHECK(!yamon_parse(memory, KSEG0 + ARGV, 0, 32 * MIB, &boot) &&
		      ram_is(32 * MIB, 32 * MIB) && !strcmp(boot.cmdline, "x"),
	      "no list at all: as much as the caller says");
	memset(memory + ENVP, 0, 8);
	put_word(VIEW - 4, KSEG0 + NAMES);
	CHECK(!yamon_parse(memory, KSEG0 + ARGV, KSEG0 + VIEW - 4, 32 * MIB, &boot) &&
		      ram_is(32 * MIB, 32 * MIB),
	      "a list of which only one word lies in the first MiB");
}

int main(void)
{
	memory = malloc(VIEW);
	test_line();
	test_refused();
	test_memsize();
	test_environment();
	test_bad_environment();
	free(memory);
	return tap_done();
}
