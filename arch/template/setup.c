/* SPDX-License-Identifier: MIT */
/* From head.S to kernel_main(). */
#include "arch/template/setup.h"
#include "boot/boot_info.h"
#include "kernel/hooks/upcalls.h"
#include <asm/console.h>

static struct boot_info boot = {.protocol = "none"};

/* The requirements of kernel_main() (kernel/hooks/upcalls.h) come here, step by step. They are the
 * loader's words in `boot` (boot/ranges.h, boot/early.h, boot/bootmem.h), the kernel's own tables,
 * and the trap table. */
void template_start(void)
{
	console_early_init();
	kernel_main(&boot);
}
