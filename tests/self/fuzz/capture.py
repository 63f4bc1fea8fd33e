# SPDX-License-Identifier: MIT
"""Captures the memory of a machine at the kernel's first line of C, as firmware and boot loader left it."""
from __future__ import annotations

import re
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools"))

from zapwalk.machines import Settings, command  # noqa: E402  (tools/ must be on the path first)

IMAGE = "build/x86/lab/zapwalk.elf"
SYMBOLS = "build/x86/lab/zapwalk.debug.elf"
MEGABYTES = 64
SMP = 4


@dataclass
class Captured:
    """The machine at x86_start(). eax holds the loader's magic number, and ebx the address of its information."""

    eax: int
    ebx: int
    memory: bytes

    def word(self, at: int) -> int:
        return int(struct.unpack_from("<I", self.memory, at)[0])


def capture(machine: str, place: Path) -> Captured:
    """Boots the machine up to x86_start(). Raises subprocess.SubprocessError if that fails."""
    settings = Settings(machine=machine, smp=str(SMP), mem=f"{MEGABYTES}M", options="list")
    argv = ["null" if word == "stdio" else word for word in command(settings, IMAGE).argv]
    quoted = " ".join(f"'{word}'" for word in [*argv, "-S", "-gdb", "stdio"])
    dump = place / f"{machine}.memory"
    script = ["set confirm off", f"target remote | exec {quoted}", "hbreak *x86_start", "continue",
              'printf "eax=%#x ebx=%#x\\n", *(unsigned *)($esp + 4), *(unsigned *)($esp + 8)',
              f'monitor pmemsave 0 {MEGABYTES << 20} "{dump}"', "kill"]
    done = subprocess.run(["gdb", "-q", "-nx", "-batch", SYMBOLS, *(part for line in script for part in ("-ex", line))],
                          cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
    found = re.search(r"eax=(\w+) ebx=(\w+)", done.stdout)
    if not found or not dump.exists():
        raise subprocess.SubprocessError(f"{machine}: {done.stdout}{done.stderr}")
    return Captured(int(found.group(1), 16), int(found.group(2), 16), dump.read_bytes())
