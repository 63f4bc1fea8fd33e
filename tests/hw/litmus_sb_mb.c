/* SPDX-License-Identifier: MIT */
/* Store buffering with smp_mb() in between, as needed by shootdowns and switches of spaces. */
#include <asm/barrier.h>

#include "tests/hw/litmus_sb.h"

STORE_BUFFERING(BOTH_EARLY, smp_mb())

LITMUS(litmus_sb_mb, .name = "hw/litmus-sb-mb",
       .rule = "with a full barrier between them no load overtakes an older store "
	       "(r0=r1=0 is never seen)",
       .reference = "Intel SDM vol. 3, 9.2.3.9 (loads and stores are not reordered with locked "
		    "instructions)",
       .roles = {{"x, mb, y", left_role}, {"y, mb, x", right_role}});
