/* SPDX-License-Identifier: MIT */
#pragma once

#include "kernel/compiler.h"

/* Obeys console= and exit=, only so that a panic before kernel_main() is seen and ends the machine:
 * kernel_main() reads the words again, and complains of bad ones. */
void early_words(const char *line);
