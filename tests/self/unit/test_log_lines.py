#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The basic modules of tools/. Fails if a log is read wrongly, or if the ends of runs, colours, tables, names of logs
or guesses are wrong."""
from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

from prepared import PLACE, ROOT, check, finish, instead, log, printed, raises, same
from zapwalk import completion, ends, guess, log as serial, logs, pages, places, style, svg
from zapwalk.log import Event, Log, Point, Witness
from zapwalk.machines import Missing

SCREEN = "\x1b[2J\x1b[1;1HSeaBIOS\r\n\x1b[0mBooting..TAP version 13\r\n"
CELL = "# ev=cell n=2 scenario=a/one mode=choreo guard={guard} choices={choices} result=held"
WHOLE = f"""{SCREEN}1..1
ok 1 - x86/a/gone
TAP version 13
1..1
# ev=done status=pass
TAP version 13
# ev=boot git=1234567 mem_mib=-5 cpus=2x
# ev=step cpu=9
1..3
# ev=cmdline text="say "hello" guard.one=off"
{CELL.format(guard="none", choices="-")}
# ev=witness n=2 scenario=a/one
# ev=step cpu=0
# ev=step cpu=1
# ev=witness n=3
# ev=step cpu=2
# ev=step_lost count=4
ok 1 - x86/a/one choreo
not ok 2
not ok 3 - x86/a/b # todo known: F-001
ok 4 # SKIP
# ev=engine name=qemu
# ev=done status=pass
# ev=run end=fail

  still here
"""


def reading() -> None:
    one = log(WHOLE)
    events = {event.name: event for event in one.events}
    step = lambda cpu: Event("step", {"cpu": cpu}, f"# ev=step cpu={cpu}")  # noqa: E731
    witnesses = [Witness(Event("witness", {"n": "2", "scenario": "a/one"}, "# ev=witness n=2 scenario=a/one"), [step("0"), step("1")], 0),
                 Witness(Event("witness", {"n": "3"}, "# ev=witness n=3"), [step("2")], 4)]
    points = [Point(1, True, "x86/a/one choreo", "", ""), Point(2, False, "", "", ""), Point(3, False, "x86/a/b", "TODO", "known: F-001"),
              Point(4, True, "", "SKIP", "")]
    same("the last of three boots, whole", one,
         Log("x86-pc", True, 3, False, points, one.events, witnesses, None, events["done"], ["  still here"], "  still here", 1))
    same("its events in order", [event.name for event in one.events],
         "boot step cmdline cell witness step step witness step step_lost engine done run".split())
    same("what failed", [point.failed for point in points], [False, True, False, False])
    same("the boots before it: those that did not end", [log(text).died_before for text in (
        "ok 1\n", "TAP version 13\nTAP version 13\n", "# ev=done\nTAP version 13\nTAP version 13\n", "TAP version 13\n" * 3)], [0, 1, 0, 2])
    boot = one.first("boot")
    same("numbers of an event", [boot.number(key) for key in ("mem_mib", "cpus", "none")], [-5, None, None])
    same("texts of an event", [boot.get("git"), boot.get("none"), boot.get("none", "-"), one.first("nothing")],
         ["1234567", "", "-", Event("nothing", {}, "")])
    same("all of one name", [event.get("cpu") for event in one.all("step")], ["9", "0", "1", "2"])
    same("nothing but a header", log("TAP version 13\n"), Log("x86-pc", True, last_line="TAP version 13"))
    same("no header", log("ok 1\n"), Log("x86-pc", points=[Point(1, True, "", "", "")], last_line="ok 1"))
    same("a plan that skips", [(log(text).plan, log(text).plan_skipped) for text in ("1..0 # SKIP list\n", "1..7\n", "x 1..7\n")],
         [(0, True), (7, False), (None, False)])
    same("the first Bail out! counts", [log(text).bail_out for text in ("Bail out! one\nBail out! two\n", "Bail out!\n", "# no\n")],
         ["one", "no reason given", None])
    same("a long last line is cut", log("x" * 300 + "\n").last_line, "x" * 200)
    same("a step lost that is no number", log("# ev=witness\n# ev=step_lost count=x\n").witnesses[0].lost, 0)
    same("steps of no witness", log("# ev=step_lost count=3\n").witnesses, [])
    path = PLACE / "x86-pc-20260102-030405-67.log"
    path.write_bytes(WHOLE.replace("still here", "a\ud800".encode("utf-8", "replace").decode()).encode() + b"\xff\rx\n")
    read = serial.read(path)
    same("a file, by its name without the run's own", (read.name, read.last_line), ("x86-pc", "\ufffdx"))


def one_line_at_a_time() -> None:
    one = Log("x")
    lines = ("TAP version 13", "1..1", "# comment", "# ev=cell n=1", "ok 1 - a", "Bail out! x", "")
    same("what a line was", [type(one.add(line)).__name__ for line in lines],
         ["NoneType", "NoneType", "NoneType", "Event", "Point", "NoneType", "NoneType"])
    same("clean lines", [serial.clean(raw) for raw in ("a\r\n", "\x1b[1mok\x1b[0m 1\x07", "TAP version 13", "xTAP version 13 y", "\tz")],
         ["a", "ok 1", "TAP version 13", "TAP version 13 y", "\tz"])
    same("an event's pairs", serial.parse_event('# ev=a b="c d" e= f=g h="" i.j-k=1'),
         Event("a", {"b": "c d", "e": "", "f": "g", "h": "", "i.j-k": "1"}, '# ev=a b="c d" e= f=g h="" i.j-k=1'))
    same("no name", serial.parse_event("# b=c"), Event("", {"b": "c"}, "# b=c"))


def options() -> None:
    texts = ('# ev=cmdline text="a "b" c"', "# ev=cmdline text=plain", "# ev=boot", '# ev=cmdline text="x"\n# ev=cmdline text="y"')
    same("the options as the kernel saw them", [log(text).cmdline for text in texts], ['a "b" c', "plain", None, "x"])
    same("one by one", [log(text).options for text in texts[:3]], [["a", '"b"', "c"], ["plain"], []])
    same("guards of the base variants", [log(f'# ev=cmdline text="{text}"').guards_text for text in
                                         ("run=a guard.one=off x guard.two=off", "run=a", "")],
         ["guard.one=off guard.two=off", "all guards on", "all guards on"])
    done = "# ev=done status=pass"
    partial = {"run=a": True, "mode=stress": True, "rerun=a": False, "": False}
    same("asked for a part", {text: log(f'# ev=cmdline text="{text}"\n{done}').is_partial for text in partial}, partial)
    same("ended early", [log("# ev=boot").is_partial, log(f"Bail out!\n{done}").is_partial], [True, True])
    explorer = "# ev=explorer machine=split\n" + CELL.format(guard="one", choices="zap=split,flush=nowait").replace("choreo", "tso")
    texts = (CELL.format(guard="none", choices="-"), CELL.format(guard="one", choices="zap=split"), explorer, "# ev=cell n=3 guard=x")
    same("what is special about a variant", [log(text).variant_text("2") for text in texts], """\
all guards on
choice.zap=split guard.one=off
choice.zap=split choice.flush=nowait guard.one=off model=tso (split)
all guards on""")
    one = log(texts[0] + "\n# ev=cell n=2 second\n# ev=again n=2 result=held pass=2\n# ev=again n=2 result=violated pass=3\n"
              "# ev=again n=2 result=violated pass=4\n# ev=again n=x result=violated\n# ev=again n=3 result=broken pass=5\n")
    same("the cell of a point", [one.cell("2").line, one.cell("1")], [texts[0], Event("cell", {}, "")])
    same("rows that came to something in a later pass", {number: event.get("pass") for number, event in one.again("violated", "broken").items()},
         {2: "3", 3: "5"})


def how_runs_end() -> None:
    same("the ends, the worst first", [dataclasses.astuple(end) for end in ends.TABLE],
         [("fail", "FAIL", 1, "red"), ("died", "DIED", 6, "red"), ("cannot_start", "CANNOT START", 7, "yellow"),
          ("not_run", "NOT RUN", 5, "yellow"), ("incomplete", "INCOMPLETE", 3, "yellow"),
          ("nothing_shown", "NOTHING SHOWN", 4, "yellow"), ("pass", "PASS", 0, "green")])
    same("by name", [ends.ENDS[end.name] is end for end in ends.TABLE], [True] * 7)
    same("an end stays as it is", len({*ends.TABLE}), 7)
    raises("nobody changes one", dataclasses.FrozenInstanceError, "cannot assign to field 'status'", setattr, ends.TABLE[0], "status", 2)
    same("the worst", [ends.worst(names).name for names in (["pass", "fail", "died"], ["pass", "nothing_shown"], ["pass"], [])],
         ["fail", "nothing_shown", "pass", "cannot_start"])
    same("for git bisect run", [ends.for_bisect(status) for status in (0, 1, 2, 3, 7, 124, 125, 126, 130)],
         [0, 1, 125, 125, 125, 125, 125, 126, 130])
    same("bisection's own numbers", (ends.BAD, ends.SKIP, ends.BY_SIGNAL), (1, 125, 128))


def shown_widths() -> None:
    with instead(style.shutil, get_terminal_size=lambda fallback: os.terminal_size((wide if wide else fallback[0], fallback[1]))):
        for wide, wanted in ((59, 60), (60, 60), (61, 61), (159, 159), (160, 160), (161, 160), (0, 100)):
            same(f"a terminal of {wide or 'unknown'} columns", style.width(), wanted)
        wide = 60
        same("a bar on the narrowest", style.bar(1, 2, ""), "[" + "#" * 10 + "." * 10 + "] 1/2")
    asked = []
    with instead(style.shutil, get_terminal_size=lambda fallback: asked.append(fallback) or os.terminal_size(fallback)):
        same("without a terminal", (style.width(), asked), (100, [(100, 24)]))
    with instead(style, width=lambda: 45):
        same("a bar has ten places at least", style.bar(0, 3, "x"), "[" + "." * 10 + "] 0/3, x")
    with instead(style, width=lambda: 52):
        same("bars", [style.bar(done, of, "x") for done, of in ((0, 0), (1, 1), (1, 2), (12, 12), (5, 4), (11, 12))], """\
[............] 0/0, x
[############] 1/1, x
[######......] 1/2, x
[############] 12/12, x
[############] 5/4, x
[###########.] 11/12, x""")


def shown() -> None:
    same("colours", [style.paint("x", colour) for colour in ("red", "green", "yellow", "blue", "dim", "bold", "")], """\
<red>x</>
<green>x</>
<yellow>x</>
<blue>x</>
<dim>x</>
<bold>x</>
x""")
    same("their codes", style.CODES, {"red": "31", "green": "32", "yellow": "33", "blue": "36", "dim": "2", "bold": "1"})
    os.environ["NO_COLOR"] = "1"
    same("none if nobody wants them", style.paint("x", "red"), "x")
    del os.environ["NO_COLOR"]
    with instead(style, on_terminal=lambda: False):
        same("none in a file", style.paint("x", "red"), "x")
    same("times", [style.duration(ms) for ms in (0.4213, 1, 9.94, 9.96, 10, 10.6, 999, 1000, 1234.5)],
         "0.42 ms\n1 ms\n9.9 ms\n10 ms\n10 ms\n11 ms\n999 ms\n1.0 s\n1.2 s")
    same("a table", style.table([["a", "bb", "c"], ["aaa", "", ""], ["", "b", "cc"]]), "  a    bb  c\n  aaa\n       b   cc")
    same("a table of one row", style.table([["a", "b"]], "", "-"), "a-b")
    same("a table of nothing", style.table([]), [])


def on_terminal() -> None:
    """Asks in a new process, because prepared.py has replaced this function here."""
    text = "from zapwalk import style; import sys; sys.stdout.isatty = lambda: {}; print(style.on_terminal())"
    said = {}
    for tty in (True, False):
        for term in ("xterm", "dumb", ""):
            environment = {**os.environ, "TERM": term, "PYTHONPATH": str(ROOT / "tools")}
            if not term:
                del environment["TERM"]
            said[tty, term] = subprocess.run([sys.executable, "-c", text.format(tty)], env=environment, text=True, check=False,
                                             capture_output=True).stdout.strip()
    same("a terminal that can show colours", [key for key, value in said.items() if value != "False"], [(True, "xterm")])


def names_of_logs() -> None:
    top = PLACE / "logs"
    shutil.rmtree(top, ignore_errors=True)
    with instead(logs, LOGS=top / "deep", RUNS=top / "deep/runs"):
        link = top / "deep" / "x86-pc.log"
        names = [logs.of_run(link), logs.of_run(link)]
        check(all(name.parent == logs.RUNS and logs.OWN_NAME.search(name.stem) and name.stem.endswith(f"-{os.getpid()}")
                  and name.suffix == ".log" for name in names), "a run's own name", names)
        same("what it is called in a report", [logs.machine_of(name) for name in (*names, Path("a/b.log"))], ["x86-pc", "x86-pc", "b"])
        runs = [logs.RUNS / f"run-{number:03}.log" for number in range(103)]
        for number, path in enumerate(runs):
            path.write_text(str(number))
            os.utime(path, (1000 + number, 1000 + number))
        (logs.RUNS / "gone.log").symlink_to("nowhere")
        (top / "deep/other").mkdir()
        other = top / "deep/other" / "kept.log"
        other.symlink_to("../runs/run-000.log")
        far = top / "deep/far/away/x86-pc.log"
        logs.publish(runs[102], far)
        same("the link leads to this run", (os.readlink(far), far.read_text()), ("../../runs/run-102.log", "102"))
        left = sorted(path.name for path in logs.RUNS.glob("run-*.log"))
        same("100 are kept, and what a link names", left, ["run-000.log"] + [f"run-{n:03}.log" for n in range(3, 103)])
        (far.parent / f".x86-pc.log-{os.getpid()}").symlink_to("left over")
        logs.publish(runs[50], far)
        same("and to a later one", far.read_text(), "50")
        same("nothing else is left there", [path.name for path in far.parent.iterdir()], ["x86-pc.log"])
        old = logs.RUNS / "old.log"
        old.write_text("old")
        os.utime(old, (1, 1))
        logs.publish(old, far)
        same("what the link names now is kept, however old", far.read_text(), "old")
        faster = lambda path: path.unlink(missing_ok=True) or Path("/gone")  # noqa: E731
        with instead(logs, KEPT=99):
            with instead(Path, resolve=lambda path: path if path.is_symlink() else faster(path)):
                logs.clear()
        same("another run was faster", len(list(logs.RUNS.glob("run-*.log"))), 99)


def small_ones() -> None:
    same("the nearest option", [guess.nearest(*options) for options in (("dif", ["bench", "diff"]), ("xyz", ["bench"]), ("ab", ["abc", "abd"]))],
         ["diff", "", "abd"])
    same("a sentence", [guess.did_you_mean("dif", ["diff"]), guess.did_you_mean("x", ["diff"])], [" Did you mean diff?", ""])
    said = subprocess.run([sys.executable, str(ROOT / "tools/zapwalk/guess.py"), "dif", "diff", "xyz"], text=True, check=False,
                          capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT / "tools")})
    same("as a program", said.stdout, "Did you mean diff?\n")
    text = "x\n<!-- made by make images: a-b -->\nold\nold\n<!-- end -->\ny\n<!-- made by make images: c -->\n<!-- end -->\n"
    same("blocks of a document", pages.blocks(text), {"a-b": "old\nold\n", "c": ""})
    same("filled", pages.filled(text, {"a-b": "new\n", "c": "c\n"}), text.replace("old\nold\n", "new\n").replace("c -->\n", "c -->\nc\n"))
    same("as code", pages.code(["a ", "", " b"]), "    a\n\n     b\n")
    found = [subprocess.run([sys.executable, "-c", "from zapwalk.places import BUILD, LOGS, OTHER; print(BUILD, LOGS, OTHER)"], text=True,
                            check=False, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT / "tools"), "O": top}).stdout
             for top in ("", "/x")]
    same("where things are", found, ["build build/logs build/logs/other\n", "/x /x/logs /x/logs/other\n"])
    same("and here", str(places.BUILD), "build")


def completed_options() -> None:
    forms = ("=<number>", "=atomic|split", "=choreo,stress,...", "=off|on, or nothing", "")
    same("what may stand behind a name", [completion.alternatives(form) for form in forms],
         [[""], ["atomic", "split"], ["choreo", "stress"], ["off", "on"], [""]])
    listed = log("""# ev=scenario name=pte/b
# ev=scenario name=gup/a
# ev=scenario name=pte/c
# ev=guard name=one
# ev=choice name=zap value=split
# ev=option name=run form="=<scenario>"
# ev=option name=safe
# ev=option name=seed form="=<number>"
# ev=option name=mode form="=choreo,stress,..."
# ev=option name=guard. form="<name>=off"
# ev=option name=fault. form="trap=ud|oom=1"
# ev=option name=safe
""")
    same("what can be completed", completion.options(listed), """\
run=gup/*
run=pte/*
run=pte/b
run=gup/a
run=pte/c
guard.one=off
choice.zap=split
safe
seed=
mode=choreo
mode=stress
fault.trap=ud
fault.oom=1""")
    ran: list[tuple] = []

    def run(argv: list[str], path: Path, take, is_done, seconds: float) -> None:
        ran.append((argv, path.name, path.parent.is_dir(), seconds, is_done()))
        for said in lines:
            take(said)
        ran.append(is_done())

    with instead(completion.engine, run=run):
        lines = ["\x1b[1m# ev=scenario name=pte/b\r\n", "# ev=done"]
        same("what an image lists", completion.asked(SimpleNamespace(argv=["qemu"]), 5.0), ["run=pte/*", "run=pte/b"])
        same("how it is asked", ran, [(["qemu"], "list.log", True, 5.0, False), True])
        lines = ["# ev=done"]
        raises("one that lists nothing", Missing, "the image does not list its options", completion.asked, SimpleNamespace(argv=["qemu"]), 5.0)
    with instead(completion, MACHINES={"m1": 1, "m 2": 2}):
        same("for bash", completion.script("bash", ["a=", "b c"], ["--tap"]).splitlines()[5:9], """\
	case ${line% *} in
	*" --machine") list='m1 m 2' ;;
	*) list='a= b c --tap' ;;
	esac""")
        same("for zsh", completion.script("zsh", ["a=", "b c"], ["--tap"]).splitlines()[4:6], """\
	zapwalk_options=(a= 'b c' --tap)
	zapwalk_machines=(m1 m 2)""")


def pictures() -> None:
    def refuses(error: Exception):
        def draw(path: Path) -> None:
            raise error
        return draw

    drawn = []
    path = Path("a.svg")
    same("a picture", printed(svg.save, drawn.append, path, "it"), "a.svg: it\n-> ")
    same("was drawn", drawn, [path])
    same("without matplotlib", printed(svg.save, refuses(ImportError("x")), path, "it"),
         "-> svg: needs matplotlib: apt-get install python3-matplotlib")
    same("into no folder", printed(svg.save, refuses(OSError(2, "No such file")), path, "it"), "-> svg: a.svg: No such file")
    same("without a witness", printed(svg.witnesses, [log("ok 1\n")], True, path),
         "-> svg: there is no witness in the log (the option `verbose` prints one for every caught cell)")
    one = log("# ev=boot git=1234567\n# ev=lab seed=7\n" + "".join(
        f"# ev=cell n={n} scenario=a/one mode=choreo guard={guard} choices=- result=caught\n# ev=witness n={n} scenario=a/one\n{ok} {n} - x\n"
        for n, guard, ok in ((1, "g", "ok"), (2, "h", "not ok"))))
    seen = []
    with instead(svg.picture, lanes=lambda *arguments: seen.append(arguments)):
        same("of failures", printed(svg.witnesses, [one], False, path), "a.svg: 1 witness(es)\n-> ")
        same("of all", printed(svg.witnesses, [one], True, path), "a.svg: 2 witness(es)\n-> ")
    passed = log("# ev=cell n=1 scenario=a/one mode=choreo guard=g choices=-\n# ev=witness n=1 scenario=a/one\nok 1 - x\n")
    with instead(svg.picture, lanes=lambda *arguments: seen.append(arguments)):
        same("of all, as none failed", printed(svg.witnesses, [passed], False, path), "a.svg: 1 witness(es)\n-> ")
    again = 'Zapwalk, git id 1234567: make run ARGS="run=a/one guard.{}=off mode=choreo seed=7"'
    first, second = one.witnesses
    same("what is drawn", seen[:2], [([(second, "guard.h=off")], path, again.format("h")),
                                     ([(first, "guard.g=off"), (second, "guard.h=off")], path, again.format("g") + "\n" + again.format("h"))])


reading()
one_line_at_a_time()
options()
how_runs_end()
shown_widths()
shown()
on_terminal()
names_of_logs()
small_ones()
completed_options()
pictures()
finish()
