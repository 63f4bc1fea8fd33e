/* SPDX-License-Identifier: MIT */
/* Inter-processor interrupts. */
#include "arch/template/write_me.h"
#include <asm/ipi.h>

WRITE_ME(void, ipi_send, (unsigned cpu, enum ipi ipi))
