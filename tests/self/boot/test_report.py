#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/report on made-up logs. Fails if a kind of cell, a hole, a witness, a column of several machines or a
measurement is shown wrongly."""
from __future__ import annotations

import re

from tap import CANNOT_START, INCOMPLETE, PLACE, call, check, finish

HEAD = """TAP version 13
# ev=boot version=0.1 git=0000000 port=x86
# ev=cmdline text="{options}"
# ev=guard name=one kind=step scenario=a/one meaning="the first step"
# ev=guard name=two kind=step scenario=a/two meaning="the second step"
# ev=guard name=wall kind=barrier scenario=a/wall meaning="a barrier"
"""
WITNESS = """# ev=witness n={n} scenario=a/one guard={guard} rule="never both" saw="both at once"
# ev=step n=1 cpu=0 role=walker at=read_low:10 do=read value=0x1
# ev=step n=2 cpu=2 role=writer at=write_high:20 do=write value=0x2
# ev=step n=3 cpu=0 role=walker at=read_high:30 do=read_again value=0x3
"""
CELL = "# ev=cell n={n} scenario={scenario} mode={mode} guard={guard} choices=- result={result} ms=0.420 tries=9 {why}\n"


def cell(n: int, guard: str, result: str, why: str = "", scenario: str = "a/one", mode: str = "choreo") -> str:
    return CELL.format(n=n, scenario=scenario, mode=mode, guard=guard, result=result, why=why)


def log(name: str, cells: list[str], points: list[str], options: str = "", status: str = "pass") -> str:
    """Writes a log with these points. The last line counts them correctly."""
    failed = sum(1 for p in points if p.startswith("not ok") and "#" not in p)
    skipped = sum(1 for p in points if "# SKIP" in p)
    known = sum(1 for p in points if "# TODO" in p)
    passed = len(points) - failed - skipped - known
    body = "".join(text + point + "\n" for text, point in zip(cells, points))
    last = f"# ev=done status={status} passed={passed} failed={failed} skipped={skipped} known={known} seconds=0.1\n"
    path = PLACE / f"{name}.log"
    PLACE.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD.format(options=options) + f"1..{len(points)}\n" + body + last)
    return str(path)


def row_of(text: str, guard: str) -> str:
    return next((line for line in text.splitlines() if line.startswith(f"  {guard}  ")), "")


def cell_texts() -> None:
    cases = {
        "caught": ("", "ok 1 - x86/a/one choreo", "caught 0.42 ms", 0, ""),
        "not_caught": ("", "not ok 1 - x86/a/one choreo", "NOT CAUGHT", 1, "NOT CAUGHT, which fails the run"),
        "not_observed": ("", "not ok 1 - x86/a/one choreo # TODO not observed: 9 tries", "not observed (9 tries)", INCOMPLETE,
                         "not observed in 9 tries"),
        "not_observable": ('reason="not observable here: one access"', "ok 1 - x86/a/one choreo # SKIP x", "not observable: one access", 0,
                           "one access"),
        "masked": ('reason="shootdown-wait"', "ok 1 - x86/a/one choreo # SKIP x", "masked by shootdown-wait", 0,
                   "masked by shootdown-wait"),
        "skipped": ('reason="needs 2 CPUs"', "ok 1 - x86/a/one choreo # SKIP x", "skipped: needs 2 CPUs", 0, "needs 2 CPUs"),
    }
    for result, (why, point, text, status, not_shown) in cases.items():
        points = [point, "ok 2 - x86/a/two choreo"]
        path = log(result, [cell(1, "one", result, why), cell(2, "two", "caught")], points,
                   status={0: "pass", 1: "fail", INCOMPLETE: "incomplete"}[status])
        got = call(["tools/report", path])
        check(text in row_of(got.text, "one"), f"{result}: the cell reads {text}", got.text)
        check(got.status == status, f"{result}: exit status {status}", got.text)
        said = re.search(r"^    one: (.*)$", got.text, re.MULTILINE)
        check((said.group(1) if said else "") == not_shown, f"{result}: not shown on this machine: {not_shown}", got.text)
        check("holes" not in got.text, f"{result}: on one machine no hole", got.text)


def not_run() -> None:
    path = log("half", [cell(1, "one", "caught")], ["ok 1 - x86/a/one choreo"])
    got = call(["tools/report", path])
    check("not run" in row_of(got.text, "two") and "    two: no scenario of it runs here" in got.text and "holes" not in got.text,
          "a guard without a cell: not run, which is said", got.text)
    check("    1 barriers: only the explorer" in got.text and not row_of(got.text, "wall"), "barriers are counted apart", got.text)
    path = log("partial", [cell(1, "one", "caught")], ["ok 1 - x86/a/one choreo"], options="run=a/one")
    got = call(["tools/report", path])
    check("not asked for: 1 other steps, 1 barriers" in got.text and "holes" not in got.text and not row_of(got.text, "two"),
          "with run=, what was not asked for has no row and is no hole", got.text)


def by_option(metal: str, explored_log) -> None:
    """A guard caught neither by a machine nor by the explorer is a hole, unless an option of the user left it out."""
    wall = ("wall", "pso", "caught", "")
    got = call(["tools/report", metal, explored_log("explored-f", [wall])])
    check("holes: two" in got.text, "not caught by anybody: a hole", got.text)
    both = explored_log("explored-g", [wall, ("two", "sc", "caught", "")])
    got = call(["tools/report", metal, both])
    check("holes: none" in got.text, "the explorer catches it: no hole", got.text)
    for n, reason in enumerate(("another guard is off on the command line", "this variant is about choice.zap=split",
                                "safe: no frames above 4 GiB", "needs 2 CPUs")):
        path = log(f"option-{n}", [cell(1, "one", "caught"), cell(2, "two", "skipped", f'reason="{reason}"')],
                   ["ok 1 - x86/a/one choreo", f"ok 2 - x86/a/two choreo # SKIP {reason}"], options="cpus=1")
        got = call(["tools/report", path, explored_log("explored-f", [wall])])
        check("holes: none" in got.text and "left out by your options: two" in got.text, f"{reason}: no hole", got.text)
    path = log("no-option", [cell(1, "one", "caught"), cell(2, "two", "skipped", 'reason="needs 2 CPUs"')],
               ["ok 1 - x86/a/one choreo", "ok 2 - x86/a/two choreo # SKIP needs 2 CPUs"])
    got = call(["tools/report", path, explored_log("explored-f", [wall])])
    check("holes: two" in got.text, "needs 2 CPUs, and nobody said cpus=: a hole", got.text)


def explored() -> None:
    """All machines of the explorer share one column. It names the strongest memory model under which a guard is caught,
    or the reason to keep a barrier."""
    def explored_log(name: str, cells: list[tuple[str, str, str, str]]) -> str:
        made = [cell(n, guard, result, f'steps=7 reason="{why}"', "a/wall", mode)
                for n, (guard, mode, result, why) in enumerate(cells, 1)]
        points = [f"{'not ok' if result == 'not_caught' else 'ok'} {n} - model/a/wall {mode}"
                  for n, (_, mode, result, _) in enumerate(cells, 1)]
        bad = any(point.startswith("not ok") for point in points)
        return log(name, [f"# ev=explorer machine={name}\n" + made[0], *made[1:]], points, status="fail" if bad else "pass")

    metal = log("metal", [cell(1, "one", "caught")], ["ok 1 - x86/a/one choreo"])
    by_option(metal, explored_log)
    first = explored_log("explored-a", [("wall", "sc", "held", ""), ("wall", "tso", "held", ""), ("wall", "pso", "caught", "")])
    other = explored_log("explored-b", [("wall", "weak", "caught", "")])
    got = call(["tools/report", metal, first, other])
    check("caught pso, 7 steps" in row_of(got.text, "wall") and "barriers, holes" not in got.text,
          "explored: the strongest memory that breaks it, of all machines", got.text)
    check(got.status == 0, "explored: passes", got.text)
    kept = explored_log("explored-c", [("wall", "sc", "held", "the NMI is a barrier"), ("wall", "weak", "held", "the NMI is a barrier")])
    got = call(["tools/report", metal, kept])
    check("a barrier that nothing kills: wall: the NMI is a barrier" in got.text and "holes: wall" not in got.text,
          "explored: a barrier that nothing kills has its reason, and is no hole", got.text)
    bare = explored_log("explored-d", [("wall", "sc", "held", ""), ("wall", "weak", "held", "")])
    got = call(["tools/report", metal, bare])
    check("barriers, holes: wall" in got.text, "explored: without a reason it is a hole", got.text)
    missed = explored_log("explored-e", [("wall", "sc", "held", ""), ("wall", "weak", "not_caught", "")])
    got = call(["tools/report", metal, first, missed])
    check("NOT CAUGHT" in row_of(got.text, "wall") and got.status == 1, "explored: one miss is what is shown", got.text)


def worst_cell() -> None:
    """If a guard has several cells in one column, the worst must be shown, because a caught one must not hide
    another."""
    texts = {"not_caught": "NOT CAUGHT", "violated": "VIOLATED", "broken": "BROKEN", "no_evidence": "NO EVIDENCE",
             "cut_off": "CUT OFF"}
    fine = log("fine", [cell(1, "one", "caught")], ["ok 1 - x86/a/one choreo"])
    for result, text in texts.items():
        for good, bad in ((1, 2), (2, 1)):
            rows = sorted([(bad, cell(bad, "one", result, 'reason="x"', "a/two"), f"not ok {bad} - x86/a/two choreo"),
                           (good, cell(good, "one", "caught"), f"ok {good} - x86/a/one choreo")])
            path = log("worst", [row[1] for row in rows], [row[2] for row in rows], status="fail")
            for name, logs in (("alone", [path]), ("beside a machine where it is caught", [path, fine])):
                row = row_of(call(["tools/report", *logs]).text, "one")
                check(text in row and row.count("caught") == len(logs) - 1,
                      f"a column with caught and {result}, {name}: it reads {text}", row)


def with_choices() -> None:
    """One guard under two algorithms must have two rows. A historical algorithm must not be listed as a guard."""
    nowait = [text.replace("choices=-", "choices=flush=nowait") for text in (
        cell(2, "one", "caught"), cell(3, "none", "caught", 'evidence="a torn value"'))]
    points = ["ok 1 - x86/a/one choreo guard.one=off", "ok 2 - x86/a/one choreo choice.flush=nowait guard.one=off",
              "ok 3 - x86/a/one choreo choice.flush=nowait"]
    path = log("choices", [cell(1, "one", "masked", 'reason="shootdown-wait"'), *nowait], points)
    got = call(["tools/report", path])
    rows = [line for line in got.text.splitlines() if line.startswith("  one  ")]
    check(len(rows) == 2 and "masked by shootdown-wait" in rows[0] and rows[1].endswith("flush=nowait")
          and "caught" in rows[1], "one row for each choice", got.text)
    history = got.text.partition("Historical")[2]
    check("caught 0.42 ms" in history and "a torn value" in history, "historical algorithms stand apart", got.text)


def known_findings() -> None:
    points = ["not ok 1 - x86/hw/a probe # TODO known: F-001", "ok 2 - x86/hw/b probe # TODO known: F-002, which no longer shows"]
    got = call(["tools/report", log("known", [cell(1, "none", "known"), cell(2, "none", "held")], points)])
    rows = [line.split() for line in got.text.splitlines() if "known: F-" in line]
    check(got.status == 0 and [row[0] for row in rows] == ["shows", "no"], "known findings: whether they still show",
          got.text)


def warnings() -> None:
    text = '# ev=warning what="stray interrupt: vector 0x20 on CPU 1"\n'
    result = call(["tools/report", log("warned", [text + cell(1, "one", "caught")], ["ok 1 - x86/a/one choreo"])])
    last = result.text.strip().splitlines()[-2:]
    check(result.status == 0 and last[0].startswith("PASS") and last[1] == "  warning: stray interrupt: vector 0x20 on CPU 1",
          "a warning stands behind the verdict, and does not change it", result.text)


def side_by_side() -> None:
    """Several machines side by side. Each must have one column for all its modes, and each guard one row for all its
    choices."""
    first = log("left", [cell(1, "one", "caught"), cell(2, "one", "caught", mode="stress"),
                         cell(3, "two", "not_caught", mode="stress")],
                ["ok 1 - x86/a/one choreo", "ok 2 - x86/a/one stress", "not ok 3 - x86/a/two stress"], status="fail")
    nowait = cell(1, "two", "caught").replace("choices=-", "choices=flush=nowait")
    second = log("right", [nowait, cell(2, "two", "masked", 'reason="one"')],
                 ["ok 1 - x86/a/two choreo", "ok 2 - x86/a/two choreo choice.flush=nowait"])
    got = call(["tools/report", first, second])
    check(re.search(r"^  guard off +breaks +left +right$", got.text, re.M), "a column for each machine", got.text)
    check(re.search(r"^  one +a/one +caught choreo, stress +not run$", got.text, re.M), "in which modes it is caught",
          got.text)
    check(re.search(r"^  two +a/two +NOT CAUGHT +caught choreo$", got.text, re.M), "one row for all choices, a miss first",
          got.text)
    check("holes" not in got.text and "not shown on these machines" in got.text and "    two:" not in got.text,
          "caught on one machine is caught", got.text)
    check(got.status == 1 and got.says("left: FAIL", "right: PASS"), "the worst verdict counts", got.text)
    scripted = log("s390x-hercules", [cell(1, "one", "caught")], ["ok 1 - s390x/a/one choreo"])
    got = call(["tools/report", scripted])
    check(got.says("s390x-hercules stress") and row_of(got.text, "one").endswith("not run"),
          "stress that the machine's own options leave out: not run", got.text)


def witnesses() -> None:
    text = WITNESS.format(n=1, guard="none") + cell(1, "none", "violated", 'reason="both at once"')
    path = log("violated", [text], ["not ok 1 - x86/a/one choreo"], options="guard.one=off", status="fail")
    got = call(["tools/report", path])
    check(got.says("a/one with guard.one=off", "never both", "both at once"), "a witness: what, rule, what was seen",
          got.text)
    lines = got.text.splitlines()
    steps = [line for line in lines if "read = 0x1" in line or "write = 0x2" in line or "read_again = 0x3" in line]
    columns = [line.find(word) for line, word in zip(steps, ("read", "write", "read_again"))]
    check(len(steps) == 3 and columns[0] == columns[2] < columns[1], "a column for each CPU, in order of time", got.text)
    check(got.says("CPU 0, walker", "CPU 2, writer", "read_low:10", "write_high:20"), "who, and where", got.text)
    caught = log("caught_one", [WITNESS.format(n=1, guard="one") + cell(1, "one", "caught")], ["ok 1 - x86/a/one choreo"])
    check("Witness" not in call(["tools/report", caught]).text, "a caught cell's witness is not shown")
    check("Witness" in call(["tools/report", "-w", caught]).text, "but with -w it is")
    drawn = PLACE / "lanes.svg"
    got = call(["tools/report", path, f"svg={drawn}"])
    check((got.status == 1 and drawn.is_file()) or (got.status == CANNOT_START and got.says("matplotlib", "apt-get")),
          "svg: lanes, or how to get matplotlib", got.text)


def measurements() -> None:
    lines = ("# ev=bench name=floor unit=ns median=20.0 min=19.0 ratio=- floor=- per=page\n"
             "# ev=bench name=gup_fast unit=ns median=25.0 min=24.0 ratio=1.25 floor=floor per=page\n")
    path = log("bench", [lines], ["ok 1 - x86/bench/walk"])
    got = call(["tools/report", "bench", path])
    check(got.status == 0 and got.says("gup_fast", "25.0", "1.25x", "ns a page"), "tools/report bench", got.text)
    check("Kill matrix" not in got.text, "tools/report bench: only the table", got.text)
    check("Scaling" not in got.text and "noise" not in got.text, "nothing of what it does not have", got.text)


def noise() -> None:
    """A measurement that is no fact must not be shown as one. Each case has a floor and a measurement above it, as
    name, median, min, ratio and CPUs."""
    cases = {"faster than its floor": [("floor", 20, 19, "-", 1), ("it", 18, 17, "0.90", 1)],
             "far from its minimum": [("floor", 20, 19, "-", 1), ("it", 50, 20, "2.50", 1)],
             "on a floor that is": [("floor", 50, 20, "-", 1), ("it", 60, 55, "1.20", 1)],
             "spinning, and later than asleep": [("floor", 20, 19, "-", 1), ("it", 30, 29, "1.50", 1),
                                                 ("it_asleep", 25, 24, "-", 1)]}
    for what, rows in cases.items():
        lines = [f"# ev=bench name={name} unit=ns median={median}.0 min={least}.0 ratio={ratio} "
                 f"floor={'-' if ratio == '-' else 'floor'} per=call pages=1 cpus={cpus}\n"
                 for name, median, least, ratio, cpus in rows]
        got = call(["tools/report", "bench", log("noise", ["".join(lines)], ["ok 1 - x86/bench/it"])])
        line = next((line for line in got.text.splitlines() if line.split()[:1] == ["it"]), "")
        check("noise" in line and "x " not in line, f"noise: {what}", got.text)


def scaling() -> None:
    lines = ("# ev=bench name={name} unit=ns median={median}.0 min={median}.0 ratio=- floor=- per=call pages={pages} "
             "cpus={cpus} context=\"Linux 6.1: 70\"\n")
    rows = [("zap", 2000, 1, 0)] + [(name + "_asleep", 1000 * cpus * (2 - pages), pages, cpus)
                                    for cpus in range(1, 4) for name, pages in (("floor_ipi", 0), ("zap", 1))]
    text = "".join(lines.format(name=n, median=m, pages=p, cpus=c) for n, m, p, c in [("gup_fast", 50, 16, 0), *rows])
    path, drawn = log("scaling", [text], ["ok 1 - x86/bench/zap"]), PLACE / "bench.svg"
    got = call(["tools/report", "bench", path, f"svg={drawn}"])
    check(got.says("Scaling", "6.0 (6.0)", "3.0 (3.0)"), "more CPUs have a table", got.text)
    check((got.status == 0 and "70" in drawn.read_text()) or (got.status == CANNOT_START and got.says("matplotlib", "apt-get")),
          "bench svg: a plot, or how to get matplotlib", got.text)
    empty = log("nothing", [], ["ok 1 - x86/pte/a"])
    got = call(["tools/report", "bench", empty, f"svg={PLACE / 'none.svg'}"])
    check(got.status == CANNOT_START and got.says("no measurements"), "bench svg: without measurements", got.text)


def unmet() -> None:
    """A machine may pass without a test of one of its promises. The report must name this promise."""
    why = 'reason="hardly any overlap: 3 cells in which CPUs overtook each other, and 16 are the least"'
    rows = [("hw/ad-atomic", "skipped", why), ("hw/iriw", "skipped", 'reason="needs 4 CPUs"'), ("hw/held", "held", 'evidence="x"')]
    path = log("unmet", [cell(n, "none", result, reason, scenario=name, mode="probe") for n, (name, result, reason) in enumerate(rows, 1)],
               ["ok 1 - x86/hw/ad-atomic probe # SKIP x", "ok 2 - x86/hw/iriw probe # SKIP x", "ok 3 - x86/hw/held probe"])
    got = call(["tools/report", path])
    named = re.search(r"^1 promise of the machine not tested (.*)", got.text, re.MULTILINE)
    check(got.status == 0 and named and named[1].endswith("at the same time): hw/ad-atomic"), "promises that were not tested are named",
          got.text)
    path = log("met", [cell(1, "none", "held", 'evidence="x"', scenario="hw/held", mode="probe")], ["ok 1 - x86/hw/held probe"])
    check("not tested" not in call(["tools/report", path]).text, "and nothing if all were")


cell_texts()
unmet()
not_run()
explored()
worst_cell()
with_choices()
known_findings()
warnings()
side_by_side()
witnesses()
measurements()
noise()
scaling()
finish()
