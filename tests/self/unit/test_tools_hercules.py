#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/hercules with a script in the place of Hercules. Fails if the loaded storage, a file for Hercules, the shown
part of its console or its status is wrong."""
from __future__ import annotations

import os
import shutil
import struct
import subprocess
from unittest import mock

from host import PLACE, check, finish, printed, program, same, seen_at_once

tool = program("tools/hercules")
STANDS_IN = PLACE / "bin/hercules"
IMAGE = PLACE / "image.elf"


def elf(*segments: tuple[int, int, bytes]) -> bytes:
    """Makes an ELF file of segments, each (kind, address, contents)."""
    headers, body = b"", b""
    start = 64 + 56 * len(segments)
    for kind, address, contents in segments:
        headers += struct.pack(">IIQQQQQQ", kind, 5, start + len(body), 0xBAD, address, len(contents), len(contents) + 99, 8)
        body += contents
    head = bytearray(64)
    struct.pack_into(">Q", head, 32, 64)
    struct.pack_into(">HH", head, 54, 56, len(segments))
    return bytes(head) + headers + body


def storage() -> None:
    same("one segment", tool.loaded(elf((1, 4, b"abc"))), b"\0\0\0\0abc")
    same("several, in any order, one over another", tool.loaded(elf((1, 4, b"abcd"), (1, 0, b"xy"), (1, 6, b"CDEF"))),
         b"xy\0\0abCDEF")
    same("one in the room of another", tool.loaded(elf((1, 0, b"abcd"), (1, 1, b"xy"))), b"axyd")
    same("others are not loaded", tool.loaded(elf((2, 0, b"zz"), (1, 1, b"a"), (0, 0, b"z"))), b"\0a")
    same("nor one without contents", tool.loaded(elf((1, 100, b""), (1, 0, b"a"))), b"a")
    same("none", tool.loaded(elf()), b"")
    for text, size in (("256M", 256), ("1G", 1024), ("2048K", 2), ("2047K", 1), ("1K", 1), ("300", 300), ("2000", 2000),
                       ("2000M", 2000), ("3G", 3072)):
        same(f"MiB of {text}", tool.mebibytes(text), size)


def prepared() -> None:
    place = PLACE / "prepared"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    before = bytearray(os.urandom(0x10480)) + b"\xee" * 1000
    IMAGE.write_bytes(elf((1, 0, bytes(before))))
    tool.prepare(place, str(IMAGE), "3", "1G", "run=x strict")
    wanted = bytes.fromhex("0008000080010000") + before[8:0x10480] + b"run=x strict" + b"\xee" * 988
    same("storage: the PSW, the kernel, the options", (place / "zapwalk.img").read_bytes(), bytes(wanted))
    same("what is loaded", (place / "zapwalk.ins").read_text(), "* zapwalk\nzapwalk.img 0x00000000\n")
    same("the machine", (place / "zapwalk.cnf").read_text(), "CPUMODEL 2827\nMAINSIZE 1024\nNUMCPU 3\nMAXCPU 3\nARCHMODE z/Arch\n"
         "OSTAILOR QUIET\nPANRATE FAST\nCODEPAGE 819/500\n0009 3215-C / noprompt\n")
    same("its first command", (place / "zapwalk.rc").read_text(), "ipl zapwalk.ins\n")
    same("895 bytes of options", printed(tool.prepare, place, str(IMAGE), "1", "1M", "x" * 895)[0], None)
    for options in ("x" * 896, "\u00e9" * 448):
        same(f"{len(options.encode())} bytes of options", printed(tool.prepare, place, str(IMAGE), "1", "1M", options)[0],
             "tools/hercules: more than 895 bytes of options")


def stand_in(text: str) -> None:
    STANDS_IN.parent.mkdir(parents=True, exist_ok=True)
    STANDS_IN.write_text(f"#!/bin/sh\n{text}\n")
    STANDS_IN.chmod(0o755)


def ran(text: str) -> tuple[object, str, str]:
    stand_in(text)
    with mock.patch.dict(os.environ, {"PATH": f"{STANDS_IN.parent}:{os.environ['PATH']}"}):
        return printed(tool.run, PLACE)


def psw(value: int) -> str:
    return f"HHCCP011I CPU0000: Disabled wait state PSW=00020001 80000000 {value:016X}"


def runs() -> None:
    lines = ["TAP version 13", "1..3", "ok 1 - a", "not ok 2 - b", "# ev=x", "Bail out! y"]
    shown = "".join(f"{line}\n" for line in lines)
    said = "".join(f"echo '{line}'; echo 'HHC {line}'; " for line in lines)
    same("the kernel's lines, and a pass", ran(f"{said} echo '{psw(0xFFF)}'"), (0, shown, ""))
    for value in (0xFFE, 0x1000, 0):
        same(f"a wait of {value:#x} is a failure", ran(f"echo '{psw(value)}'"), (1, "", ""))
    same("colours of its panel", ran("echo '<pnl,color(lightyellow,black)><pnl,x>ok 1 - <pnl,a>b'"), (2, "ok 1 - <pnl,a>b\n", ""))
    same("it ended without such a PSW", ran("echo ok 1; exit 0"), (2, "ok 1\n", ""))
    same("what is printed beside, and no text", ran(r"echo 'ok 1' >&2; printf 'ok \377\n'"),
         (2, "ok 1\nok \N{REPLACEMENT CHARACTER}\n", ""))
    with mock.patch.object(subprocess, "Popen") as started:
        process = started.return_value.__enter__.return_value
        process.stdout = ["ok 1\n", f"{psw(0xFFF)}\n"]
        same("it is ended by a signal", (printed(tool.run, PLACE), process.kill.call_count), ((0, "ok 1\n", ""), 1))
    same("how it is started", ran('echo "# $* $HERCULES_RC $PWD $(wc -c <&0)"'),
         (2, f"# -d -f zapwalk.cnf zapwalk.rc {PLACE} 0\n", ""))
    with mock.patch.dict(os.environ, {"PATH": f"{STANDS_IN.parent}:{os.environ['PATH']}"}):
        check(seen_at_once(tool.run, PLACE), "lines are seen at once")


def mains() -> None:
    def called(*options: str, path: str = f"{STANDS_IN.parent}:{os.environ['PATH']}") -> tuple[object, str, str]:
        with mock.patch.object(tool.sys, "argv", ["tools/hercules", *options]), mock.patch.dict(os.environ, {"PATH": path}):
            return printed(tool.main)

    IMAGE.write_bytes(elf((1, 0, bytes(0x10900))))
    stand_in('[ "$1" = --version ] && exit 5; echo "ok $(dd if=zapwalk.img bs=1 skip=66688 count=5 2>&-) $(grep NUM zapwalk.cnf)"')
    same("its version is its own", called("--version")[0], 5)
    same("image, CPUs, memory, options", called(str(IMAGE), "3", "8M", "run=x")[:2], (2, "ok run=x NUMCPU 3\n"))
    for options in ([], ["a"], ["--version", "x"], ["a", "1", "1M", "w", "x"]):
        same(f"{len(options)} options", called(*options)[0], tool.__doc__)
    missing = "tools/hercules: no hercules. Install it with: tools/setup run MACHINE=s390x-hercules"
    same("it is not installed", [called(*options, path="/nonexistent")[0] for options in (["--version"], [str(IMAGE), "1", "1M", ""])],
         [missing] * 2)
    with mock.patch.object(subprocess, "run") as run, mock.patch.object(tool.sys, "argv", ["x", "--version"]):
        tool.main()
    same("how its version is asked for", run.call_args, mock.call(["hercules", "--version"], stdin=subprocess.DEVNULL, check=False))


PLACE.mkdir(parents=True, exist_ok=True)
storage()
prepared()
runs()
mains()
finish()
