/* SPDX-License-Identifier: MIT */
/* The keyboard of a PC, polled, in scan code set 1 as the 8042 hands it over. */
#pragma once

#include "kernel/compiler.h"

enum key {
	KEY_NONE,
	KEY_OTHER,
	KEY_R,
};

/* Returns a key pressed since the last call. Without a controller it is KEY_NONE. Never waits. */
enum key ps2_key(void);
/* Restarts the machine by the reset control register, then by the keyboard controller's reset line.
 * Returns if the machine knows neither. */
void ps2_reset_machine(void);
