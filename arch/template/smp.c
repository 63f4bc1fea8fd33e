/* SPDX-License-Identifier: MIT */
/* Finding CPUs, starting and stopping them. */
#include "arch/template/write_me.h"
#include <asm/smp.h>

WRITE_ME(unsigned, cpu_id, (void))
WRITE_ME(unsigned, smp_enumerate, (void))
WRITE_ME(unsigned, smp_count, (void))
WRITE_ME(bool, smp_incomplete, (void))
WRITE_ME(u32, smp_hw_id, (unsigned cpu))
WRITE_ME(bool, smp_start_cpu, (unsigned cpu))
WRITE_ME(void, smp_report_unlisted, (void))

WRITE_ME(void, cpu_stop, (void))
WRITE_ME(void, smp_stop_others, (void))
WRITE_ME(bool, smp_stopped, (unsigned cpu, vaddr_t *pc))
