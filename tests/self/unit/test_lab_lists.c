/* SPDX-License-Identifier: MIT */
/* tests/lab/list_scenarios.c: what the option `list` prints. */
#include <setjmp.h>

#include "tests/lab/list_scenarios.c"

#include "tests/self/unit/machine.h"
#include "tests/self/unit/printed.h"

const char *const mode_name[NR_MODES] = {[MODE_PROBE] = "probe", [MODE_CHOREO] = "choreo"};

#define LONGEST BREAKS(mkinvalid_checks_present)
#define LONG	"a name of eighty letters, which no row has: it would make its line too long to read"
static const struct scenario rows[] = {
	{.name = "hw/one",
	 .mode = MODE_PROBE,
	 .rule = "a rule",
	 .least = {AT_LEAST(3, "loads"), AT_LEAST_MET(40, "stores at once")},
	 CELLS(HOLDS())},
	{.name = "pte/two",
	 .mode = MODE_CHOREO,
	 .rule = "another",
	 .nr_cells = 4, /* and one behind them */
	 .cells = {BREAKS(shootdown), MASKED(ipi_mb, "x"), BREAKS(present_recheck), HISTORICAL("y"),
		   BREAKS(set_wmb)}},
	{.name = "tlb/three", .mode = MODE_CHOREO, .rule = "not asked for"},
	{.name = "hw/four",
	 .mode = MODE_PROBE,
	 .rule = "as many as there can be",
	 .least = {AT_LEAST(1, "a"), AT_LEAST(2, "b"), AT_LEAST(3, "c")}},
	{.name = "pte/long",
	 .mode = MODE_CHOREO,
	 .rule = "more than there is room for",
	 .least = {AT_LEAST(1, LONG), AT_LEAST(2, LONG), AT_LEAST(3, LONG)},
	 CELLS(LONGEST, LONGEST, LONGEST, LONGEST, LONGEST, LONGEST, LONGEST, LONGEST)},
};

static jmp_buf ended;
static int end = -1;

const struct scenario *scenario_at(unsigned index)
{
	return &rows[index];
}

bool option_selects(const char *name)
{
	return strcmp(name, "tlb/three");
}

void finish_as(enum run_end with)
{
	end = (int)with;
	longjmp(ended, 1);
}

static void list(unsigned nr)
{
	printed_long();
	if (!setjmp(ended))
		list_all(nr);
}

/* Lines that begin so. */
static unsigned lines(const char *beginning)
{
	unsigned n = 0;

	for (const char *at = printed_pieces; (at = strstr(at, beginning)); at++)
		n += at == printed_pieces || at[-1] == '\n';
	return n;
}

/* Of what is printed behind `from`, up to the next `to`. */
static size_t length(const char *from, const char *to)
{
	const char *at = strstr(printed_pieces, from);
	const char *behind = at ? strstr(at += strlen(from), to) : NULL;

	return behind ? (size_t)(behind - at) : 0;
}

static bool in_order(const char *one, const char *other)
{
	const char *first = strstr(printed_pieces, one), *second = strstr(printed_pieces, other);

	return first && second && first < second;
}

static void test_guards_and_choices(void)
{
	unsigned defaults = 0;

	list(0);
	printed_collect();
	CHECK(lines("# ev=guard name=") == NR_GUARDS && lines("# ev=race name=") == NR_RACES &&
		      lines("# ev=choice name=") == NR_VALUES - 1,
	      "each guard, race point and value of a choice has a line");
	CHECK(lines("# ev=option name=fault. ") == 1 && lines("# ev=option name=deadline ") == 0,
	      "and each option of this image");
	CHECK(strstr(printed_pieces,
		     "# ev=guard name=present_recheck kind=step scenario=pte/torn-read meaning=\"") &&
		      strstr(printed_pieces,
			     "# ev=guard name=set_wmb kind=barrier scenario=pte/set-order meaning=\""),
	      "a step and a barrier");
	CHECK(strstr(printed_pieces, "# ev=choice name=zap value=atomic default=yes meaning=\"one "
				     "64-bit exchange, where the port has one\"\n") &&
		      strstr(printed_pieces,
			     "# ev=choice name=zap value=split default=no meaning=\""),
	      "a default and another one");
	for (const char *at = printed_pieces; (at = strstr(at, " default=yes")); at++)
		defaults++;
	CHECK(defaults == NR_CHOICES, "each choice has one default");
	CHECK(strstr(printed_pieces,
		     "# ev=race name=zap_unlocked meaning=\"zap: the lock of a "
		     "table dropped\"\n"),
	      "a race point");
	CHECK(in_order("ev=option", "ev=guard") && in_order("ev=guard", "ev=choice") &&
		      in_order("ev=choice", "ev=race") && in_order("ev=race", "1..0"),
	      "in this order");
	CHECK(strstr(printed_pieces, "\n1..0 # SKIP list only\n") && end == RUN_PASS,
	      "nothing runs, and that is a pass");
}

#define SCENARIOS                                                                                  \
	"# ev=scenario name=hw/one mode=probe guards=- least=\"3 loads, 40 stores at once\" "      \
	"rule=\"a rule\"\n"                                                                        \
	"# ev=scenario name=pte/two mode=choreo guards=shootdown,present_recheck least=\"-\" "     \
	"rule=\"another\"\n"

static void test_scenarios(void)
{
	const char *scenarios;

	list(3);
	printed_collect();
	scenarios = strstr(printed_pieces, "# ev=scenario");
	CHECK(scenarios && !strcmp(scenarios, SCENARIOS "1..0 # SKIP list only\n"),
	      "the scenarios that run= asks for: what kills, and the least evidence");
	list(4);
	printed_collect();
	CHECK(strstr(printed_pieces,
		     "name=hw/four mode=probe guards=- least=\"1 a, 2 b, 3 c\" rule"),
	      "three kinds of evidence");
	list(5);
	printed_collect();
	CHECK(length("guards=mkinvalid_checks_present,", " least=") == 159 - 25 &&
		      length("least=\"1 a name of", "\" rule=") == 199 - 11,
	      "what has no room is cut");
}

static void test_guards_alone(void)
{
	printed_long();
	list_guards();
	printed_collect();
	CHECK(lines("# ev=guard name=") == NR_GUARDS && !lines("1..") && !lines("# ev=race"),
	      "the guards alone");
}

int main(void)
{
	machine_reset();
	test_guards_and_choices();
	test_scenarios();
	test_guards_alone();
	return tap_done();
}
