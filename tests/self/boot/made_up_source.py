# SPDX-License-Identifier: MIT
"""Writes a source of three files for test_mutants.py. One file has mutants, one tests it, and the Makefile builds
both."""
from __future__ import annotations

import shutil
from pathlib import Path

MAKEFILE = """\
lab: build/x86/lab/zapwalk.elf
unit: build/unit/test_sum_split
explorer:
CC = gcc
build/x86/lab/zapwalk.elf: mm/sum.c
	@mkdir -p build/x86/lab
	$(CC) -O2 -MMD -MF build/x86/lab/sum.d -c -o $@ $<
build/unit/test_sum_split: tests/self/unit/test_sum.c mm/sum.c
	@mkdir -p build/unit
	$(CC) -g -fsanitize=address -MMD -MF build/unit/sum.d -o $@ $^
"""
SUM = """\
/* The sum of n numbers. */
int sum_up(const int *p, int n);
unsigned length(unsigned bits);

int sum_up(const int *p, int n)
{
	int total = 0;

	while (n > 0) {
		total += *p;
		n--;
		p++;
	}
	/* Nobody adds up so much. */
	return total > 1000 ? 1000 : total;
}

unsigned length(unsigned bits)
{
	unsigned n = 0;

	for (; bits; n++)
		bits >>= 1;
	return n;
}
"""
TEST = """\
int sum_up(const int *p, int n);
unsigned length(unsigned bits);

int main(void)
{
	static const int few[] = {1, 2, 3}, many[] = {500, 501};

	(void)many;
	if (sum_up(few, 3) != 6 || length(5) != 3)
		return 1;
	return 0;
}
"""
# Ends as the lab does. It fails if a guard is off, and shows nothing if a role is idle.
RUN = """\
#!/bin/sh
case "$*" in *lab.idle*) exit 4;; *=off*|*lab.*) exit 1;; esac
"""
ARGUED = """\
### mm/sum.c, sum_up

- constant `return total > 999 ? 1000 : total;`: 1000 is what comes out of 1000, whichever way it goes
"""


def make_source(place: Path) -> Path:
    shutil.rmtree(place, ignore_errors=True)
    for name, text in {"Makefile": MAKEFILE, "mm/sum.c": SUM, "tests/self/unit/test_sum.c": TEST, "docs/mutants.md": ARGUED,
                       "tools/run": RUN, "tools/explorer": RUN}.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name in ("tools/run", "tools/explorer"):
        (place / name).chmod(0o755)
    return place
