/* SPDX-License-Identifier: MIT */
/* The arena of a variant. */
#pragma once

#include "tests/lab/lab.h"

/* Not mapped any more: gives all frames but the first `keep` back. NULL, or what is wrong with one.
 */
const char *frames_release(struct variant *v, unsigned keep);
