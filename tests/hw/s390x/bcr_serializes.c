/* SPDX-License-Identifier: MIT */
/* Store buffering with the usual full barrier in between, which smp_mb() leaves out (see there). */
#include "tests/hw/litmus_sb.h"

static void serialize(void)
{
	__asm__ __volatile__("bcr 15,0" ::: "memory");
}

STORE_BUFFERING(BOTH_EARLY, serialize())

LITMUS(bcr_serializes, .name = "hw/bcr-serializes",
       .rule = "BRANCH ON CONDITION with mask 15 and no target serializes (r0=r1=0 is "
	       "never seen)",
       .reference = "Principles of Operation, chapter 7, BRANCH ON CONDITION, and chapter 5, CPU "
		    "Serialization",
       .finding = "F-034", .roles = {{"x, bcr, y", left_role}, {"y, bcr, x", right_role}});
