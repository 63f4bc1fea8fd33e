/* SPDX-License-Identifier: MIT */
/* From head.S to kernel_main(). */
#include "arch/template/setup.h"
#include "boot/boot_info.h"
#include "kernel/hooks/upcalls.h"
#include <asm/console.h>

static struct boot_info boot = {.protocol = "none"};

/* What kernel_main() expects (kernel/hooks/upcalls.h) comes here, step by step: what the loader
 * said in `boot` (boot/ranges.h, boot/early.h, boot/bootmem.h), the kernel's own tables, the trap
 * table. */
void template_start(void)
{
	console_early_init();
	kernel_main(&boot);
}
