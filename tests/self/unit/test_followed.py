#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""zapwalk.replay and zapwalk.tour, with stand-ins for engines and make. Fails if the input typed into a machine, or the
text about its answer, is wrong."""
from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

from prepared import PLACE, at_once, check, finish, instead, log, printed, raises, same
from zapwalk import replay, tour
from zapwalk.engine import Ending
from zapwalk.log import Event, Log
from zapwalk.machines import Missing, Problem, Settings

OPTIONS = "run=a/one guard.h=off lab.replay=5:walker@one,writer@two,walker@three"


def event(**values: str) -> Event:
    said = {"scenario": "a/one", "guard": "g", "choices": "-", "options": OPTIONS, "saw": "it read 0x1f twice", "roles": "walker,writer"}
    return Event("replay", {**said, **values}, f"# ev=replay {values}")


def names() -> None:
    same("whose counterexamples a machine follows", {name: replay.explored_as(name) for name in ("x86-pc", "mips", "mipsel", "s390x-line")},
         {"x86-pc": "split", "mips": "xpa", "mipsel": "xpa", "s390x-line": "folding"})
    same("how often", [replay.count(text) for text in ("1", "10", "9999")], [1, 10, 9999])
    for text in ("", "0", "01", "10000", "-1", "2x"):
        raises(f"repeat={text}", Problem, f"bad repeat={text}. Valid: a number from 1 to 9999", replay.count, text)
    events = (event(), event(guard="none", choices="zap=split,flush=nowait", options="run=a choice.zap=split choice.x=y guard.z=off lab.replay=1:"),
              event(options="", choices="zap=split"))
    same("what is replayed", [replay.Replay(each, "m").name for each in events], """\
a/one guard.g=off guard.h=off
a/one choice.zap=split choice.flush=nowait choice.x=y guard.z=off
a/one guard.g=off choice.zap=split""")
    same("places", [replay.places(each) for each in events], ["walker@one,writer@two,walker@three", "", ""])
    same("roles by their numbers", [replay.with_numbers(each) for each in (*events, event(options="lab.replay=walkerx@a,writer@b:writer@c", roles="w.iter,writer"))],
         """\
run=a/one guard.h=off lab.replay=5:0@one,1@two,0@three
run=a choice.zap=split choice.x=y guard.z=off lab.replay=1:

lab.replay=walkerx@a,1@b:1@c""")
    same("frames, CPUs and events are each machine's own", replay.pattern("CPU 12 read 0x1f, 0xG twice"), "CPU N read N, NxG twice")
    same("nobody is a replay at first", [replay.Replay(event(), "m").good, replay.Replay(event(), "m", [Path("a")], 1).good,
                                        replay.Replay(event(), "m", [Path("a")], 0).good], [False, True, False])


def once_each() -> None:
    text = "# ev=replay scenario=a choices=- {}\n"
    rows = ('guard=g options="x guard.h=off y:p@q"', 'guard=h options="guard.g=off z:p@q"', 'guard=g options="guard.h=off:p@r"', 'guard=none options="b:p@q"',
            'guard=none options="c:p@q"', "reason=one", "reason=two", "reason=one")
    found = replay.counterexamples(log("".join(text.format(row) for row in rows)))
    same("cells that come to the same are one", [each.line.partition("choices=- ")[2] for each in found],
         [rows[n] for n in (0, 2, 3, 5, 6)])
    same("what makes two the same", replay.same(event()), ("a/one", "-", "g h", "walker@one,writer@two,walker@three"))


def command_lines() -> None:
    asked: list[tuple[Settings, str]] = []

    def command(settings: Settings, image: str) -> str:
        asked.append((settings, image))
        if "walker" in settings.options and settings.machine == "short":
            raise Problem("too long: the options are 300 characters")
        if settings.machine == "gone":
            raise Problem("no engine")
        return settings.options

    with instead(replay, command=command):
        same("as the explorer says", replay.start_of(event(), "long", "more", Path("i")), f"{OPTIONS} more")
        same("or shorter", replay.start_of(event(), "short", "more", Path("i")), "run=a/one guard.h=off lab.replay=5:0@one,1@two,0@three more")
        raises("but nothing else is tried twice", Problem, "no engine", replay.start_of, event(), "gone", "", Path("i"))
        same("on that machine, with that image", [(settings.machine, image) for settings, image in asked], [("long", "i"), ("short", "i"), ("short", "i"), ("gone", "i")])


def images() -> None:
    build = PLACE / "build"
    shutil.rmtree(build, ignore_errors=True)
    (build / "mips/lab").mkdir(parents=True)
    made: list[object] = []
    with instead(replay, BUILD=build), instead(replay.subprocess, run=lambda argv, **named: made.append((argv, named)) or SimpleNamespace(
            returncode=status, stdout=" no compiler\n")):
        status = 0
        raises("made, and no image there", Missing, "make lab MACHINE=mips failed:\nno compiler", replay.image_of, "mips")
        (build / "mips/lab/zapwalk.elf").write_text("")
        same("the image", replay.image_of("mips"), repr(build / "mips/lab/zapwalk.elf"))
        status = 2
        raises("not made, and an old image there", Missing, "make lab MACHINE=mips failed:\nno compiler", replay.image_of, "mips")
    same("by make", made[0], (["make", "--no-print-directory", "-s", "lab", "MACHINE=mips"],
                              {"check": False, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}))


DONE = "# ev=done status=fail\n"
CELL = "# ev=cell scenario=a/one mode={mode} result={result} {more}\n"


def differences() -> None:
    texts = ("Bail out! panic\n" + DONE, "TAP version 13\n1..0\n" + DONE, CELL.format(mode="replay", result="caught", more="evidence=x"),
             CELL.format(mode="choreo", result="caught", more="evidence=x") + DONE, *(CELL.format(mode="replay", result=result, more=more) + DONE for result, more in (
                 ("held", "reason=why"), ("skipped", 'reason="needs 2"'), ("caught", 'evidence="it read 0x2 twice" reason=x'),
                 ("violated", 'reason="it read 0x2 twice"'), ("violated", 'evidence="it read 0x2 once"'), ("no_evidence", "evidence=e reason=r"))))
    same("what a boot did instead", [replay.difference(event(), log(text)) or "-" for text in texts], """\
Bail out! panic
nothing ran; the last line has no passed=; the last line has no failed=; the last line has no skipped=; the last line has no known=
no report in it: the line `TAP version 13` is missing
no report in it: the line `TAP version 13` is missing
held: why
skipped: needs 2
-
-
another failure: it read 0x2 once
no_evidence: e""")
    with instead(replay, judge=lambda _: SimpleNamespace(reasons=[])):
        same("of which nothing is said", replay.difference(event(), log("")), "it ran nothing")


def boots() -> None:
    ran: list[object] = []
    place = PLACE / "boots/deep"
    shutil.rmtree(place.parent, ignore_errors=True)
    interrupted = 0

    def run(argv: list[str], path: Path, take, is_done, deadline: float) -> Ending:
        ran.append((argv, path, deadline, is_done(), path.parent.is_dir()))
        take("# ev=done status=pass")
        ran.append(is_done())
        return Ending(0, "", "", interrupted)

    with instead(replay, start_of=lambda *options: SimpleNamespace(argv=list(options))), instead(replay.engine, run=run):
        one = replay.boot(event(), "m", "extra", Path("i"), place / "a.log")
        same("a boot's log", (one.name, one.done and one.done.line, place.is_dir()), ("a", "# ev=done status=pass", True))
        same("how it ran", ran, [([event(), "m", "extra", Path("i")], place / "a.log", 120.0, False, True), True])
        replay.boot(event(), "m", "extra", Path("i"), place / "a.log")
        interrupted = 2
        raises("interrupted", KeyboardInterrupt, "", replay.boot, event(), "m", "", Path("i"), place / "a.log")


def follows() -> None:
    good = log(CELL.format(mode="replay", result="caught", more='evidence="it read 0x2 twice"') + DONE)
    bad = log(CELL.format(mode="replay", result="held", more="reason=why") + DONE)
    skipped = log(CELL.format(mode="replay", result="skipped", more="reason=why") + DONE)
    elsewhere = log(CELL.format(mode="replay", result="not_observable", more="reason=why") + DONE)
    asked: list[tuple] = []

    def follow(*logs: Log, what: Event | None = None) -> replay.Replay:
        rest = iter(logs)
        with instead(replay, LOGS=Path("logs"), boot=lambda *arguments: asked.append(arguments) or next(rest)):
            return replay.follow(what or event(), "m", len(logs), "extra", Path("i"), 7)

    found = [follow(good, good), follow(good, bad), follow(skipped), follow(good, elsewhere), follow(what=event(options="", reason="no race point"))]
    told = [(each.machine, [str(path) for path in each.logs], each.failed, each.other) for each in found]
    same("two boots of each", told, [
        ("m", ["logs/replay-m-7-1.log", "logs/replay-m-7-2.log"], 2, []),
        ("m", ["logs/replay-m-7-1.log", "logs/replay-m-7-2.log"], 1, ["logs/replay-m-7-2.log: held: why"]),
        ("m", [], 0, ["skipped: why"]), ("m", [], 0, ["not_observable: why"]), ("m", [], 0, ["no race point"])])
    same("what was booted", asked[1], (event(), "m", "extra", Path("i"), Path("logs/replay-m-7-2.log")))
    same("what is said of them", ["\n".join(replay.lines(each)) for each in found], """\
Replay of a/one guard.g=off guard.h=off on m: <green>2 of 2 failed as predicted</>
  saw: it read 0x1f twice
  schedule: walker@one, writer@two, walker@three
  raw logs: logs/replay-m-7-1.log ...
Replay of a/one guard.g=off guard.h=off on m: <red>1 of 2 failed as predicted</>
  saw: it read 0x1f twice
  schedule: walker@one, writer@two, walker@three
  logs/replay-m-7-2.log: held: why
  raw logs: logs/replay-m-7-1.log ...
Replay of a/one guard.g=off guard.h=off on m: <yellow>not possible</>
  skipped: why
Replay of a/one guard.g=off guard.h=off on m: <yellow>not possible</>
  not_observable: why
Replay of a/one guard.g=off on m: <yellow>not possible</>
  no race point""")
    same("one that needs no schedule", replay.lines(replay.Replay(event(options="lab.replay=3:"), "m", [Path("a")]))[2], "  schedule: none is needed")
    whole = log("# ev=replay scenario=a guard=g choices=- options=\"x:p\" saw=s\n# ev=replay scenario=b guard=g choices=- reason=no\n")
    for name, rest, status in (("all followed", [good, good], 0), ("one differs", [good, bad], 1)):
        logs = iter(rest)
        with instead(replay, image_of=lambda machine: Path(f"image of {machine}"), boot=lambda *arguments: asked.append(arguments) or next(logs),
                     difference=lambda event, log: "" if log is good else "other", LOGS=Path("logs")):
            said = printed(replay.run, whole, "m", 2, "extra")
            same(f"a run, {name}", said.splitlines()[-1], f"-> {status}")
    same("which it prints", said, """\
Replay of a guard.g=off on m: <red>1 of 2 failed as predicted</>
  saw: s
  schedule: p
  logs/replay-m-1-2.log: other
  raw logs: logs/replay-m-1-1.log ...
Replay of b guard.g=off on m: <yellow>not possible</>
  no
-> 1""")
    with instead(replay, image_of=lambda machine: Path("i"), boot=lambda *arguments: good, LOGS=Path("logs")):
        check(at_once(replay.run, whole, "m").endswith("  no\n"), "each is seen at once")
    same("with the image of that machine", asked[-1][1:], ("m", "extra", Path("image of m"), Path("logs/replay-m-1-2.log")))
    with instead(replay, image_of=lambda machine: Path("i"), boot=lambda *arguments: skipped, LOGS=Path("logs")):
        same("once by default, and nothing followed", printed(replay.run, whole, "m").splitlines()[-1], "-> 1")
        same("nothing to replay", printed(replay.run, log(""), "m"), "nothing to replay on m: no counterexample under model=sc\n-> 1")
    followed: list[tuple] = []
    with instead(replay, image_of=lambda machine: Path("i"), follow=lambda *arguments: followed.append(arguments) or replay.Replay(arguments[0], "m", [Path("a")], 1)):
        printed(replay.run, whole, "m")
    same("each by its number", [options[1:] for options in followed], [("m", 1, "", Path("i"), 1), ("m", 1, "", Path("i"), 2)])


TOUR = """# A tour

    make gdb ARGS="run=a/one x"

    CPU 0 stands at one,
    CPU 1 waits

    (gdb) one
    old one
    old two

Text.

    (gdb) two
    (gdb) three

    code of its own

end
"""


def tours() -> None:
    same("what it begins with", [tour.start(text) for text in (TOUR, "no make", '     make gdb ARGS="x"')], ["run=a/one x", "", ""])
    same("its steps", tour.steps(TOUR), [("one", ["old one", "old two"]), ("two", []), ("three", [])])
    same("code before the first command, and below the second", tour.steps("    code\n    (gdb) x\n    (gdb) y\n    of y\nz\n    code\n"), [("x", []), ("y", ["of y"])])
    same("lines of code", [tour.is_code(line) for line in ("    x", "   x", "x", "")], [True, False, False, False])
    ran: list[object] = []
    output = f"make: hello\n\nCPU 0 at\n(gdb) (gdb) {tour.MARK}\nnew  \n{tour.MARK}\n{tour.MARK}\n(gdb) last\n\n"
    with instead(tour.subprocess, run=lambda argv, **named: ran.append((argv, named)) or SimpleNamespace(stdout=output)):
        same("what comes back", tour.typed(TOUR, 1234, Path("/root")), (["make: hello", "CPU 0 at"], [["new"], [], ["last"]]))
        tour.typed(TOUR, 1, Path("/"), 5)
    script = "".join(f"echo == next ==\\n\n{command}\n" for command in ("one", "two", "three"))
    named = {"input": script, "cwd": Path("/root"), "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "timeout": 120, "check": False}
    same("what was typed", ran[0], (["make", "-s", "gdb", "ARGS=run=a/one x", "GDB_PORT=1234"], named))
    same("how long it may take", ran[1][1]["timeout"], 5)
    before = ["make: hello", "CPU 9 at", "CPU 8 waits", "CPU 7"]
    same("the first stop", [tour.first_stop(lines) for lines in (before, before[1:2], ["x"], [])], [["CPU 9 at", "CPU 8 waits"], ["CPU 9 at"], [], []])
    same("the document with what came back", tour.refreshed(TOUR, before, [["new"], ["of two", "and more"]]), """\
# A tour

    make gdb ARGS="run=a/one x"

    CPU 9 at
    CPU 8 waits

    (gdb) one
    new

Text.

    (gdb) two
    of two
    and more
    (gdb) three

    code of its own

end
""")
    same("and with no first stop", tour.refreshed(TOUR, [], []), """\
# A tour

    make gdb ARGS="run=a/one x"

    CPU 0 stands at one,
    CPU 1 waits

    (gdb) one

Text.

    (gdb) two
    (gdb) three

    code of its own

end
""")
    same("a document that begins with the stop", tour.refreshed("    CPU 3\n    (gdb) x\n", before, [["z"]]), "    CPU 9 at\n    CPU 8 waits\n    (gdb) x\n    z\n")
    same("a line of a CPU below a command is that command's", tour.refreshed("    (gdb) x\n    CPU 3\n    CPU 4\ny\n", before, [["z"]]), "    (gdb) x\n    z\ny\n")


names()
once_each()
command_lines()
images()
differences()
boots()
follows()
tours()
finish()
