/* SPDX-License-Identifier: MIT */
/* Entries that came back after they were taken: the machine's doing, and no mapping of ours. */
#pragma once

#include "tests/lab/lab.h"

/* Before what is mapped gives its references back, as such an entry has none to give: no role is
 * active, and every CPU has flushed. Takes away each present entry of [start, end),
 * page-aligned, whose frame no mapping has a reference on, and leaves the frame alone. Returns how
 * many there were. */
unsigned revived_drop(struct variant *v, vaddr_t start, vaddr_t end);
