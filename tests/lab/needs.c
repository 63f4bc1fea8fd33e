/* SPDX-License-Identifier: MIT */
/* Tests this machine for the needs of a scenario or a cell. */
#include "tests/lab/needs.h"

#include <asm/caps.h>

#include "kernel/smp/cpumask.h"
#include "kernel/smp/percpu.h"
#include "tests/lab/high_ram.h"
#include "tests/lab/lab.h"
#include "tests/lab/options.h"
#include "tests/lab/top_cache.h"

static unsigned online_count(void)
{
	return cpumask_count(READ_ONCE(cpus_online));
}

/* Returns whether an entry names the frame at its address mod 4 GiB while its other half is
 * missing. */
static bool torn_names_decoy(void)
{
	return !CAP_SPLIT_ENTRIES ||
	       mk_pte(1, 0).word[PRESENT_WORD] != mk_pte(0, 0).word[PRESENT_WORD];
}

static const char *why_no_high_ram(void)
{
	if (options.safe)
		return "safe: no frames above 4 GiB";
	if (high_ram_problem())
		return high_ram_problem();
	if (!torn_names_decoy())
		return "not observable here: the half with the present bit has the upper part of the address";
	return NULL;
}

static const char *why_no_top_cache(void)
{
	if (!PREALLOCATED_PMDS)
		return "not observable here: no CPU of the port keeps top-level entries in registers";
	if (!top_entries_cached())
		return "not observable here: the machine reads top-level entries on every walk, see hw/pdpte";
	return NULL;
}

const char *missing_cpus(unsigned least)
{
	static const char *const more[] = {"needs 2 CPUs", "needs 3 CPUs", "needs 4 CPUs"};

	return least > online_count() ? more[least - 2] : NULL;
}

#define NEED(name, test, reason)                                                                   \
	if (needs & NEED_##name && !(test))                                                        \
		return reason;
const char *missing_need(u32 needs)
{
#include "tests/lab/needs.def"
	return NULL;
}
#undef NEED
