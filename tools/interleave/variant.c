/* SPDX-License-Identifier: MIT */
/* The explored variant before anything runs. */
#include "tools/interleave/variant.h"

#include <asm/smp.h>

#include <string.h>

#include "kernel/smp/percpu.h"
#include "tests/lab/registry.h"
#include "tools/interleave/explored.h"

struct variant variant EXPLORED;
const struct scenario *variant_scenario;
const struct cell *variant_cell;

void variant_prepare(const struct scenario *scenario, const struct cell *cell)
{
	variant_scenario = scenario;
	variant_cell = cell;
	cpus_online = BIT(MODEL_CPUS) - 1;
	memset(&variant, 0, sizeof(variant));
	variant.scenario = scenario;
	variant.cell = cell;
	variant.mode = MODE_EXPLORED;
	variant.nr_roles = scenario_roles(scenario);
	cell_choices(cell, variant.choice);
	for (unsigned role = 0; role < variant.nr_roles; role++)
		variant.cpu[role] = (u8)role;
}
