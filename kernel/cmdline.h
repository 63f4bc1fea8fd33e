/* SPDX-License-Identifier: MIT */
/*
 * The command line: options separated by spaces, name or name=value. Whoever understands an option
 * registers it; an option that nobody registered, or a value its owner refuses, ends the run before
 * anything else happens, with a message that names the option and the valid ones.
 */
#pragma once

#include "kernel/compiler.h"

struct option {
	/* The name; with a dot at the end, a family: guard. takes guard.<rest>[=value]. */
	const char *name;
	/* What to write after the name, for messages: "=off", "=<seconds>", "". */
	const char *form;
	/* value: what follows '=', or NULL without one. rest: what follows the dot of a family,
	 * else "". Both live as long as the kernel. False: malformed; what is valid is then taken
	 * from form. */
	bool (*set)(const char *rest, const char *value);
	/* Where output goes and how the machine is left: before all others, so that errors are
	 * seen. */
	bool early;
};

/* One per option; any file of kernel, mm or tests. */
#define OPTION(identifier, ...)                                                                    \
	static const struct option identifier __section(".init_options") = {__VA_ARGS__}

/* line: changed (cut into options), must stay. Refuses the first bad option. */
void cmdline_parse(char *line);

/* One line "# ev=option" for each. */
void cmdline_list(void);

/* Option setters for the usual shapes. */
bool option_is_flag(const char *value, bool *flag);
