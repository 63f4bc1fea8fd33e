/* SPDX-License-Identifier: MIT */
/* A place in the source. */
#pragma once

#include "kernel/compiler.h"

/* The function and line of the code that asked for the operation. */
struct site {
	char text[120];
	char file[100]; /* "" if it is not known */
	char file_line[80];
};

/* Finds the place of the call before this return address. */
void site_find(const void *pc, struct site *site);
