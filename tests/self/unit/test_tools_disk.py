#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""zapwalk.disk with made-up /sys and /proc and a file as the disk. Fails if a used or unsuitable disk is not refused,
if the image is written wrongly, or if a message is wrong. tests/self/boot/test_usb.py does it with real disks."""
from __future__ import annotations

import hashlib
import os
import shutil
import stat
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from host import PLACE, check, finish, printed, program, raised, same
from zapwalk import disk
from zapwalk.disk import Broken, Disk, Refused

ROOT = PLACE / "root"
SYSTEM = ROOT / "sys/block/sdx"
DEVICE = PLACE / "device"
IMAGE = PLACE / "image"
MIB = 1 << 20


def made_up(mounts: str = "", swaps: str = "", **files: str | None) -> Disk:
    """Makes a removable disk of 64 MiB with two partitions. None as a text removes this file."""
    shutil.rmtree(ROOT, ignore_errors=True)
    own = {"size": "131072", "removable": "1", "ro": "0", "dev": "8:240", "device/vendor": "Acme ", "device/model": " Stick",
           "sdx2/partition": "2", "sdx2/dev": "8:242", "sdx1/partition": "1", "sdx1/dev": "8:241", "power/dev": "x",
           **{name.replace("__", "/"): text for name, text in files.items()}}
    for name, text in own.items():
        path = SYSTEM / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is not None:
            path.write_text(f"{text}\n")
    for name, text in (("self/mountinfo", f"21 1 254:0 / / rw - ext4 /dev/root rw\n{mounts}"),
                       ("swaps", f"/dev/sdx1 Type Size\n{swaps}")):
        path = ROOT / "proc" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Disk(Path("/dev/sdx"), SYSTEM, ROOT)


def facts() -> None:
    one = made_up()
    same("what it is", (one.size, one.what, one.removable, one.protected),
         (67108864, "/dev/sdx (Acme Stick, 0.07 GB)", True, False))
    same("itself and its partitions", one.parts(), [SYSTEM, SYSTEM / "sdx1", SYSTEM / "sdx2"])
    same("a disk with half a name", made_up(device__vendor=None).what, "/dev/sdx (Stick, 0.07 GB)")
    bare = made_up(device__vendor=None, device__model=None, size=None, removable=None, ro=None)
    same("one of which nothing is known", (bare.what, bare.size, bare.removable, bare.protected),
         ("/dev/sdx (no name, 0.00 GB)", 0, False, False))
    same("its root", Disk(Path("a"), Path("b")).root, Path("/"))


def users() -> None:
    for name, wanted, tables in (
            ("nobody", "", {}), ("another's disk", "", {"mounts": "30 21 8:24 / /media rw - vfat x rw\n",
                                                        "swaps": "/dev/sdx partition\n".replace("sdx", "sdy")}),
            ("the disk is mounted", "sdx is mounted at /mnt", {"mounts": "30 21 8:240 / /mnt rw - iso9660 x rw\n"}),
            ("a partition is mounted", "sdx2 is mounted at /mnt", {"mounts": "30 21 8:242 /sub /mnt rw - vfat x rw\n"}),
            ("swap space", "/dev/sdx2 is swap space", {"swaps": "/dev/sdx2 partition 1 0 -2\n"}),
            ("the disk is swap space", "/dev/sdx is swap space", {"swaps": "/dev/sdy file 1\n/dev/sdx partition 1 0 -2\n"}),
            ("a RAID has it", "sdx2 is part of dm-1 md0", {"sdx2__holders__md0": "", "sdx2__holders__dm-1": ""}),
            ("a RAID has the disk", "sdx is part of md0", {"holders__md0": ""})):
        one = made_up(**tables)
        same(f"who uses it: {name}", one.used_by(), wanted)
        same(f"refused or not: {name}", raised(Refused, disk.check, one, MIB, True),
             wanted and f"/dev/sdx (Acme Stick, 0.07 GB) is in use: {wanted}")


def checks() -> None:
    what = "/dev/sdx (Acme Stick, 0.07 GB)"
    for name, wanted, size, force, files in (
            ("as large as the image", "", 67108864, False, {}),
            ("a byte too small", f"{what} is too small: the image has 0.067 GB", 67108865, True, {}),
            ("write-protected", f"{what} is write-protected", MIB, True, {"ro": "1"}),
            ("not removable", f"{what} is not removable. If it is the right one: make usb DEV=/dev/sdx FORCE=1", MIB, False,
             {"removable": "0"}),
            ("not removable, by force", "", MIB, True, {"removable": "0"})):
        same(f"check: {name}", raised(Refused, disk.check, made_up(**files), size, force), wanted)
    same("a user is told first, then the protection", [raised(Refused, disk.check, made_up(**files), 1 << 40,
                                                              False).rpartition(") ")[2] for files in (
        {"ro": "1", "holders__md0": ""}, {"ro": "1"})], ["is in use: sdx is part of md0", "is write-protected"])


def found() -> None:
    made_up()
    numbers = ROOT / "sys/dev/block"
    numbers.mkdir(parents=True)
    for number, target in (("8:240", "sdx"), ("8:241", "sdx/sdx1"), *((f"9:{n}", name) for n, name in enumerate(disk.NO_DISK))):
        (ROOT / "sys/block" / target).mkdir(parents=True, exist_ok=True)
        (numbers / number).symlink_to(ROOT / "sys/block" / target)
    path = Path("/dev/sdx")
    same("a disk", disk.look_up(path, "8:240", ROOT), Disk(path, Path(os.path.realpath(SYSTEM)), ROOT))
    same("a number that Linux does not know", raised(Refused, disk.look_up, path, "8:1", ROOT), "/dev/sdx is not known in /sys")
    same("a partition", raised(Refused, disk.look_up, path, "8:241", ROOT),
         "/dev/sdx is a partition. The image goes on the whole disk: /dev/sdx")
    for number, name in enumerate(("dm-", "md", "ram", "zram", "sr", "fd", "mtdblock")):
        same(f"no disk: {name}", raised(Refused, disk.look_up, path, f"9:{number}", ROOT), "/dev/sdx is not a disk")
    same("no name", raised(Refused, disk.find, ""), "which disk? Such as: make usb DEV=/dev/sdX (lsblk lists them)")
    same("no such file", raised(Refused, disk.find, "/dev/nosuch"), "DEV=/dev/nosuch: No such file or directory")
    same("a file that is no device", raised(Refused, disk.find, "/dev/null"), "DEV=/dev/null is not a disk")
    link = PLACE / "by-id"
    link.unlink(missing_ok=True)
    link.symlink_to(DEVICE)
    DEVICE.write_bytes(b"")
    with mock.patch.object(disk.Path, "stat", lambda path: SimpleNamespace(st_mode=stat.S_IFBLK, st_rdev=os.makedev(8, 240))):
        with mock.patch.object(disk, "look_up", lambda *args: args):
            same("by a link", (disk.find(str(link), ROOT), disk.find(str(link))),
                 ((Path(os.path.realpath(DEVICE)), "8:240", ROOT), (Path(os.path.realpath(DEVICE)), "8:240", Path("/"))))


class Device:
    """The file as a device. It writes only a part at a time, or zeros if `spoils` is set."""

    def __init__(self, file, spoils: bool):
        self.file, self.spoils = file, spoils
        self.writes: list[int] = []
        self.done: list[object] = []

    def __enter__(self) -> Device:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def __getattr__(self, name: str):
        return getattr(self.file, name)

    def write(self, data: memoryview) -> int:
        """Writes at most 700000 bytes at a time, as a device may."""
        self.writes.append(len(data))
        if len(self.writes) > 100:
            raise RecursionError("written without end")
        part = bytes(data[:700000])
        return self.file.write(bytes(len(part)) if self.spoils else part)


def write(data: bytes, before: bytes, spoils: bool = False, partitions: bool = True) -> tuple[object, list[int], list[object]]:
    """Writes an image to the disk. Returns the digest or the error, the sizes of all writes, and all other steps in
    order."""
    IMAGE.write_bytes(data)
    DEVICE.write_bytes(before)
    devices: list[Device] = []
    steps: list[object] = []
    os_open = os.open

    def opened(number: int, mode: str, buffering: int) -> Device:
        steps.append(f"open {mode} {buffering}")
        devices.append(Device(open(number, mode, buffering=buffering), spoils))  # noqa: SIM115
        return devices[-1]

    def ioctl(device: Device, order: int) -> None:
        steps.append((order, device.tell()))
        if order == 0x125F and not partitions:
            raise OSError("no partitions")

    with mock.patch.object(disk, "open", opened, create=True), mock.patch.object(disk.fcntl, "ioctl", ioctl), \
            mock.patch.object(disk.os, "fsync", lambda number: steps.append("fsync")), \
            mock.patch.object(disk.os, "open", lambda path, flags: steps.append((path, flags)) or os_open(path, flags)):
        try:
            result: object = disk.write(Disk(DEVICE, SYSTEM, ROOT), IMAGE)
        except Broken as broken:
            result = str(broken)
    return result, devices[0].writes, steps


def writes() -> None:
    made_up()
    data = bytes(range(256)) * 5000
    digest = hashlib.sha256(data).hexdigest()
    size = len(data)
    steps = [(DEVICE, os.O_RDWR | os.O_EXCL), "open r+b 0", "fsync", (0x1261, size), (0x125F, size)]
    same("written, synced, forgotten, read back", write(data, bytes(2 * MIB)), (digest, [MIB, size - 700000], steps))
    same("the disk begins with it", DEVICE.read_bytes(), data + bytes(2 * MIB - size))
    same("a disk that has no partitions to read", write(data, b"", partitions=False)[0], digest)
    same("one that keeps nothing", write(data, b"", spoils=True)[0],
         f"{DEVICE} (Acme Stick, 0.07 GB) does not hold what was written to it: it is broken, or not as large as it says")
    DEVICE.write_bytes(data)
    with open(DEVICE, "rb", buffering=0) as device:
        reads: list[int] = []
        wrapped = SimpleNamespace(read=lambda most: reads.append(most) or device.read(most))
        same("a digest of its beginning", (disk.digest_of(wrapped, MIB + 5), reads),
             (hashlib.sha256(data[:MIB + 5]).hexdigest(), [MIB, 5]))
    ends = SimpleNamespace(read=mock.Mock(side_effect=[data, b""]))
    same("of what there is", disk.digest_of(ends, size + 1), digest)


def usb() -> None:
    """Runs tools/usb with all of its actions replaced, so nothing is opened. Its output and status must be right."""
    tool = program("tools/usb")
    IMAGE.write_bytes(bytes(1234))

    def ran(arguments: list[str], check_: object = None, written: object = "abc", **settings: str) -> tuple[object, str, str]:
        target = SimpleNamespace(what="Acme")
        with mock.patch.object(tool.sys, "argv", ["tools/usb", *arguments]), mock.patch.dict(os.environ,
                {"DEV": "/dev/sdx", "FORCE": "", **settings}), \
                mock.patch.object(tool.disk, "find", lambda name: asked.append(name) or target), \
                mock.patch.object(tool.disk, "check", mock.Mock(side_effect=check_ or (lambda *args: asked.append(args)))), \
                mock.patch.object(tool.disk, "write", mock.Mock(side_effect=[written] if isinstance(written, str) else written)):
            return printed(tool.main)

    asked: list[object] = []
    image = str(IMAGE)
    same("written", ran([image]), (0, f"writing {image} to Acme ...\nwritten and read back: sha256 abc\n", ""))
    same("what is asked for", (asked[0], asked[1][1:]), ("/dev/sdx", (1234, False)))
    ran([image], FORCE="1")
    same("by force", asked[-1][1:], (1234, True))
    for arguments in ([], [image, image]):
        status, out, err = ran(arguments)
        same(f"{len(arguments)} arguments", (status, out, err.splitlines()[0][:19]), (2, "", "tools/usb IMAGE: wr"))
    same("FORCE=yes", ran([image], FORCE="yes"), (1, "", "make usb: bad FORCE=yes. Valid: 1. Nothing was written.\n"))
    same("refused", ran([image], check_=Refused("it is in use")), (1, "", "make usb: it is in use. Nothing was written.\n"))
    same("broken", ran([image], written=Broken("it is broken")), (1, f"writing {image} to Acme ...\n", "make usb: it is broken\n"))
    same("an error of the disk", ran([image], written=OSError(5, "Input/output error")),
         (1, f"writing {image} to Acme ...\n", "make usb: /dev/sdx: Input/output error\n"))
    same("no image", ran(["/nosuch"]), (1, "", "make usb: /nosuch: No such file or directory\n"))
    with mock.patch.object(tool.disk, "find"), mock.patch.object(tool.disk, "check"), mock.patch.object(tool.disk, "write"), \
            mock.patch.object(tool.sys, "argv", ["tools/usb", image]), mock.patch.dict(os.environ,
                    {"FORCE": ""}), mock.patch("builtins.print") as said:
        tool.main()
    check(said.call_args_list[0].kwargs == {"flush": True}, "that it writes is seen before it does")


PLACE.mkdir(parents=True, exist_ok=True)
facts()
users()
checks()
found()
writes()
usb()
finish()
