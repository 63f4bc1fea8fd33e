#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/run with a stand-in for the engine, so it starts no machine. Fails if its options, the texts and files around a
boot, or its end are wrong. tests/self/boot boots real machines."""
from __future__ import annotations

import hashlib
import os
import shutil
import signal
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from host import PLACE, ROOT, check, finish, inside, printed, program, raised, same
from zapwalk.engine import Ending
from zapwalk.machines import MACHINES, Command, Missing, Problem, Settings

tool = program("tools/run")
NAMES = ("MACHINE", "SMP", "MEM", "ACCEL", "QEMU", "QEMU_ARGS", "IMAGE", "DEADLINE", "V", "ARGS")
IMAGE = PLACE / "zapwalk.elf"
PC = MACHINES["x86-pc"]


def environment(**more: str):
    kept = {name: value for name, value in os.environ.items() if name not in NAMES}
    return mock.patch.dict(os.environ, {**kept, **more}, clear=True)


def arguments(*options: str, **more: str):
    with environment(**more):
        return tool.parser().parse_intermixed_args(tool.joined(list(options)))


def parsed() -> None:
    defaults = {"options": [], "machine": "x86-pc", "smp": "", "mem": "", "accel": "", "qemu": "", "qemu_args": "", "image": "",
                "deadline": "", "log": None,
                "bisect": False, "tap": False, "verbose": False, "machines": False, "completion": None, "bench": False,
                "gdb": False}
    same("nothing said", vars(arguments()), defaults)
    said = {"MACHINE": "mips", "SMP": "3", "MEM": "1G", "ACCEL": "kvm", "QEMU": "q", "QEMU_ARGS": "-x", "IMAGE": "i",
            "DEADLINE": "9", "V": "1"}
    environment_ = {"machine": "mips", "smp": "3", "mem": "1G", "accel": "kvm", "qemu": "q", "qemu_args": "-x", "image": "i",
                    "deadline": "9", "verbose": True}
    same("by the environment", vars(arguments(**said)), {**defaults, **environment_})
    same("empty settings are none", vars(arguments(**dict.fromkeys(said, ""))), defaults)
    options = ["a=b", "--machine", "s390x", "--smp", "4", "--mem", "2G", "--accel", "tcg", "--qemu", "p", "--qemu-args", "-y",
             "--image", "j", "--deadline",
             "8", "--log", "l", "--bisect", "--tap", "-v", "--machines", "--completion", "bash", "--bench", "--gdb", "c"]
    same("options win", vars(arguments(*options, **said)), {
        "options": ["a=b", "c"], "machine": "s390x", "smp": "4", "mem": "2G", "accel": "tcg", "qemu": "p", "qemu_args": "-y",
        "image": "j", "deadline": "8",
        "log": Path("l"), "bisect": True, "tap": True, "verbose": True, "machines": True, "completion": "bash", "bench": True,
        "gdb": True})
    for options, joined in ((["--qemu-args", "-vga none", "x"], ["--qemu-args=-vga none", "x"]),
                          (["x", "--qemu-args"], ["x", "--qemu-args"]), ([], []),
                          (["--qemu-args=-x", "-y"], ["--qemu-args=-x", "-y"])):
        same(f"joined: {options}", tool.joined(options), joined)
    error, out, err = printed(lambda: raised(Problem, arguments, "--nosuch"))
    same("a wrong option", (error, out, err.splitlines()[0][:16]), ("unrecognized arguments: --nosuch", "", "usage: tools/run"))
    with environment():
        text = tool.parser().format_help()
    check(tool.__doc__.splitlines()[0] in text and "Exit status: 0 PASS, 1 FAIL, 3 INCOMPLETE, 4 NOTHING\nSHOWN, 5" in text,
          "help has the lines of the program", text)
    with environment(ARGS="run=x  strict"):
        settings = tool.settings_of(arguments("a", "b", "--smp", "3", "--bench", **{}))
    same("settings", settings, Settings("x86-pc", "3", "", "run=x  strict a b", "", "", True, ""))
    with environment():
        settings = tool.settings_of(SimpleNamespace(machine="m", smp="s", mem="e", options=[], qemu="q", qemu_args="a", bench=False,
                                                    accel="c"))
    same("each where it belongs", settings, Settings("m", "s", "e", "", "q", "a", False, "c"))


def machines() -> None:
    status, text, _ = printed(tool.list_machines)
    lines = text.splitlines()
    same("the machines", (status, [line.split()[0] for line in lines], lines[0].split()),
         (0, ["machine", *MACHINES], ["machine", "CPUs", "memory", "what"]))
    same("one of them", lines[1].split(maxsplit=3), ["x86-pc", "2", "6G", PC.what])


def deadlines() -> None:
    for text, options, wanted in (("", "", 120.0), ("5", "", 5.0), ("0.5", "", 0.5), ("999999", "", 999999.0),
                                ("", "passes=0", float("inf")), ("", "minutes=3", 300.0),
                                ("7", "minutes=3", 7.0), ("", "passes=3", 120.0)):
        same(f"DEADLINE={text} {options}", tool.deadline(text, options), wanted)
    for text in ("0", "-1", "x", "1000000", "nan", "1e7"):
        same(f"DEADLINE={text}", raised(Problem, tool.deadline, text, ""), f"bad DEADLINE={text}. Valid: a number of seconds")


def files() -> None:
    place = PLACE / "files"
    shutil.rmtree(place, ignore_errors=True)
    (place / "build/x86/lab").mkdir(parents=True)
    with inside(place), mock.patch.multiple(tool, BUILD=Path("build"), LOGS=Path("logs"), OTHER=Path("logs/other")):
        same("our images", [tool.own_image(arguments(*options)) for options in ([], ["--bench"], ["--machine", "mips"])],
             [Path("build/x86/lab/zapwalk.elf"), Path("build/x86/bench/zapwalk.elf"), Path("build/mips/lab/zapwalk.elf")])
        same("there is none", raised(Missing, tool.find_image, arguments()),
             "there is no image build/x86/lab/zapwalk.elf. Build it with: make")
        image, disc = Path("build/x86/lab/zapwalk.elf"), Path("build/x86/lab/zapwalk.iso")
        image.write_text("x")
        same("there is", tool.find_image(arguments()), image)
        same("another", raised(Missing, tool.find_image, arguments("--image", "a/b")), "there is no image a/b. Build it with: make")
        same("the image is what it starts from", tool.find_medium(arguments(), image), image)
        stick = arguments("--machine", "x86-usb-bios")
        missing = f"there is no {disc} of the image {image}. Build it with: make iso"
        same("no disc", raised(Missing, tool.find_medium, stick, image), missing)
        disc.write_text("y")
        os.utime(image, (100, 100))
        os.utime(disc, (99, 99))
        same("an older disc", raised(Missing, tool.find_medium, stick, image), missing)
        for age in (100, 101):
            os.utime(disc, (age, age))
            same(f"one of {age - 100} s later", tool.find_medium(stick, image), disc)
        with mock.patch.object(tool.logs, "of_run", lambda link: f"of {link}"):
            def paths(settings: Settings, *options: str, image: Path = image) -> tuple:
                return tool.log_paths(arguments(*options), settings, image)

            for name, got, link in (
                    ("a plain run", paths(Settings()), "logs/x86-pc.log"),
                    ("another image", paths(Settings(), image=Path("x")), "logs/other/x86-pc.log"),
                    ("other settings", paths(Settings(smp="4")), "logs/other/x86-pc.log"),
                    ("a bench", paths(Settings(bench=True), "--bench"), "logs/bench/x86-pc.log"),
                    ("of 8 CPUs", paths(Settings(bench=True, smp="8"), "--bench"), "logs/bench/x86-pc-smp8.log")):
                same(f"the log of {name}", got, (f"of {link}", Path(link)))
            same("--log", (paths(Settings(), "--log", "a/b/c.log"), Path("a/b").is_dir()), ((Path("a/b/c.log"), None), True))
            same("--log again", paths(Settings(), "--log", "a/b/c.log"), (Path("a/b/c.log"), None))


def made(**more: object) -> Command:
    return Command(**{"argv": ["/bin/qemu"], "options": "strict a", "machine": PC, "smp": 2, "mem": "6G", "version": 'v "1"',
                      "foreign": False, **more})


def said_of() -> None:
    PLACE.mkdir(parents=True, exist_ok=True)
    IMAGE.write_bytes(b"image")
    digest = hashlib.sha256(b"image").hexdigest()[:16]
    same("the first line", tool.opening(made(), IMAGE, "tcg"),
         f"x86-pc (qemu, tcg), 2 CPUs, 6G, {IMAGE} (sha256 {digest}), options: strict a")
    same("one CPU, and nothing is known of what runs it", tool.opening(made(smp=1), IMAGE, ""),
         f"x86-pc (qemu), 1 CPU, 6G, {IMAGE} (sha256 {digest}), options: strict a")
    same("the log's line", [tool.engine_event(made(), ran) for ran in ("kvm", "")], [
        f"# ev=engine name=\"qemu\" version=\"v '1'\" accel={name} cpus=2 mem_mib=6144" for name in ("kvm", "unknown")])
    same("one of ours is no stranger", tool.stranger(made()), "")
    for options, how in (("a", "without strict and known="), ("strict a", "without known="), ("known=F-001", "without strict"),
                       ("strict known=F-1", "by the options given"),
                       ("unknown=1 nostrict", "without strict and known=")):
        same(f"a stranger: {options}", tool.stranger(made(foreign=True, options=options)),
             f"a foreign binary, judged {how}: /bin/qemu (v \"1\")")
    same("one that says nothing", tool.stranger(made(foreign=True, options="strict known=", version="")),
         "a foreign binary, judged by the options given: /bin/qemu (its --version says nothing)")
    ending = Ending(1, "", "one\ntwo")
    same("below the verdict", tool.afterwards(made(), ending, Path("a.log")),
         ["qemu said: one", "qemu said: two", "raw log: a.log"])
    same("of a stranger", tool.afterwards(made(foreign=True, options="strict"), Ending(1, "", ""), Path("a.log")),
         ["  a foreign binary, judged without known=: /bin/qemu (v \"1\"); see docs/image.md", "raw log: a.log"])


LINES = ["TAP version 13", '# ev=cmdline text="strict a"', "1..1", "# ev=cell n=1 result=held", "ok 1 - a probe", "# ev=pass n=1",
         "# ev=done status=pass passed=1 failed=0 skipped=0 known=0 seconds=1"]


class Booted:
    """Runs tools/run with an engine that prints these lines and then ends in this way."""

    def __init__(self, lines: list[str] | None = None, ending: Ending = Ending(1, "", ""), options: list[str] = (),
                 what: Command | None = None):
        self.what = what or made(argv=["/bin/qemu", "-x y"], options="strict a")
        self.events: list[object] = []
        self.over = False
        self.lines = LINES if lines is None else lines
        self.ending = ending
        self.path = PLACE / "boot.log"
        self.path.write_text("".join(f"{line}\n" for line in self.lines))
        with inside(PLACE), mock.patch.multiple(
                tool, find_image=lambda options: IMAGE, find_medium=lambda options, image: IMAGE, command=lambda settings,
                image: self.what,
                log_paths=lambda *args: (self.path, Path("link"))), mock.patch.object(tool.engine, "run", self.run), \
                mock.patch.object(tool.logs, "publish", lambda *args: self.events.append(("publish", *args))), \
                mock.patch.object(tool, "record", self.noted("record", tool.record)), \
                mock.patch.object(tool.Screen, "wipe", self.noted("wipe", tool.Screen.wipe)), \
                mock.patch.object(tool.Screen, "conclude", self.noted("conclude", tool.Screen.conclude)):
            self.status, self.out, self.err = printed(tool.boot, arguments(*options), Settings())
        self.published = ("publish", self.path, Path("link")) in self.events

    def noted(self, name: str, call):
        """Notes a step taken after the end of the engine."""
        def done(*args: object) -> object:
            if self.over and self.events[-1] not in ("conclude", name):
                self.events.append(name)
            return call(*args)
        return done

    def run(self, argv, path, take, is_done, deadline, begin, has_begun, tell) -> Ending:
        self.events.append((argv, path, deadline))
        self.begun, self.done, self.tell = [has_begun()], [is_done()], tell
        self.event = begin("tcg")
        for line in self.lines:
            take(line)
            self.begun.append(has_begun())
            self.done.append(is_done())
        self.over = True
        return self.ending


def boots() -> None:
    digest = hashlib.sha256(b"image").hexdigest()[:16]
    head = f"x86-pc (qemu, tcg), 2 CPUs, 6G, {IMAGE} (sha256 {digest}), options: strict a\n"
    event = "# ev=engine name=\"qemu\" version=\"v '1'\" accel=tcg cpus=2 mem_mib=6144"
    one = Booted()
    same("what is started, and what follows its end", one.events, [
        (["/bin/qemu", "-x y"], one.path, 120.0), "wipe", "record", "conclude", ("publish", one.path, Path("link"))])
    with mock.patch.multiple(tool, find_image=lambda options: IMAGE, command=lambda settings, image: made(), log_paths=None):
        check("bad DEADLINE=x" in raised(Problem, tool.boot, arguments("--deadline", "x"), Settings()),
              "a wrong DEADLINE= makes no place for a log")
    same("when the last line came is known", one.done, [False] * 7 + [True])
    same("it is written who runs the CPUs", one.event, event)
    check(one.out.startswith(head + "ok       1/1  a probe\n") and one.out.endswith(f"\nraw log: {one.path}\n"), "what is said",
          one.out)
    same("its end: one CPU is there, and two were asked for",
         (one.status, "INCOMPLETE (1 passed, 0 failed, 0 skipped, 0 known, 1 s)\n  2 CPUs were asked for" in one.out, one.tell),
         (3, True, None))
    one = Booted(options=["-v"])
    check(one.out.startswith(f"{head}/bin/qemu '-x y'\nTAP version 13\n"), "-v: the command line, then every line", one.out)
    one = Booted(options=["--tap"])
    same("--tap", one.out.splitlines()[:4], ["TAP version 13", "1..1", f"# {head.rstrip()}", '# ev=cmdline text="strict a"'])
    one = Booted(what=made(foreign=True, argv=["/bin/qemu"]))
    same("a stranger is told of", one.out.splitlines()[1], 'a foreign binary, judged without known=: /bin/qemu (v "1")')
    same("an engine without KVM begins whenever it likes", set(one.begun), {True})
    one = Booted(what=made(argv=["/bin/qemu", "-accel", "kvm"]))
    same("one with KVM has begun at its header", one.begun, [False] + [True] * 7)
    one = Booted(["", "Bail out! x"], what=made(argv=["/bin/qemu", "-accel", "kvm"]))
    same("or at its bail-out", one.begun, [False, False, True])
    one = Booted(LINES[:-1], Ending(-9, "it was still running after 9 s", ""))
    check(one.status == 6 and "DIED\n" in one.out and one.path.read_text().count("# ev=run end=died why=") == 1,
          "what the log does not know is written into it", one.out)


def interruptions() -> None:
    soak = made(options="strict a passes=0")
    lines = [LINES[0], '# ev=engine cpus=1', *LINES[2:-1]]
    for name, what, options, status, told in (
            ("a run", made(), [], 130, f"interrupted; raw log: {PLACE / 'boot.log'}\n"),
            ("a run for readers of TAP", made(), ["--tap"], 130, f"Bail out! interrupted; raw log: {PLACE / 'boot.log'}\n")):
        one = Booted(lines, Ending(-9, "interrupted", "", signal.SIGINT), options, what)
        check(one.status == status and one.out.endswith(told) and not one.published, f"Ctrl-C: {name}", one.status, one.out)
    one = Booted(lines, Ending(-9, "interrupted", "", signal.SIGTERM), [], soak)
    same("SIGTERM, and a soak", (one.status, one.published), (143, False))
    one = Booted(lines, Ending(-9, "interrupted", "", signal.SIGINT), [], soak)
    check(one.status == 3 and "ended from outside after pass 1" in one.out and one.published,
          "Ctrl-C: a soak has the verdict of its passes", one.out)
    check(one.tell, "a soak can be told to end")
    same("not one that does not hear", Booted(LINES, what=made(options="strict a passes=0", machine=MACHINES["s390x"])).tell, None)
    one = Booted(lines[:-1], Ending(-9, "interrupted", "", signal.SIGINT), [], soak)
    same("a soak without a whole pass", one.status, 130)


def completions() -> None:
    asked: list[object] = []

    def found(what: object, seconds: float) -> str:
        asked.append((what, seconds))
        return "found"

    with mock.patch.multiple(tool, command=lambda settings, image: SimpleNamespace(options=settings.options, image=image),
                             find_image=lambda options: IMAGE), \
            mock.patch.object(tool.completion, "asked", found), mock.patch.object(tool.completion, "script",
                    lambda *args: f"{args}"):
        status, text, _ = printed(tool.complete, arguments("--completion", "bash", "run=x", "--deadline", "5"))
    same("it asks for the list", (status, asked), (0, [(SimpleNamespace(options="list", image=str(IMAGE)), 5.0)]))
    listed = ["machine", "smp", "mem", "accel", "qemu", "qemu-args", "image", "deadline", "log", "bisect", "tap", "machines",
              "completion", "bench", "gdb"]
    same("and prints a script, with every option", text, f"{('bash', 'found', [f'--{name}' for name in listed])}")


def ways() -> None:
    def went(*options: str, status: int = 0) -> tuple[object, list[str]]:
        order: list[str] = []

        def step(name: str, result: object):
            return lambda *args: order.append(name) or result

        with mock.patch.multiple(tool, complete=step("complete", 11), list_machines=step("list", 12), boot=step("boot", status),
                                 find_image=step("image", IMAGE)), \
                mock.patch.object(tool.gdb, "session", step("gdb", 13)):
            return tool.run(arguments(*options)), order

    same("a boot", went(status=3), (3, ["boot"]))
    same("--bisect", [went("--bisect", status=status)[0] for status in (0, 1, 3, 130)], [0, 1, 125, 130])
    same("--completion, before all", went("--completion", "zsh", "--machines", "--gdb"), (11, ["complete"]))
    same("--machines", went("--machines", "--gdb"), (12, ["list"]))
    same("--gdb", went("--gdb"), (13, ["image", "gdb"]))


def paths() -> None:
    place = PLACE / "paths"
    place.mkdir(parents=True, exist_ok=True)
    (place / "there").write_text("x")
    with inside(place):
        same("a path from where it is called", [tool.from_here(text) for text in ("./there", "there", "./gone", "",
                str(place / "there"))],
             [str(place / "there"), "there", "./gone", "", str(place / "there")])
        with mock.patch.dict(os.environ, {"HOME": str(place)}):
            same("of somebody's home", tool.from_here("~/there"), str(place / "there"))
    with inside(ROOT):
        same("in the repository's root it stays", tool.from_here("./README.md"), "./README.md")


def mains() -> None:
    seen: list[object] = []

    def called(*options: str, run: object = lambda options: seen.append((options, Path.cwd())) or 9) -> tuple[object, str, str]:
        with mock.patch.object(tool.sys, "argv", ["tools/run", *options]), mock.patch.object(tool, "run",
                run), environment(), inside(PLACE):
            return printed(tool.main)

    def fails(error: BaseException):
        return mock.Mock(side_effect=error)

    same("its status", called("--log", "l", "--image", "./zapwalk.elf", "--qemu", f"{PLACE}/zapwalk.elf", "--qemu-args", "-x y"),
         (9, "", ""))
    given, where = seen[0]
    same("from the root, with paths that stay right", (where, given.log, given.image, given.qemu, given.qemu_args),
         (ROOT, PLACE / "l", str(IMAGE), str(IMAGE), "-x y"))
    called()
    same("no log, no options", (seen[1][0].log, seen[1][0].options), (None, []))
    for error, status, text in ((Problem("bad x"), 5, "NOT RUN: bad x"), (Missing("no x"), 7, "CANNOT START: no x"),
                                (OSError(2, "No such file", "f"), 7, "CANNOT START: f: No such file"),
                                (OSError(5, "odd"), 7, "CANNOT START: error: odd")):
        bail = f"TAP version 13\nBail out! {text.partition(':')[0]}: {error}\n"
        same(f"{text}", called(run=fails(error)), (status, "", f"tools/run: {text}\n"))
        same(f"{text}, --tap", called("--tap", run=fails(error)), (status, bail, f"tools/run: {text}\n"))
        same(f"{text}, --bisect", called("--bisect", run=fails(error))[0], 125)
    same("Ctrl-C", called(run=fails(KeyboardInterrupt())), (130, "\ninterrupted\n", ""))
    closed: list[bool] = []
    with mock.patch.object(tool.sys, "stderr", SimpleNamespace(close=lambda: closed.append(True),
                                                               write=lambda text: 0)), environment(), inside(PLACE), \
            mock.patch.object(tool.sys, "argv", ["tools/run"]), mock.patch.object(tool, "run", fails(BrokenPipeError())):
        same("its reader left", (tool.main(), closed), (6, [True]))
    same("a wrong option", called("--nosuch")[0], 5)


PLACE.mkdir(parents=True, exist_ok=True)
parsed()
machines()
deadlines()
files()
said_of()
boots()
interruptions()
completions()
ways()
paths()
mains()
finish()
