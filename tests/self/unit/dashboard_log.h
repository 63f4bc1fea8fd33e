/* SPDX-License-Identifier: MIT */
/* Feeds lines of a log to kernel/dashboard/facts.c, and looks for text on the page drawn from
 * them. */
#pragma once
#include <stdio.h>

#include "kernel/dashboard/dashboard.h"
#include "tests/self/unit/shown.h"
#include "tests/self/unit/tap.h"

static struct facts facts;

static inline void feed(const char *const *lines)
{
	memset(&facts, 0, sizeof(facts));
	for (; *lines; lines++)
		facts_take(&facts, *lines, 7);
}

static inline void take(const char *line)
{
	facts_take(&facts, line, 7);
}

static inline bool row_has(unsigned row, const char *text)
{
	char line[SCREEN_COLS_MAX + 1];

	row_text(row, line);
	return strstr(line, text);
}

static inline bool has(const char *text)
{
	for (unsigned row = 0; row < rows; row++)
		if (row_has(row, text))
			return true;
	return false;
}

static inline void page(unsigned n)
{
	dashboard_draw_page(&facts, n, 10);
}

static inline void last_page(void)
{
	page(dashboard_pages(&facts) - 1);
}

#define HEAD                                                                                       \
	"TAP version 13",                                                                          \
		"# ev=boot version=0.1 git=abc123 port=x86 protocol=multiboot2 loader=\"GRUB 2\" " \
		"mem_mib=6143 reachable_mib=6143",                                                 \
		"# ev=cmdline text=\"strict guard.x=off\"",                                        \
		"# ev=machine cpu=\"Some CPU 9000\" signature=0x000306a9 firmware=\"Acme 1.2 "     \
		"01/02/2020, BIOS\" product=\"Acme Box\"",                                         \
		"# ev=firmware apic=xapic tables=acpi at=0x1 cpus=3 usable=3 ignored=0",           \
		"# ev=cpu n=1 hw=1 state=online", "# ev=cpu n=2 hw=2 state=online",                \
		"# ev=lab seed=0x1234 cpus=3 guards=live passes=1 seconds=5", "1..3"
#define HELD                                                                                       \
	"# ev=cell n=1 scenario=hw/ipi mode=probe guard=none choices=- result=held ms=1.0 "        \
	"tries=1 evidence=\"fine\"",                                                               \
		"ok 1 - x86/hw/ipi probe"
#define CAUGHT                                                                                     \
	"# ev=cell n=2 scenario=pte/torn-read mode=choreo guard=present_recheck choices=- "        \
	"result=caught ms=1.0 tries=1 evidence=\"half of each\"",                                  \
		"ok 2 - x86/pte/torn-read choreo guard.present_recheck=off"
#define WITNESS                                                                                    \
	"# ev=witness n=3 scenario=tlb/stale guard=none rule=\"no old frame\" saw=\"an old one\" " \
	"see=\"SDM\"",                                                                             \
		"# ev=step n=1 cpu=0 role=writer at=zap:12 do=clear_done value=0x77"
#define FAILED                                                                                     \
	"# ev=cell n=3 scenario=tlb/stale mode=choreo guard=none choices=- result=violated "       \
	"ms=1.0 tries=1 reason=\"an old one\"",                                                    \
		"not ok 3 - x86/tlb/stale choreo"
#define DONE(status) "# ev=done status=" status " passed=2 failed=1 skipped=4 known=5 seconds=6.700"
