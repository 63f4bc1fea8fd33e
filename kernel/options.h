/* SPDX-License-Identifier: MIT */
/* The options that the kernel itself understands. */
#pragma once

/* Defaults that are not constants; before cmdline_parse(). */
void options_init(void);
