/* SPDX-License-Identifier: MIT */
/* Finds the console and the way out in the command line, for a panic before it is parsed. */
#include "boot/early.h"
#include <asm/console.h>
#include <asm/exit.h>

/* Copies the value of the first `name=` option. Returns false if there is none or it is too
 * long. */
static bool find_option(const char *line, const char *name, char *value, size_t size)
{
	for (const char *p = line; *p; p++) {
		const char *n = name;
		size_t i = 0;

		if (p != line && p[-1] != ' ')
			continue;
		while (*n && *n == *p) {
			n++;
			p++;
		}
		if (!*n) {
			while (p[i] && p[i] != ' ' && i < size - 1) {
				value[i] = p[i];
				i++;
			}
			value[i] = 0;
			return !p[i] || p[i] == ' ';
		}
		if (!*p)
			break;
	}
	return false;
}

void early_options(const char *line)
{
	char value[64];

	if (find_option(line, "console=", value, sizeof(value)))
		console_select(value);
	if (find_option(line, "exit=", value, sizeof(value)))
		exit_select(value);
}
