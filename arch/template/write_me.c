/* SPDX-License-Identifier: MIT */
/* The end of a port that is not complete. */
#include "arch/template/write_me.h"
#include <asm/console.h>
#include <asm/exit.h>

#define RUN_CANNOT_START 7u /* kernel/finish.h */

static void print(const char *text)
{
	size_t n = 0;

	while (text[n])
		n++;
	console_write(text, n);
}

/* Not by printk(), because that needs functions of the port too. The last line is finish_as()'s, so
 * tools/run takes it for an end and not for an accident. */
void write_me(const char *symbol)
{
	print("Bail out! write me: ");
	print(symbol);
	print("\n# ev=done status=cannot_start passed=0 failed=0 skipped=0 known=0 seconds=0\n");
	machine_exit(RUN_CANNOT_START);
}
