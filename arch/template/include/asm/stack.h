/* SPDX-License-Identifier: MIT */
/* Kernel stacks. Say their sizes, and how an overrun is seen. */
#pragma once

#include "arch/asm-generic/stack.h"
