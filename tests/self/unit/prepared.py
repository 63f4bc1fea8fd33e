# SPDX-License-Identifier: MIT
"""Helpers for tests that call functions of tools/ directly. They make logs of a few lines, load programs as modules and
compare results in full, with their colours."""
from __future__ import annotations

import contextlib
import importlib.machinery
import importlib.util
import io
import os
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Callable, Iterable

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/self/boot"))
sys.dont_write_bytecode = True

from tap import PLACE, SETTINGS, check, finish, script  # noqa: E402  (its directory must be on the path first)

from zapwalk import style  # noqa: E402
from zapwalk.log import Log, parse  # noqa: E402

__all__ = ["PLACE", "finish", "script"]  # for the importing tests, beside the functions below

for setting in (*SETTINGS, "COLUMNS"):
    os.environ.pop(setting, None)
os.environ.update(COLUMNS="100", LINES="24")
style.on_terminal = lambda: True  # because colours are compared too
os.chdir(ROOT)
PLACE.mkdir(parents=True, exist_ok=True)
COLOURS = {code: name for name, code in style.CODES.items()}

# The drawn steps of report_logs.py, with the name of the variant.
WITNESS = """\
<bold>Witness</> of point 1: a/one with {variant}
  rule: never both
  saw:  both at once
  see:  a page

      CPU 0, writer                | CPU 1, walker                | CPU 10
      ---------------------------- | ---------------------------- | ----------------------------
    1                              | read = 0x1
                                   |   read_low:10
    2 write = 0x2
      buffer: 2 stores
      note: slow
        write_high, mm/a.c:20
    3                              | drain
    4                              |                              | ?
                                   |                              |   ?
      ... and 2 more steps that were not recorded"""


def log(text: str, name: str = "x86-pc") -> Log:
    return parse(text.splitlines(), name)


def text_of(result: object) -> str:
    """Returns lines as one text, with colours as <red>text</>."""
    text = result if isinstance(result, str) else "\n".join(result) if isinstance(result, list) else repr(result)
    return re.sub(r"\x1b\[(\d+)m", lambda match: f"<{COLOURS[match.group(1)]}>" if match.group(1) != "0" else "</>", text)


def same(name: str, got: object, want: object) -> bool:
    """Compares the whole result. The wanted lines may be given as one text."""
    if isinstance(want, str):
        got = text_of(got)
    return check(got == want, name, f"got:\n{got}", f"wanted:\n{want}")


def raises(name: str, kind: type[BaseException], text: str, function: Callable, *arguments: object) -> None:
    """The function must raise this exception with this message."""
    try:
        said = f"returned {function(*arguments)!r}"
    except kind as error:
        said = str(error)
    same(name, said, text)


def printed(function: Callable, *arguments: object) -> str:
    """Returns all output of the function and then its result. SystemExit and stderr are included."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            result = function(*arguments)
        except SystemExit as end:
            result = f"exit {end.code}"
    said = err.getvalue() if not err.closed else "(stderr was closed)\n"
    return out.getvalue() + "".join(f"stderr: {line}\n" for line in said.splitlines()) + f"-> {result}"


class Flushed(io.StringIO):
    """Keeps in `at_once` everything a reader has seen at the last flush."""

    at_once = ""

    def flush(self) -> None:
        self.at_once = self.getvalue()


def at_once(function: Callable, *arguments: object) -> str:
    """Returns the output already flushed when the function returns."""
    with contextlib.redirect_stdout(Flushed()) as out:
        function(*arguments)
    return out.at_once


@contextlib.contextmanager
def instead(place: object, **other: object) -> Iterable[None]:
    """Replaces attributes of a module or class inside a `with` block."""
    before = {name: getattr(place, name) for name in other}
    for name, value in other.items():
        setattr(place, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(place, name, value)


def program(name: str) -> ModuleType:
    """Loads a program of tools/ as a module, without running it."""
    loader = importlib.machinery.SourceFileLoader(f"program_{name}", str(ROOT / "tools" / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    sys.modules[loader.name] = module
    loader.exec_module(module)
    return module
