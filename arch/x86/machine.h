/* SPDX-License-Identifier: MIT */
/* What this machine is called. */
#pragma once

#include "boot/boot_info.h"

/* Between paging_init() and bootmem_finish(). */
void x86_machine_read(const struct boot_info *boot);
/* "# ev=machine cpu= signature= firmware= product=" */
void x86_machine_print(void);
