/* SPDX-License-Identifier: MIT */
/* This CPU's TLB. */
#include "arch/template/write_me.h"
#include <asm/tlb.h>

WRITE_ME(void, tlb_flush_page, (vaddr_t va))
WRITE_ME(void, tlb_flush_all, (void))
WRITE_ME(void, tlb_flush_range, (vaddr_t start, vaddr_t end))
