/* SPDX-License-Identifier: MIT */
/* For asm/tlb.h of a port whose flushes reach its own CPU only (CAP_BROADCAST_FLUSH is 0). */
#pragma once

#include <asm/pgtable.h>

/* For ports with CAP_BROADCAST_FLUSH, see mm/table/clear.h. Declared and not defined, so a call
 * without that test does not link. */
void ptep_invalidate(entry_t *ptep, vaddr_t va);
void pmdp_invalidate(entry_t *pmdp, vaddr_t va);
void tlb_flush_space(paddr_t root);
