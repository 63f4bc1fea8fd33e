#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The words in which scenarios are written. Fails if the compiler accepts a misspelt word or a word of another list."""
from __future__ import annotations

import json
import shlex
import subprocess

from tap import ROOT, call, check, finish

MODEL, PAGE = "tests/pte/torn_read.c", "docs/adding.md"  # the document shows this file as its example
MISTAKES = {  # the mistake, the good words, the bad words, and the word named by the compiler
    "a mode that is misspelt": ("MODE_CHOREO", "MODE_CHORE", "MODE_CHORE"),
    "a mode in the log's words": ("MODE_CHOREO", '"choreo"', "lab_mode"),
    "a role that is misspelt among the roles": ("[WRITER] =", "[WRITRE] =", "WRITRE"),
    "a role that is misspelt in a step": ("STEP(WRITER,", "STEP(WRITRE,", "WRITRE"),
    "a role that is waited for and misspelt": ("REACHED(WALKER,", "REACHED(WALKRE,", "WALKRE"),
    "a race point that is misspelt": ("pte_between_halves", "pte_between_havles", "pte_between_havles"),
    "a guard that is misspelt": ("present_recheck", "present_rechekc", "present_rechekc"),
    "a choice that is misspelt": ("WITH(flush,", "WITH(flsuh,", "flsuh"),
    "a value of another choice": ("WITH(flush, sync)", "WITH(flush, recheck)", "flush_recheck"),
    "a choice that is named twice": ("WITH(flush, sync)", "WITH(flush, sync), WITH(flush, nowait)", "overwritten"),
    "a memory model that there is not": ("WEAK", "WAEK", "WAEK"),
    "a need that is misspelt": ("NEED_SPLIT", "NEED_SPILT", "NEED_SPILT"),
}


def compiler() -> list[str]:
    """Returns the lab's own command for the model. It reads the source from a pipe and makes no file."""
    made = call(["make", "--no-print-directory", "compile_commands.json"])
    check(made.status == 0, "make compile_commands.json", made.text)
    entries = json.loads((ROOT / "compile_commands.json").read_text(encoding="utf-8"))
    command = next(entry["command"] for entry in entries if entry["file"] == MODEL)
    return [*(word for word in shlex.split(command) if word not in ("-c", MODEL)), "-fsyntax-only", "-x", "c", "-"]


def compiled(command: list[str], text: str) -> tuple[int, str]:
    done = subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stderr


def main() -> None:
    command, good = compiler(), (ROOT / MODEL).read_text(encoding="utf-8")
    status, said = compiled(command, good)
    check(status == 0, f"{MODEL} compiles", said)
    shown = (ROOT / PAGE).read_text(encoding="utf-8")
    check(f"```c\n{good}```\n" in shown, f"{PAGE} shows {MODEL} as it is")
    for name, (right, wrong, named) in MISTAKES.items():
        status, said = compiled(command, good.replace(right, wrong))
        check(right in good and status != 0 and named in said, f"{name}: does not compile", said)
    finish()


main()
