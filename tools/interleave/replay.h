/* SPDX-License-Identifier: MIT */
/*
 * From a counterexample to the metal, by the options with which a machine must fail in the same
 * way.
 */
#pragma once

#include "tools/interleave/exploration.h"

/* Prints "# ev=replay" for the prepared cell and its point n, if the option `replay` asks for it.
 * It has options="..." for a kernel, or reason="..." if no machine can follow it. */
void print_replay(unsigned n, const struct exploration *what, const struct result *result);
