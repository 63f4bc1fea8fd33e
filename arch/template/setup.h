/* SPDX-License-Identifier: MIT */
#pragma once

/* From boot/template/head.S, on the boot CPU's stack. */
_Noreturn void template_start(void);
