/* SPDX-License-Identifier: MIT */
/* Shared by the rows of this group that judge the value of a lockless read. The entries are
 * well-formed and no CPU uses them, so any amount of RAM will do. */
#pragma once

#include "tests/lab/lab.h"

enum {
	WALKER,
	WRITER,
};

/* A, established before the roles start, and B differ in both halves. */
static inline bool software_entries(struct variant *v)
{
	v->entry_a = lab_software_entry(1, 1);
	v->entry_b = lab_software_entry(2, 2);
	return true;
}

static inline bool software_entries_mapped(struct variant *v)
{
	software_entries(v);
	lab_establish(v, v->entry_a);
	return true;
}

static inline void walk_once(struct variant *v)
{
	v->seen = lab_walk(v);
}

/*
 * VIOLATED if the value was never stored, because it is torn then. Otherwise HELD if the script ran
 * to its end.
 */
static inline enum verdict judge_value(struct variant *v)
{
	v->outcome = !entry_present(v->seen)	       ? "not present"
		     : entry_same(v->seen, v->entry_a) ? "A"
		     : entry_same(v->seen, v->entry_b) ? "B"
						       : "torn";
	if (!lab_is_legal(v, v->seen)) {
		lab_saw(v, "the walker returned 0x%llx, present, which was never stored",
			(unsigned long long)entry_value(v->seen));
		return VIOLATED;
	}
	if (!lab_script_complete(v))
		return NO_EVIDENCE;
	lab_evidence(v, "%s while the walker stood between its reads; it returned 0x%llx",
		     lab_released_by(v, 0, 1) ? "the writer was blocked in its shootdown"
					      : "the writer changed the entry",
		     (unsigned long long)entry_value(v->seen));
	return HELD;
}
