#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The table of machines, and an emulator's command line made from settings. Fails if a row or a command line, each
compared in full, is wrong."""
from __future__ import annotations

import shutil
from dataclasses import FrozenInstanceError
from unittest import mock

from host import check, finish, raised, same
from zapwalk import machines
from zapwalk.ends import ENDS
from zapwalk.machines import MACHINES, Command, Missing, Problem, Settings

# port, engine, own options, limit of the options, status of PASS and FAIL, CPUs, most CPUs, memory, MiB a loader may
# report
X86 = ("x86", "qemu-system-i386", ("exit=isa-debug",), 1023, 1, 3, 2, 255, "6G", None)
X64 = (X86[0], "qemu-system-x86_64", *X86[2:])
S390X = ("s390x", "qemu-system-s390x", (), 895, 0, 1, 2, 248, "256M", None)
ROWS = {
    **{name: X86 for name in ("x86-pc", "x86-q35", "x86-noacpi", "x86-microvm", "x86-cd-bios", "x86-usb-bios", "x86-usb-uefi32",
                              "x86-pentium3")},
    "x86-cd-uefi": X64, "x86-usb-uefi": X64,
    "mips": ("mips", "qemu-system-mips", ("exit=uhi",), 255, 0, 1, 2, 32, "256M", 256),
    "mipsel": ("mipsel", "qemu-system-mipsel", ("exit=uhi",), 255, 0, 1, 2, 32, "256M", 256),
    "s390x": S390X, "s390x-line": S390X,
    "template": ("template", "qemu-system-i386", (), 1023, 1, 3, 2, 255, "64M", None),
    "s390x-hercules": ("s390x", "tools/hercules", ("mode=probe,choreo",), 895, 0, 1, 2, 8, "256M", None),
}
# exact statuses, takes Ctrl-C, accelerator, the option to report a failure
WAYS = {"x86": (True, True, "tcg,thread=multi", ""), "template": (True, False, "tcg,thread=multi", ""), "mips": (True, True, "tcg,thread=multi", ""),
        "mipsel": (True, True, "tcg,thread=multi", ""), "s390x": (False, False, "tcg,thread=multi", "-action")}
FINDINGS: dict[str, list[str]] = {"template": [], "x86": ["F-001", "F-005"], "mips": ["F-026", "F-042"], "mipsel": ["F-026", "F-042"], "s390x": ["F-031", "F-032", "F-033"]}
HELP = "-action x\n-no-acpi disable ACPI\n-machine x\n"
NEW = "-action x\n-machine x\n"


def rows() -> None:
    same("the machines", sorted(MACHINES), sorted(ROWS))
    for one in (MACHINES["x86-pc"], machines.IfTaken("-x", ())):
        same(f"a {type(one).__name__} cannot be changed", raised(FrozenInstanceError, setattr, one, "name", "x"),
             "cannot assign to field 'name'")
    for name, row in ROWS.items():
        one = MACHINES[name]
        same(f"{name}: its row", (one.port, one.engine, one.options, one.option_limit, one.passed, one.failed, one.smp, one.max_smp,
                                  one.mem,
                                  one.most_mem), row)
        hercules = name == "s390x-hercules"
        same(f"{name}: its ways", (one.exact, one.hears, one.accel, one.told_by),
             (False, False, "", "") if hercules else WAYS[one.port])
        for version in ("7.2", "10.0", "11.1"):
            same(f"{name}: findings of QEMU {version}", machines.known_findings(one, f"QEMU emulator version {version}.5"),
                 [] if hercules else FINDINGS[one.port])
        same(f"{name}: findings of another", machines.known_findings(one, "QEMU emulator version 5.2.0"), [])
    same("findings of Hercules", machines.known_findings(MACHINES["s390x-hercules"], "Hercules Version 3.13"), ["F-034"])
    same("a finding is seen on", [machines.seen_on(name) for name in ("F-005", "F-026", "F-034", "F-999")],
         ["qemu-system-i386 version 7.2, 10.0, 11.1; qemu-system-x86_64 version 7.2, 10.0, 11.1",
          "qemu-system-mips version 7.2, 10.0, 11.1; qemu-system-mipsel version 7.2, 10.0, 11.1", "tools/hercules Version 3.13",
          ""])


def made(name: str, options: str = "a=1,2 b", help_text: str = HELP, **settings: object) -> Command:
    """Makes the command on a host with every engine and all firmware. The engine's -help is `help_text`."""
    def ask(engine: str, option: str) -> str:
        return {"--version": f"  {engine} version 10.0.2  \nCopyright\n", "-help": help_text}[option]

    with mock.patch.object(machines, "ask", ask), mock.patch.object(shutil, "which", lambda program: f"/bin/{program}"), \
            mock.patch.object(machines.os.path, "exists", lambda path: True):
        return machines.command(Settings(name, options=options, **settings), "build/zapwalk.elf")


def refused(name: str = "x86-pc", **settings: object) -> str:
    return raised(Problem, made, name, **settings)


def command_lines() -> None:
    own = "exit=isa-debug strict known=F-001,F-005 a=1,2 b"
    rest = ["-smp", "2", "-m", "6G", "-nodefaults", "-display", "none", "-serial", "stdio", "-no-reboot", "-device",
            "isa-debug-exit,iobase=0xf4,iosize=4"]
    accel = ["-accel", "tcg,thread=multi", "-name", "debug-threads=on"]
    kernel = ["-kernel", "build/zapwalk.elf", "-append", own]
    what = made("x86-pc")
    same("x86-pc", what.argv, ["/bin/qemu-system-i386", *accel, "-cpu", "max", *rest, *kernel])
    same("x86-pc: the rest", (what.options, what.machine, what.smp, what.mem, what.version, what.foreign),
         (own, MACHINES["x86-pc"], 2, "6G", "/bin/qemu-system-i386 version 10.0.2", False))
    noacpi = [*rest]
    noacpi[1] = "2,sockets=2"
    same("x86-noacpi", made("x86-noacpi").argv, ["/bin/qemu-system-i386", *accel, "-cpu", "max", "-no-acpi", *noacpi, *kernel])
    same("x86-noacpi, newer", made("x86-noacpi", help_text=NEW).argv,
         ["/bin/qemu-system-i386", *accel, "-cpu", "max", "-machine", "pc,acpi=off", *noacpi, *kernel])
    same("x86-noacpi, one whose -help says nothing is like the newest", made("x86-noacpi", help_text=" \n").argv[7:9],
         ["-machine", "pc,acpi=off"])
    grub = ["-smbios", f"type=11,value=zapwalk: {own.replace(',', ',,')}", "-vga", "std"]
    cd = ["-drive", "file=build/zapwalk.iso,format=raw,media=cdrom,readonly=on", *grub]
    same("x86-cd-bios", made("x86-cd-bios").argv, ["/bin/qemu-system-i386", *accel, "-cpu", "max", *rest, *cd])
    usb = ["-drive", "if=none,id=stick,file=build/zapwalk.iso,format=raw,readonly=on", "-device", "qemu-xhci", "-device",
           "usb-storage,drive=stick,bootindex=0", *grub]
    flash = "if=pflash,format=raw,unit={},file=/usr/share/OVMF/{}"
    same("x86-usb-uefi32", made("x86-usb-uefi32").argv, [
        "/bin/qemu-system-i386", *accel, "-cpu", "max", "-machine", "q35,smm=on", "-drive",
        flash.format(0, "OVMF32_CODE_4M.secboot.fd") + ",readonly=on", "-drive",
        flash.format(1, "OVMF32_VARS_4M.fd") + ",snapshot=on",
        "-global", "driver=cfi.pflash01,property=secure,value=on", *rest, *usb])
    s390x = ["-machine", "s390-ccw-virtio", "-smp", "2", "-m", "256M", "-nodefaults", "-display", "none", "-serial", "stdio",
             "-no-reboot"]
    options = "strict known=F-031,F-032,F-033 a=1,2 b"
    what = made("s390x")
    same("s390x", what.argv, ["/bin/qemu-system-s390x", *accel, *s390x, "-action", "panic=exit-failure", "-kernel",
                              "build/zapwalk.elf",
                              "-append", options])
    same("s390x: it tells of a failure", (what.machine.passed, what.machine.failed), (0, 1))
    what = made("s390x", help_text="-machine x\n")
    same("s390x, older", what.argv[-6:], ["stdio", "-no-reboot", "-kernel", "build/zapwalk.elf", "-append", options])
    same("s390x, older: a failure ends as a pass", (what.machine.passed, what.machine.failed), (0, 0))
    same("s390x-hercules", made("s390x-hercules").argv,
         ["/bin/tools/hercules", "build/zapwalk.elf", "2", "256M", "mode=probe,choreo strict a=1,2 b"])


def settings() -> None:
    what = made("x86-pc", smp="255", mem="16m", qemu="mine", qemu_args="-vga 'a b'", accel="tcg,thread=single")
    same("what the user says", (what.argv[0], what.argv[1:5], what.argv[7:11], what.argv[-2:], what.options, what.foreign, what.smp,
                                what.mem),
         ("/bin/mine", ["-accel", "tcg,thread=single", "-name", "debug-threads=on"], ["-smp", "255", "-m", "16M"], ["-vga", "a b"],
          "exit=isa-debug a=1,2 b", True, 255, "16M"))
    same("a bench has no options of the lab", (made("s390x-hercules", bench=True).options, made("x86-pc", bench=True).options),
         ("strict a=1,2 b", "exit=isa-debug strict a=1,2 b"))
    for arguments in ("-accel kvm", "--accel=kvm", "-enable-kvm", "-no-kvm", "-machine q35,accel=kvm", "-M accel=tcg"):
        what = made("x86-pc", qemu_args=arguments)
        same(f"{arguments}: none of ours before it", what.argv[1:3], ["-name", "debug-threads=on"])
        check("only one of them can run" in refused(accel="tcg", qemu_args=arguments), f"{arguments} and ACCEL=: refused")
    for arguments in ("-machine q35", "-name accel=kvm,x", "accel", "-append M accel=kvm"):
        same(f"{arguments}: ours", made("x86-pc", qemu_args=arguments).argv[1:3], ["-accel", "tcg,thread=multi"])
    same("the default", [Settings().machine, Settings().is_default, Settings(options="  ", qemu_args=" ").is_default],
         ["x86-pc", True, True])
    for name in ("smp", "mem", "options", "qemu", "qemu_args", "bench", "accel"):
        same(f"with {name} it is no plain run", Settings(**{name: "1"}).is_default, False)


def refusals() -> None:
    valid = "Valid: a number of CPUs from 1 to 255"
    for text in ("0", "256", "99999", "x", "-1", "1 "):
        same(f"SMP={text}", refused(smp=text), f"bad SMP={text}. {valid}")
    same("SMP=1", made("x86-pc", smp="1").smp, 1)
    for text in ("0", "6T", "12345678901", "x", "-1", "1G "):
        same(f"MEM={text}", refused(mem=text), f"bad MEM={text}. Valid: a size such as 16M or 6G")
    same("MEM=1", made("x86-pc", mem="1234567890").mem, "1234567890")
    same("another machine", refused("x86-pcc"),
         "unknown machine MACHINE=x86-pcc. Did you mean x86-pc? Valid: " + " ".join(MACHINES))
    same("no accelerator to choose", refused("s390x-hercules", accel="kvm"),
         "tools/hercules has no accelerator to choose: ACCEL=kvm means nothing there")
    same("another accelerator", refused(accel="KVM!"),
         "bad ACCEL=KVM!. Valid: tcg (QEMU chooses how many threads), tcg,thread=single, "
         "tcg,thread=multi, kvm")
    same("a quote that does not end", refused(qemu_args="'"), "bad QEMU_ARGS=': No closing quotation")
    room = 1023 - len("exit=isa-debug strict known=F-001,F-005 ")
    same("as many options as fit", len(made("x86-pc", options="x" * room).options), 1023)
    same("one more", refused(options="x" * (room + 1)), "the options are 1024 bytes with our own; x86-pc passes at most 1023")
    same("bytes count", refused(options="\u00e9" * room),
         f"the options are {1023 + room} bytes with our own; x86-pc passes at most 1023")
    same("each is of its kind", (Problem.end, Missing.end), ("not_run", "cannot_start"))


def the_first_is_told() -> None:
    """Of several mistakes the first in the order of the settings must be reported. An unusable engine must not be asked
    anything."""
    same("SMP before MEM", refused(smp="0", mem="x")[:9], "bad SMP=0")
    with mock.patch.object(machines, "find_engine", lambda *_: raised_by(Missing("no engine"))), \
            mock.patch.object(machines, "check_firmware", lambda machine: raised_by(Missing("no firmware"))):
        same("MEM before the engine", raised(Problem, machines.command, Settings(mem="x"), "i")[:9], "bad MEM=x")
        same("the engine before its firmware", raised(Problem, machines.command, Settings(), "i"), "no engine")
    with mock.patch.object(machines, "find_engine", lambda *_: "/bin/q"), mock.patch.object(machines, "ask") as ask, \
            mock.patch.object(machines, "check_firmware", lambda machine: raised_by(Missing("no firmware"))):
        same("the firmware before the version", (raised(Problem, machines.command, Settings(), "i"), ask.mock_calls),
             ("no firmware", []))


def raised_by(error: Exception) -> None:
    raise error


def engines() -> None:
    one = MACHINES["x86-usb-uefi"]
    with mock.patch.object(shutil, "which", lambda program: f"/bin/{program}" if program == "there" else None):
        same("QEMU= that is there", machines.find_engine(Settings(qemu="there"), one), "/bin/there")
        same("QEMU= that is not", raised(Missing, machines.find_engine, Settings(qemu="gone"), one),
             "QEMU=gone is not a program that can be run")
        same("the machine's own, missing", raised(Missing, machines.find_engine, Settings(), one),
             "qemu-system-x86_64 is not installed. Install it with: tools/setup run MACHINE=x86-usb-uefi")
    with mock.patch.object(machines.os.path, "exists", lambda path: "VARS" not in path):
        same("firmware that is missing", raised(Missing, machines.check_firmware, one),
             "x86-usb-uefi needs /usr/share/OVMF/OVMF_VARS_4M.fd. Install it with: tools/setup test")
        same("a machine that needs none", raised(Missing, machines.check_firmware, MACHINES["x86-pc"]), "")
    with mock.patch.object(machines, "ask", lambda engine, option: ""):
        same("an engine that says nothing", (machines.version_of("x"), machines.takes("x", "-action"),
                                             machines.takes("x", "-no-acpi")),
             ("", True, False))
    with mock.patch.object(machines, "ask", lambda engine, option: "text -no\n-actions x\n-bare"):
        same("only whole options, at the beginning of a line",
             [machines.takes("x", name) for name in ("-no", "-action", "-bare", "-b.re")],
             [False, False, True, False])


def small_ones() -> None:
    for text, size in (("16M", 16), ("6G", 6144), ("2048K", 2), ("1023K", 0), ("300", 300)):
        same(f"MiB of {text}", machines.mebibytes(text), size)
    mips, pc = MACHINES["mips"], MACHINES["x86-pc"]

    def asked(machine: machines.Machine, mem: str) -> int:
        return machines.asked_memory(Command([], "", machine, 2, mem, "", False))

    same("memory that is asked for", [asked(pc, "6G"), asked(mips, "512M"), asked(mips, "64M")], [6144, 256, 64])
    ends = [ENDS[name] for name in ("pass", "fail", "incomplete", "nothing_shown", "not_run", "died", "cannot_start")]
    same("statuses of x86", [machines.expected_status(pc, end) for end in ends], [1, 3, 7, 9, 11, 13, 15])
    same("of mips", [machines.expected_status(mips, end) for end in ends], [0, 1, 3, 4, 5, 6, 7])
    same("of s390x", [machines.expected_status(MACHINES["s390x"], end) for end in ends], [0, 1, 1, 1, 1, 1, 1])
    for field in ("passed", "failed"):
        same(f"no status of {field}", machines.expected_status(machines.replace(pc, **{field: None}), ENDS["pass"]), None)
    same("discs", [machines.medium_of(MACHINES[name], "a/b.elf") for name in ("x86-pc", "x86-cd-bios", "x86-usb-uefi")],
         ["a/b.elf", "a/b.iso", "a/b.iso"])
    for options, minutes in (("", None), ("passes=0", float("inf")), ("passes=3", None), ("minutes=5", 5),
                           ("minutes=0x10 passes=0", 16),
                           ("minutes=0X1f", 31), ("xminutes=5", None), ("minutes=5x", None), ("passes=0x0", float("inf")),
                           ("minutes=0", 0),
                           ("minutes=120", 120)):
        same(f"a soak of {options or 'nothing'}", machines.soak_minutes(options), minutes)
    for argv, wanted in ((["q", "-accel", "kvm"], True), (["q", "-accel", "tcg"], False), (["q", "--enable-kvm"], True),
                         (["enable-kvm"], False),
                         (["-machine", "pc,accel=kvm"], True), (["-M", "pc"], False), (["-name", "accel=kvm"], False),
                         (["-accel"], False),
                         (["-accel", "kvm:tcg"], True), (["-M", "accel=kvm"], True)):
        same(f"KVM: {' '.join(argv)}", machines.names_kvm(argv), wanted)
    same("an accelerator at the end", machines.names_accelerator(["-accel=kvm"]), True)


rows()
command_lines()
settings()
refusals()
the_first_is_told()
engines()
small_ones()
finish()
