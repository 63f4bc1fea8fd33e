#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Boots the default machine in its sizes, the boot matrix. Fails if a machine does not come up whole or does not skip
the scenarios it cannot show. Machines started from a disc are in test_machines.py, because it makes the disc."""
from __future__ import annotations

from rows import NO_BITS, NO_RAM, WHOLE, Row, run
from tap import finish

MATRIX = [
    Row(smp=1), Row(smp=2, options=WHOLE), Row(smp=3), Row(smp=4, options=WHOLE), Row(smp=8), Row(smp=16),
    Row(mem="16M", high=NO_RAM), Row(mem="128M", high=NO_RAM), Row(mem="3G", high=NO_RAM), Row(mem="6G"),
    Row(cpu="qemu32", high=NO_BITS), Row(cpu="qemu32,+pse36"), Row(cpu="coreduo", high=NO_BITS),
    Row(cpu="Nehalem"), Row("x86-pentium3"), Row("x86-q35", smp=16), Row("x86-microvm"),
    Row("x86-microvm", smp=4, mem="128M", high=NO_RAM), Row("x86-noacpi", tables="mp"),
    Row("x86-noacpi", smp=5, tables="mp"),
]

for each in MATRIX:
    run(each)
finish()
