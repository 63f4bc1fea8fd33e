/* SPDX-License-Identifier: MIT */
/* Frames, and how the kernel reaches them. */
#include "arch/template/write_me.h"
#include <asm/page.h>
#include "arch/asm-generic/page-checksum.h"

WRITE_ME(void *, phys_to_virt, (paddr_t pa))
WRITE_ME(paddr_t, virt_to_phys, (const void *p))
WRITE_ME(paddr_t, direct_map_end, (void))
WRITE_ME(void *, window_map, (enum window window, pfn_t pfn))

WRITE_ME(void, clear_page, (void *p))
WRITE_ME(void, fill_page, (void *p, u32 word))
WRITE_ME(void, copy_page, (void *to, const void *from))
