/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes boot/mips/yamon.c with an input of argv and envp, as offsets of 4 bytes each into the
 * first MiB (the top bit means not in KSEG0), bytes of RAM, 4 bytes, and the contents from physical
 * 0 on, repeated at the very end of the first MiB.
 */
#include <stdlib.h>

#include "boot/mips/yamon.h"
#include "tests/self/fuzz/fuzz.h"
#include "tests/self/unit/sound.h"

#define KSEG0 0x80000000u
#define VIEW  (1u << 20)

/* Returns the place of the line that the parser must have found, or NULL. */
static const char *line_at(const u8 *memory, u32 argv)
{
	const char *end = (const char *)memory + VIEW;
	u32 word;

	argv += 4;
	if (argv < KSEG0 || argv > KSEG0 + VIEW - 4 || argv % 4)
		return NULL;
	memcpy(&word, memory + (argv - KSEG0), 4);
	if (!word)
		return "";
	if (word < KSEG0 || word >= KSEG0 + VIEW)
		return NULL;
	memory += word - KSEG0;
	return memchr(memory, 0, (size_t)(end - (const char *)memory)) ? (const char *)memory
								       : NULL;
}

/* The total is the caller's, or a string has it. */
static bool total_is_told(const u8 *memory, u32 ram, u64 total)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%llu", (unsigned long long)total);
	for (u32 at = 0; total != ram; at++) {
		if (at + strlen(digits) >= VIEW)
			return false;
		if (!memcmp(memory + at, digits, strlen(digits) + 1))
			break;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input input = {data, size};
	static struct boot_info boot;
	u8 *memory = calloc(VIEW, 1); /* ASan sees a read past its end */
	u32 argv = (u32)take_number(&input, 4) ^ KSEG0, envp = (u32)take_number(&input, 4) ^ KSEG0;
	u32 ram = (u32)take_number(&input, 4);
	size_t n = VIEW / 2;
	const u8 *bytes = take_bytes(&input, &n);
	const char *line, *problem;

	if (n)
		memcpy(memory + VIEW - n, bytes, n);
	if (n)
		memcpy(memory, bytes, n);
	problem = yamon_parse(memory, argv, envp, ram, &boot);
	line = line_at(memory, argv);
	MUST(!problem == !!line);
	if (line) {
		MUST(boot.cmdline_cut == (strlen(line) >= sizeof(boot.cmdline)));
		MUST(!strncmp(boot.cmdline, line, sizeof(boot.cmdline) - 1));
		MUST(strlen(boot.cmdline) < sizeof(boot.cmdline));
		MUST(ram_is_sound(&boot, 256u << 20));
		MUST(total_is_told(memory, ram, boot.ram_total));
	}
	free(memory);
	return 0;
}
