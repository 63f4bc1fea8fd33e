#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make usb and make dist, with loop devices and made-up disks. Fails if make usb writes to a disk it must refuse or
refuses one it may write to, or if the zip of make dist is incomplete."""
from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
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
    """Makes /sys and /proc with a disk sdx of 64 MiB and one partition. It is removable and unused unless told
    otherwise."""
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
    for name, text, settings in (
            ("a partition", "is a partition", {"number": "8:241"}),
            ("a mounted partition", "sdx1 is mounted at /media", {"mounts": "30 21 8:241 / /media rw - vfat x rw\n"}),
            ("a mounted disk", "sdx is mounted at /mnt", {"mounts": "30 21 8:240 / /mnt rw - iso9660 x rw\n"}),
            ("swap space", "/dev/sdx1 is swap", {"swaps": "/dev/sdx1 partition 1 0 -2\n"}),
            ("a part of a RAID", "is part of md0", {"sdx1__holders__md0": ""}),
            ("write-protected", "write-protected", {"ro": "1"}),
            ("too small", "too small", {"size": "100"})):
        for force in (False, True):
            said = refusal(force=force, **settings)
            check(text in said, f"{name}{', FORCE=1' * force}: refused", said)
    check("not removable" in refusal(removable="0") and "FORCE=1" in refusal(removable="0"), "not removable: refused")
    check(refusal(removable="0", force=True) == "", "not removable, FORCE=1: accepted")


def real_files() -> None:
    for name, text in (("", "which disk"), ("/dev/null", "not a disk"), ("/dev/nosuch", "No such file"),
                        ("README.md", "not a disk")):
        for force in ({}, {"FORCE": "1"}):
            result = usb(name, **force)
            check(result.status == 1 and result.says(text, "Nothing was written"),
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
    """A real loop device must be refused without FORCE=1, and be written and read back with it. This needs root."""
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


class Links(HTMLParser):
    """Collects the targets of a page's links and the ids in it."""

    def __init__(self, text: str):
        super().__init__()
        self.targets: list[str] = []
        self.ids: set[str] = set()
        self.said = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.targets += [value or "" for name, value in attrs if name in ("href", "src")]
        self.ids |= {value or "" for name, value in attrs if name == "id"}

    def handle_data(self, data: str) -> None:
        self.said += data


def dead_links(place: Path) -> list[str]:
    pages = {page.name: Links(page.read_text(encoding="utf-8")) for page in place.glob("*.html")}
    found = []
    for name, page in pages.items():
        for target in page.targets:
            path, _, anchor = target.partition("#")
            if target.startswith("https://"):
                continue
            if path and not (place / path).is_file():
                found.append(f"{name}: {target}")
            elif anchor and anchor not in pages[path or name].ids:
                found.append(f"{name}: {target}")
    return found


def dist() -> None:
    """Unpacks the zip in an empty place, as its receiver does. All files must be there and all links must lead
    somewhere."""
    result = call(["make", "--no-print-directory", "dist"], seconds=300)
    if result.says("Install: python3-markdown"):
        skip("make dist", "python3-markdown is not installed: tools/setup test")
        return
    zips = sorted((ROOT / "build/dist").glob("*.zip"))
    check(result.status == 0 and len(zips) == 1, "make dist: one zip", result.text)
    place = PLACE / "unpacked"
    shutil.rmtree(place, ignore_errors=True)
    with zipfile.ZipFile(zips[0]) as packed:
        packed.extractall(place)
    place = place / zips[0].stem
    names = {path.name for path in place.iterdir()}
    wanted = {"zapwalk.iso", "zapwalk.debug.elf", "SHA256SUMS", "LICENSE", "GRUB.txt", "report.txt", "hardware.html",
              "commands.html", "images"}
    check(wanted <= names, "image, symbols, sums, licences, form, commands, instructions with pictures", names)
    sums = call(["sh", "-c", f"cd '{place}' && sha256sum --check SHA256SUMS"])
    summed = {line.split("  ", 1)[1] for line in (place / "SHA256SUMS").read_text().splitlines()}
    there = {str(path.relative_to(place)) for path in place.rglob("*") if path.is_file()} - {"SHA256SUMS"}
    check(sums.status == 0 and summed == there, "its sums are right, and of all that is in it", sums.text, summed ^ there)
    check((place / "zapwalk.iso").read_bytes() == IMAGE.read_bytes(), "the image is the image")
    page = Links((place / "hardware.html").read_text(encoding="utf-8"))
    check(len(page.targets) > 5 and not dead_links(place), "every link of every page leads to something in it", dead_links(place))
    check("What to send" in page.said and "](" not in page.said and "| --" not in page.said, "hardware.html is rendered")
    said = Links((place / "commands.html").read_text(encoding="utf-8")).said
    source = "".join(path.read_text() for path in [*(ROOT / "kernel").rglob("*.c"), *(ROOT / "tests/lab").glob("*.c")])
    options = re.findall(r'^OPTION\(\w+, "([\w.]+)"', source, re.MULTILINE)
    check(len(options) > 15 and not [option for option in options if option not in said], "commands.html has every option", options, said)
    check("recheck|atomic64" in said, "bars in a table are bars", said)
    again = call(["make", "--no-print-directory", "dist"], seconds=300)
    check(again.text.splitlines()[-1:] == result.text.splitlines()[-1:], "the same bytes again", result.text, again.text)
    alone = call([sys.executable, "tools/mkdist", str(IMAGE), str(IMAGE), "none"], PATH="/nonexistent")
    check(alone.status == 1 and alone.says("markdown_py", "python3-markdown"), "without the renderer: how to get it", alone.text)
    check(zips[0].is_file(), "and the zip of before stays")


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
