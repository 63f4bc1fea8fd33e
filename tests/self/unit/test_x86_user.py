#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The program of arch/x86/user.S tells by a number which of its checks failed. Fails if two checks have one number."""
from __future__ import annotations

import re

from host import ROOT, check, finish

text = (ROOT / "arch/x86/user.S").read_text(encoding="utf-8")
numbers = [int(number) for number in re.findall(r"^\texpect\t.*, (\d+)$", text, re.MULTILINE)]
check(len(numbers) >= 10, "the program has its checks", numbers)
check(len(set(numbers)) == len(numbers) and min(numbers) == 1, "each of them has a number of its own", numbers)
finish()
