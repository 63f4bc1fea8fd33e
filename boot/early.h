/* SPDX-License-Identifier: MIT */
#pragma once

#include "kernel/compiler.h"

/* Obeys console= and exit=, so that a panic before kernel_main() is seen and ends the machine.
 * kernel_main() reads the options again, and complains of bad ones. */
void early_options(const char *line);
