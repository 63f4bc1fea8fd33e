#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`make usb` and `make dist`: what may be written to and what may not, with loop devices and made-up disks."""
from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from tap import PLACE, ROOT, Result, call, check, finish, skip
from zapwalk import disk

FAKE = PLACE / "root"
IMAGE = ROOT / "build/x86/lab/zapwalk.iso"
MIB = 1 << 20


def usb(device: str, **more: str) -> Result:
    return call(["tools/usb", str(IMAGE)], DEV=device, **more)


def put(path: str, text: str) -> None:
    place = FAKE / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)


def made_up(mounts: str = "", swaps: str = "", **files: str) -> Path:
    """/sys and /proc with a disk sdx that has a partition and 64 MiB, removable and unused unless told otherwise."""
    shutil.rmtree(FAKE, ignore_errors=True)
    own = {"size": "131072", "removable": "1", "ro": "0", "dev": "8:240", "device/vendor": "Acme ",
           "device/model": "Stick", "sdx1/partition": "1", "sdx1/dev": "8:241", **files}
    for name, text in own.items():
        put(f"sys/block/sdx/{name.replace('__', '/')}", f"{text}\n")
    put("proc/self/mountinfo", f"21 1 254:0 / / rw - ext4 /dev/root rw\n{mounts}")
    put("proc/swaps", f"Filename Type Size Used Priority\n{swaps}")
    (FAKE / "sys/dev/block").mkdir(parents=True)
    for number, target in (("8:240", "sdx"), ("8:241", "sdx/sdx1")):
        (FAKE / "sys/dev/block" / number).symlink_to(FAKE / "sys/block" / target)
    return FAKE


def refusal(number: str = "8:240", force: bool = False, **tables: str) -> str:
    root = made_up(**tables)
    try:
        disk.check(disk.look_up(Path("/dev/sdx"), number, root), 4 * MIB, force)
    except disk.Refused as reason:
        return str(reason)
    return ""


def rules() -> None:
    check(refusal() == "", "a removable disk that nobody uses: accepted")
    for name, words, settings in (
            ("a partition", "is a partition", {"number": "8:241"}),
            ("a mounted partition", "sdx1 is mounted at /media", {"mounts": "30 21 8:241 / /media rw - vfat x rw\n"}),
            ("a mounted disk", "sdx is mounted at /mnt", {"mounts": "30 21 8:240 / /mnt rw - iso9660 x rw\n"}),
            ("swap space", "/dev/sdx1 is swap", {"swaps": "/dev/sdx1 partition 1 0 -2\n"}),
            ("a part of a RAID", "is part of md0", {"sdx1__holders__md0": ""}),
            ("write-protected", "write-protected", {"ro": "1"}),
            ("too small", "too small", {"size": "100"})):
        for force in (False, True):
            said = refusal(force=force, **settings)
            check(words in said, f"{name}{', FORCE=1' * force}: refused", said)
    check("not removable" in refusal(removable="0") and "FORCE=1" in refusal(removable="0"), "not removable: refused")
    check(refusal(removable="0", force=True) == "", "not removable, FORCE=1: accepted")


def real_files() -> None:
    for name, words in (("", "which disk"), ("/dev/null", "not a disk"), ("/dev/nosuch", "No such file"),
                        ("README.md", "not a disk")):
        for force in ({}, {"FORCE": "1"}):
            result = usb(name, **force)
            check(result.status == 1 and result.says(words, "Nothing was written"),
                  f"DEV={name}{' FORCE=1' if force else ''}: refused", result.text)
    result = usb("/dev/null", FORCE="yes")
    check(result.status == 1 and result.says("FORCE=yes", "Valid: 1"), "FORCE=yes: refused", result.text)
    result = call(["make", "--no-print-directory", "usb", "DEV=/dev/null"])
    check(result.status != 0 and result.says("/dev/null is not a disk"), "make usb DEV=/dev/null: refused", result.text)


def loop_device(file: Path) -> str:
    done = subprocess.run(["losetup", "--find", "--show", str(file)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True, check=False) if shutil.which("losetup") and not os.geteuid() else None
    return done.stdout.strip() if done else ""


def mounted(device: str) -> None:
    place = PLACE / "mount"
    place.mkdir(exist_ok=True)
    if not shutil.which("mkfs.ext4") or call(["mkfs.ext4", "-q", device]).status or \
            call(["mount", device, str(place)]).status:
        skip("a mounted loop device", "nothing can be mounted here")
        return
    result = usb(device, FORCE="1")
    call(["umount", str(place)])
    check(result.status == 1 and result.says("is mounted at"), "a mounted loop device, FORCE=1: refused", result.text)


def loop() -> None:
    """The real thing, as root."""
    file = PLACE / "disk"
    file.write_bytes(bytes(16 * MIB))
    device = loop_device(file) if Path("/sys/class/block").is_dir() else ""
    if not device:
        skip("a loop device", "it takes root, losetup, /sys, and a kernel that has them")
        return
    try:
        result = usb(device)
        check(result.status == 1 and result.says("not removable", "FORCE=1"), "a loop device: refused", result.text)
        check(not any(file.read_bytes()), "and nothing is written")
        mounted(device)
        result = usb(device, FORCE="1")
        data = IMAGE.read_bytes()
        check(result.status == 0 and result.says(hashlib.sha256(data).hexdigest()), "FORCE=1: written, read back",
              result.text)
        check(file.read_bytes()[:len(data)] == data, "the disk begins with the image")
    finally:
        call(["losetup", "-d", device])


def dist() -> None:
    result = call(["make", "--no-print-directory", "dist"], seconds=300)
    places = sorted((ROOT / "build/dist").glob("zapwalk-*/"))
    check(result.status == 0 and places, "make dist", result.text)
    names = {path.name for path in places[-1].iterdir()} if places else set()
    wanted = {"zapwalk.iso", "zapwalk.debug.elf", "SHA256SUMS", "LICENSE", "GRUB.txt", "report.txt", "hardware.md",
              "images"}
    check(names == wanted, "make dist: image, symbols, sums, licences, form, instructions with pictures", names)
    sums = call(["sh", "-c", f"cd {places[-1]} && sha256sum --check SHA256SUMS"]) if places else Result(1, "")
    check(sums.status == 0, "its sums are right", sums.text)


made = call(["make", "--no-print-directory", "iso"], seconds=300)
PLACE.mkdir(parents=True, exist_ok=True)
rules()
if made.status:
    skip("make usb, make dist", "the image's tools are not installed: tools/setup test")
else:
    real_files()
    loop()
    dist()
finish()
