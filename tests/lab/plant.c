/* SPDX-License-Identifier: MIT */
/* Plants a fault in the lab itself, by lab.plant=. */
#include "tests/lab/plant.h"

#include "kernel/cmdline.h"
#include "kernel/near.h"
#include "kernel/printk.h"
#include "kernel/string.h"

static const struct {
	const char *name, *does, *answer;
	u8 where; /* enum plant_where */
} plants[] = {
#define PLANT(name, where, does, answer) {#name, does, answer, PLANTS_##where},
#include "tests/lab/plants.def"
#undef PLANT
};

static unsigned chosen = NR_PLANTS;
/* Plain, though several CPUs may store to it. All store the same, and it is read after they are
 * done. In the explorer, a marked store would be a step of the exploration. */
static bool happened;

void plant_choose(enum plant_where here, const char *value)
{
	unsigned found = 0;
	struct near near;

	while (found < NR_PLANTS &&
	       (!(plants[found].where & here) || strcmp(plants[found].name, value)))
		found++;
	if (found < NR_PLANTS) {
		chosen = found;
		return;
	}
	near_begin(&near, value, strlen(value));
	for (unsigned id = 0; id < NR_PLANTS; id++) {
		if (!(plants[id].where & here))
			continue;
		printk("# valid: lab.plant=%s  (%s)\n", plants[id].name, plants[id].does);
		near_offer(&near, plants[id].name);
	}
	if (near.best)
		refuse("bad value in option 'lab.plant=%s', did you mean lab.plant=%s? The list has all valid ones",
		       value, near.best);
	refuse("bad value in option 'lab.plant=%s'; the list has all valid ones", value);
}

bool planted(enum plant_id id)
{
	if (likely(id != chosen))
		return false;
	happened = true;
	return true;
}

bool plant_is(enum plant_id id)
{
	return id == chosen;
}

void plant_announce(void)
{
	if (chosen != NR_PLANTS)
		printk("# ev=plant name=%s does=\"%s\" answer=\"%s\"\n", plants[chosen].name,
		       plants[chosen].does, plants[chosen].answer);
}

bool plant_report(void)
{
	if (chosen == NR_PLANTS || happened)
		return true;
	printk("# ev=missing what=\"lab.plant=%s did not happen: no scenario came by its place\"\n",
	       plants[chosen].name);
	return false;
}
