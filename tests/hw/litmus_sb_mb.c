/* SPDX-License-Identifier: MIT */
/* Store buffering with smp_mb() between: what a shootdown and a switch of address spaces build
 * on. */
#include <asm/barrier.h>

#include "tests/hw/litmus_sb.h"

STORE_BUFFERING(BOTH_EARLY, smp_mb())

LITMUS(litmus_sb_mb, .name = "hw/litmus-sb-mb",
       .rule = "with a full barrier between store and load, not both loads are early: r0=r1=0 never",
       .reference = "Intel SDM vol. 3, 9.2.3.9 (loads and stores are not reordered with locked instructions)",
       .roles = {{"x, mb, y", left_role}, {"y, mb, x", right_role}});
