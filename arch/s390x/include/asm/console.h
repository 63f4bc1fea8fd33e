/* SPDX-License-Identifier: MIT */
/* The console. Its names are "sclp" (the machine's choice), "ascii", "line" and "none". */
#pragma once

#include "arch/asm-generic/console.h"
