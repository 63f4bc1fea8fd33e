#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/report diff OLD NEW, on made-up logs and on two boots, and options of tools/report in any order. Fails if a
worse log is not reported, or if a better one is called worse."""
from __future__ import annotations

from pathlib import Path

from tap import CANNOT_START, NOT_RUN, PLACE, Result, boot, call, check, finish

HEAD = """TAP version 13
# ev=engine name="qemu" version="{version}" accel=tcg,thread=multi cpus=2 mem_mib=64
# ev=boot version=0.1 git=0000000 port=x86 mem_mib=64
# ev=cmdline text="{options}"
# ev=cpu n=1 hw=1 state=online
"""
POINTS = {"held": "ok {n} - x86/{name}", "caught": "ok {n} - x86/{name}", "violated": "not ok {n} - x86/{name}",
          "not_caught": "not ok {n} - x86/{name}", "known": "not ok {n} - x86/{name} # TODO known: F-001",
          "skipped": "ok {n} - x86/{name} # SKIP needs 2 CPUs", "masked": "ok {n} - x86/{name}"}


def log(name: str, rows: dict[str, str], options: str = "", version: str = "1") -> str:
    """Writes a log from rows of "scenario mode" and their results."""
    text = HEAD.format(options=options, version=version) + f"1..{len(rows)}\n"
    for n, (row, result) in enumerate(rows.items(), 1):
        scenario, mode = row.split(" ")[:2]
        text += (f"# ev=cell n={n} scenario={scenario} mode={mode} guard=none choices=- result={result} ms=1 tries=1 "
                 f'reason="because {result}"\n{POINTS[result].format(n=n, name=row)}\n')
    kinds = [("failed" if r in ("violated", "not_caught") else r if r in ("skipped", "known") else "passed")
             for r in rows.values()]
    counts = " ".join(f"{kind}={kinds.count(kind)}" for kind in ("passed", "failed", "skipped", "known"))
    status = "fail" if "failed" in kinds else "pass" if set(kinds) & {"passed", "known"} else "nothing_shown"
    PLACE.mkdir(parents=True, exist_ok=True)
    path = PLACE / f"{name}.log"
    path.write_text(f"{text}# ev=done status={status} {counts} seconds=1\n")
    return str(path)


def diff(old: dict[str, str], new: dict[str, str], options: str = "", version: str = "1") -> Result:
    return call(["tools/report", "diff", log("old", old), log("new", new, options, version)])



def changes() -> None:
    base = {"tlb/stale choreo": "held", "hw/ipi probe": "held"}
    for name, change, worse in (
            ("a rule broke", {"tlb/stale choreo": "violated"}, True), ("a row of hw/ broke", {"hw/ipi probe": "violated"}, True),
            ("a rule is known to break", {"hw/ipi probe": "known"}, True), ("a row is skipped", {"hw/ipi probe": "skipped"}, True),
            ("nothing", {}, False), ("a new row", {"pte/new choreo": "held"}, False),
            ("a new row that fails", {"pte/new choreo": "violated"}, True)):
        result = diff(base, {**base, **change})
        named = [row for row, kind in change.items() if row in result.text and kind in result.text]
        check(result.status == (1 if worse else 0) and len(named) == len(change) and
              result.says("Worse" if worse else "nothing is worse"), f"{name}: {'worse' if worse else 'not worse'}", result.text)
    back = diff({**base, "hw/ipi probe": "known"}, base)
    check(back.status == 0 and back.says("Better", "known  ->  held"), "a finding that no longer shows: better", back.text)
    gone = diff(base, {"hw/ipi probe": "held"})
    check(gone.status == 1 and gone.says("tlb/stale choreo", "not there"), "a row that is gone: worse", gone.text)
    part_of = diff(base, {"hw/ipi probe": "held"}, options="run=hw/ipi")
    check(part_of.status == 0 and not part_of.says("tlb/stale"), "a row that was not asked for: neither", part_of.text)


def twins() -> None:
    """Two rows have the same name. The diff must compare the second with the second."""
    old, new = log("old", {"a/b choreo": "held", "c/d choreo": "held"}), log("new", {"a/b choreo": "held", "c/d choreo": "violated"})
    for path in (old, new):
        text = Path(path).read_text().replace("x86/c/d", "x86/a/b")
        Path(path).write_text(text)
    result = call(["tools/report", "diff", old, new])
    check(result.status == 1 and result.says("x86/a/b choreo (2)", "1 points are worse"), "the second of two rows of a name", result.text)


def chance() -> None:
    base = {"tlb/stale choreo": "held", "tlb/stale stress guard.shootdown=off": "caught"}
    missed = diff(base, {**base, "tlb/stale stress guard.shootdown=off": "skipped"})
    check(missed.status == 0 and missed.says("Different, and neither"), "stress that met nothing: neither", missed.text)
    broke = diff(base, {**base, "tlb/stale stress guard.shootdown=off": "violated"})
    check(broke.status == 1, "stress in which a rule broke: worse", broke.text)


def what_ran() -> None:
    rows = {"tlb/stale choreo": "held"}
    result = diff(rows, rows, version="2")
    check(result.status == 0 and result.says("What ran", "engine version"), "another engine is named", result.text)
    broken = PLACE / "cut.log"
    broken.write_text("".join((PLACE / "old.log").read_text().partition("# ev=done")[:1]))
    result = call(["tools/report", "diff", str(PLACE / "old.log"), str(broken)])
    check(result.status == 1 and result.says("PASS -> DIED", "ends worse"), "a run that ends worse", result.text)


def two_boots() -> None:
    options = "run=tlb/stale,hw/above-4G mode=probe,choreo"
    good, bad = boot(options, name="good"), boot(options, name="stuck", SMP="1")
    same = call(["tools/report", "diff", str(good.path), str(good.path)])
    check(same.status == 0 and same.says("both PASS", "nothing is worse"), "a boot and itself", same.text)
    result = call(["tools/report", "diff", str(good.path), str(bad.path)])
    check(result.status == 1 and result.says("x86/tlb/stale choreo", "needs 2 CPUs", "lab cpus"), "two CPUs and one",
          result.text)


def any_order() -> None:
    first, second = str(PLACE / "old.log"), str(PLACE / "new.log")
    texts = [call(["tools/report", *options]).text for options in
             (["diff", first, second], [first, "diff", second], [first, second, "diff"])]
    check(texts[0] == texts[1] == texts[2] and "worse" in texts[0], "diff anywhere", *texts)
    texts = [call(["tools/report", *options]).text for options in (["-w", first], [first, "-w"])]
    check(texts[0] == texts[1], "-w anywhere", *texts)
    for options, status, says in ((["diff", first], NOT_RUN, "two logs"), (["diff", first, second, first], NOT_RUN, "got 3"),
                                (["diff", first, "nosuch.log"], CANNOT_START, "nosuch.log"),
                                (["dif", first, second], CANNOT_START, "Did you mean diff?"),
                                (["sgv=out.svg", first], CANNOT_START, "Did you mean svg=?"),
                                (["bench", "diff", first, second], NOT_RUN, "different things"), (["bench"], NOT_RUN, "which log")):
        result = call(["tools/report", *options])
        check(result.status == status and says in result.text, f"{' '.join(options[:1])}, {len(options) - 1} more: {says}",
              result.text)


changes()
twins()
chance()
what_ran()
two_boots()
any_order()
finish()
