/* SPDX-License-Identifier: MIT */
/* The arena of a variant. */
#pragma once

#include "tests/lab/lab.h"

/* Afterwards, nothing mapped any more: gives every frame back. NULL, or what is wrong with one. */
const char *frames_release(struct variant *v);
