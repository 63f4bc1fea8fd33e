#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""If a run cannot show something, it must name a place or options for it. Fails if this hint is missing or if the
command in it does not work."""
from __future__ import annotations

import re
import subprocess

from tap import NOTHING_SHOWN, PLACE, ROOT, boot, call, check, clean_environment, finish

EXPLORE = re.compile(r"make explore ARGS=(['\"])(.*?)\1")


def explorer_shows(name: str, text: str) -> None:
    """Types the explorer command found in the text. It must catch the missing barrier."""
    found = EXPLORE.search(" ".join(text.split()))
    check(found, f"{name}: names the command that can", text)
    if found:
        done = subprocess.run(["bash", "-c", found.group(0)], cwd=ROOT, env=clean_environment(), text=True, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
        check(done.returncode == 2 and "VIOLATED" in done.stdout, f"{name}: and that command shows it", done.stdout[-1500:])


def barriers() -> None:
    metal = boot("run=tlb/stale,pte/torn-read guard.ipi_mb=off mode=choreo", name="barrier")
    check(metal.status == NOTHING_SHOWN and not any(point.ok and not point.directive for point in metal.log.points),
          "a barrier off on the metal: nothing is shown", metal.text)
    explorer_shows("a barrier off on the metal", metal.text)
    strong = call(["tools/explorer", "--logs", str(PLACE / "sc"), "run=tlb/stale", "model=sc", "guard.ipi_mb=off"])
    said = " ".join(strong.text.split())
    check("no counterexample under sc" in said and "no reason to keep it" not in said, "model=sc: says what it cannot show",
          strong.text)
    explorer_shows("model=sc", strong.text)
    step = boot("run=pte/torn-read guard.present_recheck=off mode=choreo", name="step")
    check(step.status == 1, "a step off is run as before", step.text)


def choices() -> None:
    """If the command line fixes flush=nowait, a row about flush=sync must be skipped, and the reason must name the rows
    with a KVM-style flush."""
    skipped = boot("run=pte/36bit choice.flush=nowait mode=choreo", name="choice")
    reason = skipped.log.points[0].reason if skipped.log and skipped.log.points else ""
    check(skipped.status == NOTHING_SHOWN and "choice.flush=sync" in reason and "pte/nowait-flush" in reason,
          "a variant about another choice: which choice, and which scenarios have this one", reason, skipped.text)
    options = re.search(r"run=\S+", reason)
    shown = boot(f"{options.group(0) if options else 'run=x'} choice.flush=nowait mode=choreo", name="shown")
    check(shown.status == 0 and any(point.ok and not point.directive for point in shown.log.points),
          "these options show it", shown.text)


barriers()
choices()
finish()
