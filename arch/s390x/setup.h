/* SPDX-License-Identifier: MIT */
#pragma once

#include "kernel/compiler.h"

/* From head.S: address translation and interruptions off. */
_Noreturn void s390_start(void);
