/* SPDX-License-Identifier: MIT */
/*
 * The command line. Its options are separated by spaces and have the form name or name=value. The
 * owner of an option registers it. An unregistered option, or a value refused by its owner, ends
 * the run before anything else happens. The message names the option and the valid ones.
 */
#pragma once

#include "kernel/compiler.h"

struct option {
	/* The name. A dot at its end makes it a family, so guard. takes guard.<rest>[=value]. */
	const char *name;
	/* The text after the name, for messages, such as "=off", "=<seconds>" or "". */
	const char *form;
	/* value is the text after '=', or NULL without one. rest is the text after the dot of a
	 * family, else "". Both live as long as the kernel. Returns false if the value is
	 * malformed. The message then says by form what is valid. */
	bool (*set)(const char *rest, const char *value);
	/* Set for the options of the output and of the exit. They come before all others, so errors
	 * are seen. */
	bool early;
};

/* Registers one option. Use it in any file of kernel, mm or tests. */
#define OPTION(identifier, ...)                                                                    \
	static const struct option identifier __section(".init_options") = {__VA_ARGS__}

/* Cuts line into options. The line must stay, because setters may keep values. Refuses the first
 * bad option. */
void cmdline_parse(char *line);

/* Prints one line "# ev=option" for each option. */
void cmdline_list(void);

/* Option setters for the usual shapes. */
bool option_is_flag(const char *value, bool *flag);
