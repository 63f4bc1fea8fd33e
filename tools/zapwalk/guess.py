# SPDX-License-Identifier: MIT
"""Guesses the valid option meant by a wrong one. Called as a program, it is guess OPTION VALID ..."""
from __future__ import annotations

import difflib
import sys
from typing import Iterable


def nearest(option: str, valid: Iterable[str]) -> str:
    """Returns the nearest valid option, or ""."""
    return next(iter(difflib.get_close_matches(option, list(valid))), "")


def did_you_mean(option: str, valid: Iterable[str]) -> str:
    """Returns a sentence with a blank before it, or ""."""
    near = nearest(option, valid)
    return f" Did you mean {near}?" if near else ""


if __name__ == "__main__":
    print(did_you_mean(sys.argv[1], sys.argv[2:]).strip())
