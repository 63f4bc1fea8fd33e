#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mail=FILE writes a witness for a mailing list. Fails if a place in the mail is not in our source, or if the command
in it, typed as it stands, does not show the same again."""
from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tap import CANNOT_START, NOT_RUN, PLACE, ROOT, boot, call, check, clean_environment, finish, skip

STEP = re.compile(r"^ +(\w+), ([\w./]+):(\d+)$", re.MULTILINE)
DEBIAN = "/usr/bin/python3"  # Debian's Python has the modules installed by apt-get


def places_exist(name: str, text: str) -> None:
    """Each file named in the mail must be in our source, with the function in it."""
    found = set(STEP.findall(text))
    gone = [place for place in found if not (ROOT / place[1]).is_file()
            or not re.search(rf"\b{place[0]}\b", (ROOT / place[1]).read_text(encoding="utf-8"))
            and not place[1].endswith(("pgtable.h", "gup.c"))]  # macros make the functions of these two files
    check(len(found) > 5 and not gone, f"{name}: every place is function, file:line", gone or text)


def command(text: str) -> str:
    return text.partition("To see it again:\n\n")[2].partition("\n\n")[0]


def is_a_mail(name: str, text: str, git: str) -> None:
    check(text and max(map(len, text.splitlines())) <= 72, f"{name}: 72 columns",
          [line for line in text.splitlines() if len(line) > 72])
    check(git and f"git {git}." in text, f"{name}: the git id", git, text[:600])
    check("In Linux:\n" in text and "flush_tlb_mm_range()" in text.rpartition("In Linux:")[2], f"{name}: Linux's names", text[-600:])
    places_exist(name, text)


def repeats(name: str, text: str) -> None:
    saw = " ".join(text.partition("\nSaw: ")[2].partition("\nSee: ")[0].split())
    done = subprocess.run(["bash", "-c", command(text)], cwd=ROOT, env=clean_environment(), text=True, check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
    check(done.returncode == 2 and saw and re.sub(r"\W+", "", saw) in re.sub(r"\W+", "", done.stdout),
          f"{name}: its command shows the same", command(text), saw, done.stdout[-1500:])


def from_metal() -> None:
    result = boot("run=tlb/stale guard.shootdown=off mode=choreo seed=1", name="x86-pc")
    path = PLACE / "metal.mail"
    made = call(["tools/report", f"mail={path}", str(result.path)])
    text = path.read_text() if path.exists() else ""
    check(made.status == 1 and made.says("2 witness(es)", "FAIL ("), "tools/report LOG mail=FILE", made.text)
    is_a_mail("metal", text, result.log.first("boot").get("git") if result.log else "")
    repeats("metal", text)
    drawn = PLACE / "metal.svg"
    made = call([DEBIAN, "tools/report", str(result.path), f"svg={drawn}"])
    if made.says("matplotlib"):
        skip("pictures", "python3-matplotlib is not installed")
    else:
        svg = drawn.read_text()
        check("git id" in svg and "guard.shootdown=off" in svg and "tests/" in svg, "pictures carry git id, command, files", svg[-800:])


def explored() -> None:
    path, logs = PLACE / "explored.mail", PLACE / "logs"
    made = call(["tools/explorer", "--logs", str(logs), "run=tlb/stale", "model=tso", "guard.ipi_mb=off", f"mail={path}"])
    texts = path.read_text().split("\n\n-- \n\n") if path.exists() else [""]
    check(made.status == 1 and len(texts) > 1, "make explore mail=FILE: each counterexample", made.text)
    git = re.search(r"ev=explorer .*git=(\S+)", Path(logs / "explored-split.log").read_text())
    is_a_mail("explored", texts[0], git.group(1) if git else "")
    repeats("explored", texts[1])


def wrong() -> None:
    passed = boot("run=hw/above-4G", name="passed")
    made = call(["tools/report", str(passed.path), f"mail={PLACE}/none.mail"])
    check(made.status == CANNOT_START and made.says("no witness", "verbose"), "no witness: says so", made.text)
    made = call(["tools/explorer", "run=tlb/stale", "mail="])
    check(made.status == NOT_RUN and made.says("mail=<file>"), "mail= without a file: refused", made.text)


from_metal()
explored()
wrong()
finish()
