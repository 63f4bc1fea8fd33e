# SPDX-License-Identifier: MIT
"""Checks on any kind of PC that none of our frames and tables lies below 1 MiB, because firmware writes there as long
as the PC runs."""
from __future__ import annotations

import re

from tap import Result, boot, check, skip

PAGE_BITS, LOW_END = 12, 1 << 20
# Race points (kernel/hooks/races.def), grouped by their value, an address of a root or table, an entry, or a frame
# number.
ADDRESS, ENTRY, FRAME = 0, 1, 2
CARRIES = {"switch_loaded": ADDRESS, "upgrade_done": ADDRESS, "gup_pte_table": ADDRESS,
           "gup_pgd_read": ENTRY, "gup_pmd_read": ENTRY, "pte_read_done": ENTRY, "set_done": ENTRY, "clear_done": ENTRY,
           "gup_grabbed": FRAME, "page_freed_twice": FRAME, "page_written_free": FRAME}
ENTRY_ADDRESS = 0x000FFFFFFFFFF000  # SDM vol. 3, table 4-11
PRESENT = 1  # without it an entry may name a slot in swap


def addresses(result: Result) -> dict[str, list[int]]:
    """Returns all physical addresses in the log, sorted into roots and others."""
    found: dict[str, list[int]] = {"root": [], "other": []}
    for step in result.log.all("step") if result.log else []:
        what, value = CARRIES.get(step.get("do") or ""), int(step.get("value") or "0", 0)
        if what == ADDRESS:
            found["root" if step.get("do") == "switch_loaded" else "other"].append(value)
        elif what == ENTRY and value & PRESENT:
            found["other"].append(value & ENTRY_ADDRESS)
        elif what == FRAME:
            found["other"].append(value << PAGE_BITS)
    found["other"] += [int(number, 16) << PAGE_BITS for number in re.findall(r"frame (0x[0-9a-f]+)", result.text)]
    return found


def looks_at_low_memory(machine: str, mem: str) -> None:
    result = boot("run=tlb/*,gup/* mode=choreo verbose", ("--machine", machine, "--mem", mem), name=f"{machine}-{mem}")
    name = f"{machine} {mem}"
    if result.says("tools/setup test"):
        skip(name, "its image or its firmware is not installed: tools/setup test")
        return
    check(result.status == 0 and result.log and result.log.first("lab").number("cpus") == 2,
          f"{name}: passes, on 2 CPUs, the second started from low memory", result.text)
    found = addresses(result)
    check(len(found["root"]) > 5 and len(found["other"]) > 10, f"{name}: the log names roots and frames", found)
    low = [hex(address) for kind in found.values() for address in kind if address < LOW_END]
    check(not low, f"{name}: all of them at or above 1 MiB", low)
