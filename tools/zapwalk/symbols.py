# SPDX-License-Identifier: MIT
"""Turns addresses into function and file:line, by the linker's own addr2line."""
from __future__ import annotations

import re
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

TOOLS = ("i686-linux-gnu-addr2line", "addr2line")
ADDRESS = re.compile(r"\bpc=(0x)?([0-9a-fA-F]+)")
LINES = ("# ev=frame ", "# ev=trap ", "# ev=stopped ", "# ev=oom ")


class Symbols:
    """The symbols of an image's debug copy. Without this copy, or without addr2line, lines stay as they are."""

    def __init__(self, elf: Path):
        self.elf = elf
        self.tool = next((path for path in map(shutil.which, TOOLS) if path), None)
        self.usable = bool(self.tool) and elf.is_file()

    @lru_cache(maxsize=None)
    def place(self, address: int) -> str:
        """Returns "function file:line", or "" if the image has no code there."""
        argv = [str(self.tool), "-i", "-f", "-e", str(self.elf), hex(address)]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        said = done.stdout.strip().split("\n")
        inlined = [pair for pair in zip(said[::2], said[1::2]) if pair[0] != "??"]
        if done.returncode or not inlined:
            return ""
        # An inlined function of asm/ is one instruction and tells less than its caller.
        function, where = next((pair for pair in inlined if "/include/asm/" not in pair[1] and "/asm-generic/" not in pair[1]), inlined[-1])
        where = re.sub(r"^(\./)+| \(discriminator \d+\)", "", where)
        return f"{function} {where}"

    def annotate(self, line: str) -> str:
        """Adds the place to a line. The kernel prints addresses inside the calls, not return addresses."""
        match = ADDRESS.search(line) if self.usable and line.startswith(LINES) else None
        if not match:
            return line
        place = self.place(int(match.group(2), 16))
        return f"{line} at={place}" if place else line


def debug_copy(image: Path) -> Path:
    return image.with_suffix(".debug.elf")
