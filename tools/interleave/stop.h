/* SPDX-License-Identifier: MIT */
/* How a CPU stops that cannot go on: panic() and refuse(). */
#pragma once

/* What it said; NULL: nothing. */
extern const char *stop_words;
/* While a CPU's part is running: leaves it. NULL: the explorer itself is running, which ends. */
extern void (*stop_part)(void);
