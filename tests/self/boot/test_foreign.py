#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs an arbitrary QEMU build given by QEMU=. Such a build gets no exemptions, and the report says so and how to read
its failures. Fails if a foreign build is excused, or if a working build fails."""
from __future__ import annotations

import re
import shutil

from tap import PLACE, ROOT, Result, boot, call, check, emulator, finish, script

# The scenarios of the known findings, others that hold, and a race.
OPTIONS = "run=hw/pdpte-reserved,hw/reserved-cause,hw/user-trap,pte/torn-read mode=all seconds=1"
QEMU = shutil.which("qemu-system-x86_64") or shutil.which("qemu-system-i386") or ""
IMAGE = ("--image", "build/x86/lab/zapwalk.elf")  # any existing image will do for a stand-in
HINT = re.compile(r"ARGS=(known=[\w,-]+)$", re.MULTILINE)


def judged_as_unknown(result: Result) -> None:
    version = call([QEMU, "--version"]).text.splitlines()[0]
    check(result.text.count("a foreign binary, judged without strict and known=") == 2 and result.says(QEMU, version),
          "the report says at both ends how it judges, which binary, and its own version", result.text)
    options = result.log.options if result.log else ["strict"]
    check("strict" not in options and not any(option.startswith("known=") for option in options),
          "the kernel got neither strict nor known=", options)


def failures_are_named() -> None:
    """Every failure of this or another QEMU must be reported with the id of its finding. With the options printed by
    the report the same run must pass."""
    result = boot(OPTIONS, name="unknown", QEMU=QEMU)
    judged_as_unknown(result)
    log = result.log
    failed = {point.name: str(point.number) for point in log.points if point.failed} if log else {}
    findings = {event.get("n"): event.get("id") for event in log.all("finding")} if log else {}
    check(set(failed.values()) == set(findings), "every failure is a finding of docs/findings.md", result.text)
    check(result.status == (1 if failed else 0), "guards on and violated fails the run", result.text)
    section = result.text.partition("Failures that docs/findings.md knows")[2].partition("Witness")[0]
    rows = [rf"^  {findings.get(number)} +{name} " for name, number in failed.items()]
    check(all(re.search(row, section, re.MULTILINE) for row in rows),
          "the report says of each which finding it is", section)
    hint = HINT.search(result.text)
    check(bool(hint) == bool(failed), "and with which options it is no failure", result.text)
    if hint and result.path:
        saved = call(["tools/report", str(result.path)])
        check(saved.says(hint.group(0)) and saved.status == 1, "tools/report says the same of the saved log",
              saved.text)
        again = boot(f"{OPTIONS} {hint.group(1)}", name="known", QEMU=QEMU)
        check(again.status == 0 and again.says("judged without strict:") and not HINT.search(again.text),
              "with these options it passes, and nothing is left to say", again.text)


def known_in_part() -> None:
    """Our own QEMU is judged by `strict` and one known=. The other finding must then fail."""
    result = boot(f"{OPTIONS} strict known=F-005", name="part", QEMU=QEMU)
    check(result.says("a foreign binary, judged by the options given:"), "options of one's own are what it is judged by",
          result.text)
    hint = HINT.search(result.text)
    check((not hint or "F-005" in hint.group(1)) and not re.search(r"^  F-005 ", result.text, re.MULTILINE),
          "what was said stays said, and is no failure", result.text)
    own = boot(OPTIONS, name="own")
    check(own.status == 0 and not own.says("a foreign binary") and {"strict"} <= set(own.log.options if own.log else []),
          "without QEMU= it is one of our machines", own.text)


def without_version() -> None:
    """A build whose --version fails or hangs must still run."""
    PLACE.mkdir(parents=True, exist_ok=True)
    log = emulator("named", "echo TAP version 13; exit 1\n")
    check(boot(QEMU=str(log)).says("(stand-in version 1.0)"), "a build's version is what it says itself")
    failing = script("failing", "echo TAP version 13; exit 1\n")
    result = boot(QEMU=str(failing))
    check(result.says("(its --version says nothing)", "ended with status 1"), "a build without --version", result.text)
    hanging = script("hanging", '[ "$1" != --version ] || sleep 1000; echo TAP version 13; exit 1\n')
    result = boot(QEMU=str(hanging))
    check(result.says("(its --version says nothing)", "ended with status 1"), "one that hangs in it", result.text)


VARYING = {"-no-acpi", "pc,acpi=off", "-action", "panic=exit-failure"}
NEW = {"x86-noacpi": {"pc,acpi=off"}, "s390x": {"-action", "panic=exit-failure"}}
OLD = {"x86-noacpi": {"-no-acpi"}, "s390x": set()}


def asked_what_it_takes() -> None:
    """Some options exist only in some versions. The build must be asked by its -help."""
    for kind, answer, wanted in (("old", "echo '-no-acpi  disable ACPI'; echo '-name no -action'", OLD),
                                 ("new", "echo '-action panic=pause|exit-failure'; echo '  -no-acpi'", NEW),
                                 ("silent", "echo", NEW), ("failing", "echo '-no-acpi  disable ACPI'; exit 1", NEW)):
        build = emulator(f"takes-{kind}", f'[ "$1" != -help ] || {{ {answer}; exit; }}\n'
                         'for part; do echo "# $part"; done; echo TAP version 13; exit 1\n')
        for machine, arguments in wanted.items():
            result = boot("", ("--machine", machine, *IMAGE), name=f"takes-{kind}", QEMU=str(build))
            said = [line.removeprefix("# ") for line in result.path.read_text().splitlines()] if result.path else []
            check("-kernel" in said and VARYING & set(said) == arguments,
                  f"{machine}: a build with {kind} -help gets {' '.join(sorted(arguments)) or 'nothing'}", *said)


def hanging_help() -> None:
    hanging = emulator("slow-help", '[ "$1" != -help ] || sleep 1000; echo TAP version 13; exit 1\n')
    result = boot("", ("--machine", "x86-noacpi"), name="slow-help", QEMU=str(hanging))
    check(result.says("ended with status 1"), "a build that hangs in -help: the run goes on", result.text)


def verdict_without_status() -> None:
    """A build without -action ends with the same status whatever the kernel said, so its status proves nothing. A build
    with -action must end with the kernel's status."""
    log = "# ev=cmdline text=\"\"\nBail out! testing\n# ev=done status=fail passed=0 failed=0 skipped=0 known=0 seconds=0\n"
    for option, complains in (("-action", True), ("-other", False)):
        build = emulator(f"ends{option}", f"[ \"$1\" != -help ] || {{ echo '{option} what'; exit; }}\n"
                         f"echo TAP version 13; printf '{log}'; exit 0\n")
        result = boot("", ("--machine", "s390x", *IMAGE), name=f"ends{option}", QEMU=str(build))
        check(result.status == 1 and result.says("should have made it") == complains and result.says("Bail out! testing"),
              f"status 0 of a build with {option}, after a failure: {'held against it' if complains else 'says nothing'}",
              result.text)


def as_documented() -> None:
    """The commands of docs/image.md must work as they stand there."""
    text = (ROOT / "docs/image.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    check(len(blocks) == 1, "docs/image.md has one block of commands")
    (ROOT / "build/my.log").unlink(missing_ok=True)
    result = call(["sh", "-c", "".join(blocks)])
    check(result.says("Kill matrix", "passed, ") and not result.says("DIED"), "its commands work: a report",
          result.text)
    annotated = ROOT / "build/my.txt"
    check(annotated.is_file() and "# ev=done status=" in annotated.read_text(), "and a log with places")


failures_are_named()
as_documented()
known_in_part()
without_version()
asked_what_it_takes()
hanging_help()
verdict_without_status()
finish()
