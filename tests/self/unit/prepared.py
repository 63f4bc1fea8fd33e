# SPDX-License-Identifier: MIT
"""What the tests of tools/ share that call its functions directly: logs of a few lines, programs as modules, and whole
results compared, colours too."""
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

__all__ = ["PLACE", "finish", "script"]  # for those who import this, with what is defined below

for setting in (*SETTINGS, "COLUMNS"):
    os.environ.pop(setting, None)
os.environ.update(COLUMNS="100", LINES="24")
style.on_terminal = lambda: True  # colours are part of what is compared
os.chdir(ROOT)
PLACE.mkdir(parents=True, exist_ok=True)
COLOURS = {code: name for name, code in style.CODES.items()}

# The steps of report_logs.py as they are drawn, with the name of the variant.
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
    """Lines as one text, colours as <red>text</>."""
    text = result if isinstance(result, str) else "\n".join(result) if isinstance(result, list) else repr(result)
    return re.sub(r"\x1b\[(\d+)m", lambda match: f"<{COLOURS[match.group(1)]}>" if match.group(1) != "0" else "</>", text)


def same(name: str, got: object, want: object) -> bool:
    """The whole result, and nothing else. Lines may be wanted as one text."""
    if isinstance(want, str):
        got = text_of(got)
    return check(got == want, name, f"got:\n{got}", f"wanted:\n{want}")


def raises(name: str, kind: type[BaseException], text: str, function: Callable, *arguments: object) -> None:
    """It gives up, with this message."""
    try:
        said = f"returned {function(*arguments)!r}"
    except kind as error:
        said = str(error)
    same(name, said, text)


def printed(function: Callable, *arguments: object) -> str:
    """What it prints and returns; SystemExit and what went to stderr among it."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            result = function(*arguments)
        except SystemExit as end:
            result = f"exit {end.code}"
    said = err.getvalue() if not err.closed else "(stderr was closed)\n"
    return out.getvalue() + "".join(f"stderr: {line}\n" for line in said.splitlines()) + f"-> {result}"


class Flushed(io.StringIO):
    """at_once: what a reader has seen before the program goes on."""

    at_once = ""

    def flush(self) -> None:
        self.at_once = self.getvalue()


def at_once(function: Callable, *arguments: object) -> str:
    """What has been printed for certain when the function returns."""
    with contextlib.redirect_stdout(Flushed()) as out:
        function(*arguments)
    return out.at_once


@contextlib.contextmanager
def instead(place: object, **other: object) -> Iterable[None]:
    """These attributes of a module or class for a while."""
    before = {name: getattr(place, name) for name in other}
    for name, value in other.items():
        setattr(place, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(place, name, value)


def program(name: str) -> ModuleType:
    """A program of tools/, not run."""
    loader = importlib.machinery.SourceFileLoader(f"program_{name}", str(ROOT / "tools" / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    sys.modules[loader.name] = module
    loader.exec_module(module)
    return module
