/* SPDX-License-Identifier: MIT */
/* The words that the kernel itself understands. */
#pragma once

/* Defaults that are not constants; before cmdline_parse(). */
void words_init(void);
