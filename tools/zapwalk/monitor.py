# SPDX-License-Identifier: MIT
"""A QEMU for programs to watch and to type to. They see its screen and its serial output, and type by QEMU's human monitor on
a socket."""
from __future__ import annotations

import socket
import struct
import subprocess
import tempfile
import time
import zlib
from pathlib import Path
from typing import Callable

from zapwalk.watch import Watched

PROMPT = b"(qemu) "
VGA_TEXT = 0xB8000


class Gone(Exception):
    """The emulator ended, or an event did not come in time."""


class Picture:
    """A picture of rows of pixels, of 3 bytes each."""

    def __init__(self, ppm: bytes):
        magic, size, most, self.pixels = ppm.split(b"\n", 3)
        if magic != b"P6" or most != b"255":
            raise ValueError("not a PPM of 8 bits a colour")
        self.width, self.height = (int(number) for number in size.split())

    def pixel(self, x: int, y: int) -> tuple[int, int, int]:
        at = 3 * (y * self.width + x)
        return tuple(self.pixels[at:at + 3])

    def png(self) -> bytes:
        """Returns a PNG (PNG specification, second edition). If there are few colours, they stand in a palette."""
        colours = sorted({self.pixels[at:at + 3] for at in range(0, len(self.pixels), 3)})
        if len(colours) > 256:
            return self._file(2, b"", self.pixels, 3 * self.width)
        number = {colour: index for index, colour in enumerate(colours)}
        indices = bytes(number[self.pixels[at:at + 3]] for at in range(0, len(self.pixels), 3))
        return self._file(3, chunk(b"PLTE", b"".join(colours)), indices, self.width)

    def _file(self, kind: int, palette: bytes, data: bytes, row: int) -> bytes:
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, kind, 0, 0, 0)
        rows = b"".join(b"\0" + data[at:at + row] for at in range(0, len(data), row))
        return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + palette + chunk(b"IDAT", zlib.compress(rows, 9))
                + chunk(b"IEND", b""))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


class Machine:
    """An emulator running as long as the `with` block does. Its serial output goes to the file `log`."""

    def __init__(self, argv: list[str], log: Path):
        self.place = tempfile.TemporaryDirectory(prefix="zapwalk-")
        self.log = log
        path = f"{self.place.name}/monitor"
        with open(log, "wb") as output:
            self.watched = Watched([*argv, "-monitor", f"unix:{path},server=on,wait=off"], stdout=output,
                                   stderr=subprocess.PIPE)
        self.process = self.watched.process
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        self._connect(path)

    def _connect(self, path: str) -> None:
        for _ in range(200):
            try:
                self.socket.connect(path)
                self._answer()
                return
            except (FileNotFoundError, ConnectionRefusedError):
                self._alive()
                time.sleep(0.05)
        raise Gone("the emulator opened no monitor")

    def _alive(self) -> None:
        if self.process.poll() is not None:
            said = self.process.stderr.read().decode("utf-8", "replace").strip()
            raise Gone(f"the emulator ended with status {self.process.returncode}: {said}")

    def _answer(self) -> str:
        data = b""
        while not data.endswith(PROMPT):
            more = self.socket.recv(65536)
            if not more:
                raise Gone("the emulator closed its monitor")
            data += more
        return data.decode("utf-8", "replace")

    def say(self, command: str) -> str:
        self.socket.sendall(command.encode() + b"\n")
        return self._answer()

    def serial(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, text: str, seconds: float) -> None:
        """Waits until the serial output has the text."""
        self.wait_until(lambda: text in self.serial(), seconds, f"{text!r} on the serial port")

    def wait_until(self, happened: Callable[[], bool], seconds: float, what: str) -> None:
        end = time.monotonic() + seconds
        while not happened():
            self._alive()
            if time.monotonic() > end:
                raise Gone(f"no {what} within {seconds:g} s")
            time.sleep(0.05)

    def wait_end(self, seconds: float) -> int | None:
        """Returns the exit status, or None if the emulator still runs."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def picture(self) -> Picture:
        path = Path(self.place.name) / "screen.ppm"
        self.say(f"screendump {path}")
        return Picture(path.read_bytes())

    def cells(self, columns: int = 80, rows: int = 25) -> list[bytes]:
        """Returns the screen in VGA's text mode, as rows of characters and attributes in turn."""
        path = Path(self.place.name) / "text"
        self.say(f'pmemsave {VGA_TEXT} {2 * columns * rows} "{path}"')
        data = path.read_bytes()
        return [data[at:at + 2 * columns] for at in range(0, len(data), 2 * columns)]

    def text(self) -> list[str]:
        """Returns the same as cells(), but characters only."""
        return [row[::2].decode("latin-1") for row in self.cells()]

    def __enter__(self) -> Machine:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()
        self.watched.end()
        self.place.cleanup()
