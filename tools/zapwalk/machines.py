# SPDX-License-Identifier: MIT
"""The machines of tools/run, as rows of data."""
from __future__ import annotations

import os
import re
import shlex
import shutil
from dataclasses import dataclass, replace

from zapwalk.ends import End
from zapwalk.engine import ask
from zapwalk.guess import did_you_mean


class Problem(Exception):
    """The user can mend this, and the message says how. An option or a setting is wrong, so the end is NOT RUN."""

    end = "not_run"


class Missing(Problem):
    """A program or a file is missing or useless, so the end is CANNOT START."""

    end = "cannot_start"


@dataclass(frozen=True)
class IfTaken:
    """Arguments for engines with or without an option in their -help. An engine with an empty -help counts as the newest
    we know."""

    option: str
    then: tuple[str, ...]
    otherwise: tuple[str, ...] = ()


NEWEST_TAKES = ("-action",)


@dataclass(frozen=True)
class Machine:
    """How to start one engine so that its first serial port is our stdout.

    arguments are templates for str.format with image, disc (a CD made of it), smp, mem, options, and escaped_options.
    escaped_options are for use inside an option, where QEMU wants commas twice. passed and failed are the exit statuses by
    which the engine repeats the kernel's PASS and FAIL, or None. If exact is set, the other ends have statuses of their own.
    Otherwise they have that of a failure. told_by is an option of newer engines. Without it a failure has the status of a
    pass. most_mem is the number of MiB that a loader tells the kernel of, or None for all.
    """

    name: str
    what: str
    port: str
    engine: str
    arguments: tuple[str | IfTaken, ...]
    options: tuple[str, ...]
    option_limit: int
    passed: int | None
    failed: int | None
    smp: int = 2
    mem: str = "6G"
    max_smp: int = 255
    accel: str = "tcg,thread=multi"  # behind QEMU's -accel, or "" for an engine without
    known: tuple[tuple[str, str], ...] = ()  # a finding of docs/findings.md, and the --version with it
    told_by: str = ""
    exact: bool = False
    most_mem: int | None = None
    hears: bool = False  # the kernel takes a Ctrl-C from its console

    def parts(self) -> list[str]:
        """Every argument it may be given."""
        return [part for item in self.arguments
                for part in ((item,) if isinstance(item, str) else item.then + item.otherwise)]


def on_qemu(*findings: str) -> tuple[tuple[str, str], ...]:
    """Findings on every QEMU examined since they were found."""
    return tuple((finding, f"version {number}.") for finding in findings for number in ("7.2", "10.0", "11.1"))


KERNEL = ("-kernel", "{image}", "-append", "{options}")
# GRUB takes the options from SMBIOS (boot/grub/grub.cfg). As on a PC there is a screen, and nothing may be written.
GRUB = ("-smbios", "type=11,value=zapwalk: {escaped_options}", "-vga", "std")
CD = ("-drive", "file={disc},format=raw,media=cdrom,readonly=on", *GRUB)
USB = ("-drive", "if=none,id=stick,file={disc},format=raw,readonly=on", "-device", "qemu-xhci",
       "-device", "usb-storage,drive=stick,bootindex=0", *GRUB)


def ovmf(machine: str, code: str, variables: str) -> tuple[str, ...]:
    """UEFI with EDK II's firmware for QEMU, from Debian's packages ovmf and ovmf-ia32."""
    flash = "if=pflash,format=raw,unit={},file=/usr/share/OVMF/{}"
    return ("-machine", machine, "-drive", flash.format(0, code) + ",readonly=on",
            "-drive", flash.format(1, variables) + ",snapshot=on")


UEFI = ovmf("q35", "OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd")
UEFI32 = (*ovmf("q35,smm=on", "OVMF32_CODE_4M.secboot.fd", "OVMF32_VARS_4M.fd"),  # the only build of it
          "-global", "driver=cfi.pflash01,property=secure,value=on")


def qemu_x86(name: str, what: str, *extra: str | IfTaken, smp: str = "{smp}", boot: tuple[str, ...] = KERNEL,
             engine: str = "qemu-system-i386") -> Machine:
    return Machine(
        name=name, what=what, port="x86", engine=engine,
        arguments=(*extra, "-smp", smp, "-m", "{mem}", "-nodefaults",
                   "-display", "none", "-serial", "stdio", "-no-reboot",
                   "-device", "isa-debug-exit,iobase=0xf4,iosize=4", *boot),
        options=("exit=isa-debug",), option_limit=1023, passed=1, failed=3, exact=True, hears=True,
        known=on_qemu("F-001", "F-005"))


def qemu_mips(name: str, what: str) -> Machine:
    """The kernel hands the status to the debugger's exit call (UHI)."""
    return Machine(
        name=name, what=what, port=name, engine=f"qemu-system-{name}",
        arguments=("-machine", "malta", "-cpu", "P5600", "-smp", "{smp}", "-m", "{mem}",
                   "-nodefaults", "-display", "none", "-serial", "stdio", "-no-reboot",
                   "-semihosting-config", "enable=on,target=native", *KERNEL),
        options=("exit=uhi",), option_limit=255, passed=0, failed=1, exact=True, hears=True, mem="256M", max_smp=32, most_mem=256,
        known=on_qemu("F-026", "F-042"))


def qemu_s390x(name: str, what: str, *console: str) -> Machine:
    return Machine(
        name=name, what=what, port="s390x", engine="qemu-system-s390x",
        arguments=("-machine", "s390-ccw-virtio", "-smp", "{smp}", "-m", "{mem}",
                   "-nodefaults", "-display", "none", *console, "-no-reboot",
                   IfTaken("-action", ("-action", "panic=exit-failure")), *KERNEL),
        options=(), option_limit=895, passed=0, failed=1, mem="256M", max_smp=248,
        known=on_qemu("F-031", "F-032", "F-033"), told_by="-action")


MACHINES = {machine.name: machine for machine in (
    qemu_x86("x86-pc", "QEMU's i440FX PC, the newest CPU it has (the default)", "-cpu", "max"),
    qemu_x86("x86-q35", "QEMU's Q35 PC, the newest CPU it has", "-machine", "q35", "-cpu", "max"),
    qemu_x86("x86-noacpi", "QEMU's i440FX PC without ACPI: CPUs by the MP tables", "-cpu", "max",
             IfTaken("-no-acpi", ("-no-acpi",), ("-machine", "pc,acpi=off")),
             smp="{smp},sockets={smp}"),  # SeaBIOS lists the first CPU of each package
    qemu_x86("x86-microvm", "QEMU's microvm: no PIT to measure the TSC by, no PCI, ACPI by XSDT only", "-machine",
             "microvm", "-cpu", "max"),
    qemu_x86("x86-cd-bios", "QEMU's i440FX PC, from a CD: SeaBIOS, GRUB, multiboot2", "-cpu", "max", boot=CD),
    qemu_x86("x86-usb-bios", "QEMU's i440FX PC, from a USB stick: SeaBIOS, VGA text", "-cpu", "max", boot=USB),
    qemu_x86("x86-cd-uefi", "QEMU's Q35 PC, from a CD: UEFI x64 (OVMF), framebuffer", "-cpu", "max", *UEFI, boot=CD,
             engine="qemu-system-x86_64"),
    qemu_x86("x86-usb-uefi", "QEMU's Q35 PC, from a USB stick: UEFI x64, framebuffer", "-cpu", "max", *UEFI,
             boot=USB, engine="qemu-system-x86_64"),
    qemu_x86("x86-usb-uefi32", "QEMU's Q35 PC, from a USB stick: UEFI ia32, framebuffer", "-cpu", "max", *UEFI32,
             boot=USB),
    qemu_x86("x86-pentium3", "QEMU's i440FX PC, a Pentium III: PAE without NX", "-cpu", "pentium3"),
    Machine(name="template", what="a port that is not written, on QEMU's PC: says what to write first (docs/porting.md)",
            port="template", engine="qemu-system-i386",
            arguments=("-smp", "{smp}", "-m", "{mem}", "-nodefaults", "-display", "none", "-serial", "stdio", "-no-reboot",
                       "-device", "isa-debug-exit,iobase=0xf4,iosize=4", *KERNEL),
            options=(), option_limit=1023, passed=1, failed=3, exact=True, mem="64M"),
    qemu_mips("mips", "QEMU's Malta, big-endian P5600 with XPA: 64-bit entries on a 32-bit CPU"),
    qemu_mips("mipsel", "the same, little-endian"),
    qemu_s390x("s390x", "QEMU's s390-ccw-virtio: an ASCII console", "-serial", "stdio"),
    qemu_s390x("s390x-line", "QEMU's s390-ccw-virtio: the operator's console, lines in EBCDIC",
               "-chardev", "stdio,id=console", "-device", "sclplmconsole,chardev=console"),
    # Free-running CPUs show little here, because it is an interpreter whose CPUs wait for each other at every turn.
    Machine(name="s390x-hercules", what="Hercules, by IPL: probes, and races by their scripts (mode=all: stress too)",
            port="s390x", engine="tools/hercules", arguments=("{image}", "{smp}", "{mem}", "{options}"),
            options=("mode=probe,choreo",), option_limit=895, passed=0, failed=1, mem="256M", max_smp=8, accel="",
            known=(("F-034", "Version 3.13"),)),
)}
DEFAULT = "x86-pc"


@dataclass
class Settings:
    """One run as the user asked for it. An empty text means the machine's own."""

    machine: str = DEFAULT
    smp: str = ""
    mem: str = ""
    options: str = ""
    qemu: str = ""
    qemu_args: str = ""
    bench: bool = False
    accel: str = ""

    @property
    def is_default(self) -> bool:
        """Can the log of this run stand for the machine?"""
        given = (self.smp, self.mem, self.options.strip(), self.qemu, self.qemu_args.strip(), self.bench, self.accel)
        return not any(given)


@dataclass
class Command:
    argv: list[str]
    options: str
    machine: Machine
    smp: int
    mem: str
    version: str  # the engine's own name, or ""
    foreign: bool  # the user's own build, by QEMU=


def find(name: str) -> Machine:
    if name not in MACHINES:
        raise Problem(f"unknown machine MACHINE={name}.{did_you_mean(name, MACHINES)} Valid: {' '.join(MACHINES)}")
    return MACHINES[name]


def disc_of(image: str) -> str:
    return f"{image.removesuffix('.elf')}.iso"


def medium_of(machine: Machine, image: str) -> str:
    """The file the machine starts from."""
    return disc_of(image) if any("{disc}" in part for part in machine.parts()) else image


def check_smp(text: str, machine: Machine) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= machine.max_smp:
        raise Problem(f"bad SMP={text}. Valid: a number of CPUs from 1 to {machine.max_smp}")
    return int(text)


def check_mem(text: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]{0,9}[KMGkmg]?", text):
        raise Problem(f"bad MEM={text}. Valid: a size such as 16M or 6G")
    return text.upper()


def mebibytes(text: str) -> int:
    """Call with a size accepted by check_mem()."""
    units = {"K": 1, "M": 1 << 10, "G": 1 << 20}
    return int(text.rstrip("KMG")) * units.get(text[-1], 1 << 10) >> 10


def asked_memory(what: Command) -> int:
    """The MiB the kernel should find."""
    return min(mebibytes(what.mem), what.machine.most_mem or mebibytes(what.mem))


def expected_status(machine: Machine, end: End) -> int | None:
    """Returns the engine's exit status for this end of the kernel, or None."""
    if machine.passed is None or machine.failed is None:
        return None
    return machine.passed + (machine.failed - machine.passed) * (end.status if machine.exact else min(end.status, 1))


def find_engine(settings: Settings, machine: Machine) -> str:
    if settings.qemu:
        path = shutil.which(os.path.expanduser(settings.qemu))
        if not path:
            raise Missing(f"QEMU={settings.qemu} is not a program that can be run")
        return path
    path = shutil.which(machine.engine)
    if not path:
        raise Missing(f"{machine.engine} is not installed. Install it with: tools/setup run MACHINE={machine.name}")
    return path


def check_firmware(machine: Machine) -> None:
    """Files of other packages used by the machine."""
    named = re.findall(r"file=(/usr/share/[^,]+)", " ".join(machine.parts()))
    gone = [path for path in named if not os.path.exists(path)]
    if gone:
        raise Missing(f"{machine.name} needs {' '.join(gone)}. Install it with: tools/setup test")


def version_of(engine: str) -> str:
    """The first line of its --version, or ""."""
    lines = ask(engine, "--version").splitlines()
    return lines[0].strip() if lines else ""


def takes(engine: str, option: str) -> bool:
    """Does its -help list the option?"""
    text = ask(engine, "-help")
    return bool(re.search(rf"^{re.escape(option)}(\s|$)", text, re.MULTILINE)) if text.strip() else option in NEWEST_TAKES


def arguments_for(machine: Machine, engine: str) -> list[str]:
    """The machine's arguments, in the form for this engine."""
    found: list[str] = []
    for item in machine.arguments:
        if isinstance(item, str):
            found.append(item)
        else:
            found += item.then if takes(engine, item.option) else item.otherwise
    return found


def known_findings(machine: Machine, version: str) -> list[str]:
    """The machine's findings known for this version of the engine."""
    return [finding for finding, shows in machine.known if shows in version]


def seen_on(finding: str) -> str:
    """The engines known for it, as in "qemu-system-i386 version 7.2, 10.0"."""
    versions: dict[str, list[str]] = {}
    for machine in MACHINES.values():
        listed = versions.setdefault(machine.engine, [])
        listed += [text.rstrip(".") for known, text in machine.known if known == finding and text.rstrip(".") not in listed]
    return "; ".join(f"{engine} {listed[0]}" + "".join(f", {text.split()[-1]}" for text in listed[1:])
                     for engine, listed in sorted(versions.items()) if listed)


def names_accelerator(arguments: list[str]) -> bool:
    """Do QEMU's arguments choose an accelerator? QEMU takes the first working -accel silently, so none of ours may stand
    before it."""
    options = [option.lstrip("-") if option.startswith("-") else "" for option in arguments]
    if any(option.startswith("accel=") or option in ("accel", "enable-kvm", "no-kvm") for option in options):
        return True
    return any(option in ("M", "machine") and re.search(r"(^|,)accel=", value)
               for option, value in zip(options, arguments[1:]))


def names_kvm(argv: list[str]) -> bool:
    """Will KVM run the CPUs?"""
    options = [option.lstrip("-") if option.startswith("-") else "" for option in argv]
    return any(option == "enable-kvm" or (option == "accel" and value.startswith("kvm"))
               or (option in ("M", "machine") and "accel=kvm" in value) for option, value in zip(options, [*argv[1:], ""]))


def soak_minutes(options: str) -> float | None:
    """How long a run of many passes lasts, by "minutes=", or until somebody ends it. None if it ends by itself."""
    said = [re.fullmatch(r"(passes|minutes)=(0[xX][0-9a-fA-F]+|\d+)", option) for option in options.split()]
    found = {match.group(1): int(match.group(2), 16 if "x" in match.group(2).lower() else 10) for match in said if match}
    if "minutes" in found:
        return found["minutes"]
    return float("inf") if found.get("passes") == 0 else None


def accelerator(settings: Settings, machine: Machine, extra: list[str]) -> list[str]:
    if settings.accel and not machine.accel:
        raise Problem(f"{machine.engine} has no accelerator to choose: ACCEL={settings.accel} means nothing there")
    if settings.accel and not re.fullmatch(r"[a-z]+(,[\w-]+=[\w-]+)*", settings.accel):
        raise Problem(f"bad ACCEL={settings.accel}. Valid: tcg (QEMU chooses how many threads), tcg,thread=single, "
                      "tcg,thread=multi, kvm")
    if settings.accel and names_accelerator(extra):
        raise Problem(f"ACCEL={settings.accel} and an accelerator in QEMU_ARGS: only one of them can run")
    if not machine.accel or names_accelerator(extra):
        named = []
    else:
        named = ["-accel", settings.accel or machine.accel]
    return [*named, "-name", "debug-threads=on"] if machine.accel else []  # engine.accelerator() reads those names


def kernel_options(settings: Settings, machine: Machine, version: str) -> str:
    """Our own options, then the user's. Our knowledge of an engine applies only to our own engine."""
    own = [option for option in machine.options if not settings.bench or not option.startswith("mode=")]  # the lab's option
    if not settings.qemu:
        own.append("strict")
        known = "" if settings.bench else ",".join(known_findings(machine, version))
        if known:
            own.append(f"known={known}")
    options = " ".join(own + settings.options.split())
    if len(options.encode()) > machine.option_limit:
        raise Problem(f"the options are {len(options.encode())} bytes with our own; "
                      f"{machine.name} passes at most {machine.option_limit}")
    return options


def command(settings: Settings, image: str) -> Command:
    machine = find(settings.machine)
    smp = check_smp(settings.smp or str(machine.smp), machine)
    mem = check_mem(settings.mem or machine.mem)
    engine = find_engine(settings, machine)
    check_firmware(machine)
    version = version_of(engine)
    options = kernel_options(settings, machine, version)
    try:
        extra = shlex.split(settings.qemu_args)
    except ValueError as error:
        raise Problem(f"bad QEMU_ARGS={settings.qemu_args}: {error}") from None
    filled = [part.format(image=image, disc=disc_of(image), smp=smp, mem=mem, options=options,
                          escaped_options=options.replace(",", ",,")) for part in arguments_for(machine, engine)]
    if machine.told_by and not takes(engine, machine.told_by):
        machine = replace(machine, failed=machine.passed)
    argv = [engine, *accelerator(settings, machine, extra), *filled, *extra]
    return Command(argv, options, machine, smp, mem, version, bool(settings.qemu))
