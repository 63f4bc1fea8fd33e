/* SPDX-License-Identifier: MIT */
/* The console. Names: "sclp" (what the machine offers), "ascii", "line", "none". */
#pragma once

#include "arch/asm-generic/console.h"
