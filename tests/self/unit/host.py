# SPDX-License-Identifier: MIT
"""Helpers shared by the unit tests of tools/. They load programs as modules and compare results in full."""
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

__all__ = ["PLACE", "finish"]  # for the importing tests, beside the functions below


def program(path: str) -> ModuleType:
    """Loads a program of tools/ as a module. If it runs its main() meanwhile, the test must not end with its status."""
    sys.dont_write_bytecode = True  # the name has no suffix, so a cache file would look like a source
    loader = importlib.machinery.SourceFileLoader(Path(path).name, str(ROOT / path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    try:
        loader.exec_module(module)
    except SystemExit as end:
        raise ImportError(f"{path} runs its main() although it is only loaded") from end
    return module


def same(name: str, got: object, wanted: object) -> bool:
    return check(got == wanted, name, f"got    {got!r}", f"wanted {wanted!r}")


def raised(kind: type[BaseException], call: Callable, *args: Any, **more: Any) -> str:
    """Returns the message of the exception, or "" if none was raised."""
    try:
        call(*args, **more)
    except kind as error:
        return str(error)
    return ""


def seen_at_once(call: Callable, *args: Any) -> bool:
    """Whether every line it prints is flushed at once."""
    with mock.patch("builtins.print") as said:
        call(*args)
    return bool(said.call_args_list) and all(one.kwargs.get("flush") for one in said.call_args_list)


def pipes() -> set[str]:
    """Returns the open pipes of this process."""
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        try:
            found.add(os.readlink(entry))
        except OSError:
            pass  # the directory itself
    return {name for name in found if name.startswith("pipe:")}


@contextlib.contextmanager
def inside(place: Path) -> Iterator[None]:
    """Changes to the directory and back."""
    before = Path.cwd()
    os.chdir(place)
    try:
        yield
    finally:
        os.chdir(before)


def printed(call: Callable, *args: Any) -> tuple[Any, str, str]:
    """Returns the result or the exit status of the call, and its stdout and stderr."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            result = call(*args)
        except SystemExit as leave:
            result = leave.code
    return result, out.getvalue(), err.getvalue()
