/* SPDX-License-Identifier: MIT */
/* Marks the parts of a state. */
#pragma once

#include "kernel/compiler.h"

/* Put on the explorer's data that belongs to the state. The build moves the protocol's own data
 * there. */
#define EXPLORED __attribute__((section("explored_state")))

extern u8 __start_explored_state[], __stop_explored_state[];
