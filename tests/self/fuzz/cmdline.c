/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes kernel/cmdline.c with the options of tests/lab/ and kernel/hooks/inject.c, and the lists
 * of names in run= and known=. The input is the line, up to its first NUL.
 */
#include "kernel/cmdline.h"

#include "tests/lab/lab.h"
#include "tests/lab/options.h"
#include "tests/self/fuzz/fuzz.h"
#include "tests/self/unit/machine.h"

static const char *const names[] = {"pte/torn-read", "pte/aba", "tlb/stale", "hw/ipi", "F-001"};

static const char *name(unsigned i)
{
	return names[i];
}

/* Bit n of `at` means that the text before p matches the first n characters of s. */
static bool matches(const char *p, const char *end, const char *s)
{
	const size_t length = strlen(s);
	u32 at = 1;

	for (; p != end && at; p++) {
		u32 next = 0;

		for (size_t n = 0; n <= length; n++)
			if (at >> n & 1)
				next |= *p == '*'		   ? ~0u << n
					: n < length && s[n] == *p ? 2u << n
								   : 0;
		at = next;
	}
	return at >> length & 1;
}

/*
 * Returns true if one of the list matches, or with `all` if each of the list matches one of the
 * names.
 */
static bool list_matches(const char *list, const char *only, bool all)
{
	while (*list) {
		const char *end = list + strcspn(list, ",");
		bool found = false;

		for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
			found = found || matches(list, end, only ? only : names[i]);
		if (found != all)
			return found;
		list = *end ? end + 1 : end;
	}
	return all;
}

static void check_run(void)
{
	for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
		MUST(option_selects(names[i]) ==
		     (!options.run || list_matches(options.run, names[i], false)));
	if (PANICS(option_check_patterns(name, ARRAY_SIZE(names))))
		MUST(panic_says("run=") && options.run && !list_matches(options.run, NULL, true));
	else
		MUST(!options.run || list_matches(options.run, NULL, true));
}

/* As run=, but a name matches only itself. */
static void check_known(void)
{
	if (options.known && strchr(options.known, '*'))
		return;
	for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
		MUST(option_knows(names[i]) ==
		     (options.known && list_matches(options.known, names[i], false)));
	if (PANICS(option_check_known(name, ARRAY_SIZE(names))))
		MUST(panic_says("known=") && !list_matches(options.known, NULL, true));
	else
		MUST(!options.known || list_matches(options.known, NULL, true));
}

static bool is_within(const char *text, const char *start, size_t length)
{
	return !text || (text > start && text <= start + length);
}

static void check_options(const char *start, size_t length)
{
	MUST(is_within(options.run, start, length) && is_within(options.mode, start, length) &&
	     is_within(options.known, start, length));
	MUST(options.iters && options.idle_role <= MAX_ROLES);
	for (unsigned id = 0; id < NR_GUARDS; id++)
		MUST(options.guard_off[id] <= 1);
	for (unsigned id = 0; id < NR_CHOICES; id++)
		MUST(options.choice[id] < NR_VALUES &&
		     (options.choice[id] == VALUE_NONE || value_info[options.choice[id]].id == id));
	check_run();
	check_known();
}

static struct options defaults;
static char *line; /* the options point into it */

/* Reads the n bytes of text and the added text as one line. Returns false if it was refused. */
static bool accepts(const char *text, size_t n, const char *added)
{
	options = defaults;
	free(line);
	line = malloc(n + strlen(added) + 1);
	memcpy(line, text, n);
	strcpy(line + n, added);
	if (!PANICS(cmdline_parse(line)))
		return true;
	MUST(panic_says(" option '") || panic_says(" is called "));
	return false;
}

/* No option makes another one right or wrong. */
static bool accepts_each(const char *text, size_t n)
{
	const char *end = text + n;

	for (; text < end; text++) {
		const char *option = text;

		while (text < end && *text != ' ' && *text != '\t')
			text++;
		if (!accepts(option, (size_t)(text - option), ""))
			return false;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static bool has_defaults;
	const char *text = (const char *)data;
	const size_t n = strnlen(text, size);
	bool accepted;

	if (!has_defaults)
		defaults = options;
	has_defaults = true;
	accepted = accepts(text, n, "");
	if (accepted)
		check_options(line, n);
	MUST(accepts_each(text, n) == accepted);
	MUST(accepts(text, n, " verbose iters=7") == accepted);
	MUST(!accepted || (options.verbose && options.iters == 7));
	return 0;
}
