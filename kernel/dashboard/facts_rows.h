/* SPDX-License-Identifier: MIT */
/* The part of the facts that is about rows: what each came to in which pass, what failed, and the
 * witness of the first failure. Each takes the line of one event. */
#pragma once

#include "kernel/dashboard/facts.h"

void facts_cell(struct facts *f, const char *line);
void facts_again(struct facts *f, const char *line);
void facts_pass(struct facts *f, const char *line);
void facts_progress(struct facts *f, const char *line, u32 now);
void facts_witness(struct facts *f, const char *line);
void facts_step(struct facts *f, const char *line);
/* Nothing comes any more: the counts are of all rows, each as it came last. */
void facts_count_all(struct facts *f);
