/* SPDX-License-Identifier: MIT */
/* Entries brought back by the machine after they were taken. They are no mappings of ours. */
#pragma once

#include "tests/lab/lab.h"

/* Takes away each present entry of [start, end), page-aligned, in all spaces of the variant, if no
 * mapping has a reference on its frame. Leaves the frame alone. Returns the number of these
 * entries. Call before the mapped frames give their references back, because such an entry has none
 * to give. No role is active, and every CPU has flushed. */
unsigned revived_drop(struct variant *v, vaddr_t start, vaddr_t end);
