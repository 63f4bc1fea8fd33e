/* SPDX-License-Identifier: MIT */
/* Tests kernel/cmdline.c with options of its own. */
#include "kernel/cmdline.h"

#include <stdio.h>
#include <string.h>

#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

static char seen[256]; /* "name:rest=value " for each option set, in order */

static bool note(const char *name, const char *rest, const char *value)
{
	size_t used = strlen(seen);

	snprintf(seen + used, sizeof(seen) - used, "%s:%s=%s ", name, rest,
		 value ? value : "(none)");
	return true;
}

static bool set_early(const char *rest, const char *value)
{
	return value && note("early", rest, value);
}
OPTION(option_early, "early", "=<where>", set_early, true);

static bool set_late(const char *rest, const char *value)
{
	return value && strcmp(value, "bad") && note("late", rest, value);
}
OPTION(option_late, "late", "=<number>", set_late, false);

static bool flag;

static bool set_flag(const char *rest, const char *value)
{
	return note("flag", rest, value) && option_is_flag(value, &flag);
}
OPTION(option_flag, "flag", "", set_flag, false);

static bool set_family(const char *rest, const char *value)
{
	return *rest && note("family", rest, value);
}
OPTION(option_family, "family.", "<name>=off", set_family, false);

/* The parser keeps the line, so each test has one of its own for as long as it lasts. */
static void parse(const char *text)
{
	static char line[256];

	machine_reset();
	seen[0] = 0;
	snprintf(line, sizeof(line), "%s", text);
	cmdline_parse(line);
}

static void accepted(const char *text, const char *expected)
{
	parse(text);
	CHECK(!strcmp(seen, expected), "\"%s\": %s", text, seen);
}

static void refused(const char *text, const char *part)
{
	CHECK(PANICS(parse(text)) && panic_says(part), "\"%s\" is refused: %s", text, part);
}

int main(void)
{
	accepted("", "");
	accepted("   ", "");
	accepted("late=1", "late:=1 ");
	accepted("  late=1\t late=2  ", "late:=1 late:=2 ");
	accepted("late=1 early=x late=2", "early:=x late:=1 late:=2 ");
	accepted("late=a=b", "late:=a=b ");
	accepted("late=", "late:= ");
	accepted("early=a=b late=c", "early:=a=b late:=c ");
	accepted("flag", "flag:=(none) ");
	CHECK(flag, "a flag is set by its name alone");
	accepted("family.x=off family.y", "family:x=off family:y=(none) ");
	accepted("family.x.y=off", "family:x.y=off ");
	refused("lat=1", "unknown option 'lat=1'");
	refused("late2=1", "unknown option 'late2=1'");
	refused("late=1 nonsense", "unknown option 'nonsense'");
	CHECK(!panic_says("did you mean"), "an option like none is not guessed");
	refused("lat=1", "did you mean late=<number>?");
	refused("flga", "did you mean flag?");
	refused("famly.x=off", "did you mean family.<name>=off?");
	refused("famly.with.a.long.rest=off", "did you mean family.<name>=off?");
	refused("earlyearlyearlyearly=1", "unknown option 'earlyearlyearlyearly=1'");
	CHECK(!panic_says("did you mean"), "nor is one that is longer than any");
	refused("x", "unknown option 'x'");
	CHECK(!panic_says("did you mean"), "nor one of which nothing would be left");
	CHECK(strstr(model_console, " late=<number>") &&
		      strstr(model_console, " family.<name>=off"),
	      "the valid options are printed");
	refused("late=bad", "bad value in option 'late=bad': valid is late=<number>");
	refused("late", "bad value in option 'late'");
	refused("flag=1", "bad value in option 'flag=1'");
	refused("early", "bad value in option 'early'");
	refused("family.=off", "valid is family.<name>=off");
	refused("family", "unknown option 'family'");
	refused("=x", "unknown option '=x'");
	return tap_done();
}
