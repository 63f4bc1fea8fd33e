/* SPDX-License-Identifier: MIT */
/*
 * What those above mm/ may do with an address space. Each room below includes only the rooms before
 * it: page (frames, zones), table (entries, levels, lockless reads, clears, gather, zap), space
 * (its beginning and end, who has it loaded), fault, gup. tests/self/unit/test_source.py checks.
 */
#pragma once

#include "mm/space/attach.h"
#include "mm/space/space.h"
#include "mm/table/establish.h"
#include "mm/table/lookup.h"
#include "mm/table/zap.h"
