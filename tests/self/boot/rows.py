# SPDX-License-Identifier: MIT
"""Runs one boot of the boot matrix, a machine in one size. The machine must come up whole, pass, and skip with a reason
every scenario it cannot show. Rows with QUICK run a few scenarios of every kind. CPU models have QEMU's own names and
are given by QEMU_ARGS instead of the machine's own model."""
from __future__ import annotations

import re
from dataclasses import dataclass

from tap import Result, boot, check
from zapwalk.log import Log

# QUICK has two probes, one of them about frames above 4 GiB, and races of each group. All of them run for one second of
# stress as well.
QUICK = "run=hw/above-4G,hw/user-trap,pte/torn-read,pte/torn-read-high,tlb/stale,walk/table-free,gup/recheck seconds=1"
WHOLE = "seconds=1"  # of stress, because the kind of machine makes no difference to chance
RACES = ("pte/torn-read", "tlb/stale", "walk/table-free", "gup/recheck")
HIGH = ("hw/above-4G", "pte/torn-read-high")
NO_RAM = "no RAM above 4 GiB"
NO_BITS = "this CPU cannot address RAM above 4 GiB"


@dataclass
class Row:
    """One row of the boot matrix. `high` is the reason why there are no frames above 4 GiB, or "" if there are some."""

    machine: str = "x86-pc"
    smp: int = 2
    mem: str = "6G"
    cpu: str = ""
    high: str = ""
    options: str = QUICK
    tables: str = "acpi"

    @property
    def name(self) -> str:
        cpu = f" -cpu {self.cpu}" if self.cpu else ""
        return f"{self.machine}{cpu} SMP={self.smp} MEM={self.mem}" + ("" if self.options == QUICK else ", all scenarios")


def points_of(log: Log, scenario: str) -> list:
    return [p for p in log.points if p.name.split(" ")[0] == f"x86/{scenario}"]


def ran(log: Log, scenario: str) -> bool:
    return any(point.ok and not point.directive for point in points_of(log, scenario))


def skipped(log: Log, scenario: str, reason: str) -> bool:
    found = points_of(log, scenario)
    return bool(found) and all(p.directive == "SKIP" and reason in p.reason for p in found)


def passes(result: Result, log: Log, name: str) -> None:
    done = log.done.get("status") if log.done else "none"
    check(result.status == 0 and done == "pass" and result.says("PASS ("), f"{name}: passes", result.text)
    left = [point for point in log.points if point.directive == "TODO" and not point.reason.startswith("known: F-")]
    check(log.points and not left, f"{name}: nothing is left unobserved", result.text)


def is_whole(row: Row, log: Log) -> None:
    """Checks that all CPUs of the command line are online and that all memory is seen, except for less than 2 MiB kept
    by the firmware."""
    online = log.first("lab").number("cpus")
    check(online == row.smp, f"{row.name}: all CPUs are online", f"online: {online}")
    check(log.first("firmware").get("tables") == row.tables, f"{row.name}: listed by {row.tables}",
          log.first("firmware").line)
    number, unit = int(row.mem[:-1]), row.mem[-1]
    asked = number * (1024 if unit == "G" else 1)
    seen = log.first("boot").number("mem_mib") or 0
    check(asked - 2 <= seen <= asked, f"{row.name}: all memory is seen", f"asked: {asked}, seen: {seen}")
    reach = log.first("boot").number("reachable_mib") or 0
    beyond = log.first("memory").number("unreachable_mib")
    wanted = reach == seen and not beyond if row.high != NO_BITS else reach < 4096 < seen and beyond == seen - reach
    check(wanted, f"{row.name}: what of it this CPU can address", log.first("boot").line, log.first("memory").line)
    used = log.first("memory").number("used_mib") or 0
    most = min(seen, 128 if row.high else 256)
    check(most * 3 / 4 < used < most, f"{row.name}: what of it is used", log.first("memory").line)


def shows_what_it_can(row: Row, log: Log) -> None:
    for scenario in RACES + HIGH:
        if row.smp == 1 and scenario not in HIGH[:1]:
            check(skipped(log, scenario, "needs 2 CPUs"), f"{row.name}: {scenario} is skipped, one CPU")
        elif row.high and scenario in HIGH:
            check(skipped(log, scenario, row.high), f"{row.name}: {scenario} is skipped, {row.high}",
                  [point.reason for point in points_of(log, scenario)])
        else:
            check(ran(log, scenario), f"{row.name}: {scenario} ran")


def flushes_what_it_must(name: str, log: Log, most_kept: int) -> None:
    """Checks that a flush leaves the neighbours of the flushed entry in the TLB. A flush of too much breaks no rule but
    is slow. The number counted by hw/effective-invalidation is constant on QEMU, except for an entry or two evicted to
    make room."""
    said = [match for cell in log.all("cell") if cell.get("scenario") == "hw/effective-invalidation"
            for match in [re.search(r"(\d+) of \d+ neighbours of what was flushed stayed", cell.get("evidence") or "")] if match]
    check(said and all(most_kept - 4 <= int(match.group(1)) <= most_kept for match in said),
          f"{name}: a flush takes no neighbours", *(match.group(0) for match in said))


def run(row: Row) -> None:
    more = {"QEMU_ARGS": f"-cpu {row.cpu}"} if row.cpu else {}
    result = boot(row.options, ("--machine", row.machine, "--smp", str(row.smp), "--mem", row.mem),
                  name=re.sub(r"[^\w.+-]+", "-", row.name), **more)
    log = result.log or Log("none")
    passes(result, log, row.name)
    is_whole(row, log)
    shows_what_it_can(row, log)
    if row.options == WHOLE:
        flushes_what_it_must(row.name, log, most_kept=52)
