/* SPDX-License-Identifier: MIT */
#pragma once

#include "kernel/compiler.h"

/* Called by head.S, with address translation and interruptions off. */
_Noreturn void s390_start(void);
