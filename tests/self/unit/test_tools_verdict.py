#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""zapwalk.verdict. Fails if a log gets the wrong verdict or the wrong reasons."""
from __future__ import annotations

from host import finish, same
from zapwalk import log, verdict
from zapwalk.ends import ENDS

HEAD = ["TAP version 13", "1..2"]
POINTS = ["ok 1 - a/one probe", "ok 2 - a/two choreo"]
NO_HEADER = "no report in it: the line `TAP version 13` is missing"


def done(status: str = "pass", passed: int = 2, failed: int = 0, skipped: int = 0, known: int = 0) -> str:
    return f"# ev=done status={status} passed={passed} failed={failed} skipped={skipped} known={known} seconds=1.0"


def logged(*lines: str) -> log.Log:
    return log.parse(lines, "x86-pc")


def judged(name: str, lines: list[str], status: str, *reasons: str) -> None:
    found = verdict.judge(logged(*lines))
    same(name, (found.status, found.reasons, found.exit_status), (status, list(reasons), ENDS[status].status))


def passes() -> None:
    judged("two points that passed", [*HEAD, *POINTS, done()], "pass")
    judged("tools/run saw more", [*HEAD, *POINTS, done(), '# ev=run end=died why="a"', '# ev=run end=fail why="b"'], "died", "a",
           "b")
    judged("an end that there is not", [*HEAD, *POINTS, done(), '# ev=run end=odd why="a"'], "pass")
    judged("a list", ["TAP version 13", "1..0 # SKIP nothing", done(passed=0)], "pass")
    judged("a known finding is shown", ["TAP version 13", "1..1", "not ok 1 - a # TODO known F-001", done(passed=0, known=1)],
           "pass")


def no_last_line() -> None:
    judged("nothing", [], "died", NO_HEADER)
    judged("no header", ["ok 1 - a"], "died", NO_HEADER)
    judged("a header alone", ["TAP version 13"], "died",
           "it ends before the kernel's last line (`# ev=done`), after: TAP version 13")
    judged("lines of tools/run alone behind a header that has blanks before it", ["\x1b[2JTAP version 13", "# ev=engine name=x"],
           "died",
           "it ends before the kernel's last line (`# ev=done`), after: TAP version 13")
    judged("it bailed out", [*HEAD, "Bail out! no memory"], "died", "Bail out! no memory",
           "it ends before the kernel's last line (`# ev=done`), after: Bail out! no memory")
    judged("it bailed out before its header", ["Bail out! no PAE"], "died", "Bail out! no PAE",
           "it ends before the kernel's last line (`# ev=done`), after: Bail out! no PAE")
    judged("no line at all but a bail-out of nothing", ["Bail out!"], "died", "Bail out! no reason given",
           "it ends before the kernel's last line (`# ev=done`), after: Bail out!")
    empty = logged("TAP version 13")
    empty.last_line = ""
    same("nothing stands before the end", verdict.read(empty).reasons,
         ["it ends before the kernel's last line (`# ev=done`), after: nothing"])


def the_kernel_says() -> None:
    judged("no such end", [*HEAD, *POINTS, done("odd")], "fail", "the kernel says status=odd, which is no end")
    judged("it cannot have died", [*HEAD, "Bail out! x", done("died")], "fail", "Bail out! x",
           "the kernel says status=died, which is no end")
    judged("fail, without a point that did", [*HEAD, *POINTS, done("fail")], "fail", "the kernel says status=fail")
    judged("fail, with a bail-out", [*HEAD, *POINTS, "Bail out! panic", done("fail")], "fail", "Bail out! panic")
    judged("pass, with a bail-out", [*HEAD, *POINTS, "Bail out! panic", done()], "fail", "Bail out! panic")
    judged("not_run, with a bail-out", ["TAP version 13", "Bail out! bad option", done("not_run", 0)], "not_run",
           "Bail out! bad option")
    judged("not_run without one", [*HEAD, *POINTS, done("not_run")], "fail",
           "the last line says status=not_run, and there is no Bail out!")
    judged("cannot_start without one", [*HEAD, *POINTS, done("cannot_start")], "fail",
           "the last line says status=cannot_start, and there is no Bail out!")
    judged("incomplete, and nothing is missing", [*HEAD, *POINTS, done("incomplete")], "incomplete",
           "the kernel calls its run incomplete")


def failed_points() -> None:
    bad = [f"not ok {n} - a/{n} probe" for n in range(1, 6)]
    judged("one of two", [*HEAD, "ok 1 - a", "not ok 2 - b", done("fail", 1, 1)], "fail", "1 of 2 failed: b")
    judged("three are named", ["TAP version 13", "1..3", *bad[:3], done("fail", 0, 3)], "fail",
           "3 of 3 failed: a/1 probe; a/2 probe; a/3 probe")
    judged("of more, three", ["TAP version 13", "1..4", *bad[:4], done("fail", 0, 4)], "fail",
           "4 of 4 failed: a/1 probe; a/2 probe; a/3 probe; ...")
    judged("behind the bail-out", [*HEAD, "not ok 1 - a", "Bail out! x", done("fail", 0, 1)], "fail", "Bail out! x",
           "1 of 1 failed: a")


def later_passes() -> None:
    """A later pass must be named with its row only if the row was not already worse in its first pass."""
    cells = ["# ev=cell n=1 result=held", "# ev=cell n=2 result=held"]
    for result in ("violated", "not_caught", "broken", "no_evidence", "cut_off"):
        judged(f"a row that is {result} in pass 3", [*HEAD, *POINTS, *cells, f"# ev=again n=2 pass=3 result={result}",
                                                     done("fail", 1, 1)],
               "fail", "1 of 2 failed: a/two choreo (pass 3)")
    judged("a row that is held again", [*HEAD, *POINTS, *cells, "# ev=again n=2 pass=3 result=held", done()], "pass")
    judged("a row that failed before", [*HEAD, POINTS[0], "not ok 2 - b", "# ev=again n=2 pass=3 result=violated",
                                        done("fail", 1, 1)],
           "fail", "1 of 2 failed: b")
    judged("its cell had said so", [*HEAD, *POINTS, "# ev=cell n=1 result=held", "# ev=cell n=2 result=not_observed",
                                    "# ev=again n=2 pass=2 result=not_observed", done()], "pass")
    judged("a row that there is not", [*HEAD, *POINTS, "# ev=again n=7 pass=2 result=violated", done()], "pass")
    judged("not observed in pass 2", [*HEAD, *POINTS, *cells, "# ev=again n=1 pass=2 result=not_observed", done("incomplete")],
           "incomplete", "a broken variant was not seen to break: a/one probe (pass 2)")


def contradictions() -> None:
    def wrong(name: str, lines: list[str], *reasons: str) -> None:
        judged(name, lines, "fail", *reasons)

    wrong("no plan", ["TAP version 13", *POINTS, done()], "there is no plan (1..N)")
    wrong("a point is missing", [*HEAD, POINTS[0], done(passed=1)], "the plan is 1..2, the points are 1..1 (1 of them)")
    wrong("a point has another's number", [*HEAD, "ok 2 - a", "ok 2 - b", done()],
          "the plan is 1..2, the points are 2..2 (2 of them)")
    wrong("a point too many", [*HEAD, *POINTS, "ok 3 - c", done(passed=3)], "the plan is 1..2, the points are 1..3 (3 of them)")
    wrong("no point", [*HEAD, done(passed=0)], "the plan is 1..2, the points are none", "nothing ran")
    wrong("a plan of nothing", ["TAP version 13", "1..0", done(passed=0)], "nothing ran")
    wrong("output behind the end", [*HEAD, *POINTS, done(), "what", "else"], "there is output after the last line: what")
    wrong("an earlier boot that broke off", ["TAP version 13", "TAP version 13", "TAP version 13", "1..1", "ok 1 - a",
                                             done(passed=1)],
          "2 earlier boot(s) in this log ended without their last line")
    wrong("a cell that says otherwise", [*HEAD, *POINTS, "# ev=cell n=2 result=violated", done()],
          "point 2 is ok, but its cell says violated")
    judged("the cell of a point that failed", ["TAP version 13", "1..1", "not ok 1 - a", "# ev=cell n=1 result=violated",
                                               done("fail", 0, 1)], "fail", "1 of 1 failed: a")
    judged("no contradictions are looked for behind a bail-out", ["TAP version 13", "Bail out! x", done("incomplete", 7)],
           "incomplete",
           "Bail out! x")


def counts() -> None:
    kinds = ["TAP version 13", "1..4", "ok 1 - a", "not ok 2 - b", "ok 3 - c # SKIP why", "not ok 4 - d # TODO known"]
    judged("each kind once", [*kinds, done("fail", 1, 1, 1, 1)], "fail", "1 of 4 failed: b")
    judged("each count one more", [*kinds, done("fail", 2, 2, 2, 2)], "fail", "1 of 4 failed: b",
           *(f"the last line says {kind}=2, the points say 1" for kind in ("passed", "failed", "skipped", "known")))
    judged("no counts", [*HEAD, *POINTS, "# ev=done status=pass"], "fail",
           *(f"the last line has no {kind}=" for kind in ("passed", "failed", "skipped", "known")))
    judged("all skipped, and a pass", ["TAP version 13", "1..1", "ok 1 - a # SKIP x", done(passed=0, skipped=1)], "fail",
           "the last line says status=pass, and every point was skipped")
    judged("nothing shown, and points passed", [*HEAD, *POINTS, done("nothing_shown")], "fail",
           "the last line says status=nothing_shown, and points passed")
    judged("nothing shown", ["TAP version 13", "1..5", *(f"ok {n} - a # SKIP reason {n // 2}" for n in range(1, 6)),
                             done("nothing_shown", 0, 0, 5)], "nothing_shown", "every variant was skipped",
           "2 of 5: reason 1", "2 of 5: reason 2", "1 of 5: reason 0")
    judged("three reasons are told", ["TAP version 13", "1..4", *(f"ok {n} - a # SKIP reason {n}" for n in range(1, 5)),
                                      done("nothing_shown", 0, 0, 4)], "nothing_shown", "every variant was skipped",
           "1 of 4: reason 1", "1 of 4: reason 2", "1 of 4: reason 3")


def missing() -> None:
    def lacks(name: str, events: list[str], *reasons: str) -> None:
        judged(name, [*HEAD, *events, *POINTS, done("incomplete")], "incomplete", *reasons)

    lacks("a CPU is silent", ["# ev=cpu n=1 state=online", "# ev=cpu n=2 state=silent"], "CPU 2 did not start")
    lacks("CPUs are not used", ["# ev=firmware ignored=8"], "8 of the firmware's CPUs are not used")
    lacks("a list is damaged", ["# ev=firmware ignored=0 cut=1"], "the firmware's list of CPUs is damaged, so some may be missing")
    lacks("strays go on", ['# ev=warning cpu=1 what="stray interrupts keep coming here"', '# ev=warning cpu=0 what="an option"'],
          "stray interrupts keep coming on CPU 1")
    lacks("CPUs were asked for", ["# ev=engine cpus=4", "# ev=cpu n=1 state=online"],
          "4 CPUs were asked for, and the machine has 2: CPU 2, 3 is missing")
    lacks("one was", ["# ev=engine cpus=4", "# ev=cpu n=1 state=online", "# ev=firmware ignored=1"],
          "1 of the firmware's CPUs are not used", "4 CPUs were asked for, and the machine has 3: CPU 3 is missing")
    judged("as many as were asked for", [HEAD[0], "# ev=engine cpus=2", "# ev=cpu n=1 state=online", HEAD[1], *POINTS, done()],
           "pass")
    lacks("memory", ["# ev=engine mem_mib=800", "# ev=boot mem_mib=699"],
          "800 MiB of memory were asked for, and the machine has 699: 101 MiB are missing")
    for name, events in (("seven eighths", ["# ev=engine mem_mib=800", "# ev=boot mem_mib=700"]),
                         ("nobody asked", ["# ev=boot mem_mib=1"]),
                         ("asked for none", ["# ev=engine mem_mib=0", "# ev=boot mem_mib=1"]),
                         ("nobody says what there is", ["# ev=engine mem_mib=800"])):
        judged(f"memory: {name}", [HEAD[0], *events, HEAD[1], *POINTS, done()], "pass")
    lacks("memory: none", ["# ev=engine mem_mib=1", "# ev=boot mem_mib=0"],
          "1 MiB of memory were asked for, and the machine has 0: 1 MiB are missing")
    lacks("what the kernel misses", ['# ev=missing what="a clock"'], "a clock")
    todo = [f"not ok {n} - v{n} # TODO not observed: 9 tries" for n in range(1, 6)]
    for count, more in ((3, []), (4, ["... and 1 more"]), (5, ["... and 2 more"])):
        judged(f"{count} broken variants were not seen", ["TAP version 13", f"1..{count}", *todo[:count],
                                                          done("incomplete", 0, 0, 0, count)],
               "incomplete", *(f"a broken variant was not seen to break: v{n}" for n in range(1, 4)), *more)
    judged("one was seen all the same", ["TAP version 13", "1..1", "ok 1 - v # TODO not observed", done(passed=0, known=1)], "pass")
    judged("a pass in which something is missing", [*HEAD, *POINTS, '# ev=missing what="a clock"', done()], "incomplete", "a clock")
    judged("nothing shown, and something is missing", ["TAP version 13", "1..1", "ok 1 - a # SKIP x", '# ev=missing what="a clock"',
                                                       done("nothing_shown", 0, 0, 1)], "incomplete", "a clock")


def soaks() -> None:
    """A soak ended from outside has no last line. Its complete passes must still have a verdict."""
    ended = "ended from outside after pass 2; this is the verdict of what was run"
    passes_of = ["# ev=pass n=1", "# ev=pass n=2"]

    def soaked(name: str, lines: list[str], wanted: tuple[str, list[str]] | None) -> None:
        found = verdict.whole_passes(logged(*lines))
        same(f"a soak: {name}", found and (found.status, found.reasons), wanted)

    soaked("two passes", [*HEAD, *POINTS, *passes_of], ("pass", [ended]))
    soaked("no pass", [*HEAD, *POINTS], None)
    soaked("it bailed out", [*HEAD, *POINTS, *passes_of, "Bail out! x"], None)
    soaked("a point is missing", [*HEAD, POINTS[0], *passes_of], None)
    soaked("a row failed", [*HEAD, POINTS[0], "not ok 2 - b", *passes_of], ("fail", ["1 of 2 failed: b", ended]))
    soaked("all was skipped", ["TAP version 13", "1..1", "ok 1 - a # SKIP x", *passes_of],
           ("nothing_shown", ["every variant was skipped", "1 of 1: x", ended]))
    soaked("known findings", ["TAP version 13", "1..1", "not ok 1 - a # TODO known", *passes_of], ("pass", [ended]))
    soaked("something is missing", [*HEAD, *POINTS, '# ev=missing what="a clock"', *passes_of], ("incomplete", ["a clock", ended]))


passes()
no_last_line()
the_kernel_says()
failed_points()
later_passes()
contradictions()
counts()
missing()
soaks()
finish()
