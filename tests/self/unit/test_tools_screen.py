#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The screen of a run. Fails if a line of the log, or the whole text made of it, is shown wrongly, or if an address is
not shown as its place."""
from __future__ import annotations

import subprocess
from pathlib import Path
from unittest import mock

from host import PLACE, check, finish, printed, same, seen_at_once
from zapwalk import log, screen, symbols
from zapwalk.log import Log
from zapwalk.verdict import Verdict


class Places:
    """Stands in for the image's symbols."""

    def annotate(self, line: str) -> str:
        return f"{line} <places>"


def colours(text: str, colour: str) -> str:
    return f"<{colour}>{text}</>"


def shown(lines: list[str], verbose: bool = False, terminal: bool = False) -> str:
    one = screen.Screen(Log("x86-pc"), Places(), verbose)
    with mock.patch.object(screen, "paint", colours), mock.patch.object(screen, "on_terminal", lambda: terminal), \
            mock.patch.object(screen, "bar", lambda done, of, rest: f"<bar {done}/{of} {rest}>"):
        return printed(lambda: [one.line(line) for line in lines])[1]


def points() -> None:
    same("a point without a plan", shown(["ok 1 - a/b probe"]), "<green>ok  </>       1  a/b probe\n")
    same("the header and the plan are not shown, the plan counts", shown(["TAP version 13", "1..12", "ok 3 - a"]),
         "<green>ok  </>    3/12  a\n")
    same("a failure", shown(["not ok 1 - a"]), "<red>FAIL</>       1  a\n")
    same("a skip, with its reason", shown(["ok 1 - a # SKIP why"]), "<dim>skip</>       1  a<dim>  (why)</>\n")
    same("a known finding", shown(["not ok 1 - a # TODO known F-001"]), "<yellow>todo</>       1  a<dim>  (known F-001)</>\n")
    same("a variant that was caught", shown(["# ev=cell n=1 result=caught ms=12.3", "ok 1 - a"]),
         "<green>ok  </>       1  a<dim>  caught 12 ms</>\n")
    same("one that was not", shown(["# ev=cell n=1 result=not_caught", "not ok 1 - a"]),
         "<red>FAIL</>       1  a<red>  NOT CAUGHT</>\n")
    same("a base variant that held, and another point's cell",
         shown(["# ev=cell n=1 result=held", "# ev=cell n=2 result=broken", "ok 1 - a"]),
         "<green>ok  </>       1  a\n")
    same("the last of a point's cells", shown(["# ev=cell n=1 result=caught", "# ev=cell n=1 result=not_caught", "ok 1 - a"]),
         "<green>ok  </>       1  a<dim>  NOT CAUGHT</>\n")


def other_lines() -> None:
    same("what the log does not know", shown(["SeaBIOS", "  ", "#", "# a remark", ""]), "SeaBIOS\n# a remark\n")
    same("escape codes and line ends are taken out", shown(["\x1b[31mred\r\n"]), "red\n")
    same("a bail-out", shown(["Bail out! no memory"]), "<red>Bail out! no memory</>\n")
    same("verbose: all of them, with places", shown(["TAP version 13", "1..1", "ok 1 - a", "# ev=cell n=1"], verbose=True),
         "".join(f"{line} <places>\n" for line in ("TAP version 13", "1..1", "ok 1 - a", "# ev=cell n=1")))
    hidden = ("boot cmdline memory machine console firmware framebuffer lab guard choice race option scenario cell witness step"
              " step_lost stress histogram bench finding").split()
    same("events of the report", shown([f"# ev={name}" for name in hidden]), "")
    same("other events, with places", shown(["# ev=warning what=x", "# ev=cpu n=1 state=silent", "# ev=cpu n=2 state=online",
                                             "# ev=online state=online"]),
         "# ev=warning what=x <places>\n# ev=cpu n=1 state=silent <places>\n# ev=online state=online <places>\n")


def soaks() -> None:
    same("a pass", shown(["# ev=pass n=3 passed=5 failed=1 skipped=2 known=4 rounds=77 seconds=9.5"]),
         "pass 3: 5 passed, 1 failed, 2 skipped, 4 known; since the start 77 rounds of stress, 9.5 s\n")
    same("a pass without stress", shown(["# ev=pass n=3 passed=5 known=4 rounds=0 seconds=9.5"]),
         "pass 3: 5 passed, 4 known; since the start 9.5 s\n")
    same("a row that failed later", shown(["# ev=again n=1 pass=4 scenario=a/b mode=stress result=violated reason=why"]),
         "<red>FAIL in pass 4: a/b stress  VIOLATED  why</>\n")
    same("a row that held again", shown(["# ev=again n=1 pass=4 scenario=a/b mode=stress result=held reason=why"]), "")
    same("its end", shown(["# ev=ended pass=4 why=key"]), "ended in pass 4: key\n")


def bars() -> None:
    lines = ["# ev=progress done=3 of=4 eta=7", "# ev=progress done=0 of=4", "x"]
    same("a bar, wiped by the next line", shown(lines, terminal=True),
         "\r\x1b[K<bar 3/4 7 s left>\r\x1b[K<bar 0/4 >\r\x1b[Kx\n")
    same("not without a terminal", shown(lines), "x\n")
    for name in ("done=x of=4", "done=3 of=0", "done=3", "of=3"):
        same(f"not with {name}", shown([f"# ev=progress {name}", "x"], terminal=True), "x\n")
    same("it is wiped once", shown([*lines[:2], "x", "y"], terminal=True).partition("0/4 >")[2], "\r\x1b[Kx\ny\n")
    one = screen.Screen(Log("x"), Places(), False)
    with mock.patch.object(screen, "on_terminal", lambda: True), mock.patch.object(screen.sys, "stdout") as out:
        one.line(lines[0])
    same("it is seen at once", [call[0] for call in out.mock_calls], ["write", "flush"])


def floods() -> None:
    same("a line of 2000", shown(["x" * 2000]), "x" * 2000 + "\n")
    same("one of 2001", shown(["x" * 2001]), "x" * 2000 + "... (1 characters more, in the raw log)\n")
    with mock.patch.object(screen, "MOST", 8):
        same("as much as there is room for", shown(["abc", "def"]), "abc\ndef\n")
        same("one more, which is said once", shown(["abc", "defg", "h", "i"]),
             "abc\n... and more, which is in the raw log only\n")
    same("that room", screen.MOST, 1048576)
    one = screen.Screen(Log("x"), Places(), False)
    check(seen_at_once(one.say, "x"), "lines are seen at once")
    with mock.patch.object(screen, "MOST", 0):
        check(seen_at_once(one.say, "x"), "and that there are more")


def ends() -> None:
    one = screen.Screen(log.parse(["TAP version 13", "1..1", "ok 1 - a", "# ev=done status=pass passed=1 seconds=2"], "x"),
                        Places(), False)
    one.bar = True
    same("ours is dim", printed(one.tell, "told")[1].replace("\r\x1b[K", "<wiped>"), "<wiped>told\n")
    one.bar = True
    text = printed(one.conclude, Verdict("fail", ["a reason"]), ["more", "and more"])[1]
    same("the conclusion", text, "\r\x1b[K\nFAIL (1 passed, 2 s)\n  a reason\nmore\nand more\n")
    with mock.patch.object(screen, "paint", colours):
        same("in its colour", printed(one.tell, "told")[1], "<dim>told</>\n")
    with mock.patch.object(screen.report, "body", lambda logs, everything: [f"{len(logs)} logs, {everything}"]):
        asked = screen.Screen(log.parse(['# ev=cmdline text="run=x verbose"'], "x"), Places(), False)
        said = [printed(each.conclude, Verdict("pass", []), [])[1].splitlines()[1] for each in (one, asked)]
    same("the report is verbose if the options say so", said, ["1 logs, False", "1 logs, True"])


class Ended:
    def __init__(self, stdout: str, returncode: int = 0):
        self.stdout, self.returncode = stdout, returncode


def places() -> None:
    PLACE.mkdir(parents=True, exist_ok=True)
    elf = PLACE / "image.debug.elf"
    elf.write_text("")
    asked: list[object] = []

    def answering(text: str, status: int = 0):
        def run(argv: list[str], **how: object) -> Ended:
            asked.append((argv, how))
            return Ended(text, status)
        return mock.patch.object(subprocess, "run", run)

    found = {"addr2line": "/bin/addr2line"}
    with mock.patch.object(symbols.shutil, "which", found.get):
        one = symbols.Symbols(elf)
        check(one.usable and one.tool == "/bin/addr2line", "the host's addr2line, if the port's is missing", one.tool)
        with answering("f\n./kernel/a.c:12 (discriminator 3)\n"):
            same("a place", one.place(0x1234), "f kernel/a.c:12")
            one.place(0x1234)
        same("is asked for once, with what is inlined", asked, [
            (["/bin/addr2line", "-i", "-f", "-e", str(elf), "0x1234"], {"capture_output": True, "text": True, "check": False})])
        for number, (name, text, place) in enumerate((
                ("what asked for an instruction of asm/", "inb\n././arch/x86/include/asm/io.h:3\nread\ndrivers/u.c:7\nmain\nm.c:1",
                 "read drivers/u.c:7"),
                ("the last of them, if all are of asm/", "a\nx/include/asm/a.h:3\nb\ny/include/asm/b.h:4\n",
                 "b y/include/asm/b.h:4"),
                ("what has no name is left out", "??\n??:0\ng\nk.c:5\n", "g k.c:5"), ("no code", "??\n??:0\n", ""),
                ("nothing", "", ""))):
            with answering(text):
                same(f"a place: {name}", one.place(number), place)
        with answering("f\nk.c:5\n", 1):
            same("a place: addr2line failed", one.place(99), "")
        with answering("f\nk.c:5\n"):
            for kind in ("frame", "trap", "stopped", "oom"):
                same(f"a line of {kind}", one.annotate(f"# ev={kind} pc=0xc0101234 x"), f"# ev={kind} pc=0xc0101234 x at=f k.c:5")
            same("the address", asked[-1][0][-1], "0xc0101234")
            same("an address without 0x", one.annotate("# ev=frame pc=ff"), "# ev=frame pc=ff at=f k.c:5")
            same("its address", asked[-1][0][-1], "0xff")
            for line in ("# ev=cell pc=0x10", "# ev=frame n=1", "# ev=frame epc=0x10"):
                same(f"nothing is added to {line}", one.annotate(line), line)
        with answering(""):
            same("an address without code", one.annotate("# ev=frame pc=0x77"), "# ev=frame pc=0x77")
        nowhere = symbols.Symbols(PLACE / "nosuch.elf")
        same("without the debug copy", (nowhere.usable, nowhere.annotate("# ev=frame pc=0x10")), (False, "# ev=frame pc=0x10"))
    both = {"i686-linux-gnu-addr2line": "/bin/i686", "addr2line": "/bin/addr2line"}
    with mock.patch.object(symbols.shutil, "which", both.get):
        same("the port's comes first", symbols.Symbols(elf).tool, "/bin/i686")
    with mock.patch.object(symbols.shutil, "which", {}.get):
        none = symbols.Symbols(elf)
        same("without any", (none.tool, none.usable), (None, False))
    same("the debug copy's name", symbols.debug_copy(Path("build/x86/lab/zapwalk.elf")), Path("build/x86/lab/zapwalk.debug.elf"))


points()
other_lines()
soaks()
bars()
floods()
ends()
places()
finish()
