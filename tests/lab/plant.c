/* SPDX-License-Identifier: MIT */
#include "tests/lab/plant.h"

#include "kernel/cmdline.h"
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
/* Plain, though several CPUs may store to it: all store the same, it is read when they are done, and in
 * the explorer a marked store would be a step of what is explored. */
static bool happened;

/* The name that was probably meant; NULL: none is near. */
static const char *nearest(enum plant_where here, const char *value)
{
	const char *found = NULL;
	unsigned least = 3;

	for (unsigned id = 0; id < NR_PLANTS; id++) {
		unsigned far = word_distance(value, plants[id].name);

		if (plants[id].where & here && far < least && 2 * far <= strlen(value)) {
			least = far;
			found = plants[id].name;
		}
	}
	return found;
}

void plant_choose(enum plant_where here, const char *value)
{
	unsigned found = 0;

	while (found < NR_PLANTS &&
	       (!(plants[found].where & here) || strcmp(plants[found].name, value)))
		found++;
	if (found < NR_PLANTS) {
		chosen = found;
		return;
	}
	for (unsigned id = 0; id < NR_PLANTS; id++)
		if (plants[id].where & here)
			printk("# valid: lab.plant=%s  (%s)\n", plants[id].name, plants[id].does);
	if (nearest(here, value))
		refuse("bad value in word 'lab.plant=%s', did you mean lab.plant=%s? Valid ones are "
		       "listed above",
		       value, nearest(here, value));
	refuse("bad value in word 'lab.plant=%s'; valid ones are listed above", value);
}

bool planted(enum plant_id id)
{
	if (likely(id != chosen))
		return false;
	happened = true;
	return true;
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
	printk("# ev=missing what=\"lab.plant=%s did not happen: no row came by its place\"\n",
	       plants[chosen].name);
	return false;
}
