/* SPDX-License-Identifier: MIT */
/* The console is COM1, polled, with the name "com1". */
#pragma once

#include "arch/asm-generic/console.h"
