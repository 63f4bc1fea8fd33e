#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/images and tools/screenshot, with prepared logs and stand-ins for machines. Fails if they boot, read, draw or
write something wrong."""
from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from host import PLACE, ROOT, check, finish, inside, printed, program, raised, same
from zapwalk import log
from zapwalk.log import Log

images, screenshot = program("tools/images"), program("tools/screenshot")
LINES = ["TAP version 13", "# ev=boot git=abc123", "1..1", "ok 1 - a", "# ev=done status=pass passed=1"]


def one_log(*more: str, name: str = "x86-pc") -> Log:
    return log.parse([*LINES[:2], *more, *LINES[2:]], name)


def patched(**more: object):
    return mock.patch.multiple(images, **more)


# --- tools/images ------------------------------------------------------------------------------


def matplotlib() -> None:
    """Another Python may have matplotlib. It must be tried once, and only once."""
    def needed(there: bool, executable: str, exists: bool, tried: bool) -> tuple[str, list]:
        environment = {name: value for name, value in os.environ.items() if name != "ZAPWALK_PYTHON"}
        with mock.patch.dict(sys.modules, {"matplotlib": SimpleNamespace() if there else None}), \
                mock.patch.dict(os.environ, {**environment, **({"ZAPWALK_PYTHON": "tried"} if tried else {})}, clear=True), \
                mock.patch.object(images.sys, "executable", executable), mock.patch.object(images.sys, "argv",
                        ["tools/images", "x86-pc"]), \
                mock.patch.object(images.os.path, "exists", lambda path: exists), mock.patch.object(images.os, "execv",
                        lambda *args: tries.append((*args, os.environ.get("ZAPWALK_PYTHON")))):
            tries: list = []
            return raised(images.Problem, images.need_matplotlib), tries

    missing = "matplotlib is missing. Install it with: apt-get install python3-matplotlib"
    same("matplotlib is there", needed(True, "/opt/python3", True, False), ("", []))
    same("another Python is tried", needed(False, "/opt/python3", True, False), (
        missing, [("/usr/bin/python3", ["/usr/bin/python3", images.__file__, "x86-pc"], "tried")]))
    same("not itself", needed(False, "/usr/bin/python3", True, False), (missing, []))
    same("not one that is not there", needed(False, "/opt/python3", False, False), (missing, []))
    same("not twice", needed(False, "/opt/python3", True, True), (missing, []))


def boots() -> None:
    path = PLACE / "boots/deep/x.log"
    shutil.rmtree(PLACE / "boots", ignore_errors=True)

    def ran(status: int, passes: bool) -> tuple[str, object]:
        def boot(argv: list[str], **how: object) -> SimpleNamespace:
            started.append((argv, how))
            path.write_text("\n".join(LINES))
            return SimpleNamespace(returncode=status, stdout="said")

        with mock.patch.object(subprocess, "run", boot), mock.patch.dict(os.environ, {"MACHINE": "mips", "V": "1", "SEED": "7"}):
            try:
                return "", images.run("run=a b=c", path, passes).first("boot").get("git")
            except images.Problem as problem:
                return str(problem), None

    started: list = []
    same("a run that has to fail", [ran(1, False), ran(0, False)], [("", "abc123"), ("tools/run run=a b=c: status 0\nsaid", None)])
    same("one that has to pass", [ran(0, True), ran(1, True)], [("", "abc123"), ("tools/run run=a b=c: status 1\nsaid", None)])
    argv, how = started[0]
    environment = how.pop("env")
    same("how it is run", (argv, how), (["tools/run", "--log", str(path)], {
        "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "check": False}))
    same("only these options", {name: environment[name] for name in ("MACHINE", "SMP", "MEM", "QEMU", "QEMU_ARGS", "DEADLINE",
                                                                   "IMAGE", "V", "ARGS", "SEED")},
         {**dict.fromkeys(("MACHINE", "SMP", "MEM", "QEMU", "QEMU_ARGS", "DEADLINE", "IMAGE", "V"), ""), "ARGS": "run=a b=c",
          "SEED": "7"})


def engines() -> None:
    for said, wanted in (("QEMU emulator version 10.0.2 (Debian)\nx", "QEMU 10.0.2"), ("what", "QEMU")):
        with mock.patch.object(subprocess, "run", mock.Mock(return_value=SimpleNamespace(stdout=said))) as run:
            same(f"an engine that says {said[:4]}", (images.engine(), images.caption(one_log())),
                 (wanted, f"git id abc123, on {wanted}"))
    same("as it is asked", run.call_args, mock.call(["qemu-system-i386", "--version"], capture_output=True, text=True, check=False))
    with socket.socket() as again:
        again.bind(("127.0.0.1", images.free_port()))
    with mock.patch.object(images.socket, "socket") as made:
        made.return_value.__enter__.return_value.getsockname.return_value = ("127.0.0.1", 4711)
        same("a free port", (images.free_port(), made.return_value.__enter__.return_value.bind.call_args),
             (4711, mock.call(("127.0.0.1", 0))))


def speeds() -> None:
    place = PLACE / "speed"
    shutil.rmtree(place, ignore_errors=True)
    (place / "bench").mkdir(parents=True)
    few, many = place / "bench/x86-pc-smp2.log", place / "bench/x86-pc-smp8.log"
    with patched(LOGS=place, PLACE=Path("pictures"), engine=lambda: "QEMU 1"), mock.patch.object(images.plot, "svg") as svg, \
            mock.patch.object(images.bench, "digest", lambda *logs: [f"of {[one.name for one in logs]}"]):
        same("no measurements", images.speed(), {})
        few.write_text("\n".join(LINES))
        same("half of them", images.speed(), {})
        many.write_text("\n".join(LINES).replace("abc123", "def456"))
        same("of two versions", raised(images.Problem, images.speed),
             f"{few} and {many} are of two versions. Measure again: make bench")
        same("then nothing is drawn", svg.call_count, 0)
        many.write_text("\n".join(LINES))
        same("of one", images.speed(),
             {"speed": "`make bench` at git id abc123, on QEMU 1, with 2 CPUs, and with 8 for the scaling:\n\n"
                                        + images.pages.code(["of ['x86-pc-smp2', 'x86-pc-smp8']"])})
        same("drawn", ([one.name for one in svg.call_args.args[0]], svg.call_args.args[1]),
             (["x86-pc-smp2", "x86-pc-smp8"], Path("pictures/speed.svg")))


def saved() -> None:
    place = PLACE / "saved"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for name in ("mips", "x86-pc", "explored-b", "explored-a"):
        explorer = ["# ev=explorer machine=x"] if "explored" in name else []
        (place / f"{name}.log").write_text("\n".join([*explorer,
                                                      *(line.replace("abc", "zzz") if explorer else line for line in LINES)]))
    with patched(LOGS=place):
        same("the logs, in this order, then the explorer's", [one.name for one in images.saved(["x86-pc", "mips"])],
             ["x86-pc", "mips", "explored-a", "explored-b"])
        wrong = f"the logs in {place} are of several versions, or of none. Make them: make matrix"
        same("no machine", raised(images.Problem, images.saved, []), wrong)
        (place / "mips.log").write_text("\n".join(LINES).replace("abc", "xyz"))
        same("several versions", raised(images.Problem, images.saved, ["x86-pc", "mips"]), wrong)


def fills() -> None:
    place = PLACE / "fill"
    shutil.rmtree(place, ignore_errors=True)
    (place / "docs").mkdir(parents=True)
    steps = ["# ev=cell n=1 scenario=a/b guard=x choices=- result=caught", "# ev=witness n=1 scenario=a/b rule=r",
             "# ev=step n=1 cpu=0 at=f:1 do=go"]
    written: dict[str, dict[str, str]] = {}
    with inside(place), patched(speed=lambda: {"speed": "fast\n"}, engine=lambda: "QEMU 1"), \
            mock.patch.object(images.pages, "blocks", lambda text: {} if text == "none" else {"speed": "old", "other": f"of {text}"}), \
            mock.patch.object(images.pages, "filled", lambda text, contents: written.update({text: contents}) or f"{text} filled"), \
            mock.patch.object(images.matrix, "matrix", lambda logs: [f"{len(logs)} logs"]):
        for name, text in (("docs/a.md", "text"), ("docs/b.md", "none"), ("docs/c.md", "more"), ("README.md", "readme")):
            Path(name).write_text(text)
        images.fill([one_log(), one_log()], one_log(*steps))
        same("documents with blocks are filled", [Path(name).read_text() for name in ("docs/a.md", "docs/b.md", "docs/c.md", "README.md")],
             ["text filled", "none", "more filled", "readme"])
    same("a document keeps its other blocks", [contents["other"] for contents in written.values()], ["of text", "of more"])
    contents = written["text"]
    same("its blocks", {name: text.splitlines()[0] for name, text in contents.items()}, {
        "speed": "fast", "other": "of text", "matrix": "What `make matrix` says, at git id abc123, on QEMU 1:",
        "witness": "At git id abc123, on QEMU 1:"})
    same("the matrix", contents["matrix"].partition("\n\n")[2], images.pages.code(["2 logs"]))
    shown = contents["witness"].partition("\n\n")[2]
    check("a/b with guard.x=off" in shown and "go" in shown, "the witness", shown)


def folds() -> None:
    long = "  holes: " + "name, " * 40
    lines = images.folded(["x" * 200, long, "  barriers: " + "y" * 150, "  holes"])
    same("the table stays", (lines[0], lines[-1]), ("x" * 200, "  holes"))
    same("names are wrapped", (len(lines), [len(line) <= 108 for line in lines[1:4]], lines[1][:16], lines[2][:10], lines[4],
                               lines[5]), (
        7, [True] * 3, "  holes: name, n", "    name, ", "  barriers:", "    " + "y" * 150))
    exact = "  holes: " + "z" * 99
    same("108 characters are a line", [images.folded([exact]), images.folded([exact + "z"])],
         [[exact], ["  holes:", "    " + "z" * 100]])


def tours() -> None:
    place = PLACE / "tour"
    (place / "docs").mkdir(parents=True, exist_ok=True)
    with inside(place), patched(free_port=lambda: 4711), mock.patch.object(images.tour, "steps", lambda text: ["a", "b"]), \
            mock.patch.object(images.tour, "refreshed", lambda *args: f"{args}"):
        Path("docs/tour.md").write_text("text")
        with mock.patch.object(images.tour, "typed", mock.Mock(return_value=(["before"], [["x"], ["y", "z"]]))) as typed:
            images.walk_the_tour()
            same("the tour is typed, and written", (typed.call_args, Path("docs/tour.md").read_text()),
                 (mock.call("text", 4711, ROOT), "('text', ['before'], [['x'], ['y', 'z']])"))
        with mock.patch.object(images.tour, "typed", mock.Mock(return_value=(["before"], [["x", "y"]]))):
            same("it breaks off", raised(images.Problem, images.walk_the_tour), "docs/tour.md: the session broke off\nbefore\nx\ny")


def images_main() -> None:
    place = PLACE / "main"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    cell = "# ev=cell n=1 scenario=a/b guard=x choices=- result=caught"
    witness = one_log(cell, "# ev=witness n=1 scenario=a/b rule=r")
    order: list[object] = []

    def called(git: str = "abc123", quiet: bool = False, **more: object) -> tuple[object, str, str]:
        order.clear()
        everything = [log.parse([line.replace("abc123", git) for line in LINES], "x86-pc")]
        doing = {"need_matplotlib": lambda: order.append("need"), "saved": lambda machines: order.append(machines) or everything,
                 "run": lambda *args: order.append(args) or witness, "fill": lambda *logs: order.append(len(logs)),
                 "walk_the_tour": lambda: order.append("tour"), "engine": lambda: "QEMU 1", "ROOT": place,
                 "PLACE": Path("pictures"),
                 "LOGS": Path("logs"), **more}
        with inside(ROOT), patched(**doing), mock.patch.object(images.sys, "argv", ["tools/images", "x86-pc"]), \
                mock.patch.object(images.picture, "kill_matrix",
                                  lambda *args: order.append((*args[1:], (place / "pictures").is_dir()))), \
                mock.patch.object(images.picture, "lanes", lambda *args: order.append(([variant for _, variant in args[0]],
                        *args[1:]))):
            return printed(images.main) if not quiet else images.main()

    made = "made: pictures/*.svg, the blocks of docs/, the printed lines of docs/tour.md. Look: git diff\n"
    begun = "running the lab ...\n"
    same("made", called(), (0, f"{begun}typing the tour ...\n{made}", ""))
    same("in this order", order, [
        "need", ["x86-pc"], ("run=pte/torn-read guard.present_recheck=off mode=choreo seed=1", Path("logs/other/x86-pc-witness.log"),
                             False),
        (Path("pictures/kill-matrix.svg"), "make matrix at git id abc123, on QEMU 1", (), True),
        (Path("pictures/kill-matrix-small.svg"), "make matrix at git id abc123, on QEMU 1", images.FIRST, True),
        (["guard.x=off"], Path("pictures/witness.svg"),
         'make run ARGS="run=pte/torn-read guard.present_recheck=off mode=choreo seed=1" at git id abc123, on QEMU 1'),
        2, "tour"])
    check((place / "pictures").is_dir(), "there is a place for pictures")
    same("again, of a tree that is not clean", called("abc-dirty")[1],
         f"{begun}typing the tour ...\n{made}The git id says -dirty: commit, then make them again.\n")
    for error, text in ((images.Problem("why"), "why"), (subprocess.TimeoutExpired("gdb", 5),
                                                         "Command 'gdb' timed out after 5 seconds")):
        same(f"it fails: {text}", called(walk_the_tour=mock.Mock(side_effect=error)),
             (2, f"{begun}typing the tour ...\n", f"tools/images: {text}\n"))
    at_once(called, "images")
    with mock.patch("builtins.print", lambda text, **how: order.append(text)):
        called(quiet=True)
    same("it is said what is done, before it is done", [step for step in order if not isinstance(step, tuple)],
         ["need", "running the lab ...", ["x86-pc"], 2, "typing the tour ...", "tour", made.rstrip()])


def at_once(call, name: str) -> None:
    """A long step must be announced before it begins."""
    with mock.patch("builtins.print") as said:
        call()
    announced = [one for one in said.call_args_list if one.args[0].endswith("...")]
    check(announced and all(one.kwargs.get("flush") for one in announced), f"{name}: what takes long is announced before",
          announced)


# --- tools/screenshot --------------------------------------------------------------------------


def progresses() -> None:
    for text, wanted in (("", 0), ("# ev=progress done=7 of=10", 0.7),
                         ("# ev=progress done=1 of=2\n# ev=progress done=3 of=4", 0.75),
                         ("# ev=progress of=4", 0), ("# ev=progress done=3", 3)):
        same(f"progress of {text!r}", screenshot.progress(text), wanted)


class Machine:
    """A machine whose screen shows the next of these pictures at each look, and the last one from then on."""

    def __init__(self, *pngs: bytes, serial: str = "# ev=progress done=8 of=10"):
        self.pngs = list(pngs)
        self.text = serial
        self.calls: list[object] = []

    def picture(self) -> SimpleNamespace:
        self.calls.append("picture")
        png = self.pngs.pop(0) if len(self.pngs) > 1 else self.pngs[0]
        return SimpleNamespace(png=lambda: png)

    def serial(self) -> str:
        return self.text

    def wait_until(self, happened, seconds: float, what: str) -> None:
        self.calls.append((happened(), seconds, what))

    def wait_for(self, text: str, seconds: float) -> None:
        self.calls.append((text, seconds))

    def __enter__(self) -> Machine:
        return self

    def __exit__(self, *_: object) -> None:
        self.calls.append("end")


def settles() -> None:
    waits: list[float] = []
    with mock.patch.object(screenshot.time, "sleep", waits.append):
        same("a screen that comes to rest", (screenshot.settled(Machine(b"a", b"b", b"b", b"c")), waits), (b"b", [0.3, 0.3]))
        endless = Machine(*(b"%d" % n for n in range(100)))
        same("one that does not is taken as it is after 50 looks", (screenshot.settled(endless), len(endless.calls)), (b"49", 50))


def shots() -> None:
    place = PLACE / "shots"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    started: list[object] = []

    def shot(lines: list[str], serial: str = "# ev=progress done=8 of=10") -> object:
        machine = Machine(b"running", b"end", b"end", serial=serial)
        started[:] = [machine]

        def start(argv: list[str], path: Path) -> Machine:
            started.extend((argv, path))
            path.write_text("\n".join(lines))
            return machine

        def command(settings, image: str) -> SimpleNamespace:
            started.append((settings.machine, settings.options, image))
            return SimpleNamespace(argv=["qemu", "exit=isa-debug strict seconds=8"])

        with mock.patch.multiple(screenshot, Machine=start, command=command, PLACE=place, LOGS=place, IMAGE="a.elf"), \
                mock.patch.object(screenshot.time, "sleep"):
            return screenshot.shoot("text", "x86-usb-bios")

    same("the git id", shot(LINES), "abc123")
    same("what is booted", started[1:], [("x86-usb-bios", "seconds=8", "a.elf"), ["qemu", "strict seconds=8"],
                                         place / "screen-text.log"])
    same("what is looked at, and when", started[0].calls, [
        (True, 180.0, "progress beyond 70 %"), "picture", ("# ev=done", 180.0), "picture", "picture", "end"])
    same("both pictures", [(place / f"screen-text-{when}.png").read_bytes() for when in ("run", "end")], [b"running", b"end"])
    shot(LINES, "# ev=progress done=7 of=10")
    same("70 % are too early", started[0].calls[0][0], False)
    for lines, status in ((LINES[:-1], "none"), ([*LINES[:-1], "# ev=done status=fail"], "fail")):
        (place / "screen-text-run.png").unlink(missing_ok=True)
        same(f"status {status}", (raised(screenshot.Problem, shot, lines), (place / "screen-text-run.png").exists()),
             (f"x86-usb-bios: status={status}, no pass; its log: {place / 'screen-text.log'}", False))


def screenshot_main() -> None:
    place = PLACE / "screenshots"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)

    def called(shoot: object) -> tuple[object, str, str]:
        with inside(ROOT), mock.patch.multiple(screenshot, ROOT=place, LOGS=Path("deep/logs"), shoot=shoot):
            return printed(screenshot.main)

    shoot = mock.Mock(return_value="abc")
    begun = "running x86-usb-bios ...\nrunning x86-usb-uefi ...\n"
    made = "made: docs/images/screen-*.png. Look at them, then: git diff --stat\n"
    same("made", (called(shoot), shoot.call_args_list), ((0, begun + made, ""),
                                                         [mock.call("text", "x86-usb-bios"),
                                                          mock.call("framebuffer", "x86-usb-uefi")]))
    check((place / "deep/logs").is_dir(), "there is a place for logs")
    same("of a tree that is not clean", called(mock.Mock(return_value="abc-dirty"))[1],
         begun + made + "The git id says -dirty: commit, then make them again.\n")
    for error in (screenshot.Problem("why"), screenshot.Gone("why")):
        same(f"it fails: {type(error).__name__}", called(mock.Mock(side_effect=error)),
             (1, begun.splitlines()[0] + "\n", "tools/screenshot: why\n"))
    at_once(lambda: called(shoot), "screenshot")


PLACE.mkdir(parents=True, exist_ok=True)
matplotlib()
boots()
engines()
speeds()
saved()
fills()
folds()
tours()
images_main()
progresses()
settles()
shots()
screenshot_main()
finish()
