/* SPDX-License-Identifier: MIT */
#include "arch/asm-generic/option.h"
#include "arch/s390x/sclp.h"
#include <asm/console.h>

const char console_names[] = "=sclp|ascii|line|none";

#define LINE_MAX 1152u

static enum sclp_console console;

static enum sclp_console best(void)
{
	if (sclp_consoles() & BIT(SCLP_ASCII))
		return SCLP_ASCII;
	return sclp_consoles() & BIT(SCLP_LINE) ? SCLP_LINE : SCLP_NONE;
}

void console_early_init(void)
{
	console = best();
}

static bool choose(enum sclp_console wanted)
{
	if (!(sclp_consoles() & BIT(wanted)))
		return false;
	console = wanted;
	return true;
}

bool console_select(const char *name)
{
	if (option_is(name, "ascii"))
		return choose(SCLP_ASCII);
	if (option_is(name, "line"))
		return choose(SCLP_LINE);
	if (option_is(name, "sclp"))
		return choose(best());
	console = SCLP_NONE;
	return option_is(name, "none");
}

/* Writes a line at a time. An unfinished line waits for its end. */
static void write_lines(const char *bytes, size_t n)
{
	static char line[LINE_MAX];
	static size_t used;

	for (size_t i = 0; i < n; i++) {
		if (bytes[i] != '\n')
			line[used++] = bytes[i];
		if (bytes[i] == '\n' || used == sizeof(line)) {
			sclp_write_line(line, used);
			used = 0;
		}
	}
}

void console_write(const char *bytes, size_t n)
{
	if (console == SCLP_LINE)
		write_lines(bytes, n);
	for (size_t at = 0; console == SCLP_ASCII && at < n; at += SCLP_WRITE_MAX)
		sclp_write_ascii(bytes + at, n - at < SCLP_WRITE_MAX ? n - at : SCLP_WRITE_MAX);
}

/* Nothing is read from the console. */
const char *console_stop_asked(void)
{
	return NULL;
}
