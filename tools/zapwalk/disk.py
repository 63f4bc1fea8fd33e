# SPDX-License-Identifier: MIT
"""A disk as the target of an image. Reads Linux's facts on it in /sys and /proc, and refuses an unfit one."""
from __future__ import annotations

import fcntl
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

BLKFLSBUF, BLKRRPART = 0x1261, 0x125F  # of linux/fs.h, to forget cached blocks and to read the partition table again
CHUNK = 1 << 20
NO_DISK = ("dm-", "md", "ram", "zram", "sr", "fd", "mtdblock")


class Refused(Exception):
    """Nothing was written. The text says why, and what would help."""


class Broken(Exception):
    """The image was written, but the disk does not hold it."""


@dataclass
class Disk:
    """One whole disk. /sys and /proc are found below `root`."""

    path: Path
    system: Path  # its directory below /sys/block
    root: Path = Path("/")

    def _read(self, name: str) -> str:
        try:
            return (self.system / name).read_text().strip()
        except OSError:
            return ""

    @property
    def size(self) -> int:
        return int(self._read("size") or 0) * 512  # always of 512 bytes (block/genhd.c)

    @property
    def what(self) -> str:
        names = [self._read("device/vendor"), self._read("device/model")]
        return f"{self.path} ({' '.join(name for name in names if name) or 'no name'}, {self.size / 1e9:.2f} GB)"

    @property
    def removable(self) -> bool:
        return self._read("removable") == "1"

    @property
    def protected(self) -> bool:
        return self._read("ro") == "1"

    def parts(self) -> list[Path]:
        """Returns the disk itself and its partitions, as directories of /sys."""
        return [self.system, *(path.parent for path in sorted(self.system.glob("*/partition")))]

    def used_by(self) -> str:
        """Says how the disk or a part of it is used, or returns "" if it is unused."""
        numbers = {(part / "dev").read_text().strip(): part.name for part in self.parts()}
        for line in (self.root / "proc/self/mountinfo").read_text().splitlines():
            fields = line.split()
            if fields[2] in numbers:
                return f"{numbers[fields[2]]} is mounted at {fields[4]}"
        names = {f"/dev/{part.name}" for part in self.parts()}
        for line in (self.root / "proc/swaps").read_text().splitlines()[1:]:
            if line.split()[0] in names:
                return f"{line.split()[0]} is swap space"
        for part in self.parts():
            holders = sorted(path.name for path in part.glob("holders/*"))
            if holders:
                return f"{part.name} is part of {' '.join(holders)}"
        return ""


def find(name: str, root: Path = Path("/")) -> Disk:
    """Finds a disk by its device file, or by a link to it such as those in /dev/disk/by-id."""
    if not name:
        raise Refused("which disk? Such as: make usb DEV=/dev/sdX (lsblk lists them)")
    path = Path(os.path.realpath(name))
    try:
        info = path.stat()
    except OSError as error:
        raise Refused(f"DEV={name}: {error.strerror}") from None
    if not stat.S_ISBLK(info.st_mode):
        raise Refused(f"DEV={name} is not a disk")
    return look_up(path, f"{os.major(info.st_rdev)}:{os.minor(info.st_rdev)}", root)


def look_up(path: Path, number: str, root: Path) -> Disk:
    system = Path(os.path.realpath(root / "sys/dev/block" / number))
    if not system.is_dir():
        raise Refused(f"{path} is not known in /sys")
    if (system / "partition").exists():
        raise Refused(f"{path} is a partition. The image goes on the whole disk: /dev/{system.parent.name}")
    if system.name.startswith(NO_DISK):
        raise Refused(f"{path} is not a disk")
    return Disk(path, system, root)


def check(disk: Disk, size: int, force: bool) -> None:
    """Raises Refused unless `size` bytes may be written to it."""
    used = disk.used_by()
    if used:
        raise Refused(f"{disk.what} is in use: {used}")
    if disk.protected:
        raise Refused(f"{disk.what} is write-protected")
    if disk.size < size:
        raise Refused(f"{disk.what} is too small: the image has {size / 1e9:.3f} GB")
    if not disk.removable and not force:
        raise Refused(f"{disk.what} is not removable. If it is the right one: make usb DEV={disk.path} FORCE=1")


def write(disk: Disk, image: Path) -> str:
    """Writes the image, reads it back from the disk and returns its sha256. Raises Broken, or OSError."""
    data = image.read_bytes()
    # Linux refuses O_EXCL while a file system or another disk is on it.
    with open(os.open(disk.path, os.O_RDWR | os.O_EXCL), "r+b", buffering=0) as device:
        rest = memoryview(data)
        while rest:
            rest = rest[device.write(rest[:CHUNK]):]
        os.fsync(device.fileno())
        fcntl.ioctl(device, BLKFLSBUF)
        device.seek(0)
        digest = digest_of(device, len(data))
        try:
            fcntl.ioctl(device, BLKRRPART)
        except OSError:
            pass  # it has no partitions, or they are seen when it is plugged in again
    if digest != hashlib.sha256(data).hexdigest():
        raise Broken(f"{disk.what} does not hold what was written to it: it is broken, or not as large as it says")
    return digest


def digest_of(device, size: int) -> str:
    """Returns the sha256 of the first `size` bytes, or of all if there are fewer."""
    digest = hashlib.sha256()
    while size:
        part = device.read(min(CHUNK, size))
        if not part:
            break
        digest.update(part)
        size -= len(part)
    return digest.hexdigest()
