/* SPDX-License-Identifier: MIT */
/* Tells quiet states from others. */
#include "tools/interleave/quiet.h"

#include "arch/model/machine.h"
#include "mm/page/page.h"
#include "tests/lab/process.h"
#include "tools/interleave/coroutine.h"
#include "tools/interleave/cpus.h"
#include "tools/interleave/variant.h"

extern const u8 __start_protocol_text[], __stop_protocol_text[]; /* mm/ and its kin (explore.mk) */

bool quiet_everywhere(void)
{
	if (!cpus_quiet() || process_forking(&variant))
		return false;
	for (unsigned n = 0; n < variant.nr_roles; n++)
		if (model_cpu[n].level ||
		    coroutine_is_in(n, __start_protocol_text, __stop_protocol_text))
			return false;
	return true;
}

static bool some_lock_is_held(const struct mm *mm)
{
	for (pfn_t table = mm->tables; table != PFN_NONE; table = pfn_to_page(table)->next)
		if (pfn_to_page(table)->table_lock.owner)
			return true;
	return mm->page_table_lock.owner;
}

bool quiet_space(const struct mm *mm)
{
	return !some_lock_is_held(mm) && !mm->flush_pending && !mm->clearers;
}
