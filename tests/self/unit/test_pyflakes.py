#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs pyflakes3 on all Python of this source. Fails if a name is undefined or an import is unused."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/self/boot"))

from tap import PLACE, check, finish, skip  # noqa: E402  (its directory must be on the path first)

PYFLAKES = "/usr/bin/pyflakes3"  # Debian's


def is_python(path: Path) -> bool:
    return path.suffix == ".py" or (not path.suffix and path.read_bytes().startswith(b"#!/usr/bin/env python3\n"))


def complaints(paths: list[Path]) -> list[str]:
    done = subprocess.run([PYFLAKES, *map(str, paths)], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.stdout.splitlines() or [f"exit status {done.returncode}"] * bool(done.returncode)


def test_all() -> None:
    files = sorted(path for top in ("tools", "tests") for path in (ROOT / top).rglob("*") if path.is_file() and is_python(path))
    programs = {path.name for path in files if not path.suffix}
    check({"run", "report", "explorer", "mutants"} <= programs and len(files) > 100, f"{len(files)} files, programs among them", sorted(programs))
    found = complaints(files)
    check(not found, "pyflakes3 finds nothing", *found)


def test_rule() -> None:
    """pyflakes3 must complain of an undefined name and of an unused import."""
    PLACE.mkdir(parents=True, exist_ok=True)
    for name, text in (("a name that is not defined", "print(nowhere)\n"), ("an import that is not used", "import os\n")):
        path = PLACE / "made.py"
        path.write_text(text, encoding="utf-8")
        check(len(complaints([path])) == 1, f"refused: {name}")


if Path(PYFLAKES).exists():
    test_all()
    test_rule()
else:
    skip("pyflakes3 finds nothing", "pyflakes3 is not installed: tools/setup test")
finish()
