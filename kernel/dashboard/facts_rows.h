/* SPDX-License-Identifier: MIT */
/* The facts about rows. These are each row's result in each pass, the failures, and the witness of
 * the first failure. Each function takes the line of one event. */
#pragma once

#include "kernel/dashboard/facts.h"

void facts_cell(struct facts *f, const char *line);
void facts_again(struct facts *f, const char *line);
void facts_pass(struct facts *f, const char *line);
void facts_progress(struct facts *f, const char *line, u32 now);
void facts_witness(struct facts *f, const char *line);
void facts_step(struct facts *f, const char *line);
/* Ends the counts, because no event is left. They are of all rows, each with its last result. */
void facts_count_all(struct facts *f);
