/* SPDX-License-Identifier: MIT */
/* Store buffering lets a load overtake an older store, and is only reported, because x86 permits
 * all four outcomes. */
#include "tests/hw/litmus_sb.h"

STORE_BUFFERING(0, (void)0)

LITMUS(litmus_sb, .name = "hw/litmus-sb",
       .rule = "a load may overtake an older store (x=1, r0=y against y=1, r1=x may "
	       "end with both 0)",
       .reference = "Intel SDM vol. 3, 9.2.3.4 (loads may be reordered with earlier stores)",
       .roles = {{"x, then y", left_role}, {"y, then x", right_role}});
