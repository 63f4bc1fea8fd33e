/* SPDX-License-Identifier: MIT */
/*
 * The operations on an address space for callers above mm/. Each room below includes only the rooms
 * before it. The rooms are page (frames, zones, the swap area), table (entries, levels, lockless
 * reads, clears, gather, zap), object (files, their pages and mappings), space (its beginning and
 * end, the CPUs with it loaded), fault and gup. tests/self/unit/test_source.py checks this.
 */
#pragma once

#include "mm/space/attach.h"
#include "mm/space/fork.h"
#include "mm/space/migrate.h"
#include "mm/space/page_out.h"
#include "mm/space/space.h"
#include "mm/space/syscalls.h"
#include "mm/table/establish.h"
#include "mm/table/locks.h"
#include "mm/table/lookup.h"
#include "mm/table/rights.h"
#include "mm/table/zap.h"
