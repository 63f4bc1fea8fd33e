/* SPDX-License-Identifier: MIT */
/*
 * Reads the arguments and the environment from YAMON, and makes boot_info of them ("YAMON User's
 * Manual", MD00008, "Application interface").
 */
#include "boot/mips/yamon.h"
#include "boot/ranges.h"

#define KSEG0	    0x80000000u
#define VIEW_SIZE   (1u << 20)
#define ENTRIES_MAX 64u
#define RAM_MAX	    (256u << 20) /* beyond it, device registers split Malta's RAM */

struct view {
	const u8 *base;
};

static bool reaches(u32 address)
{
	return address - KSEG0 < VIEW_SIZE;
}

/* YAMON runs on this CPU, so its words have our byte order. If the first byte of an aligned word
 * lies in the view, the whole word does. */
static bool word_at(const struct view *view, u32 address, u32 *word)
{
	if (!reaches(address) || address % sizeof(*word))
		return false;
	__builtin_memcpy(word, view->base + (address - KSEG0), sizeof(*word));
	return true;
}

/* Copies a string, and cuts it if the buffer is too short. Returns false if it leaves the view. */
static bool string_at(const struct view *view, u32 address, char *to, size_t size, bool *cut)
{
	size_t n = 0;

	for (;; address++, n++) {
		char c;

		if (!reaches(address))
			return false;
		c = (char)view->base[address - KSEG0];
		if (n < size)
			to[n] = c;
		if (!c)
			break;
	}
	*cut = n >= size;
	to[size - 1] = 0;
	return true;
}

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

/* Accepts nothing but decimal digits of a 32-bit number. Otherwise *value stays as it was. */
static void read_number(const char *s, u32 *value)
{
	u64 n = 0;

	if (!*s)
		return;
	for (; *s; s++) {
		if (*s < '0' || *s > '9' || n > ~0u)
			return;
		n = n * 10 + (u32)(*s - '0');
	}
	if (n <= ~0u)
		*value = (u32)n;
}

/* Sets *memory from "memsize" if it is there and makes sense. Otherwise *memory stays as it was. */
static void find_memsize(const struct view *view, u32 envp, u32 *memory)
{
	for (u32 i = 0; i < ENTRIES_MAX; i += 2) {
		char text[24];
		u32 name, value;
		bool cut;

		if (!word_at(view, envp + 4 * i, &name) || !name ||
		    !word_at(view, envp + 4 * i + 4, &value) || !value ||
		    !string_at(view, name, text, sizeof(text), &cut))
			return;
		if (!same(text, "memsize"))
			continue;
		if (string_at(view, value, text, sizeof(text), &cut) && !cut)
			read_number(text, memory);
		return;
	}
}

const char *yamon_parse(const u8 *memory_view, u32 argv, u32 envp, u32 memory,
			struct boot_info *boot)
{
	const struct view view = {memory_view};
	u32 line;

	*boot = (struct boot_info){.protocol = "yamon"};
	if (!word_at(&view, argv + 4, &line))
		return "argv is not in the first MiB";
	if (line &&
	    !string_at(&view, line, boot->cmdline, sizeof(boot->cmdline), &boot->cmdline_cut))
		return "argv[1] is not a string in the first MiB";
	find_memsize(&view, envp, &memory);
	boot->ram_total = memory;
	ranges_add(boot, 0, memory, RAM_MAX);
	return NULL;
}
