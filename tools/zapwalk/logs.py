# SPDX-License-Identifier: MIT
"""The places of the logs of tools/run. Each run has a file of its own, so two at once keep both. The name known to people is a
link to the newest run that has ended."""
from __future__ import annotations

import os
import re
import time
from pathlib import Path

from zapwalk.places import LOGS

RUNS = LOGS / "runs"
KEPT = 100  # of them, the newest, and each one named by a link
OWN_NAME = re.compile(r"-\d{8}-\d{6}-\d+$")


def of_run(link: Path) -> Path:
    """Makes a new name from the link's, the time when the run began, and the number of its process."""
    RUNS.mkdir(parents=True, exist_ok=True)
    return RUNS / f"{link.stem}-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.log"


def machine_of(path: Path) -> str:
    """Returns the name of a log in a report."""
    return OWN_NAME.sub("", path.stem)


def publish(path: Path, link: Path) -> None:
    """Makes the link lead to this run. This is one step, because another run may do the same."""
    link.parent.mkdir(parents=True, exist_ok=True)
    new = link.with_name(f".{link.name}-{os.getpid()}")
    new.unlink(missing_ok=True)
    new.symlink_to(os.path.relpath(path, link.parent))
    new.replace(link)
    clear()


def clear() -> None:
    """Removes the oldest logs."""
    named = {link.resolve() for link in LOGS.rglob("*.log") if link.is_symlink()}
    ages: list[tuple[float, Path]] = []
    for path in RUNS.glob("*.log"):
        try:
            ages.append((path.stat().st_mtime, path))
        except OSError:  # another run was faster
            pass
    for _, path in sorted(ages, reverse=True)[KEPT:]:
        if path.resolve() not in named:
            path.unlink(missing_ok=True)
