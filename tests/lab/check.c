/* SPDX-License-Identifier: MIT */
/* Checks how a scenario is written. */
#include "tests/lab/check.h"

#include "kernel/dashboard/facts.h"
#include "kernel/printk.h"
#include "kernel/string.h"

/* group/name. */
static bool is_name(const char *name)
{
	size_t n = strlen(name), slash = 0;

	while (name[slash] && name[slash] != '/')
		slash++;
	if (!slash || slash + 1 >= n || n >= FACTS_NAME)
		return false;
	for (size_t i = slash + 1; i < n; i++)
		if (name[i] == '/')
			return false;
	return true;
}

static bool is_mode(enum lab_mode mode)
{
	return mode == MODE_CHOREO || mode == MODE_PROBE || mode == MODE_EXPLORED;
}

static const char *missing_text(const struct scenario *s)
{
	if (!s->rule || !*s->rule)
		return "it has no rule";
	if (!s->reference || !*s->reference)
		return "its rule has no reference";
	if (!is_mode(s->mode))
		return "its mode is none of choreo, probe and explored";
	if (!s->judge)
		return "it has no judge";
	if (!s->nr_cells || s->nr_cells > MAX_CELLS)
		return "it has no cells, or more than MAX_CELLS";
	return NULL;
}

/* Rows about the machine hold by their counts. */
static const char *bad_least(const struct scenario *s)
{
	if (!strncmp(s->name, "hw/", 3) && !s->least[0].of)
		return "it is a scenario of hw/ and lists no least evidence";
	for (unsigned i = 0; i < MAX_LEAST; i++)
		if (s->least[i].of && !s->least[i].count)
			return "its least evidence is nothing";
	return NULL;
}

static unsigned count_roles(const struct scenario *s)
{
	unsigned n = 0;

	while (n < MAX_ROLES && s->roles[n].run)
		n++;
	return n;
}

static const char *bad_role(const struct scenario *s, unsigned nr)
{
	if (!nr)
		return "it has no role";
	for (unsigned i = 0; i < MAX_ROLES; i++) {
		if (i >= nr && (s->roles[i].run || s->roles[i].name))
			return "a role has no function";
		if (i < nr && (!s->roles[i].name || !*s->roles[i].name))
			return "a role has no name";
	}
	return NULL;
}

/* Finds a role of the step, its own or one it waits for, that is none of the scenario's. *role is
 * its number. */
static bool names_stranger(const struct step *step, unsigned nr_roles, unsigned *role)
{
	*role = step->role;
	for (unsigned i = 0; *role < nr_roles && i < ARRAY_SIZE(step->until); i++)
		if (step->until[i].kind != RELEASE_NEVER)
			*role = step->until[i].role;
	return *role >= nr_roles;
}

static void check_script(const struct scenario *s, unsigned nr_roles, char *problem, size_t size)
{
	unsigned role;

	for (unsigned i = 0; i < s->script.nr; i++) {
		if (names_stranger(&s->script.steps[i], nr_roles, &role)) {
			snprintk(problem, size,
				 "step %u of its script names role %u, and it has roles 0 to %u",
				 i + 1, role, nr_roles - 1);
			return;
		}
	}
	if (s->script.nr > MAX_SCRIPT)
		snprintk(problem, size, "its script has more than %u steps", MAX_SCRIPT);
	if (!s->script.nr && s->mode == MODE_CHOREO)
		snprintk(problem, size, "it is a choreography and has no script");
}

void scenario_check(const struct scenario *s, char *problem, size_t size)
{
	const char *wrong = NULL;
	unsigned nr_roles = count_roles(s);

	problem[0] = 0;
	if (!s->name)
		wrong = "it has no name";
	else if (!is_name(s->name))
		wrong = "its name is not group/name, or too long";
	if (!wrong)
		wrong = missing_text(s);
	if (!wrong)
		wrong = bad_least(s);
	if (!wrong)
		wrong = bad_role(s, nr_roles);
	if (wrong)
		snprintk(problem, size, "%s", wrong);
	else
		check_script(s, nr_roles, problem, size);
}
