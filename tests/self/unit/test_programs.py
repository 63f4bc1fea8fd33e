#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The programs tools/report, tools/symbolize, tools/fuzz and tools/new. Fails if their arguments are read wrongly, or
if their output, compared in full, has changed. test_explorer_runs.py tests tools/explorer."""
from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

from prepared import PLACE, ROOT, at_once, check, finish, instead, log, printed, program, raises, same, script
from zapwalk.machines import Problem

TOOL = {name: program(name) for name in ("report", "symbolize", "fuzz", "new")}
LOG = """TAP version 13
# ev=boot git=1234567
# ev=cell n=1 scenario=a/one mode=choreo guard=g choices=- result=caught ms=2
# ev=witness n=1 scenario=a/one
1..1
ok 1 - x86/a/one choreo
# ev=done status=pass passed=1 failed=0 skipped=0 known=0 seconds=1
"""
BENCH = "# ev=bench name=b unit=ns median=5 min=5\n"


def typed(name: str, *arguments: str) -> str:
    """Runs main() with these arguments and returns its output."""
    with instead(sys, argv=[f"tools/{name}", *arguments]):
        return printed(TOOL[name].main)


def reports() -> None:
    tool, good, bench = TOOL["report"], PLACE / "good.log", PLACE / "bench.log"
    good.write_text(LOG)
    bench.write_text(LOG.replace("1..1", BENCH + "1..1"))
    bad = PLACE / "bad.log"
    bad.write_text(LOG.replace("caught", "held").replace("ok 1", "not ok 1").replace("passed=1 failed=0", "passed=0 failed=1").replace("status=pass", "status=fail"))
    os.chdir(PLACE)
    same("a log", typed("report", "good.log"), """\
<bold>Kill matrix</>: the shipping code with one guard off, and whether that is noticed

  guard off  breaks  good choreo
  g          a/one   <green>caught</> 2 ms

<green>PASS</> (1 passed, 0 failed, 0 skipped, 0 known, 1 s)
-> 0""")
    same("two, and the worst status", typed("report", "good.log", "bad.log").splitlines()[-4:], """\
good: <green>PASS</> (1 passed, 0 failed, 0 skipped, 0 known, 1 s)
bad: <red>FAIL</> (0 passed, 1 failed, 0 skipped, 0 known, 1 s)
  1 of 1 failed: x86/a/one choreo
-> 1""")
    said = typed("report", "--help")
    same("--help tells options in this order", re.findall(r"^  (\w+|-.*?)(?:  |$)", said.partition("Options may stand in any order.")[2], re.M), ["LOG", "-h, --help", "-w, --witnesses"])
    same("and begins with what the program is for", said.partition("\n\n")[2].startswith(TOOL["report"].__doc__.strip()), True)
    same("every witness", [typed("report", argument, "good.log").count("Witness") for argument in ("-w", "--witnesses")], [1, 1])
    same("measurements", typed("report", "bench.log", "bench", "good.log"), """\
<bold>Bench</>: ratios to the floor of the same boot

  what  pages  other CPUs  median  min  unit  ratio  to its floor  for comparison
  b     -      -           5       5    ns    -      -
Bench: the log has no measurements.
-> 0""")
    same("what changed", [typed("report", *arguments).splitlines()[-2:] for arguments in (("diff", "good.log", "bad.log"), ("bad.log", "diff", "good.log"))],
         [["\x1b[31mthe run ends worse\x1b[0m", "-> 1"], ["\x1b[32mnothing is worse\x1b[0m", "-> 0"]])
    same("arguments that do not go together", [typed("report", *arguments) for arguments in (
        ("bench", "diff", "a", "b"), ("diff", "a"), ("diff", "a", "b", "c"), ("diff", "a", "b", "svg=x"), ("bench",), ("svg=x", "mail=y"))], """\
stderr: tools/report: NOT RUN: bench and diff are two different things
-> 5
stderr: tools/report: NOT RUN: diff wants two logs, OLD and NEW, and got 1
-> 5
stderr: tools/report: NOT RUN: diff wants two logs, OLD and NEW, and got 3
-> 5
stderr: tools/report: NOT RUN: diff wants two logs, OLD and NEW, and got 2 and svg=
-> 5
stderr: tools/report: NOT RUN: which log? `make run` leaves one in build/logs/
-> 5
stderr: tools/report: NOT RUN: which log? `make run` leaves one in build/logs/
-> 5""")
    same("bench twice is bench", typed("report", "bench", "bench", "bench.log").splitlines()[0], "<bold>Bench</>: ratios to the floor of the same boot")
    same("files that are not there", [typed("report", argument) for argument in ("dif", "nosuch.log", "svh=x", "sv=x")], """\
stderr: tools/report: CANNOT START: dif: No such file or directory. Did you mean diff?
-> 7
stderr: tools/report: CANNOT START: nosuch.log: No such file or directory
-> 7
stderr: tools/report: CANNOT START: svh=x: No such file or directory. Did you mean svg=?
-> 7
stderr: tools/report: CANNOT START: sv=x: No such file or directory. Did you mean svg=?
-> 7""")
    (PLACE / "diff").write_text(LOG)
    same("a log that is called diff", typed("report", "diff").splitlines()[-1], "-> 0")
    (PLACE / "diff").unlink()
    saved: list[tuple] = []
    with instead(tool.mail, save=lambda *arguments: saved.append(arguments) or ("no" if arguments[2].name == "no" else "")), instead(
            tool.svg, witnesses=lambda *arguments: saved.append(arguments) or ("no" if arguments[2].name == "no" else "")), instead(
            tool, plot_svg=lambda *arguments: saved.append(arguments) or ""):
        ends = [typed("report", *arguments).splitlines()[-2:] for arguments in (
            ("good.log", "mail=m", "svg=s"), ("-w", "good.log", "mail=m", "svg=s"), ("good.log", "mail=no", "svg=s"), ("good.log", "svg=no", "mail=m"),
            ("bench", "bench.log", "svg=s"))]
    same("what was written", [("/".join(map(str, arguments[1:-1])), arguments[-1].name) for arguments in saved],
         [("False", "m"), ("False", "s"), ("True", "m"), ("True", "s"), ("False", "no"), ("False", "m"), ("False", "no"), ("", "s")])
    same("and how that ended", [end[-1] for end in ends], ["-> 0", "-> 0", "-> 7", "-> 7", "-> 0"])
    same("which is said", [ends[2][0], ends[3][0]], ["stderr: tools/report: CANNOT START: no"] * 2)
    drawn: list[tuple] = []
    one, two = log(LOG, "one"), log(BENCH, "two")
    with instead(tool.plot, svg=lambda *arguments: drawn.append(arguments)):
        same("a plot of what was measured", printed(tool.plot_svg, [one, two], Path("p.svg")), "p.svg: gup_fast, and zaps by the number of CPUs\n-> ")
    same("and of nothing else", [([each.name for each in logs], str(path)) for logs, path in drawn], [(["two"], "p.svg")])
    same("nothing was measured", tool.plot_svg([one], Path("p.svg")), "svg: there are no measurements in the log (`make bench` makes them)")
    os.chdir(ROOT)


def gone_readers() -> None:
    """If the reader of the output has left, the program must end with a status of its own and without a complaint."""
    for name, arguments, status in (("report", [str(PLACE / "good.log")], 6), ("symbolize", [str(PLACE / "good.log"), "/bin/true"], 1)):
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run([sys.executable, "-u", str(ROOT / "tools" / name), *arguments], stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
        os.close(writer)
        same(f"tools/{name}: the reader left", (done.returncode, done.stderr), (status, ""))
        done = subprocess.run([sys.executable, str(ROOT / "tools" / name), *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
        same(f"tools/{name}: a reader that stays", (done.returncode, done.stderr), (0, ""))


def symbols() -> None:
    tool = TOOL["symbolize"]
    (PLACE / "raw.log").write_bytes(b"one\r\n\x1b[1mtwo \xff\nthree\rfour")
    images: list[Path] = []

    def made(usable: bool, found: str) -> object:
        return lambda elf: images.append(elf) or SimpleNamespace(usable=usable, tool=found, annotate=lambda line: f"<{line}>")

    raw = str(PLACE / "raw.log")
    with instead(tool, Symbols=made(True, "addr2line")):
        same("each line, clean and with its place", typed("symbolize", raw), "<one>\n<two \ufffd>\n<three\rfour>\n-> 0".replace("\r", ""))
        typed("symbolize", raw, "my.elf")
        same("a log that is not there", typed("symbolize", "nosuch.log"), "stderr: tools/symbolize: nosuch.log: No such file or directory\n-> 2")
    with instead(tool, Symbols=made(False, "addr2line")):
        same("no image", typed("symbolize", raw, "my.elf"), "stderr: tools/symbolize: my.elf: no such file\n-> 2")
    with instead(tool, Symbols=made(False, "")):
        same("no addr2line", typed("symbolize", raw), "stderr: tools/symbolize: addr2line is not installed: tools/setup run\n-> 2")
    same("--help tells them in this order", re.findall(r"^  (log|elf)\b", typed("symbolize", "--help"), re.M), ["log", "elf"])
    same("the image", [str(path) for path in images[:2]], ["build/x86/lab/zapwalk.debug.elf", "my.elf"])


def fuzzers() -> None:
    tool = TOOL["fuzz"]
    three = tool.Amount(["-max_total_time=3"], "3 s", 3, True)
    place = PLACE / "fuzz"
    shutil.rmtree(place, ignore_errors=True)
    ok = "echo stat::number_of_executed_units: 12\n"
    programs = {
        "sound": 'echo "$@"; ' + ok, "idle": "echo nothing", "fails": "echo 'SUMMARY: Asan: x' ; exit 3", "silent": ok + "exit 3",
        "found": ok + "echo 'x; Test unit written to a/found-1'; echo 'a.c:7: runtime error: overflow'", "bail": ok + "echo 'Bail out! no'; exit 1",
        "holds": ok + "echo 'a.c:7: must hold, and does not: a < b'; echo 'SUMMARY: later'; exit 1"}
    paths = {name: script(name, text) for name, text in programs.items()}
    with instead(tool, PLACE=place):
        found = {name: tool.fuzz(path, three) for name, path in paths.items()}
        none = tool.fuzz(PLACE / "nosuch", three)
        same("what each tried and found", [f"{one.parser}: {one.inputs} {one.problem!r} {one.found!r} {one.log.relative_to(place)}" for one in found.values()],
             """\
sound: 12 '' '' sound.log
idle: 0 'tried no input' '' idle.log
fails: 0 'SUMMARY: Asan: x' '' fails.log
silent: 12 'ended with status 3' '' silent.log
found: 12 'a.c:7: runtime error: overflow' 'a/found-1' found.log
bail: 12 'Bail out! no' '' bail.log
holds: 12 'a.c:7: must hold, and does not: a < b' '' holds.log""")
        same("how it was called", (place / "sound.log").read_text().splitlines()[0].replace(str(place), "P"),
             "-max_total_time=3 -timeout=10 -print_final_stats=1 -artifact_prefix=P/found/sound- P/corpus/sound tests/self/fuzz/corpus/sound")
        same("one that is not there", (none.parser, none.inputs, none.seconds, none.problem, none.log.name, none.found),
             ("nosuch", 0, 0, "cannot be run: No such file or directory", "nosuch.log", ""))
        check(all(0 < one.seconds < 60 for one in found.values()), "each took its time", *found.values())
        asked: list[dict] = []

        def late(argv: list[str], **named: object) -> None:
            asked.append(named)
            raise subprocess.TimeoutExpired(argv, 1)

        with instead(tool.subprocess, run=late):
            same("one that does not end", tool.fuzz(paths["sound"], three).problem, "did not end 60 s after its time")
        same("how long it may take", (asked[0]["timeout"], asked[0]["check"], asked[0]["stdin"], asked[0]["stderr"]),
             (63, False, subprocess.DEVNULL, subprocess.STDOUT))
    one = tool.Outcome("p", 5, 2.6)
    same("an outcome at first", (one.problem, one.log, one.found), ("", Path("build/fuzz"), ""))
    bad = tool.Outcome("q", 0, 0.4, "ended with status 1", Path("q.log"), "in/q")
    quiet = tool.Outcome("r", 1, 1, "odd", Path("r.log"))
    same("shown", printed(tool.show, [one, bad, quiet]), """\
  parser  inputs  seconds
  p       5       3        found nothing
  q       0       0        ended with status 1
  r       1       1        odd

<red>FOUND</> q: ended with status 1
  log: q.log
  input: in/q
  again: build/fuzz/q in/q
  by gcc: make unit && build/unit/replay_q in/q
  for make test: cp in/q tests/self/fuzz/corpus/q/found-<what it is>

<red>FOUND</> r: odd
  log: r.log
-> None""")


def fuzz_arguments() -> None:
    tool = TOOL["fuzz"]
    ran: list[tuple] = []
    clock = iter([100.0, 107.6] * 5)

    def fuzz(path: Path, amount: object) -> object:
        ran.append((path.name, path.is_absolute(), amount.seconds))
        return tool.Outcome(path.name, 7, 1, "odd" * (path.name == "bad"))

    with instead(tool, fuzz=fuzz, show=lambda outcomes: print("shown", len(outcomes))), instead(tool.os, cpu_count=lambda: 2), instead(
            tool.time, monotonic=lambda: next(clock)):
        same("three parsers on two CPUs", typed("fuzz", "a", "b", "c"), """\
3 parsers, 20 s each, 2 at a time: about 40 s
shown 3

21 inputs on 3 parsers in 8 s: found nothing
-> 0""")
        with instead(sys, argv=["tools/fuzz", "a"]):
            check(at_once(tool.main).startswith("1 parsers, 20 s each"), "how long it takes is said at once")
        os.environ["FUZZ_SECONDS"] = "999999"
        same("one of two found something", typed("fuzz", "a", "bad"), """\
2 parsers, 999999 s each, 2 at a time: about 999999 s
shown 2

14 inputs on 2 parsers in 8 s: something wrong in bad
-> 1""")
        os.environ["FUZZ_SECONDS"] = ""
        with instead(tool.os, cpu_count=lambda: None):
            same("nobody knows how many CPUs", typed("fuzz", "a", "b").splitlines()[0], "2 parsers, 20 s each, 1 at a time: about 40 s")
        for text in ("0", "1000000", "x", "07"):
            os.environ["FUZZ_SECONDS"] = text
            same(f"FUZZ_SECONDS={text}", typed("fuzz", "a"), f"stderr: tools/fuzz: bad FUZZ_SECONDS={text}. Valid: seconds for each parser, from 1\n-> 2")
        del os.environ["FUZZ_SECONDS"]
        with instead(os, environ={**os.environ, "N": "30", "SEED": "4"}):
            same("so many inputs", typed("fuzz", "a").splitlines()[0], "1 parsers, 30 inputs each, 1 at a time: SEED=4")
            same("have ten minutes, are these, and are not kept", vars(tool.asked()),
                 {"options": ["-runs=30", "-seed=4"], "text": "30 inputs", "seconds": 600, "is_kept": False})
        same("no parser", typed("fuzz").splitlines()[-1], "-> 2")
        check("stderr: tools/fuzz PROGRAM...: " in typed("fuzz"), "no parser: how to call it")
    same("how they ran", sorted(ran)[:3] + sorted(ran)[-2:], [("a", True, 20), ("a", True, 20), ("a", True, 20), ("bad", True, 999999), ("c", True, 20)])


def source(place: Path) -> None:
    """Makes a project with all files read by tools/new."""
    shutil.rmtree(place, ignore_errors=True)
    for name in ("docs", "tests/tlb", "tests/pte", "tests/self/explore", "tests/lab", "kernel", "mm", "arch/x"):
        (place / name).mkdir(parents=True)
    (place / "docs/adding.md").write_text('text example\n```c\nSCENARIO(replaced) {\n.name = "tlb/replaced",\n.rule = "a rule",\n.reference = "a file",\n.mode = MODE_CHOREO,\n.needs = NEED_IPI,\n'
                                                "BREAKS(one), BREAKS(two, IF(NEED_IPI))\n}\n```\n```c\nother\n```\n")
    (place / "docs/invariants.md").write_text("## tlb: x\n\n### <a id=\"tlb-a\"></a>tlb/a\n\na\n\n- Source: x\n\nseen\n\n## pte: y\n")
    (place / "tests/lab/needs.def").write_text("/* Calls to every CPU. Always. */\nNEED(IPI, 1, \"x\")\n")
    (place / "tests/self/explore/mailbox.c").write_text("/* The example of docs/explorer.md: a protocol of mailbox */\nmailbox \"explore/mailbox\"\n")
    (place / "tests/pte/old.c").write_text('.name = "tlb/taken",\n')
    for top in ("kernel", "mm", "arch/x", "tests/lab"):
        (place / top / "one.h").write_text(f"int in_{top.partition('/')[0]};\n")


def news() -> None:
    tool = TOOL["new"]
    place = PLACE / "new"
    source(place)
    same("groups and names", [tool.check(text) for text in ("pte/a", "tlb/a-1", "explore/" + "x" * 30)], [("pte", "a"), ("tlb", "a-1"), ("explore", "x" * 30)])
    valid = "Valid: NAME=<group>/<name>, where a group is one of pte tlb walk gup space explore"
    for text, near in (("ptf/a", " Did you mean pte/a?"), ("spce", " Did you mean space/example?"), ("", ""), ("zzz/a", "")):
        raises(f"NAME={text}", Problem, f"bad NAME={text}.{near} {valid}", tool.check, text)
    for text in ("pte", "pte/", "pte/A", "pte/a--b", "pte/-a", "pte/" + "x" * 31, "pte/a/b"):
        raises(f"NAME={text}", Problem, f"bad NAME={text}. {valid}, and a name has at most 30 small letters, digits and single dashes", tool.check, text)
    with instead(tool, ROOT=place):
        same("names in C", [tool.identifier("tlb", name) for name in ("new-one", "in-kernel", "in-mm", "in-arch", "in-tests", "example", "replaced", "mailbox",
                                                                     "text", "protocol", "1st", "a1")],
             ["new_one", "tlb_in_kernel", "tlb_in_mm", "tlb_in_arch", "tlb_in_tests", "example", "replaced", "mailbox", "tlb_text", "tlb_protocol",
              "tlb_1st", "a1"])
        same("who has a name", [tool.taken(name) for name in ("tlb/taken", "tlb/free")], ["tests/pte/old.c", ""])
        same("a scenario", typed("new", "tlb/new-one"), """\
made tests/tlb/new_one.c
made a section in docs/invariants.md
next: make run ARGS=run=tlb/new-one; make explore ARGS=run=tlb/new-one; make check-docs
-> 0""")
        same("its file", (place / "tests/tlb/new_one.c").read_text(), """\
SCENARIO(new_one) {
.name = "tlb/new-one",
.rule = "a rule",
.reference = "a file",
.mode = MODE_CHOREO,
.needs = NEED_IPI,
BREAKS(one), BREAKS(two, IF(NEED_IPI))
}
""")
        same("its section", (place / "docs/invariants.md").read_text(), """\
## tlb: x

### <a id="tlb-a"></a>tlb/a

a

- Source: x

seen

### <a id="tlb-new-one"></a>tlb/new-one

A rule.

- Source: a file
- Guards: [`one`](#guard-one), [`two`](#guard-two)
- File: [tests/tlb/new_one.c](../tests/tlb/new_one.c)
- Needs: calls to every CPU

A CPU still reads the old frame after the replacement.

## pte: y
""")
        same("a harness", typed("new", "explore/my-box"), """\
made tests/self/explore/my_box.c
next: make explore ARGS="run=explore/my-box* verbose"
-> 0""")
        same("its file", (place / "tests/self/explore/my_box.c").read_text(), """\
/* A protocol of my_box */
my_box "explore/my-box"
""")
        (place / "tests/tlb/empty_one.c").write_text("")
        same("refused", [typed("new", *arguments) for arguments in (("tlb/new-one",), ("tlb/taken",), ("tlb/empty-one",), ("gup/first",), ())], """\
stderr: tools/new: there is tlb/new-one already, in tests/tlb/new_one.c
-> 5
stderr: tools/new: there is tlb/taken already, in tests/pte/old.c
-> 5
stderr: tools/new: there is tlb/empty-one already, in tests/tlb/empty_one.c
-> 5
stderr: tools/new: docs/invariants.md has no part for the group gup, in which the new section could stand. Give the group its heading there (## gup: what it is about)
-> 5
stderr: tools/new: bad NAME=. Valid: NAME=<group>/<name>, where a group is one of pte tlb walk gup space explore
-> 5""")
        check(not (place / "tests/gup").exists(), "and nothing was made of what could not be made whole")
        os.environ["NAME"] = "gup/bad name"
        same("NAME= of make", typed("new").partition(". Valid")[0], "stderr: tools/new: bad NAME=gup/bad name")
        same("arguments win", typed("new", "pte/x").splitlines()[0], "made tests/pte/x.c")
        del os.environ["NAME"]
        gone = SimpleNamespace(write=lambda text: (_ for _ in ()).throw(BrokenPipeError()), flush=lambda: None)
        with instead(sys, argv=["tools/new", "tlb/late"], stdout=gone, stderr=SimpleNamespace(close=lambda: None)):
            status = tool.main()
        same("the reader left, and all is made", (status, (place / "tests/tlb/late.c").is_file()), (0, True))
    check(re.search(r"^### .*>tlb/late$", (place / "docs/invariants.md").read_text(), re.MULTILINE), "the section too")


reports()
gone_readers()
symbols()
fuzzers()
fuzz_arguments()
news()
finish()
