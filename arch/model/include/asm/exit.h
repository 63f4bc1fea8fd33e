/* SPDX-License-Identifier: MIT */
/* Leaving the machine: the host's exit(). */
#pragma once

#include "kernel/compiler.h"

_Noreturn void machine_exit(unsigned status);
