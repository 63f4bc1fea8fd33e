/* SPDX-License-Identifier: MIT */
/* A CPU that cannot go on stops, by panic() and refuse(). */
#pragma once

/* The stopped CPU's words, or NULL. */
extern const char *stop_words;
/* Leaves a CPU's part while it is running. NULL while the explorer runs, which then ends. */
extern void (*stop_part)(void);
