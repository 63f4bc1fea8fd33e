/* SPDX-License-Identifier: MIT */
/* The host's exit() leaves the machine. */
#pragma once

#include "kernel/compiler.h"

_Noreturn void machine_exit(unsigned status);
