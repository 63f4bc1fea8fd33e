# SPDX-License-Identifier: MIT
"""What the unit tests of tools/ share: its programs as modules, and results that are compared whole."""
from __future__ import annotations

import contextlib
import importlib.machinery
import importlib.util
import io
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Callable, Iterator
from unittest import mock

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/self/boot"))

from tap import PLACE, check, finish  # noqa: E402  (its directory must be on the path first)

__all__ = ["PLACE", "finish"]  # for those who import this, with what is defined below


def program(path: str) -> ModuleType:
    """A program of tools/, loaded without running its main()."""
    sys.dont_write_bytecode = True  # its name has no suffix, so no cache of it could be told from a source
    loader = importlib.machinery.SourceFileLoader(Path(path).name, str(ROOT / path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


def same(name: str, got: object, wanted: object) -> bool:
    return check(got == wanted, name, f"got    {got!r}", f"wanted {wanted!r}")


def raised(kind: type[BaseException], call: Callable, *args: Any, **more: Any) -> str:
    """What the exception says; "" if there is none."""
    try:
        call(*args, **more)
    except kind as error:
        return str(error)
    return ""


def seen_at_once(call: Callable, *args: Any) -> bool:
    """All that it prints is flushed."""
    with mock.patch("builtins.print") as said:
        call(*args)
    return bool(said.call_args_list) and all(one.kwargs.get("flush") for one in said.call_args_list)


def pipes() -> set[str]:
    """Those that are open."""
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        try:
            found.add(os.readlink(entry))
        except OSError:
            pass  # the directory itself
    return {name for name in found if name.startswith("pipe:")}


@contextlib.contextmanager
def inside(place: Path) -> Iterator[None]:
    """Works in that directory for a while."""
    before = Path.cwd()
    os.chdir(place)
    try:
        yield
    finally:
        os.chdir(before)


def printed(call: Callable, *args: Any) -> tuple[Any, str, str]:
    """What it returns, or the exit status that it asks for, and what it writes to stdout and stderr."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            result = call(*args)
        except SystemExit as leave:
            result = leave.code
    return result, out.getvalue(), err.getvalue()
