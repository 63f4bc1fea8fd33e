/* SPDX-License-Identifier: MIT */
/* The console: COM1, polled. Names: "com1". */
#pragma once

#include "arch/asm-generic/console.h"
