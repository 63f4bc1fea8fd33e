#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Boots the image as the owner of a PC meets it, with menu, screen, keyboard and verdict. Fails if one of them is
wrong, or if a machine without a screen or a serial port hangs."""
from __future__ import annotations

import re
import shutil
import struct
import time
from pathlib import Path
from typing import Callable

from tap import PLACE, boot, call, check, finish, skip
from zapwalk import glyphs
from zapwalk.machines import Problem, Settings, command
from zapwalk.monitor import Gone, Machine

IMAGE = "build/x86/lab/zapwalk.elf"
SHORT = "strict run=hw/above-4G,pte/torn-read,tlb/stale mode=choreo"
GREEN, RED, BROWN = 2, 4, 6
NX = 1 << 63  # QEMU prints it with the address
PATIENCE = 60.0  # seconds, while a boot takes 2 to 10


def start(machine: str, given: str | None, name: str, serial: tuple[str, ...] = ("-serial", "stdio"),
          *more: str, disc: str = "") -> Machine:
    """Starts the machine of tools/zapwalk/machines.py, but lets it stay after its end. `given` holds the options. None
    passes no options at all, so the menu comes up."""
    PLACE.mkdir(parents=True, exist_ok=True)
    argv = command(Settings(machine, options=given or ""), IMAGE).argv
    at = argv.index("-serial")
    argv[at:at + 2] = serial
    at = argv.index("-smbios")
    argv[at:at + 2] = [] if given is None else [part.replace("exit=isa-debug ", "") for part in argv[at:at + 2]]
    if disc:
        argv = [part.replace(IMAGE.replace(".elf", ".iso"), disc) for part in argv]
    return Machine([*argv, *more], PLACE / f"{name}.log")


def shows(machine: Machine, *parts: str) -> Callable[[], bool]:
    def look() -> bool:
        text = in_one_line(machine.text())
        return all(part in text for part in parts)
    return look


def in_one_line(rows: list[str]) -> str:
    """Joins the rows into one text, so that line breaks do not matter."""
    return " ".join(" ".join(rows).split())


def painted(machine: Machine, colour: int) -> int:
    """Counts the blank cells with this background, without the first and the last row."""
    rows = machine.cells()[1:-1]
    return sum(row[at] == ord(" ") and row[at + 1] >> 4 == colour for row in rows for at in range(0, len(row), 2))


def guarded(test: Callable[[], None]) -> None:
    """Runs a test. If the machine ends or hangs, a test point fails and the program goes on."""
    try:
        test()
    except Gone as problem:
        check(False, f"{test.__name__.replace('_', ' ')}: goes on to its end", problem)
    except Problem as problem:
        skip(test.__name__.replace("_", " "), str(problem))


def fail_on_vga() -> None:
    """VGA text after a failure. Verdict, witness and report must appear, a key and time must turn the pages, and r must
    restart."""
    with start("x86-usb-bios", f"{SHORT} guard.present_recheck=off", "vga-fail") as machine:
        machine.wait_until(shows(machine, "Page 1 of"), PATIENCE, "first page")
        check(painted(machine, RED) > 200 and not painted(machine, GREEN), "VGA text: FAIL in large red letters")
        check(shows(machine, "pte/torn-read choreo", "never stored")(), "VGA text: the first failure in words",
              "\n".join(machine.text()))
        machine.say("sendkey spc")
        machine.wait_until(shows(machine, "Page 2 of", "step by step", "pte_between_halves"), 8, "second page by a key")
        check(True, "a key: its witness")
        began = time.monotonic()
        machine.wait_until(shows(machine, "Page 3 of"), 30, "third page by itself")
        check(time.monotonic() - began > 5, "pages turn by themselves, after a while")
        while not shows(machine, "For a report")():
            machine.say("sendkey ret")
            time.sleep(0.3)
        facts = ("git ", "sig 0x", "SeaBIOS", "MiB", "seed 0x", "guard.present_recheck=off", "FAIL", "never stored")
        check(shows(machine, *facts)(), "the report has all of it", "\n".join(machine.text()))
        machine.say("sendkey r")
        check(machine.wait_end(20) == 0, "r restarts the machine (-no-reboot: it ends)")


def pass_on_framebuffer() -> None:
    with start("x86-usb-uefi", SHORT, "framebuffer") as machine:
        machine.wait_for("# ev=done", PATIENCE)
        machine.wait_until(lambda: "Page 1 of" in glyphs.text(machine.picture())[-1], 20, "first page")
        picture = machine.picture()
        text = in_one_line(glyphs.text(picture))
        check("rules held" in text and "deliberate faults were caught" in text, "framebuffer: PASS and why", text)
        greens = sum(picture.pixel(x, y) == (0, 150, 60) for x in range(0, picture.width, 4)
                     for y in range(0, picture.height, 4))
        check(greens * 16 > picture.width * picture.height // 20, "framebuffer: large green letters", greens)
        seen = memory_types(machine)
        check(seen == {"C-"}, "framebuffer: every page of it is mapped UC- (PCD without PWT, no PAT bit)", seen)


def memory_types(machine: Machine) -> set[str]:
    """Returns the memory types of the screen's pages as QEMU prints them, PCD and PWT, with "P" in front if the PAT bit
    is set."""
    found = re.search(r"# ev=framebuffer at=(0x\w+) width=\d+ height=(\d+) pitch=(\d+)", machine.serial())
    if not found:
        return set()
    first, height, pitch = (int(number, 0) for number in found.groups())
    lines = re.findall(r"^[0-9a-f]{16}: ([0-9a-f]{16}) ..(.)..(.)(.)..\r?$", machine.say("info tlb"), re.MULTILINE)
    return {pat.replace("-", "") + pcd + pwt for at, pat, pcd, pwt in lines
            if first <= int(at, 16) & ~NX < first + height * pitch}


def framebuffer_of_another_kind() -> None:
    """A display of another kind and size. The kernel must use its size and show a panic on it."""
    with start("x86-usb-uefi", f"{SHORT} fault.trap=ud", "bochs-display", ("-serial", "stdio"), "-vga", "none",
               "-device", "bochs-display,xres=1920,yres=1080") as machine:
        machine.wait_for("# ev=done", PATIENCE)
        check("width=1920 height=1080" in machine.serial(), "another display: its own size", machine.serial()[:2000])
        machine.wait_until(lambda: "Page 1 of" in glyphs.text(machine.picture())[-1], 20, "first page")
        machine.say("sendkey spc")
        machine.wait_until(lambda: "#UD" in "".join(glyphs.text(machine.picture())), 8, "screen of the panic")
        check(True, "a panic on the framebuffer: why the machine stopped")


def without_serial() -> None:
    """GRUB and the kernel must not wait for a missing serial port."""
    with start("x86-usb-bios", SHORT, "no-serial", ("-serial", "none")) as machine:
        machine.wait_until(shows(machine, "Page 1 of"), PATIENCE, "verdict on the screen")
        check(painted(machine, GREEN) > 200 and shows(machine, "rules held")(), "no serial port: PASS on the screen")


def without_screen() -> None:
    result = boot(SHORT, ("--machine", "x86-usb-bios"), name="no-vga", QEMU_ARGS="-vga none")
    check(result.status == 0 and result.log and not result.log.first("framebuffer").line,
          "no VGA: the verdict on the serial port", result.text)
    result = boot(f"{SHORT} console=noscreen", ("--machine", "x86-usb-bios"), name="noscreen")
    check(result.status == 0, "console=noscreen passes", result.text)


def incomplete() -> None:
    with start("x86-usb-bios", f"{SHORT} fault.silent=1", "vga-incomplete", ("-serial", "stdio"),
               "-smp", "3") as machine:
        machine.wait_until(shows(machine, "Page 1 of"), PATIENCE, "verdict on the screen")
        check(painted(machine, BROWN) > 150 and shows(machine, "CPUs silent: 1")(),
              "a silent CPU: INCOMPLETE, and why", "\n".join(machine.text()))


def row(machine: Machine, label: str) -> str:
    """Returns the text behind the label on its row of the screen."""
    return next((line.strip()[len(label):].strip() for line in machine.text() if line.strip().startswith(label)), "")


def pages_of_failures(machine: Machine) -> str:
    """Turns from the first page through all pages of failures by the key. A page is complete when its number is there,
    because the number is drawn last."""
    found = ""
    for number in range(2, 100):
        machine.say("sendkey spc")
        machine.wait_until(shows(machine, f"Page {number} of"), 20, f"page {number}")
        page = in_one_line(machine.text())
        if "Every failure:" not in page:
            break
        found += page
    return found


def soak() -> None:
    """The screen must follow the passes, a key must end them, and then every failure must be shown. The soak includes
    stress, so a pass takes seconds on any host. The screen may miss shorter passes."""
    options_given = "strict passes=0 run=pte/*,tlb/* mode=choreo,stress seconds=6 iters=1000000 guard.shootdown=off"
    with start("x86-usb-bios", options_given, "vga-soak") as machine:
        machine.wait_for("# ev=pass n=1 of=0", PATIENCE)
        seen: dict[str, set[tuple[str, str]]] = {}

        def look() -> bool:
            at = re.match(r"pass (\d+), until a key", row(machine, "Now"))
            seen.setdefault(at.group(1) if at else "", set()).add((row(machine, "Progress"), row(machine, "Result")))
            return bool(re.search(r"^# ev=pass n=(?:[3-9]|\d\d+) of=0", machine.serial(), re.MULTILINE))

        machine.wait_until(look, 3 * PATIENCE, "third pass")
        check({"2", "3"} <= set(seen), "soak: the screen shows which pass it is", seen)
        for number in ("2", "3"):
            progress, counts = ({pair[i] for pair in seen.get(number, ())} for i in (0, 1))
            check(len(progress) > 1 and len(counts) > 1, f"soak: progress and counts go on in pass {number}", progress, counts)
        lines = [line for line in machine.serial().splitlines() if line.startswith("# ev=pass ")]
        check(len(lines) == len({line.split()[2] for line in lines}), "soak: one line a pass", lines)
        check("# ev=done" not in machine.serial(), "soak: passes go on")
        machine.say("sendkey spc")
        machine.wait_for("# ev=ended pass=", 20)
        machine.wait_for("# ev=done status=fail", 20)
        machine.wait_until(shows(machine, "Page 1 of", "a key was pressed, in pass"), 20, "verdict page")
        check(painted(machine, RED) > 200, "soak: a key ends it, and the verdict stands in large letters")
        failed = {match.group(1) for match in re.finditer(r"^not ok \d+ - x86/(\S+ \w+)", machine.serial(), re.MULTILINE)}
        pages = pages_of_failures(machine)
        told = {name for name in failed if f"pass 1: {name}" in pages}
        check(len(failed) > 7 and told == failed, "soak: every failure is on a page", failed - told)


def menu() -> None:
    """Without options from tools/run a menu must come up, with the version, on the screen and on the serial port."""
    with start("x86-usb-bios", None, "menu") as machine:
        git = call(["git", "describe", "--always", "--dirty", "--exclude=*"]).text.strip()
        machine.wait_until(shows(machine, f"git {git}", "soak", "one CPU", "serial port only"), PATIENCE, "menu")
        check("one CPU" in machine.serial(), "the menu, on screen and serial port, with the version")
        for key in ("down", "down", "down", "ret"):
            machine.say(f"sendkey {key}")
            time.sleep(0.2)
        machine.wait_for('# ev=cmdline text="cpus=1"', PATIENCE)
        machine.wait_for("# ev=done", PATIENCE)
        check("ev=lab" in machine.serial() and "cpus=1 guards" in machine.serial(), "its entry `one CPU` does that")


def fat_at(disk: Path) -> int:
    """Returns the byte offset of the second partition, from the MBR's table (16 bytes a partition, the sector at 8)."""
    return 512 * struct.unpack_from("<I", disk.read_bytes()[:512], 446 + 16 + 8)[0]


def keep_options(disk: Path, kept: str) -> None:
    """Keeps options on the stick as docs/hardware.md says, in a file on the FAT partition, by mtools."""
    place = f"{disk}@@{fat_at(disk)}"
    config = PLACE / "grub.cfg"
    for argv in (["mcopy", "-o", "-n", "-i", place, "::boot/grub/grub.cfg", str(config)],
                 ["sed", "-i", f's|^set more=""$|set more="{kept}"|', str(config)],
                 ["mcopy", "-o", "-i", place, str(config), "::boot/grub/grub.cfg"]):
        done = call(argv)
        check(done.status == 0, f"{argv[0]}: works on the stick", done.text)
    check(f'set more="{kept}"' in config.read_text(), "grub.cfg has the line for options of one's own")


def type_at_grub(machine: Machine, text: str) -> None:
    """Presses e at the menu, goes to the end of the kernel's line, types the text and presses Ctrl-x. GRUB loses one of
    two keys pressed together. So each key waits for GRUB's answer to the one before, the moved cursor or the letter on
    the serial port."""
    names = {" ": "spc", "=": "equal"}
    machine.say("sendkey e")
    machine.wait_for("setparams", PATIENCE)
    machine.wait_until(lambda: is_quiet(machine), PATIENCE, "the end of GRUB's editor")
    for key, letter in (("down", ""), ("down", ""), ("end", ""), *((names.get(letter, letter), letter) for letter in text)):
        before = len(machine.serial())
        machine.say(f"sendkey {key}")
        machine.wait_until(lambda: len(machine.serial()) > before and letter in machine.serial()[before:], 10, f"GRUB's answer to {key}")
    machine.say("sendkey ctrl-x")


def is_quiet(machine: Machine) -> bool:
    """Whether the serial port is silent for 0.3 s."""
    before = machine.serial()
    time.sleep(0.3)
    return machine.serial() == before


def options_on_the_stick() -> None:
    """On UEFI the kernel must get the options kept in the stick's grub.cfg, and the screen must name a wrong option
    typed at the menu."""
    stick = PLACE / "stick.img"
    shutil.copyfile(IMAGE.replace(".elf", ".iso"), stick)
    keep_options(stick, "seed=77")
    with start("x86-usb-uefi", None, "stick-options", ("-serial", "stdio"), disc=str(stick)) as machine:
        machine.wait_for("one CPU", PATIENCE)
        type_at_grub(machine, " sekonds=5")
        machine.wait_for("# ev=cmdline text=", PATIENCE)
        machine.wait_for("# ev=done status=not_run", PATIENCE)
        check('# ev=cmdline text="seed=77 sekonds=5"' in machine.serial(), "UEFI: options kept in the stick's grub.cfg arrive",
              machine.serial()[-2000:])
        machine.wait_until(lambda: "Page 1 of" in glyphs.text(machine.picture())[-1], 20, "first page")
        rows = glyphs.text(machine.picture())
        check(rows[1].strip() == "NOT RUN" and "sekonds=5" in rows[2] and "FAIL" not in "".join(rows),
              "UEFI: a wrong option: NOT RUN, and which it is", "\n".join(rows))
        valid = [line[len("# valid: "):].strip() for line in machine.serial().splitlines() if line.startswith("# valid: ")]
        unseen = [option for option in valid if option.partition("=")[0][:20] not in " ".join(rows[3:])]
        check(len(valid) > 15 and not unseen, "UEFI: all valid options are on that page", unseen, "\n".join(rows))


def spcr(port: int) -> Path:
    """Writes the body of an SPCR, without its header, for a 16550 at an I/O port with 115200 baud."""
    body = bytearray(44)
    struct.pack_into("<B3xBBBBQ", body, 0, 0, 1, 8, 0, 1, port)
    body[58 - 36] = 7
    path = PLACE / "spcr"
    path.write_bytes(body)
    return path


def other_ports() -> None:
    log = PLACE / "com2.log"
    serial = ("-serial", "null", "-serial", f"file:{log}")
    for name, given, more in (("console=port:0x2f8:57600", f"{SHORT} console=port:0x2f8:57600", ()),
                              ("SPCR", SHORT, ("-acpitable", f"sig=SPCR,rev=2,data={spcr(0x2f8)}"))):
        log.unlink(missing_ok=True)
        with start("x86-usb-bios", given, "com2-screen", serial, *more) as machine:
            machine.wait_until(lambda: log.exists() and b"# ev=done status=pass" in log.read_bytes(), PATIENCE,
                               "verdict on COM2")
            check("serial=port:0x2f8" in log.read_text(), f"{name}: the log is on the second port", log.read_text())


made = call(["make", "--no-print-directory", "iso"], seconds=300)
if made.status:
    skip("the image on a PC", "its tools are not installed: tools/setup test")
    check(made.says("Install:"), "make iso says what is missing", made.text)
else:
    for test in (menu, fail_on_vga, incomplete, soak, without_serial, without_screen, other_ports, pass_on_framebuffer,
                 framebuffer_of_another_kind, options_on_the_stick):
        guarded(test)
finish()
