#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/setup with stand-ins for dpkg-query, apt-get, sudo, id and make. Fails if on any way through it the wrong
packages are installed or the wrong advice is given."""
from __future__ import annotations

import shutil

from tap import PLACE, Result, call, check, finish, skip

TOOLS = ("sh", "env", "dirname", "sed", "tr", "awk", "cat", "echo", "printf", "test")
DPKG = """for package; do :; done
case " $INSTALLED " in *" $package "*) echo installed;; *) exit 1;; esac
"""
APT = """echo "apt-get $*" >>"$CALLS"
case "$*" in
*"-s install"*) [ -z "$REMOVES" ] || echo "Remv $REMOVES [1.0]";;
*--print-uris*) echo "'http://x/a.deb' a.deb 1500000 SHA256:0"; echo "'http://x/b.deb' b.deb 600000 SHA256:0";;
*update*) exit ${UPDATE:-0};;
*install*) exit ${INSTALL:-0};;
esac
"""
RUN = "make gcc-i686-linux-gnu qemu-system-x86 python3"
TEST = (RUN + " gcc-mips-linux-gnu gcc-mipsel-linux-gnu qemu-system-mips gcc-s390x-linux-gnu qemu-system-misc hercules"
        " gcc libc6-dev clang libclang-rt-dev gdb gdb-multiarch perl grub-common grub-pc-bin grub-efi-amd64-bin grub-efi-ia32-bin xorriso mtools ovmf ovmf-ia32"
        " meson python3-tap libtap-formatter-junit-perl python3-yaml python3-markdown pyflakes3")
PROGRAMS = {"dpkg-query": DPKG, "apt-get": APT, "sudo": 'echo "sudo $*" >>"$CALLS"; exec "$@"\n',
            "id": 'echo "${USER_ID:-0}"\n', "make": 'echo "make $*" >>"$CALLS"\n'}


def setup(goal: str, without: tuple[str, ...] = (), **environment: str) -> tuple[Result, list[str]]:
    """Runs tools/setup on a PATH of stand-ins. Returns the result and the calls they noted."""
    place = PLACE / "bin"
    shutil.rmtree(PLACE, ignore_errors=True)
    place.mkdir(parents=True)
    for name in TOOLS:
        (place / name).symlink_to(str(shutil.which(name)))
    for name, text in PROGRAMS.items():
        if name not in without:
            (place / name).write_text("#!/bin/sh\n" + text)
            (place / name).chmod(0o755)
    calls = PLACE / "calls"
    calls.touch()
    argv = [str(shutil.which("dash") or shutil.which("sh")), "tools/setup", *goal.split()]
    settings = {"INSTALLED": "", "REMOVES": "", **environment}
    result = call(argv, seconds=30, PATH=str(place), CALLS=str(calls), **settings)
    return result, calls.read_text().splitlines()


def nothing_missing() -> None:
    for goal, packages in (("run", RUN), ("test", TEST)):
        result, calls = setup(goal, INSTALLED=packages)
        check(result.status == 0 and calls == [f"make {goal}"], f"{goal}, nothing missing: only make is called",
              calls, result.text)


def installs() -> None:
    result, calls = setup("run", INSTALLED="python3")
    wanted = "make gcc-i686-linux-gnu qemu-system-x86"
    check(result.status == 0 and result.says(wanted, "3 MB"), "names what is missing, and the megabytes", result.text)
    check(calls[0].startswith("apt-get update") and calls[-1] == "make run", "update first, make last", calls)
    final = [one for one in calls if " -y " in one and "--no-remove" in one]
    check(len(final) == 1 and final[0].endswith(wanted) and "--no-install-recommends" in final[0],
          "one installation that removes and recommends nothing", calls)
    for machine, emulator in (("mips", "mips"), ("mipsel", "mips"), ("s390x", "misc")):
        result, calls = setup(f"run MACHINE={machine}", INSTALLED="make python3")
        check(result.says(f"Missing for make run: gcc-{machine}-linux-gnu qemu-system-{emulator}\n"),
              f"MACHINE={machine}: its compiler and emulator", result.text)
        check(calls[-1] == f"make run MACHINE={machine}", f"MACHINE={machine} goes on to make", calls)
    _, calls = setup("run MACHINE=template", INSTALLED="python3")
    check(calls[-1] == "make run MACHINE=template", "MACHINE=template needs what a PC needs", calls)
    _, calls = setup("test")
    check(any(one.endswith(TEST) for one in calls), "test: all packages", calls)


def stops() -> None:
    result, calls = setup("run", REMOVES="gcc-multilib")
    check(result.status == 1 and result.says("gcc-multilib"), "a conflict is named", result.text)
    check(not [one for one in calls if "--no-remove" in one or one.startswith("make")], "and nothing is changed", calls)
    for what in ("UPDATE", "INSTALL"):
        result, calls = setup("run", **{what: "100"})
        check(result.status == 1 and "make run" not in calls, f"apt-get fails at {what.lower()}: stops", result.text)
    result, calls = setup("run", without=("apt-get", "dpkg-query"))
    check(result.status == 1 and result.says(RUN) and not calls, "no apt: the list, exit status 1", result.text)
    for arguments in ("", "all", "run test", "test run", "run MACHINE=nosuch", "run mips"):
        result, calls = setup(arguments)
        check(result.status == 2 and result.says("usage") and not calls, f"bad arguments ({arguments}): usage", result.text)


def not_root() -> None:
    result, calls = setup("run", USER_ID="1000")
    check(result.status == 0 and any(one.startswith("sudo ") and "install" in one for one in calls), "sudo is used",
          calls)
    check("sudo make run" not in calls and calls[-1] == "make run", "but not for make", calls)
    result, calls = setup("run", without=("sudo",), USER_ID="1000")
    check(result.status == 1 and result.says("root", RUN) and "make run" not in calls, "neither root nor sudo: says so",
          result.text)
    result, calls = setup("run", without=("sudo",), USER_ID="1000", INSTALLED=RUN)
    check(result.status == 0 and calls == ["make run"], "nothing missing: root is not needed", result.text)


if shutil.which("dash"):
    check(call(["dash", "-n", "tools/setup"]).status == 0, "dash can read it")
else:
    skip("dash can read it", "dash is not installed")
nothing_missing()
installs()
stops()
not_root()
finish()
