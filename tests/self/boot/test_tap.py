#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/run --tap. Fails if its lines come in another order than TAP wants, or if other readers of TAP count other
points in it."""
from __future__ import annotations

import re
import shutil
from collections import Counter

from tap import CANNOT_START, DIED, FAIL, NOT_RUN, NOTHING_SHOWN, PLACE, ROOT, call, check, emulator, finish, skip

OPTIONS = ["run=pte/torn-read,pte/refill-present,hw/pdpte-reserved", "mode=probe,choreo"]
POINT = re.compile(r"^(not )?ok \d+ - ([^#]*)(?:# (SKIP|TODO))?")
DEBIAN = "/usr/bin/python3"  # Debian's Python has the modules installed by apt-get
TAPPY = """import sys
from tap.parser import Parser
for line in Parser().parse_file(sys.argv[1]):
    if line.category == "test":
        print("skipped" if line.skip else "todo" if line.todo else "passed" if line.ok else "failed")
"""
MESON = """project('readers')
test('zapwalk', find_program('{runner}'), args: ['--tap', {options}], protocol: 'tap', timeout: 300)
"""
RESULTS = {"OK": "passed", "FAIL": "failed", "SKIP": "skipped", "EXPECTEDFAIL": "todo"}


def kinds(text: str) -> Counter[str]:
    """Counts the points of each kind in the text."""
    found = [POINT.match(line) for line in text.splitlines()]
    return Counter({"SKIP": "skipped", "TODO": "todo"}.get(match.group(3), "failed" if match.group(1) else "passed")
                   for match in found if match)


def tap(*options: str) -> tuple[int, str]:
    result = call(["tools/run", "--tap", "--log", str(PLACE / "tap.log"), *options])
    return result.status, result.text


def ordered(text: str, name: str) -> None:
    lines = text.splitlines()
    check(lines[0] == "TAP version 13" and re.fullmatch(r"1\.\.\d+", lines[1]), f"{name}: version line, then the plan",
          lines[:3])
    strange = [line for line in lines[2:] if not line.startswith(("#", "ok ", "not ok ", "Bail out!"))]
    check(not strange, f"{name}: then points and comments", strange)


def prove(options: list[str], expected: Counter[str], path: str, name: str) -> None:
    if not shutil.which("prove"):
        skip(f"{name}: prove", "prove is not installed: tools/setup test")
        return
    direct = call(["prove", "tools/run", "::", "--tap", *options])
    check(direct.says(f"Tests={sum(expected.values())},") and (direct.status == 0) == (not expected["failed"]),
          f"{name}: prove runs it itself", direct.text)
    made = call(["prove", "--formatter", "TAP::Formatter::JUnit", "-e", "cat", path])
    if made.says("Can't locate TAP/Formatter/JUnit"):
        skip(f"{name}: TAP::Formatter::JUnit", "libtap-formatter-junit-perl is not installed: tools/setup test")
        return
    suite = dict(re.findall(r'(\w+)="(\d+)"', re.search(r"<testsuite [^>]*>", made.text).group(0)))
    check(int(suite["tests"]) == sum(expected.values()) and int(suite["failures"]) == expected["failed"],
          f"{name}: JUnit's formatter", suite)
    check(made.text.count("<testcase ") == sum(expected.values()), f"{name}: JUnit's formatter has every point", made.text)


def tappy(expected: Counter[str], path: str, name: str) -> None:
    if call([DEBIAN, "-c", "from tap.parser import Parser"]).status:
        skip(f"{name}: tappy", "python3-tap is not installed: tools/setup test")
        return
    result = call([DEBIAN, "-c", TAPPY, path])
    check(Counter(word for word in result.text.splitlines() if word in RESULTS.values()) == expected, f"{name}: tappy", result.text, expected)


def meson(options: list[str], expected: Counter[str], name: str) -> None:
    if not shutil.which("/usr/bin/meson"):
        skip(f"{name}: meson", "meson is not installed: tools/setup test")
        return
    place = PLACE / "meson"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    text = MESON.format(runner=ROOT / "tools/run", options=", ".join(f"'{option}'" for option in options))
    (place / "meson.build").write_text(text)
    made = call(["/usr/bin/meson", "setup", str(place / "build"), str(place)])
    result = call(["/usr/bin/meson", "test", "-v", "-C", str(place / "build")])
    said = re.findall(r"^\S+ \d+/\d+ .*?\b(OK|FAIL|SKIP|EXPECTEDFAIL)\s*$", result.text, re.MULTILINE)
    check(Counter(RESULTS[word] for word in said) == expected, f"{name}: meson, which runs it itself", made.text, result.text)
    check((result.status == 0) == (not expected["failed"]), f"{name}: meson's verdict", result.text)


def readers(options: list[str], name: str, status: int) -> None:
    got, text = tap(*options)
    path = PLACE / f"{name}.tap"
    path.write_text(text)
    check(got == status, f"{name}: exit status {status}", text)
    ordered(text, name)
    expected = kinds(text)
    check(expected["passed"] and expected["skipped"] and expected["todo"] and bool(expected["failed"]) == bool(status),
          f"{name}: has points of every kind", expected)
    prove(options, expected, str(path), name)
    tappy(expected, str(path), name)
    meson(options, expected, name)


def reasons_follow() -> None:
    text = (PLACE / "fails.tap").read_text()
    failed = re.search(r"^not ok \d+ - x86/pte/torn-read choreo\n(# .*)\n", text, re.MULTILINE)
    check(failed and "which was never stored" in failed.group(1), "the reason stands right behind its point", text)
    behind = text.partition(failed.group(0))[2].partition("\nok ")[0] if failed else ""
    check("Witness of point" in behind and "ev=witness" in behind, "its witness too, and the kernel's own lines", behind)
    check(re.search(r"^# FAIL \(.*\n#   1 of ", text, re.MULTILINE), "the verdict at the end", text[-500:])


def ends() -> None:
    for name, options, status, *parts in (
            ("a wrong option", ["runn=x"], NOT_RUN, "Bail out! unknown option", "# NOT RUN"),
            ("a wrong option", ["--smp", "0"], NOT_RUN, "Bail out! NOT RUN: bad SMP=0"),
            ("no image", ["--image", "nosuch.elf"], CANNOT_START, "Bail out! CANNOT START: there is no image"),
            ("an emulator that refuses", ["--qemu-args", "-nosuch"], CANNOT_START, "Bail out! CANNOT START: ", "-nosuch"),
            ("an emulator that dies", ["--qemu", str(emulator("dies", "echo TAP version 13; echo 1..2; exit 9\n"))], DIED,
             "1..2", "Bail out! DIED: ", "status 9"),
            ("all skipped", ["run=pte/refill-present"], NOTHING_SHOWN, "# SKIP not observable", "# NOTHING SHOWN")):
        got, text = tap(*options)
        lines = [line for line in text.splitlines() if not line.startswith("tools/run: ")]
        check(got == status and all(part in text for part in parts) and lines[0] == "TAP version 13"
              and lines.count("TAP version 13") == 1, f"{name}: {status}, says {', '.join(parts)}", text)
        check(sum(line.startswith("Bail out!") for line in lines) == (0 if status == NOTHING_SHOWN else 1), f"{name}: bails out if it broke off", text)
    got, text = tap("list")
    check(got == 0 and text.startswith("TAP version 13\n1..0 # SKIP"), "list: a plan of nothing", text[:200])


PLACE.mkdir(parents=True, exist_ok=True)
readers(OPTIONS, "passes", 0)
readers([*OPTIONS, "guard.present_recheck=off"], "fails", FAIL)
reasons_follow()
ends()
finish()
