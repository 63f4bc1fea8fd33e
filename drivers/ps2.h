/* SPDX-License-Identifier: MIT */
/* The keyboard of a PC, asked without interrupts: scan code set 1, as the 8042 hands it over. */
#pragma once

#include "kernel/compiler.h"

enum key {
	KEY_NONE,
	KEY_OTHER,
	KEY_R,
};

/* A key that went down since the last call. KEY_NONE without a controller. Never waits. */
enum key ps2_key(void);
/* Restarts the machine: the reset control register, then the keyboard controller's reset line.
 * Returns if the machine does not know either. */
void ps2_reset_machine(void);
