/* SPDX-License-Identifier: MIT */
/*
 * The pages that are drawn of the facts on the attached screen. One while the machine works, drawn
 * anew every now and then; when it is over more of them, the first of which is the verdict in
 * letters that can be read from across a room, and the last what a report needs.
 */
#pragma once

#include "kernel/dashboard/facts.h"

void dashboard_draw(const struct facts *facts, u32 now);
unsigned dashboard_pages(const struct facts *facts);
/* page: from 0; seconds: until the next one comes by itself. */
void dashboard_draw_page(const struct facts *facts, unsigned page, unsigned seconds);
