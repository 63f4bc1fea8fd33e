/* SPDX-License-Identifier: MIT */
/*
 * The pages drawn from the facts on the attached screen. While the machine works it is one page,
 * drawn anew every now and then. After the run there are more. The first page is the verdict in
 * letters legible from across a room, and the last page has the facts for a report.
 */
#pragma once

#include "kernel/dashboard/facts.h"

void dashboard_draw(const struct facts *facts, u32 now);
unsigned dashboard_pages(const struct facts *facts);
/* Draws a page, counted from 0. The next page comes by itself after `seconds`. */
void dashboard_draw_page(const struct facts *facts, unsigned page, unsigned seconds);
