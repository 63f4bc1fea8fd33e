#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/explorer with shell scripts in place of its machines. Fails if its options, its progress while machines run, or
its ends are wrong."""
from __future__ import annotations

import os
import re
import shutil
import signal
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

from prepared import PLACE, ROOT, at_once, check, finish, instead, log, printed, program, raises, same, script
from zapwalk.engine import Ending
from zapwalk.log import Log
from zapwalk.machines import Missing, Problem

TOOL = program("explorer")
HEAD = "TAP version 13\n# ev=explorer machine={}\n# ev=cmdline text=\"{}\"\n1..{}\n"
DONE = "# ev=done status={} passed={} failed={} skipped=0 known=0 seconds=1\n"


def run_of(name: str, text: str = "", ending: Ending | None = None) -> object:
    path = PLACE / f"{name}.log"
    path.write_text(text)
    return TOOL.Run(log(text, name), path, ending)


def options() -> None:
    for text, seconds in (("1", 1.0), ("0.5", 0.5), ("999999", 999999.0)):
        same(f"DEADLINE={text}", TOOL.deadline(text), seconds)
    for text in ("0", "-1", "x", "", "1e6", "nan"):
        raises(f"DEADLINE={text}", Problem, f"bad DEADLINE={text}. Valid: a number of seconds", TOOL.deadline, text)
    same("the explorer's options, and ours", TOOL.read_options(["run=a", "svg=x", "svg=y", "mail=m", "verbose"]),
         TOOL.Asked(["run=a", "verbose"], ["x", "y"], ["m"], [], 1))
    same("to be replayed", TOOL.read_options(["replay=x86-pc", "run=a", "repeat=3", "replay=mips"]), TOOL.Asked(["run=a", "replay"], [], [], ["x86-pc", "mips"], 3))
    for said, text in ((["svg="], "bad value in option 'svg=': valid is svg=<file>"), (["mail="], "bad value in option 'mail=': valid is mail=<file>"),
                       (["repeat=2"], "repeat=2 says how often, and no replay=<machine> says where"),
                       (["replay=x86-pc", "repeat=0"], "bad repeat=0. Valid: a number from 1 to 9999")):
        raises(" ".join(said), Problem, text, TOOL.read_options, said)
    raises("replay=nosuch", Problem, "it asked for nosuch", lambda: asks_for("nosuch"))
    with instead(sys, argv=["tools/explorer", "--help"]):
        said = printed(TOOL.arguments)
    same("--help tells them in this order", re.findall(r"^  (\w+|-.*?)(?:  |$)", said, re.M), ["options", "-h, --help", "--programs PROGRAMS", "--logs LOGS", "--deadline DEADLINE", "-v, --verbose"])
    check(TOOL.__doc__.strip() in said and re.search(r"--deadline DEADLINE +seconds \(default: 1800\)", said), "and what the program is for", said)
    os.environ.update(DEADLINE="7", V="1")
    with instead(sys, argv=["tools/explorer", "--logs", "l", "a", "b"]):
        same("settings of make", vars(TOOL.arguments()), {"options": ["a", "b"], "programs": Path("build/explore"), "logs": Path("l"), "deadline": "7", "verbose": True})
    os.environ.update(DEADLINE="", V="")
    with instead(sys, argv=["tools/explorer"]):
        same("none", vars(TOOL.arguments()), {"options": [], "programs": Path("build/explore"), "logs": None, "deadline": "1800.0", "verbose": False})
    with instead(sys, argv=["tools/explorer", "-v", "--deadline", "3", "--programs", "p"]):
        same("options", vars(TOOL.arguments()), {"options": [], "programs": Path("p"), "logs": None, "deadline": "3", "verbose": True})


def asks_for(machine: str) -> object:
    """Asks for a replay on this machine. The lookup always fails, and its error holds the requested name."""
    def unknown(name: str) -> None:
        raise Problem(f"it asked for {name}")

    with instead(TOOL.replay, explored_as=unknown):
        return TOOL.read_options([f"replay={machine}"])


def places() -> None:
    top = PLACE / "programs"
    shutil.rmtree(top, ignore_errors=True)
    top.mkdir()
    raises("no programs", Missing, f"there is no explorer in {top}. Build it with: make explorer", TOOL.programs, top)
    for name in ("folding", "xpa", "a", "split", "zz"):
        (top / f"zapwalk-explore-{name}").write_text("")
    (top / "other").write_text("")
    same("the longest work first", [path.name.rpartition("-")[2] for path in TOOL.programs(top)], ["split", "xpa", "a", "folding", "zz"])
    with instead(TOOL, LOGS=PLACE / "l/whole", OTHER=PLACE / "l/other"):
        shutil.rmtree(PLACE / "l", ignore_errors=True)
        asked = [TOOL.log_place(SimpleNamespace(logs=logs), said) for logs, said in ((None, []), (None, ["x"]), (PLACE / "l/mine", []), (None, []))]
        same("where logs go", [(path.name, path.is_dir()) for path in asked], [("whole", True), ("other", True), ("mine", True), ("whole", True)])


def complaints() -> None:
    done = HEAD.format("m", "", 0) + DONE.format("pass", 0, 0)
    same("how a machine ended, unless it said so", [run_of("m", text, ending).complaint for text, ending in (
        ("", None), (done, Ending(9, "", "")), ("", Ending(0, "", "")), ("", Ending(3, "", "bad\nword")), ("", Ending(-11, "", "")),
        ("", Ending(-9, "it was still running", "x")))], """\


it ended with status 0
it ended with status 3: bad
word
it ended with signal 11
it was still running: x""")


def progress(lines: list[tuple[int, str]], verbose: bool = False, terminal: bool = False, clock: tuple[float, ...] = ()) -> str:
    """Feeds lines of two machines, at these times, to the progress display. Returns its output."""
    times = iter([0.0, *clock] + [0.0] * 99)
    with instead(TOOL, on_terminal=lambda: terminal), instead(TOOL.time, monotonic=lambda: next(times)):
        runs = [TOOL.Run(Log(name), Path(name)) for name in ("explored-a", "explored-b")]
        shown = TOOL.Progress(runs, verbose)
        return printed(lambda: [shown.line(runs[number], raw) for number, raw in lines] and None)


def shown() -> None:
    lines = [(0, "1..3\r\n"), (1, "1..2"), (0, "# ev=explorer machine=a"), (0, "ok 1 - x"), (0, "\x1b[1mnot ok 2 - y\x1b[0m"), (1, "not ok 1 - z # TODO w"),
             (1, "# ev=progress scenario=s states=7"), (1, "# ev=other"), (0, "plain")]
    same("failures at once", progress(lines), """\
<red>FAIL</> y (a)
-> None""")
    same("every line", progress(lines, True), """\
explored-a: 1..3
explored-b: 1..2
explored-a: # ev=explorer machine=a
explored-a: ok 1 - x
explored-a: not ok 2 - y
explored-b: not ok 1 - z # TODO w
explored-b: # ev=progress scenario=s states=7
explored-b: # ev=other
explored-a: plain
-> None""")
    same("on a terminal a bar", progress(lines, False, True, (1.0, 2.4, 2.6)).replace("\x1b[K", "K").replace("\r", "R"), """\
RK[############................................................] 1/5, 1 sRK<red>FAIL</> y (a)
RK[########################....................................] 2/5, 2 sRK[####################################........................] 3/5, 3 sRK[####################################........................] 3/5, 0 s,  s: 7 states-> None""")
    same("elsewhere now and then a line", progress(lines, False, False, (10.0, 10.5, 20.5, 20.75)), """\
<red>FAIL</> y (a)
  2 of 5, 10 s
  3 of 5, 21 s,  s: 7 states
-> None""")
    same("seconds", TOOL.PATIENCE, 10.0)
    with instead(TOOL, on_terminal=lambda: False):
        one = TOOL.Progress([TOOL.Run(Log("a"), Path("a"))], False)
        same("seen at once", at_once(one.say, "x"), "x\n")
        one.said -= 11
        check(at_once(one.show, one.runs[0], log("ok 1 - a\n").points[0]).startswith("  0 of 0, 0 s"), "the line of now and then too")
    with instead(TOOL, on_terminal=lambda: True):
        check("] 0/0, 0 s" in at_once(one.show, one.runs[0], log("ok 1 - a\n").points[0]), "and the bar")
    finished = run_of("m", DONE.format("pass", 0, 0))
    same("over when the last line came", [one.over(one.runs[0]), one.over(finished)], [False, True])
    one.stop.set()
    raises("or stopped", KeyboardInterrupt, "", one.over, finished)


def explored() -> None:
    ran: list[tuple] = []

    def run(argv: list[str], path: Path, take, is_over, seconds: float) -> Ending:
        take(f"# ev=done of={argv[0]}")
        ran.append((argv, path, is_over(), seconds))
        if argv[0] == "stop":
            raise KeyboardInterrupt
        return Ending(0, "", argv[0])

    for cpus in (None, 2):
        del ran[:]
        with instead(TOOL.engine, run=run), instead(TOOL, on_terminal=lambda: False), instead(TOOL.os, cpu_count=lambda: cpus):
            runs = [TOOL.Run(Log(name), Path(name)) for name in ("a", "b")]
            one = TOOL.Progress(runs, False)
            same(f"all ran, on {cpus} CPUs", TOOL.explore([["x", "w"], ["y", "w"]], runs, one, 5.0), True)
            same("each its own", (sorted(ran), [each.ending.stderr for each in runs], [each.log.done.get("of") for each in runs]),
                 ([(["x", "w"], Path("a"), True, 5.0), (["y", "w"], Path("b"), True, 5.0)], ["x", "y"], ["x", "y"]))
    running, begun, told, pools = threading.Event(), [], [], []

    def lasting(argv: list[str], path: Path, take, is_over, seconds: float) -> Ending:
        """A machine. It runs until it is told to end, at most for 10 s."""
        begun.append(argv[0])
        running.set()
        until = time.monotonic() + 10
        while time.monotonic() < until:
            try:
                is_over()
            except KeyboardInterrupt:
                told.append(argv[0])
                break
        return Ending(0, "", "")

    def interrupted(*_: object) -> None:
        running.wait(10)
        raise KeyboardInterrupt

    real = TOOL.ThreadPoolExecutor
    with instead(TOOL.engine, run=lasting), instead(TOOL.os, cpu_count=lambda: None), instead(
            TOOL, wait=interrupted, ThreadPoolExecutor=lambda count: pools.append(count) or real(count)):
        same("interrupted", printed(TOOL.explore, [["x"], ["y"]], runs, one, 5.0), "\r\x1b[K-> False")
    same("one at a time, if nobody knows better; the second never begins", (pools, begun, told), ([1], ["x"], ["x"]))


def concluded() -> None:
    refusal = "TAP version 13\n# valid: a, b\nBail out! no such option\n# other\n"
    both = [run_of("explored-a", refusal), run_of("explored-b", refusal + "# valid: c\n")]
    same("what all refused is said once", TOOL.refusals(both), ["# valid: a, b", "Bail out! no such option", "# valid: c"])
    same("and ends the run", printed(TOOL.conclude, both, []), "# valid: a, b\nBail out! no such option\n# valid: c\n-> 5")
    fine = run_of("explored-a", HEAD.format("a", "run=x", 1) + "# ev=cell n=1 scenario=s mode=sc guard=none choices=- result=held states=1 interleavings=1\nok 1 - s\n"
                  + DONE.format("pass", 1, 0))
    same("one that did not refuse has another end", TOOL.refusals([fine, both[0]]), [])
    same("a run", printed(TOOL.conclude, [fine], ["run=x"]).replace(str(PLACE), "P"), """\
<bold>Explored</>: every interleaving, under each memory model (all guards on where none is off)

  guard off  machine  sc
  s
    -        a        held       1      1  <1 ms

  held, masked: states, interleavings (loops: a wait may look again for ever), time; caught: steps to the violation;
  deadlock, stop, ...: caught by that ending, which the cell names;
  under a weaker model often those of the stronger, followed again. All of it for these bounds and models.

  a: no state was visited

<green>PASS</> (1 passed, 0 failed, 0 skipped, 0 known, 1 s)
raw logs: P/explored-a.log
-> 0""")
    same("other options than were sent", printed(TOOL.conclude, [fine], ["run=y"]).splitlines()[-3:-1] + printed(TOOL.conclude, [fine], ["run=y"]).splitlines()[-1:],
         ["explored-a: it got other options than were sent: run=x", f"raw logs: {fine.path}", "-> 1"])
    dead = run_of("explored-b", HEAD.format("b", "run=x", 1), Ending(-11, "", ""))
    same("one died", printed(TOOL.conclude, [fine, dead], ["run=x"]).replace(str(PLACE), "P").splitlines()[-5:], """\
explored-b: <red>DIED</>
  it ends before the kernel's last line (`# ev=done`), after: 1..1
explored-b: it ended with signal 11
raw logs: P/explored-a.log, P/explored-b.log
-> 6""")
    same("options that nobody saw", printed(TOOL.conclude, [run_of("explored-a", "1..1\n")], []).splitlines()[-1], "-> 6")
    listed = [run_of(f"explored-{name}", HEAD.format(name, "list", "0 # SKIP") + f"# ev=scenario name={name}\n" + DONE.format("pass", 0, 0)) for name in "ab"]
    same("a list, of one for all", printed(TOOL.conclude, listed, ["list"]).replace(str(PLACE), "P"), """\
<bold>Scenarios</>
  a

<green>PASS</> (0 passed, 0 failed, 0 skipped, 0 known, 1 s)
raw logs: P/explored-a.log, P/explored-b.log
-> 0""")
    seen: list[object] = []
    with instead(TOOL.report, report=lambda logs, everything: seen.append(everything) or []):
        printed(TOOL.conclude, [fine], ["run=x"])
        printed(TOOL.conclude, [fine], ["verbose"])
    same("verbose shows every witness", seen, [False, True])


def replayed() -> None:
    runs, asked = [run_of("explored-split"), run_of("explored-xpa")], TOOL.Asked([], [], [], ["x86-pc", "mips"], 4)
    ran: list[tuple] = []
    ends = {"x86-pc": 1, "mips": 0}
    with instead(TOOL.replay, run=lambda log, machine, repeat: ran.append((log.name, machine, repeat)) or ends[machine]):
        same("the worst of all replays", TOOL.replays(runs, asked), 1)
        same("each by what its port is like", ran, [("explored-split", "x86-pc", 4), ("explored-xpa", "mips", 4)])
        same("no replays", TOOL.replays(runs, TOOL.Asked([], [], [], [])), 0)
        raises("nobody explored that", Missing, "mips replays what zapwalk-explore-xpa finds; there is none", TOOL.replays, runs[:1], asked)


def typed(*options: str) -> str:
    with instead(sys, argv=["tools/explorer", *options]):
        return printed(TOOL.main)


def whole_runs() -> None:
    """Runs main() with scripts in place of machines, and then with some of its functions replaced. The output and the
    status must be right."""
    place, logs = PLACE / "machines", PLACE / "whole"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    text = HEAD.format("split", "$*", 1) + "ok 1 - s\n" + DONE.format("pass", 1, 0)
    made = script("machine", f"cat <<END\n{text}END\n")
    made.rename(place / "zapwalk-explore-split")
    os.environ["ARGS"] = " run=a  mode=b "
    same("options of make come first", re.sub(r"\r\x1b\[K(\[.*1/1, \d+ s)?", "", typed("c d", "--programs", str(place), "--logs", str(logs))).replace(str(PLACE), "P"), """\
<green>PASS</> (1 passed, 0 failed, 0 skipped, 0 known, 1 s)
raw logs: P/whole/explored-split.log
-> 0""")
    check((logs / "explored-split.log").read_text() == text.replace("$*", "run=a mode=b c d"), "the log is what the machine said")
    os.environ["ARGS"] = ""
    saved: list[tuple] = []

    def save(*options: object) -> str:
        saved.append(([each.name for each in options[0]], *options[1:]))
        return f"cannot write {options[2]}" if str(options[2]).startswith("no") else ""

    parts = dict(explore=lambda argvs, runs, progress, seconds: True, conclude=lambda runs, options: 3, replays=lambda runs, asked: status)
    arguments = ("--programs", str(place), "--logs", str(logs))
    status = 0
    with instead(TOOL, **parts), instead(TOOL.mail, save=save), instead(TOOL.svg, witnesses=save):
        same("files", [typed("mail=m", "svg=s", "verbose", *arguments), typed("mail=no", *arguments), typed("svg=no", *arguments)],
             ["-> 3", "stderr: tools/explorer: CANNOT START: cannot write no\n-> 7", "stderr: tools/explorer: CANNOT START: cannot write no\n-> 7"])
        status = 1
        same("a replay that fails", typed(*arguments), "-> 1")
    same("what was saved", saved, [(["explored-split"], True, Path("m")), (["explored-split"], True, Path("s")), (["explored-split"], False, Path("no")),
                                   (["explored-split"], False, Path("no"))])
    same("no machines, and no folder for their logs", (typed("--programs", str(logs), "--logs", str(PLACE / "never")), (PLACE / "never").exists()),
         (f"stderr: tools/explorer: CANNOT START: there is no explorer in {logs}. Build it with: make explorer\n-> 7", False))
    same("wrong options", typed("svg=", *arguments), "stderr: tools/explorer: NOT RUN: bad value in option 'svg=': valid is svg=<file>\n-> 5")
    with instead(TOOL, **{**parts, "explore": lambda *arguments: False}):
        same("interrupted", typed(*arguments), f"interrupted; raw logs: {logs}/explored-*.log\n-> {128 + signal.SIGINT}")
    for error, text, number in ((OSError(13, "Permission denied", "/x"), "stderr: tools/explorer: CANNOT START: /x: Permission denied\n", 7),
                                (OSError(28, "No space left"), "stderr: tools/explorer: CANNOT START: error: No space left\n", 7),
                                (BrokenPipeError(), "(stderr was closed)\n".join(["stderr: ", ""]), 6)):
        def fails(*options: object) -> None:
            raise error
        with instead(TOOL, **{**parts, "conclude": fails}):
            same(f"{type(error).__name__} {error.errno}", typed(*arguments), f"{text}-> {number}")
    same("from anywhere", Path.cwd() == ROOT, True)
    os.chdir(PLACE)
    typed("svg=")
    same("the root is where it works", Path.cwd(), repr(ROOT))


options()
places()
complaints()
shown()
explored()
concluded()
replayed()
whole_runs()
finish()
