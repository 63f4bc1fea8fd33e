# SPDX-License-Identifier: MIT
"""Builds inputs for fuzzers from little-endian numbers and from parts put over other bytes."""
from __future__ import annotations

MIB, PAGE = 1 << 20, 4096
EVERYWHERE = (1 << 64) - 1


def le(size: int, *values: int) -> bytes:
    return b"".join((value & (1 << 8 * size) - 1).to_bytes(size, "little") for value in values)


def put(data: bytes, at: int, part: bytes) -> bytes:
    data = data.ljust(at + len(part), b"\0")
    return data[:at] + part + data[at + len(part):]
