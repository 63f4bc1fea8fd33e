#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Output of an emulator. Fails if its lines, its raw log, its messages on stderr or its accelerator are read
wrongly."""
from __future__ import annotations

import io
import os
import subprocess
import threading
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from host import PLACE, check, finish, same
from zapwalk import engine


def lines_of_bytes() -> None:
    def split(*parts: bytes) -> tuple[list[str], bytes]:
        lines: list[str] = []
        one = engine.Splitter(lines.append)
        for part in parts:
            one.feed(part)
        rest = one.rest
        one.flush()
        one.flush()
        return lines, rest

    same("whole lines, and what follows", split(b"a\nb\r\nc"), (["a", "b\r", "c"], b"c"))
    same("a line in parts", split(b"a", b"b", b"c\nd\n"), (["abc", "d"], b""))
    same("bytes that are no text", split(b"\xff\n\xfe"), (["\N{REPLACEMENT CHARACTER}", "\N{REPLACEMENT CHARACTER}"], b"\xfe"))
    same("65536 bytes without an end wait for it", split(b"x" * 65536)[1], b"x" * 65536)
    same("65537 do not", split(b"x" * 65537), (["x" * 65537], b""))


def raw_logs() -> None:
    def written(*parts: bytes, note=lambda ran: f"# ran {ran}", ran: str = "") -> bytes:
        file = io.BytesIO()
        raw = engine.RawLog(file, note, 7)
        with mock.patch.object(engine, "accelerator", lambda session: ran and f"{ran}{session}"):
            for part in parts:
                raw.write(part)
        return file.getvalue()

    same("our line stands behind the header", written(b"BIOS\nTAP version 13\nok 1\n"), b"BIOS\nTAP version 13\n# ran \nok 1\n")
    same("as the engine was found to be", written(b"TAP version 13\n", ran="kvm"), b"TAP version 13\n# ran kvm7\n")
    same("a header in parts", written(b"BI", b"OS\nTAP ver", b"sion 13", b"\nok 1\n", b"ok 2\n"),
         b"BIOS\nTAP version 13\n# ran \nok 1\nok 2\n")
    same("no header", written(b"BIOS\n", b"x"), b"BIOS\nx")
    same("two boots: the first", written(b"TAP version 13\na\nTAP version 13\nb\n"),
         b"TAP version 13\n# ran \na\nTAP version 13\nb\n")
    same("nobody asks for a line", written(b"TAP version 13\n", note=None), b"TAP version 13\n")
    said: list[str] = []
    raw = engine.RawLog(io.BytesIO(), lambda ran: said.append(ran) or "x", 7)
    with mock.patch.object(engine, "accelerator", lambda session: ""):
        raw.look()
        same("while it is not known nothing is said", said, [])
    with mock.patch.object(engine, "accelerator", lambda session: "tcg"):
        raw.look()
        raw.look(now=True)
    same("once it is known, once", (said, raw.line), (["tcg"], b"x\n"))
    raw.write(b"abc")
    raw.write(b"de")
    same("its size", (raw.size, raw.is_full), (5, False))
    raw.size = 67108864
    same("64 MiB", raw.is_full, False)
    raw.size += 1
    same("one byte more", raw.is_full, True)
    kept = mock.MagicMock()
    engine.RawLog(kept, None, 7).write(b"x")
    same("what was written is in the file", [call[0] for call in kept.mock_calls], ["write", "flush"])
    with mock.patch.object(engine, "accelerator", lambda session: ""):
        full = engine.RawLog(io.BytesIO(), lambda ran: "x", 7)
        full.write(b"TAP version 13\n")
    same("nothing is kept once the line is written", (full.line, full.begun), (b"", b""))


def accelerators() -> None:
    for names, wanted in ((["CPU 0/TCG", "CPU 1/TCG", "qemu-system-i38"], "tcg,thread=multi"),
                          (["ALL CPUs/TCG"], "tcg,thread=single"),
                          (["CPU 0/KVM"], "kvm"), (["CPU 0/TCG", "ALL CPUs/TCG"], "tcg,thread=single"),
                          (["CPU 0/KVM", "CPU 1/TCG"], "kvm,tcg,thread=multi"),
                          ([], ""), (["xCPU 0/TCG", "CPU 0/TCG "], "")):
        with mock.patch.object(engine, "thread_names", lambda session: iter(names)):
            same(f"threads {names}", engine.accelerator(7), wanted)
    seen: list[set[str]] = []
    Path("/proc/self/comm").write_text("host-test")
    thread = threading.Thread(target=lambda: seen.append(set(engine.thread_names(os.getsid(0)))))
    thread.start()
    thread.join()
    check("host-test" in seen[0], "the threads of a session have their names", seen)
    same("of a session that there is not", list(engine.thread_names(1 << 30)), [])


def fake_proc() -> None:
    """Makes /proc with four processes. In this session are one of three threads with one gone, one whose tasks are
    all gone, and one more. The fourth is of another session. Only the names of this session's living threads may be
    found."""
    place = PLACE / "proc"
    subprocess.run(["rm", "-rf", str(place)], check=True)
    for name, comm in (("11/task/11", "one"), ("11/task/12", None), ("11/task/13", "three"), ("22/task/22", "two"),
                       ("44/task/44", "four")):
        (place / name).mkdir(parents=True)
        if comm:
            (place / name / "comm").write_text(f"{comm}\n")
    (place / "33").mkdir()
    sessions = {11: 5, 22: 6, 33: 5, 44: 5}
    with mock.patch.object(engine, "Path", lambda text: {"/proc": place}[text]), mock.patch.object(engine.os, "getsid",
            sessions.get):
        same("of every process of the session, those that are there", sorted(engine.thread_names(5)), ["four", "one", "three"])


def errors() -> None:
    def said(data: bytes) -> str:
        read, write = os.pipe()
        with open(read, "rb") as stream:
            one = engine.Errors(stream)
            check(one.reader.daemon, "who reads holds up nobody's end")
            os.write(write, data[:60000])
            os.write(write, data[60000:])
            os.close(write)
            return one.text()

    reads: list[tuple[int, int]] = []
    parts = [b"a", b"b", b""]
    with mock.patch.object(engine.os, "read", lambda where, most: reads.append((where, most)) or parts.pop(0)):
        same("until there is no more", engine.Errors(SimpleNamespace(fileno=lambda: 77)).text(), "ab")
    same("64 KiB at a time", reads, [(77, 65536)] * 3)
    same("what it says beside", said(b" a\nb \n"), "a\nb")
    same("64 KiB of it", said(b"x" * 65536), "x" * 65536)
    same("of more, how much", said(b"x" * 65539), "x" * 65536 + "\n... and 3 bytes more")


PLACE.mkdir(parents=True, exist_ok=True)
lines_of_bytes()
raw_logs()
accelerators()
fake_proc()
errors()
finish()
