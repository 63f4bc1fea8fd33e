/* SPDX-License-Identifier: MIT */
#include "arch/s390x/features.h"
#include "arch/s390x/instructions.h"
#include "kernel/printk.h"
#include <asm/pgtable.h>

#define DOUBLEWORDS 4u

/* Principles of Operation, chapter 4, "Facility Indications". */
#define FACILITY_IDTE  3u
#define FACILITY_STCKF 25u
#define FACILITY_IEP   130u

struct s390_features s390_features;

static bool has(const u64 *list, unsigned facility)
{
	return list[facility / 64] >> (63 - facility % 64) & 1;
}

void s390_features_init(void)
{
	u64 list[DOUBLEWORDS] = {0};

	stfle(list, DOUBLEWORDS);
	if (!has(list, FACILITY_IDTE))
		refuse_machine("this CPU has no IDTE (facility 3): a z990 or newer is needed");
	if (!has(list, FACILITY_STCKF))
		refuse_machine(
			"this CPU has no STORE CLOCK FAST (facility 25): a z9 or newer is needed");
	s390_features.iep = has(list, FACILITY_IEP);
}

u64 s390_page_nx(void)
{
	return s390_features.iep ? S390_PAGE_NX : 0;
}
