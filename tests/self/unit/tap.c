/* SPDX-License-Identifier: MIT */
#include "tests/self/unit/tap.h"

#include <stdarg.h>
#include <stdio.h>

static unsigned points, failures;

bool tap_check(bool good, const char *file, int line, const char *format, ...)
{
	va_list args;

	printf("%s %u - ", good ? "ok" : "not ok", ++points);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	if (!good) {
		printf("\n#   at %s:%d", file, line);
		failures++;
	}
	printf("\n");
	fflush(stdout);
	return good;
}

int tap_done(void)
{
	printf("1..%u\n", points);
	return failures || !points;
}
