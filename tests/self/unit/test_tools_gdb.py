#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The start of a gdb session. Fails if it stops at the wrong place or port, or gets the wrong options or commands."""
from __future__ import annotations

import os
import re
import shutil
import socket
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from host import PLACE, ROOT, check, finish, inside, printed, raised, same, seen_at_once
from zapwalk import gdb as session
from zapwalk.machines import Missing, Problem, Settings

POINTS = re.findall(r"^RACE\((\w+),", (ROOT / session.RACES).read_text(), re.MULTILINE)


def environment(**more: str):
    kept = {name: value for name, value in os.environ.items() if name not in ("STOP", "GDB_PORT", "GDB_BATCH")}
    return mock.patch.dict(os.environ, {**kept, **more}, clear=True)


def stops() -> None:
    with environment():
        same("the port's own point", session.stop_at("gup_grabbed"), "gup_grabbed")
    with environment(STOP=""):
        same("an empty STOP=", session.stop_at("gup_grabbed"), "gup_grabbed")
    with environment(STOP="role_start"):
        same("STOP=", session.stop_at("gup_grabbed"), "role_start")
    with environment(STOP="role_stard"):
        same("a wrong one", raised(Problem, session.stop_at, "gup_grabbed"),
             f"bad STOP=role_stard, which is no race point. Did you mean role_start? Valid: {' '.join(POINTS)}")


def ports() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        number = str(taken.getsockname()[1])
        with environment(GDB_PORT=number):
            same("a port that is taken", raised(Problem, session.port_number),
                 f"port {number} is taken. Say another: make gdb GDB_PORT=1235")
    with mock.patch.object(session.socket, "socket") as made:
        probe = made.return_value.__enter__.return_value
        for text, wanted in (("", 1234), ("1", 1), ("65535", 65535), ("4711", 4711)):
            with environment(GDB_PORT=text):
                same(f"GDB_PORT={text}", session.port_number(), wanted)
        same("it is tried", probe.mock_calls[-2:], [mock.call.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1),
                                                    mock.call.bind(("127.0.0.1", 4711))])
    for text in ("0", "65536", "x", "-1"):
        with environment(GDB_PORT=text):
            same(f"GDB_PORT={text}", raised(Problem, session.port_number), f"bad GDB_PORT={text}. Valid: a TCP port")


def scenarios() -> None:
    """A made-up tree has scenarios of the generic code, of this port and of another one, and one with its point in a
    header. A stop must select the right ones."""
    place = PLACE / "tree"
    for name, text in (("arch/x86/a", ""), ("arch/mips/a", ""), ("tests/pte/a.c", '.name = "pte/a"\nSTEP(0, RACE_some_point)'),
                       ("tests/pte/b.c", '.name = "pte/b"\nSTEP(0, some_pointer)'),
                       ("tests/tlb/mips/c.c", '.name = "tlb/c"\nsome_point'),
                       ("tests/walk/d.c", '#include "tests/walk/d.h"\n.name = "walk/d"\n.name = "walk/e"'),
                       ("tests/walk/d.h", "some_point"),
                       ("tests/lab/f.c", '.name = "lab/f"\nsome_point'),
                       *((f"tests/gup/{n}.c", f'.name = "gup/{n}"\nmany') for n in range(6))):
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    with inside(place):
        same("scenarios that come there", session.options_for("some_point", "x86"), "run=pte/a,walk/d,walk/e mode=probe,choreo")
        for port in ("mips", "mipsel"):
            same(f"on {port} its own too", session.options_for("some_point", port), "run=pte/a,tlb/c,walk/d,walk/e mode=probe,choreo")
        same("five of them", session.options_for("many", "x86"), "run=gup/0,gup/1,gup/2,gup/3,gup/4 mode=probe,choreo")
        same("none: all that is not left to chance", session.options_for("nowhere", "x86"), " mode=probe,choreo")


def sessions() -> None:
    shutil.rmtree(PLACE / "made", ignore_errors=True)

    def begun(machine: str, options: str = "", **more: str) -> tuple[list[str], list[str], dict, str, str]:
        """Begins a session. Returns the command lines of gdb and of the emulator, the emulator's settings, the options,
        and the output."""
        settings = Settings(machine, options=options)
        with environment(**more), inside(ROOT), mock.patch.object(session, "Watched") as emulator, \
                mock.patch.object(session, "command", lambda settings,
                                  image: SimpleNamespace(argv=["qemu", image, settings.options])), \
                mock.patch.object(session, "port_number", lambda: 4711), mock.patch.object(session.subprocess, "run") as gdb_run, \
                mock.patch.object(session.shutil, "which", lambda name: f"/bin/{name}" if "gdb" in name else None), \
                mock.patch.object(session, "OTHER", PLACE / "made/other"):
            gdb_run.return_value.returncode = 5
            status, said, _ = printed(session.session, settings, Path("a/zapwalk.elf"))
            same(f"{machine} {options} {more}: gdb's status, and its emulator ends",
                 (status, emulator.return_value.end.call_count, gdb_run.call_args.kwargs),
                 (5, 1, {"check": False}))
            check(seen_at_once(session.session, settings, Path("a/zapwalk.elf")),
                  f"{machine} {options} {more}: where the log is, is seen at once")
            return gdb_run.call_args.args[0], emulator.call_args.args[0], emulator.call_args.kwargs, settings.options, said

    argv, emulator, how, options, said = begun("x86-pc")
    same("x86: gdb", argv, ["/bin/gdb", "-q", "-readnow", "a/zapwalk.debug.elf", "-ex", "target remote 127.0.0.1:4711", "-ex",
                            "source tools/zapwalk.gdb", "-ex", "python begin('pte_between_halves')"])
    same("x86: the emulator waits for it", emulator, ["qemu", "a/zapwalk.elf", "run=pte/torn-read-high", "-S", "-gdb",
                                                      "tcp:127.0.0.1:4711"])
    path = PLACE / "made/other/x86-pc-gdb.log"
    same("x86: its log", (said, path.is_file(), how["stdout"].name, how["stderr"]),
         (f"serial log: {path}\n", True, str(path), session.subprocess.STDOUT))
    argv, _, _, options, _ = begun("mips", GDB_BATCH="1")
    same("mips: a batch, with KSEG1 left out", (argv, options), ([
        "/bin/gdb-multiarch", "-q", "-readnow", "-batch", "a/zapwalk.debug.elf", "-ex", "mem 0 0xffffffffa0000000 rw", "-ex",
        "mem 0xffffffffc0000000 0 rw",
        "-ex", "target remote 127.0.0.1:4711", "-ex", "source tools/zapwalk.gdb", "-ex", "python begin('pte_between_halves')"],
        "run=pte/torn-read"))
    argv, _, _, options, _ = begun("s390x")
    same("s390x", (argv[0], argv[-1], options), ("/bin/gdb-multiarch", "python begin('gup_grabbed')", "run=gup/recheck"))
    same("STOP=: what comes there", begun("x86-pc", STOP="zap_taking_present")[3], session_options("zap_taking_present", "x86"))
    same("the user's options", begun("x86-pc", "run=x", STOP="zap_taking_present")[3], "run=x")
    with mock.patch.object(session.shutil, "which", lambda name: None), environment(STOP="nosuch"), inside(ROOT):
        check("bad STOP=nosuch" in raised(Problem, session.session, Settings("mips"), Path("x")), "a wrong STOP= is told first")
    with mock.patch.object(session.shutil, "which", lambda name: None), environment(), inside(ROOT):
        same("no gdb", raised(Missing, session.session, Settings("mips"), Path("x")),
             "no gdb for this machine is installed. Install one with: apt-get install gdb-multiarch")


def session_options(stop: str, port: str) -> str:
    with inside(ROOT):
        return session.options_for(stop, port)


PLACE.mkdir(parents=True, exist_ok=True)
stops()
ports()
scenarios()
sessions()
finish()
