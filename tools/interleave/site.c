/* SPDX-License-Identifier: MIT */
/* The source line of an address, by addr2line. */
#include "tools/interleave/site.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kernel/hooks/race.h"

/* Reads "function at file:line". A line for inlined code begins with (inlined by). Helpers of the
 * port are skipped, because a reader looks for their caller. */
static bool take_line(const char *line, struct site *site)
{
	char function[80], file[200];
	const char *name, *text = strstr(line, "(inlined by) ");

	if (sscanf(text ? text + 13 : line, " %79s at %199s", function, file) != 2)
		return false;
	if (strstr(file, "arch/model/") || strstr(file, "arch/asm-generic/") ||
	    strstr(file, "compiler.h"))
		return false;
	line = strrchr(file, ':') + 1;
	snprintf(site->text, sizeof(site->text), "%.60s:%.20s", function, line);
	/* "./" is the directory of the compilation. A further one comes from -I. for headers. */
	name = source_file(source_file(file));
	snprintf(site->file, sizeof(site->file), "%.*s", (int)(line - 1 - name), name);
	snprintf(site->file_line, sizeof(site->file_line), "%.79s",
		 strrchr(file, '/') ? strrchr(file, '/') + 1 : file);
	return true;
}

void site_find(const void *pc, struct site *site)
{
	char command[160], line[400];
	FILE *pipe;
	bool found = false;

	snprintf(site->text, sizeof(site->text), "-");
	site->file[0] = 0;
	snprintf(site->file_line, sizeof(site->file_line), "-");
	if (!pc)
		return;
	/* The call returns to the instruction behind it, and one byte back is inside the call. */
	snprintf(command, sizeof(command), "addr2line -fipe /proc/%d/exe 0x%lx", (int)getpid(),
		 (unsigned long)pc - 1);
	pipe = popen(command, "r");
	while (pipe && fgets(line, sizeof(line), pipe))
		found = found || take_line(line, site);
	if (pipe)
		pclose(pipe);
}
