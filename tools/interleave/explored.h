/* SPDX-License-Identifier: MIT */
/* What is part of a state. */
#pragma once

#include "kernel/compiler.h"

/* On data of the explorer that belongs to the state. The protocol's own data is moved there by its
 * build. */
#define EXPLORED __attribute__((section("explored_state")))

extern u8 __start_explored_state[], __stop_explored_state[];
