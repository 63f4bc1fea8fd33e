/* SPDX-License-Identifier: MIT */
/* Prints the lists for the option `list`. */
#include "tests/lab/list_scenarios.h"

#include "kernel/cmdline.h"
#include "kernel/finish.h"
#include "kernel/hooks/race.h"
#include "kernel/printk.h"
#include "tests/lab/options.h"
#include "tests/lab/registry.h"

void list_guards(void)
{
	for (unsigned id = 0; id < NR_GUARDS; id++)
		printk("# ev=guard name=%s kind=%s scenario=%s meaning=\"%s\"\n",
		       guard_info[id].name,
		       guard_info[id].kind == guard_kind_step ? "step" : "barrier",
		       guard_info[id].scenario, guard_info[id].meaning);
}

static void list_choices(void)
{
	for (unsigned id = VALUE_NONE + 1; id < NR_VALUES; id++)
		printk("# ev=choice name=%s value=%s default=%s meaning=\"%s\"\n",
		       value_info[id].choice, value_info[id].value,
		       choice_default[value_info[id].id] == id ? "yes" : "no",
		       value_info[id].meaning);
}

static void list_races(void)
{
	for (unsigned point = 0; point < NR_RACES; point++)
		printk("# ev=race name=%s meaning=\"%s\"\n", race_name[point], race_meaning[point]);
}

static void list_scenario(const struct scenario *scenario)
{
	char kills[160] = "", least[200] = "-";
	int used = 0, said = 0;

	for (unsigned i = 0; i < scenario->nr_cells; i++)
		if (scenario->cells[i].expect == EXPECT_BREAKS)
			used += scnprintk(kills + used, sizeof(kills) - (size_t)used,
					  used ? ",%s" : "%s",
					  guard_info[scenario->cells[i].off].name);
	for (unsigned i = 0; i < MAX_LEAST && scenario->least[i].of; i++)
		said += scnprintk(least + said, sizeof(least) - (size_t)said, "%s%u %s",
				  said ? ", " : "", scenario->least[i].count,
				  scenario->least[i].of);
	printk("# ev=scenario name=%s mode=%s guards=%s least=\"%s\" rule=\"%s\"\n", scenario->name,
	       mode_name[scenario->mode], used ? kills : "-", least, scenario->rule);
}

_Noreturn void list_all(unsigned nr_scenarios)
{
	cmdline_list();
	list_guards();
	list_choices();
	list_races();
	for (unsigned i = 0; i < nr_scenarios; i++)
		if (option_selects(scenario_at(i)->name))
			list_scenario(scenario_at(i));
	printk("1..0 # SKIP list only\n");
	finish_as(RUN_PASS);
}
