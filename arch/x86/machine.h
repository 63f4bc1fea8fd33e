/* SPDX-License-Identifier: MIT */
/* The name of this machine. */
#pragma once

#include "boot/boot_info.h"

/* Reads the names. Call between paging_init() and bootmem_finish(). */
void x86_machine_read(const struct boot_info *boot);
/* "# ev=machine cpu= signature= firmware= product=" */
void x86_machine_print(void);
